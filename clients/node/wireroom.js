// A consumer of wireroom's event log: every event that it wants, in order, at its own pace, across restarts of both sides.
//
//     const { Consumer, replay } = require("wireroom");
//     const consumer = new Consumer("newsdesk", { filter: "all/article.new/" });
//     for await (const event of consumer) {
//       console.log(event.sequence, event.data.headline);
//       consumer.ack(event); // done with all up to here
//     }
//
//     for await (const event of replay("2026-11-29T06:00:00Z", "2026-11-29T07:00:00Z")) console.log(event); // without a name
//
// The daemon keeps how far a name is (docs/subscribing.md, include/wireroom/pull.h). Needs nothing but Node. From another machine:
// { endpoint: "tcp://...", keys: { server, public, secret } }, 40 characters each (`wireroom keys new`); server is the daemon's
// server.public.
"use strict";
const { performance } = require("node:perf_hooks");
const { Link } = require("./wire.js");

const ENDPOINT = "ipc:///run/wireroom/pull.sock";
const WINDOW_BYTES = 64 << 20; // as much as the daemon grants
const LARGEST = 16 << 20;      // that may come on top of it
const CLOSE_MS = 1000;         // for an acknowledgement to be confirmed

class Refused extends Error {}
class Fenced extends Error {}
class Lost extends Error {}
class Renewed extends Error {}

class Event {
  constructor(sequence, topic, body) {
    this.sequence = sequence;
    this.topic = topic;
    this.body = body;
  }
  get first() { return this.sequence; }
  get last() { return this.sequence; }
  get json() { return JSON.parse(this.body.toString()); }
  get data() { return this.json.data; }
}

class Trimmed {
  constructor(first, last) {
    this.first = first;
    this.last = last;
  }
}

function trimmed(first, last) {
  if (!(number(first) <= number(last))) throw new Error("no range");
  return new Trimmed(number(first), number(last));
}

function number(frame) {
  const text = String(frame), value = Number(text);
  if (!/^[0-9]{1,20}$/.test(text) || !Number.isSafeInteger(value)) throw new Error("no number");
  return value;
}

// What a consumer and a replay have in common: what has come waits in a queue, whose room is the credit that the daemon has.
class Reader {
  constructor({ filter = "", endpoint = ENDPOINT, window = 256, keys = null }) {
    Object.assign(this, { filter, window, epoch: null, head: 0, queue: [], bytes: 0, error: null, isOver: false });
    this.last = 0; // that came by this connection
    this.isAnswered = false; // by it: what comes before is of one before it
    this.wake = () => {};
    this.link = new Link(endpoint, keys, { hello: () => this.hello(), take: (frames) => this.take(frames), lose: () => this.lose() });
  }

  // What waits here comes again by another connection, if there is one.
  lose() {
    if (this.error !== null) return;
    this.queue = [];
    this.bytes = this.last = 0;
    this.isAnswered = false;
  }

  take(frames) {
    const command = frames[0].toString();
    if (!this.isAnswered && (/^(REC|END)$/.test(command) || String(frames[1]) === "trimmed")) return;
    if (command === "REC" && frames.length > 3) this.add(new Event(number(frames[1]), frames[2].toString(), frames[3]));
    else if (command === "REC") throw new Error("it is too short");
    else if (command === "ERR") this.fail(frames.map(String));
    else this.hear(command, frames);
    this.wake();
  }

  fail([, code, text = "refused", first, last]) {
    if (code === "trimmed") this.add(trimmed(first, last));
    else if (code === undefined || code === "unknown") this.link.drop();
    else this.stop(new ({ fenced: Fenced, lost: Lost, epoch: Renewed }[code] ?? Refused)(text));
  }

  // Another would get it back by asking again.
  stop(error) {
    this.error ??= error;
    this.link.close();
  }

  add(found) {
    this.bytes += found.body?.length ?? 0;
    if (found.first <= this.last) throw new Error("not behind the one before it");
    if (this.queue.length > 2 * this.window || this.bytes > WINDOW_BYTES + LARGEST) throw new Error("more than was asked for");
    this.last = found.last;
    this.queue.push(found);
  }

  credit() {
    this.isAnswered = true;
    this.link.send("CREDIT", this.window, WINDOW_BYTES);
  }

