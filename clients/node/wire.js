// The ZeroMQ wire protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) as far as a client of the pull socket needs it: one connection
// after another, made anew when nothing is heard on it, or nonsense.
"use strict";
const net = require("node:net");
const { randomBytes } = require("node:crypto");
const { performance } = require("node:perf_hooks");
const { Curve } = require("./curve.js");

const MORE = 1, LONG = 2, COMMAND = 4;
const PING_MS = 1000;
const FORGOTTEN_MS = 10000; // whoever is silent for so long is not known to the daemon any more
const SILENCE_MS = 3000; // no answer: as after three beats that a subscriber missed
const JOIN_MS = 6000;    // a handshake with keys takes longer: the daemon gives it five
const RETRY_MS = 200;    // between connections that lead to nothing
const FRAME_MOST = 16 << 20; // bytes: an event has 8 MiB, and what is around it
const FRAMES_MOST = 16;      // of a message: a record has five

function frame(flags, body) {
  const long = body.length > 255;
  const head = Buffer.alloc(long ? 9 : 2);
  if (long) head.writeBigUInt64BE(BigInt(body.length), 1);
  else head[1] = body.length;
  head[0] = flags | (long ? LONG : 0);
  return Buffer.concat([head, body]);
}

function greeting(mechanism) {
  const bytes = Buffer.alloc(64);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  bytes.write(mechanism, 12);
  return bytes;
}

function property(name, value) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
}

// How many bytes have to be there before the first frame can be cut off, and where its body begins.
function measure(bytes) {
  if (bytes.length < 2) return [2, 0];
  if ((bytes[0] & LONG) === 0) return [2 + bytes[1], 2];
  if (bytes.length < 9) return [9, 0];
  const size = Number(bytes.readBigUInt64BE(1));
  if (size > FRAME_MOST) throw new Error("no event is as large");
  return [9 + size, 9];
}

// onReady() once it stands, onMessage(frames), onEnd() when it has ended or is of no use.
class Connection {
  constructor(endpoint, keys, identity, { onReady, onMessage, onEnd }) {
    const [, scheme, address] = /^(ipc|tcp):\/\/(.+)$/.exec(endpoint) ?? [];
    if (scheme === undefined) throw new TypeError(`${endpoint}: an endpoint is ipc://PATH or tcp://HOST:PORT`);
    const at = address.lastIndexOf(":");
    Object.assign(this, { chunks: [], have: 0, need: 64, message: [], isGreeted: false, isReady: false, onReady, onMessage, onEnd });
    this.metadata = Buffer.concat([property("Socket-Type", "DEALER"), property("Identity", identity)]);
    this.curve = keys === null ? null : new Curve(keys);
    this.socket = scheme === "ipc" ? net.connect(address)
      : net.connect(Number(address.slice(at + 1)), address.slice(0, at).replace(/^\[(.*)\]$/, "$1"));
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("error", () => {});
    this.socket.on("close", () => this.onEnd());
    this.socket.write(greeting(this.curve === null ? "NULL" : "CURVE"));
  }

  send(...texts) {
    const all = ["WR1", ...texts.map(String)];
    if (this.isReady) this.socket.write(Buffer.concat(all.map((text, i) => this.seal(i + 1 < all.length ? MORE : 0, Buffer.from(text)))));
  }

  seal(flags, body) {
    return this.curve === null ? frame(flags, body) : frame(0, this.curve.seal(flags & COMMAND ? 2 : flags, body));
  }

  take(chunk) {
    this.chunks.push(chunk);
    this.have += chunk.length;
    if (this.have < this.need) return;
    try {
      let rest = Buffer.concat(this.chunks), start;
      this.chunks = [];
      if (!this.isGreeted) rest = this.greet(rest);
      for (;;) {
        [this.need, start] = measure(rest);
        if (rest.length < this.need) break;
        const flags = rest[0], body = rest.subarray(start, this.need);
        rest = rest.subarray(this.need);
        this.open(flags, body);
      }
      this.chunks = [rest];
      this.have = rest.length;
    } catch {
      this.onEnd(); // not from who has the daemon's key, or not of this protocol
    }
  }

