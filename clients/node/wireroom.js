// A consumer of wireroom's event log: every event that it wants, in order, at its own pace, across restarts of both sides.
//
//     const { Consumer } = require("wireroom");
//     const consumer = new Consumer("newsdesk", { filter: "all/article.new/" });
//     for await (const event of consumer) {
//       console.log(event.sequence, event.data.headline);
//       consumer.ack(event); // done with all up to here
//     }
//
// The daemon keeps how far a name is (docs/subscribing.md, include/wireroom/pull.h). Needs nothing but Node: the ZeroMQ wire
// protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) is small enough to speak it here. From another machine: { endpoint: "tcp://...",
// keys: { server, public, secret } }, 40 characters each (`wireroom keys new`); server is the daemon's server.public.
"use strict";
const net = require("node:net");
const { Curve } = require("./curve.js");

const ENDPOINT = "ipc:///run/wireroom/pull.sock";
const MORE = 1, LONG = 2, COMMAND = 4;
const PING_MS = 2000;    // the daemon forgets whoever is silent for ten seconds
const SILENCE_MS = 6000; // nothing heard: the connection is made anew
const RETRY_MS = 200;

class Refused extends Error {}
class Fenced extends Error {}
class Lost extends Error {}

// ---- the wire

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

const METADATA = Buffer.from("\x0bSocket-Type\0\0\0\x06DEALER");

// The frames of what has come: [flags, body, rest], null when there is less than one.
function cut(bytes) {
  const long = bytes.length > 0 && (bytes[0] & LONG) !== 0;
  const start = long ? 9 : 2;
  if (bytes.length < start) return null;
  const size = long ? Number(bytes.readBigUInt64BE(1)) : bytes[1];
  if (bytes.length < start + size) return null;
  return [bytes[0], bytes.subarray(start, start + size), bytes.subarray(start + size)];
}

// One connection: onReady() once it stands, onMessage(frames), onEnd() when it has ended.
class Connection {
  constructor(endpoint, keys, { onReady, onMessage, onEnd }) {
    const [, scheme, address] = endpoint.match(/^(ipc|tcp):\/\/(.*)$/);
    const at = address.lastIndexOf(":");
    this.bytes = Buffer.alloc(0);
    this.message = [];
    this.isGreeted = this.isReady = false;
    this.curve = keys === null ? null : new Curve(keys);
    this.onReady = onReady;
    this.onMessage = onMessage;
    this.socket = scheme === "ipc" ? net.connect(address) : net.connect(Number(address.slice(at + 1)), address.slice(0, at));
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("error", () => {});
    this.socket.on("close", onEnd);
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
    this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
    if (!this.isGreeted) {
      if (this.bytes.length < 64) return;
      this.bytes = this.bytes.subarray(64);
      this.isGreeted = true;
      this.socket.write(frame(COMMAND, this.curve === null ? Buffer.concat([Buffer.from("\x05READY"), METADATA]) : this.curve.hello()));
    }
    try {
      for (let found; (found = cut(this.bytes)) !== null; ) {
        const [flags, body, rest] = found;
        this.bytes = rest;
        if (this.curve === null || !this.isReady) {
          this.frame(flags & MORE, flags & COMMAND, body);
        } else {
          const [inner, plain] = this.curve.open(body);
          this.frame(inner & MORE, inner & 2, plain);
        }
      }
    } catch {
      this.socket.destroy(); // not from who has the daemon's key: the connection is made anew
    }
  }

  frame(more, command, body) {
    if (command) return this.command(body);
    if (!this.isReady) throw new Error("nobody has said yet who this is");
    this.message.push(body);
    if (more) return;
    const message = this.message;
    this.message = [];
    this.onMessage(message.slice(1));
  }

  command(body) {
    const name = body.subarray(1, 1 + body[0]).toString();
    if (name === "WELCOME") {
      this.socket.write(frame(COMMAND, this.curve.initiate(body, METADATA)));
    } else if (name === "READY") {
      if (this.curve !== null) this.curve.ready(body);
      this.isReady = true;
      this.onReady();
    } else if (name === "PING") {
      this.socket.write(this.seal(COMMAND, Buffer.concat([Buffer.from("\x04PONG"), body.subarray(7)])));
    }
  }

