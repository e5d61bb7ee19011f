#!/usr/bin/env node
// Print the sequence of each event of the log, and acknowledge it: follow.js NAME [ENDPOINT [FILTER [KEYS]]].
// KEYS: a file with the daemon's public key, our own and our secret one.
"use strict";
const { readFileSync } = require("node:fs");
const { Consumer, Trimmed, ENDPOINT } = require("./wireroom.js");

// No faster than what reads it.
const print = (line) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));

async function main(name, endpoint = ENDPOINT, filter = "", keys = "") {
  const [server, own, secret] = keys === "" ? [] : readFileSync(keys, "utf8").trim().split(/\s+/);
  const consumer = new Consumer(name, { filter, start: "first", endpoint, keys: keys === "" ? null : { server, public: own, secret } });
  for await (const event of consumer) {
    await print(event instanceof Trimmed ? `trimmed ${event.first} ${event.last}` : event.sequence);
    consumer.ack(event);
  }
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`${error.constructor.name}: ${error.message}`);
  process.exit(1);
});
