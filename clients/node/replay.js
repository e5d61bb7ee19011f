#!/usr/bin/env node
// Print the sequence of each event of a part of the log: replay.js FROM TO [ENDPOINT [FILTER [KEYS]]].
// FROM, TO: a sequence, an event's id or a time such as 2026-11-29T06:00:00Z; an empty TO is the newest of now. KEYS: as for follow.js.
"use strict";
const { readFileSync } = require("node:fs");
const { replay, Trimmed, ENDPOINT } = require("./wireroom.js");

// No faster than what reads it.
const print = (line) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));

async function main(first, last, endpoint = ENDPOINT, filter = "", keys = "") {
  const [server, own, secret] = keys === "" ? [] : readFileSync(keys, "utf8").trim().split(/\s+/);
  const options = { filter, endpoint, keys: keys === "" ? null : { server, public: own, secret } };
  for await (const event of replay(first, last === "" ? null : last, options)) {
    await print(event instanceof Trimmed ? `trimmed ${event.first} ${event.last}` : event.sequence);
  }
  await print("end");
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`${error.constructor.name}: ${error.message}`);
  process.exit(1);
});