  close() {
    this.socket.removeAllListeners("close");
    this.socket.destroy();
  }
}

// ---- the consumer

class Event {
  constructor(sequence, topic, body) {
    this.sequence = sequence;
    this.topic = topic;
    this.body = body;
  }
  get json() { return JSON.parse(this.body.toString()); }
  get data() { return this.json.data; }
}

class Trimmed {
  constructor(first, last) {
    this.first = first;
    this.last = last;
  }
}

class Consumer {
  constructor(name, { filter = "", start = "now", endpoint = ENDPOINT, window = 256, keys = null } = {}) {
    Object.assign(this, { name, filter, start, endpoint, window, keys, epoch: null, acked: 0, head: 0 });
    this.wanted = this.last = 0;
    this.queue = [];
    this.error = null;
    this.isClosed = false;
    this.wake = () => {};
    this.connect();
    this.timer = setInterval(() => this.tend(), PING_MS);
  }

  connect() {
    if (this.isClosed) return;
    this.heard = Date.now();
    this.connection = new Connection(this.endpoint, this.keys, {
      onReady: () => this.hello(),
      onMessage: (frames) => this.take(frames),
      onEnd: () => setTimeout(() => this.connect(), RETRY_MS),
    });
  }

  // After another HELLO it goes on behind what was acknowledged: what waits here comes again.
  hello() {
    this.queue = [];
    this.last = 0;
    // A name that was known and is new again: the log was made anew, and all of it is news.
    this.connection.send("HELLO", this.name, this.filter, this.epoch === null ? this.start : "first");
  }

  tend() {
    if (Date.now() - this.heard > SILENCE_MS) {
      this.connection.close();
      this.connect();
    } else {
      this.connection.send("PING");
    }
  }

  take(frames) {
    const [command, ...rest] = frames, texts = command.toString() === "REC" ? [] : rest.map(String);
    this.heard = Date.now();
    switch (command.toString()) {
      case "WELCOME":
        [this.epoch, , this.head, this.acked] = [texts[0], 0, Number(texts[2]), Number(texts[3])];
        this.wanted = this.acked;
        this.connection.send("CREDIT", this.window, 64 << 20);
        break;
      case "REC": this.queue.push(new Event(Number(rest[0]), rest[1].toString(), rest[2])); break;
      case "ACKED": this.acked = Number(texts[0]); break;
      case "PONG": this.head = Number(texts[0]); break;
      case "ERR": this.fail(texts); break;
    }
    this.wake();
  }

  fail([code, text, first, last]) {
    if (code === "trimmed") this.queue.push(new Trimmed(Number(first), Number(last)));
    else if (code === "unknown") this.hello();
    else this.error = new ({ fenced: Fenced, lost: Lost }[code] ?? Refused)(text);
  }

  async *[Symbol.asyncIterator]() {
    while (!this.isClosed) {
      const event = this.queue.shift();
      if (event !== undefined) {
        if (event instanceof Event) {
          this.last = event.sequence;
          this.connection.send("CREDIT", 1, event.body.length);
        }
        yield event;
      } else if (this.error !== null) {
        this.close();
        throw this.error;
      } else {
        await new Promise((resolve) => (this.wake = resolve));
      }
    }
  }

  // Done with this event and all before it; the daemon confirms by and by (acked).
  ack(event) {
    const sequence = typeof event === "number" ? event : event.sequence;
    if (sequence <= this.wanted || sequence > this.last) return;
    this.wanted = sequence;
    this.connection.send("ACK", sequence);
  }

  close() {
    this.isClosed = true;
    clearInterval(this.timer);
    this.connection.send("BYE");
    this.connection.socket.end();
    this.connection.socket.removeAllListeners("close");
    this.wake();
  }
}

module.exports = { Consumer, Event, Trimmed, Refused, Fenced, Lost, ENDPOINT };