  // What comes next, null for nothing yet.
  shift() {
    const found = this.queue.shift() ?? null;
    if (found instanceof Event) {
      this.bytes -= found.body.length;
      this.link.send("CREDIT", 1, found.body.length);
    }
    return found;
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      await this.link.breathe();
      const found = this.shift();
      if (found !== null) {
        yield found;
      } else if (this.error !== null) {
        await this.close();
        throw this.error;
      } else if (this.isOver) {
        return;
      } else {
        await new Promise((resolve) => (this.wake = resolve));
      }
    }
  }
}

class Consumer extends Reader {
  constructor(name, options = {}) {
    super(options);
    Object.assign(this, { name, start: options.start ?? "now", acked: 0 });
    this.done = 0;   // acknowledged, and perhaps not yet told
    this.handed = 0; // given to the program
  }

  hello() {
    return ["HELLO", this.name, this.filter, this.epoch === null ? this.start : `again ${this.epoch}`];
  }

  hear(command, frames) {
    if (command === "WELCOME") this.welcome(frames[1].toString(), number(frames[3]), number(frames[4]));
    else if (command === "ACKED") this.acked = number(frames[1]);
    else if (command === "PONG") this.head = number(frames[1]);
  }

  // It goes on behind what was acknowledged: what was given to the program and is not comes again.
  welcome(epoch, head, acked) {
    if (epoch !== this.epoch || acked < this.acked) this.done = this.handed = acked; // another log, or an operator set it back
    this.done = Math.max(this.done, acked);
    this.handed = Math.max(this.handed, acked);
    Object.assign(this, { epoch, head, acked, last: acked });
    this.credit();
  }

  shift() {
    for (let found; !this.isOver && (found = super.shift()) !== null; ) {
      if (found.last > this.done) {
        if (found.first <= this.done) found = new Trimmed(this.done + 1, found.last);
        this.handed = Math.max(this.handed, found.last);
        return found;
      }
      this.tell(); // it was acknowledged when the connection broke
    }
    return null;
  }

  tell() {
    const sequence = Math.min(this.done, this.last); // the daemon takes none that it did not send by this connection
    if (sequence > this.acked) this.link.send("ACK", sequence);
  }

  // Done with this event and all before it; the daemon confirms by and by (acked).
  ack(event) {
    const sequence = typeof event === "number" ? event : event.last;
    if (!Number.isSafeInteger(sequence)) throw new TypeError("an event or its sequence is acknowledged");
    if (sequence <= this.done || sequence > this.handed) return;
    this.done = sequence;
    this.tell();
  }

  // Wait until what was acknowledged is on the daemon's disk.
  async flush(milliseconds = 5000) {
    const end = performance.now() + milliseconds;
    while (this.acked < this.done && this.error === null && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.acked >= this.done;
  }

  // Waits a second at most for what was acknowledged.
  async close() {
    if (this.isOver) return;
    this.isOver = true;
    this.wake();
    await this.flush(CLOSE_MS);
    this.link.close();
  }
}

class Replay extends Reader {
  constructor(from, to, options) {
    super(options);
    Object.assign(this, { from, to, handed: 0, end: 0 });
  }

  hello() {
    const from = this.handed === 0 ? this.from : `${this.epoch}-${String(this.handed + 1).padStart(20, "0")}`;
    this.last = this.handed;
    return ["RANGE", from, this.to ?? "", this.filter];
  }

  hear(command, frames) {
    if (command === "LOG") {
      if (this.handed === 0) [this.epoch, this.end] = [frames[1].toString(), number(frames[3])];
      this.credit();
    } else if (command === "END") {
      this.isOver = true;
    }
  }

  // After an outage it is asked again: what is newer than the first answer is none of it.
  add(found) {
    if (this.epoch !== null && found.first > this.end) this.isOver = true;
    else super.add(found instanceof Trimmed ? new Trimmed(found.first, Math.min(found.last, this.end)) : found);
  }

  shift() {
    const found = super.shift();
    this.handed = found?.last ?? this.handed;
    return found;
  }

  async close() {
    this.link.close();
  }
}

// The events from first to last, both included, and Trimmed where they are lost for good. Each is a sequence; an event's id; or a time
// (RFC 3339): the events since first, those before last. null: the newest of now. A daemon that is away is waited for. Renewed is thrown
// when the log is not the one that an id, or what came before an outage, was of.
async function* replay(first = 1, last = null, options = {}) {
  const reader = new Replay(first, last, options);
  try {
    yield* reader;
  } finally {
    await reader.close();
  }
}

module.exports = { Consumer, Event, Trimmed, Refused, Fenced, Lost, Renewed, replay, ENDPOINT };
