#!/usr/bin/python3
"""kill -9 at any moment: nothing lost, no sequence repeated or skipped.

usage: kill.py [--kills N]

Runs the daemon against the news world of bench/newsroom, kills it N times at random moments and starts it again at once. A
subscriber stays connected throughout. At the end the event log must hold sequences 1, 2, 3, ... without a gap, every (article,
version) once, every entry the world published, and what the subscriber was sent must be what the log holds under that sequence."""
import argparse, collections, json, pathlib, random, shutil, sqlite3, subprocess, sys, tempfile, threading, time

import zmq

from common import BENCH, Daemon
from newsroom import World


class Subscriber(threading.Thread):
    """Everything that was ever pushed, by sequence."""

    def __init__(self, endpoint):
        super().__init__(daemon=True)
        self.endpoint, self.seen, self.clashes, self.stop = endpoint, {}, [], False

    def run(self):
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.set_hwm(0)
        socket.set(zmq.RECONNECT_IVL, 20)
        socket.subscribe("all/")
        socket.connect(self.endpoint)
        while not self.stop:
            if socket.poll(200):
                event = json.loads(socket.recv_multipart()[-1])
                before = self.seen.setdefault(event["sequence"], event["id"] + event["subject"])
                if before != event["id"] + event["subject"]:
                    self.clashes.append((event["sequence"], before, event["id"]))


def settle(path, seconds):
    """Until nothing is pending and nothing new came for three seconds."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        now = store.execute("select (select count(*) from pending where cause is null), (select max(sequence) from event)").fetchone()
        store.close()
        if now[0] == 0 and now == last:
            return
        last = now
        time.sleep(3)


def check_log(path, truth, subscriber, tail):
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    events = [json.loads(body) for (body,) in store.execute("select body from event order by sequence")]
    numbers = [int(e["sequence"]) for e in events]
    articles = [e for e in events if ".article." in e["type"]]
    twice = [k for k, n in collections.Counter((e["data"]["uri"], e["data"]["version"]) for e in articles).items() if n > 1]
    pages = {e["data"]["url"] for e in articles}
    entries = [json.loads(line) for line in open(truth)]
    entries = [e for e in entries if e["ev"] == "entry"]
    last = max(e["t"] for e in entries)
    lost = {e["page"] for e in entries if e["t"] < last - tail} - pages
    kept = {e["sequence"]: e["id"] + e["subject"] for e in events}
    foreign = [s for s, what in subscriber.seen.items() if kept.get(s) != what]
    pending = store.execute("select count(*) from pending").fetchone()[0]
    gaps = numbers != list(range(1, len(numbers) + 1))
    print(f"{len(events)} events, sequences {'with gaps' if gaps else 'without a gap'}; {len(twice)} versions twice; {len(lost)} of "
          f"{len({e['page'] for e in entries})} articles lost; {pending} still pending; subscriber got {len(subscriber.seen)}, {len(foreign)} not in the log as "
          f"sent, {len(subscriber.clashes)} sequences with two contents")
    return bool(gaps or twice or lost or foreign or subscriber.clashes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    if not (BENCH / "newsroom").is_dir():
        print(f"skipped: no bench corpus at {BENCH}")
        return 0
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-kill-"))
    chance = random.Random(a.seed)
    seconds = a.kills * 0.8
    world = World(work, "--feeds", 200, "--hosts", 20, "--rate", 10, "--window", 600, "--duration", seconds,
                  "--grace", 120)
    daemon = Daemon(work, interval="1s")
    subscriber = Subscriber(daemon.pub)
    subscriber.start()
    for kill in range(a.kills):
        time.sleep(chance.uniform(0.05, 1.0))
        daemon.process.kill()
        daemon.process.wait()
        daemon.start()
    settle(daemon.dir / "wireroom.db", seconds / 2 + 60)
    status = daemon.end()
    subscriber.stop = True
    subscriber.join()
    world.end()
    print(f"{a.kills} kills, ended with {status}")
    bad = check_log(daemon.dir / "wireroom.db", work / "truth.jsonl", subscriber, 10)
    shutil.rmtree(work, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
