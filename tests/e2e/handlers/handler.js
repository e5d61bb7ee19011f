// As handler.py.
"use strict";
const { readSync } = require("node:fs");
const { Consumer, Trimmed } = require(`${process.env.WIREROOM_SOURCE}/clients/node/wireroom.js`);

const PATIENCE_MS = 30000; // that a sync may take on a busy machine

const print = (line) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));

async function follow(what, consumer) {
  let count = 0;
  for await (const event of consumer) {
    await print(event instanceof Trimmed ? "trimmed" : event.sequence);
    count++;
    if (what === "late") readSync(0, Buffer.alloc(1)); // nothing else goes on meanwhile
    if (what === "waits") await new Promise(() => {}); // for ever, and reads all the while
    if (what === "throws" && count === 3) throw new RangeError();
    consumer.ack(event);
    if (what === "flushes" && !(await consumer.flush(PATIENCE_MS))) throw new Error("not flushed");
    if ((what === "ends" || what === "flushes") && event.last >= consumer.head) setTimeout(() => consumer.close(), 100);
    if (what === "some" && count === 5) return;
  }
}

async function main(what, name, endpoint) {
  const consumer = new Consumer(name, { start: "first", endpoint });
  try {
    await follow(what, consumer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    await print("thrown");
    await follow("ends", consumer);
  }
  await consumer.close();
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