  greet(bytes) {
    if (bytes[0] !== 0xff || bytes[9] !== 0x7f || bytes[10] < 3) throw new Error("no greeting");
    this.isGreeted = true;
    this.socket.write(frame(COMMAND, this.curve === null ? Buffer.concat([Buffer.from("\x05READY"), this.metadata]) : this.curve.hello()));
    return bytes.subarray(64);
  }

  open(flags, body) {
    if (this.curve === null || !this.isReady) {
      this.frame(flags & MORE, flags & COMMAND, body);
    } else {
      const [inner, plain] = this.curve.open(body);
      this.frame(inner & MORE, inner & 2, plain);
    }
  }

  frame(more, command, body) {
    if (command) return this.command(body);
    if (!this.isReady) throw new Error("nobody has said yet who this is");
    if (this.message.push(body) > FRAMES_MOST) throw new Error("no message has as many frames");
    if (more) return;
    const message = this.message;
    this.message = [];
    this.onMessage(message.slice(1));
  }

  command(body) {
    const name = body.subarray(1, 1 + body[0]).toString();
    if (name === "WELCOME" && !this.isReady) {
      this.socket.write(frame(COMMAND, this.curve.initiate(body, this.metadata)));
    } else if (name === "READY" && !this.isReady) {
      if (this.curve !== null) this.curve.ready(body);
      this.isReady = true;
      this.onReady();
    } else if (name === "PING") {
      this.socket.write(this.seal(COMMAND, Buffer.concat([Buffer.from("\x04PONG"), body.subarray(7, 23)])));
    }
  }

  destroy() {
    this.onMessage = this.onEnd = this.onReady = () => {};
    this.chunks = this.message = [];
    this.socket.removeAllListeners("data");
    this.socket.destroy();
  }
}

// hello(): the texts that each connection begins with. take(frames): what comes; what it throws is the end of the connection. lose():
// it has ended.
class Link {
  constructor(endpoint, keys, { hello, take, lose }) {
    Object.assign(this, { endpoint, keys, hello, take, lose, identity: Buffer.concat([Buffer.from("C"), randomBytes(16)]), retry: null, isClosed: false });
    this.tended = performance.now();
    this.open();
    this.timer = setInterval(() => this.tend(), PING_MS);
  }

  open() {
    this.retry = null;
    this.due = performance.now() + JOIN_MS; // when something has to be heard
    this.connection = new Connection(this.endpoint, this.keys, this.identity, {
      onReady: () => this.send(...this.hello()),
      onMessage: (frames) => {
        this.due = Infinity;
        this.take(frames);
      },
      onEnd: () => this.drop(),
    });
  }

  send(...texts) {
    this.connection.send(...texts);
  }

  // A program that never waits for anything leaves no time for what is here.
  async breathe() {
    if (performance.now() - this.tended > 2 * PING_MS) await new Promise((resolve) => setTimeout(resolve, 0));
  }

  // Another one by and by.
  drop() {
    this.connection.destroy();
    this.lose();
    if (!this.isClosed) this.retry ??= setTimeout(() => this.open(), RETRY_MS);
  }

  tend() {
    const now = performance.now(), passed = now - this.tended, isForgotten = passed > FORGOTTEN_MS;
    const wasBusy = passed > 2 * PING_MS; // with something else: what came then is not read yet
    this.tended = now;
    if (this.retry !== null) return;
    // What a program took so long for can be told by another connection alone.
    if (isForgotten || (now > this.due && !wasBusy)) return this.drop();
    this.send("PING");
    if (this.due === Infinity || wasBusy) this.due = now + SILENCE_MS;
  }

  close() {
    this.isClosed = true;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    this.send("BYE");
    this.connection.socket.end();
    setTimeout(() => this.connection.destroy(), RETRY_MS);
  }
}

module.exports = { Link };
