#!/usr/bin/env node
// Print headlines as they are published: node subscriber.js [ENDPOINT]. Needs nothing but Node: the
// ZeroMQ wire protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) is small enough to speak it here.
// With the zeromq package (npm install zeromq) the function events() becomes
//     const socket = new (require("zeromq").Subscriber)();
//     socket.connect(endpoint); socket.subscribe("all/article.");
//     for await (const frames of socket) yield frames;
"use strict";
const net = require("node:net");

const MORE = 1, LONG = 2, COMMAND = 4;

function greeting() {
  const bytes = Buffer.alloc(64);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  bytes.write("NULL", 12);
  return bytes;
}

function frame(flags, body) {
  const head = body.length > 255 ? Buffer.alloc(9) : Buffer.alloc(2);
  if (body.length > 255) head.writeBigUInt64BE(BigInt(body.length), 1);
  else head[1] = body.length;
  head[0] = flags | (body.length > 255 ? LONG : 0);
  return Buffer.concat([head, body]);
}

function ready() {
  const property = (name, value) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(value.length);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
  };
  return frame(COMMAND, Buffer.concat([Buffer.from("\x05READY"), property("Socket-Type", "SUB")]));
}

// Each message that arrives, as a list of its frames.
async function* events(endpoint, topic) {
  const [, scheme, address] = endpoint.match(/^(ipc|tcp):\/\/(.*)$/);
  const [host, port] = address.split(":");
  const socket = scheme === "ipc" ? net.connect(address) : net.connect(Number(port), host);
  let bytes = Buffer.alloc(0), greeted = false, message = [];

  socket.write(greeting());
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    if (!greeted) {
      if (bytes.length < 64) continue;
      greeted = true;
      bytes = bytes.subarray(64);
      socket.write(ready());
      socket.write(frame(0, Buffer.concat([Buffer.from([1]), Buffer.from(topic)])));
    }
    for (;;) {
      if (bytes.length < 2) break;
      const long = (bytes[0] & LONG) !== 0;
      if (long && bytes.length < 9) break;
      const start = long ? 9 : 2;
      const size = long ? Number(bytes.readBigUInt64BE(1)) : bytes[1];
      if (bytes.length < start + size) break;
      const flags = bytes[0], body = bytes.subarray(start, start + size);
      bytes = bytes.subarray(start + size);
      if (flags & COMMAND) {
        if (body.subarray(1, 5).toString() === "PING")
          socket.write(frame(COMMAND, Buffer.concat([Buffer.from("\x04PONG"), body.subarray(7)])));
        continue;
      }
      message.push(body.toString());
      if (flags & MORE) continue;
      yield message;
      message = [];
    }
  }
}

async function main(endpoint) {
  const last = new Map(); // the sequence of the newest event, by topic
  for await (const [topic, body] of events(endpoint, "all/article.")) {
    if (!topic.startsWith("all/article.")) continue; // the welcome message is a heartbeat
    const event = JSON.parse(body);
    if (last.has(topic) && event.prevsequence !== last.get(topic))
      console.log(`gap: read on with wireroom tail --since ${Number(last.get(topic))}`);
    last.set(topic, event.sequence);
    console.log(event.data.headline);
  }
}

main(process.argv[2] || "ipc:///run/wireroom/pub.sock");
