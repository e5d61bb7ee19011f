"""kill -9 at any moment: nothing lost, nothing twice, no sequence skipped."""
import os, random, threading

import harness
from harness import Item, rss

ROUNDS = int(os.environ.get("WIREROOM_KILLS", 12))
FEEDS = 4


class Kill(harness.Case):
    def setUp(self):
        super().setUp()
        self.lock = threading.Lock()
        self.published = 0
        for feed in range(FEEDS):
            self.web[f"/feed/{feed}"] = lambda request, feed=feed: self.feed(feed)

    def feed(self, feed):
        """Each answer has two entries that nobody has seen, and all before them."""
        with self.lock:
            self.published = min(self.published + 2, 200)
            count = self.published
        return rss([Item(f"{feed}-{n}", f"Headline {feed} {n}", self.web.url(f"/none/{feed}/{n}"), f"Summary {feed} {n}.")
                    for n in range(count, max(0, count - 100), -1)])

    def test_nothing_is_lost_or_repeated_when_the_daemon_is_killed_at_random_moments(self):
        seed = int.from_bytes(os.urandom(4), "big")
        moments = random.Random(seed)
        pushed = {}
        print(f"\n{ROUNDS} kills, seed {seed}", flush=True)
        self.start([f"/feed/{feed}" for feed in range(FEEDS)])
        self.subscriber.strict = False
        for _ in range(ROUNDS):
            self.web.wait("/feed/0", len(self.web.seen("/feed/0")) + 1)
            self.subscriber.receive(moments.uniform(0.001, 0.4))
            self.daemon.kill()
            self.subscriber.drain()
            self.daemon.start()
        known = self.quiet()
        events = self.check_log()
        headlines = {e["data"]["headline"] for e in events}
        self.assertEqual(len(headlines), len(events))
        self.assertEqual(headlines, known)
        by_sequence = {e["sequence"]: e["id"] for e in events}
        self.subscriber.drain()
        for event in self.subscriber.events:
            self.assertEqual(by_sequence[event["sequence"]], event["id"], "what was pushed is not in the log")
            self.assertEqual(pushed.setdefault(event["sequence"], event["subject"]), event["subject"])

    def quiet(self):
        """Freeze the feeds, wait until all their entries are in the log, and return their headlines."""
        with self.lock:
            count = self.published
        known = set()
        for feed in range(FEEDS):
            items = [Item(f"{feed}-{n}", f"Headline {feed} {n}", self.web.url(f"/none/{feed}/{n}"), f"Summary {feed} {n}.")
                     for n in range(count, 0, -1)]
            known |= {item.title for item in items}
            self.web[f"/feed/{feed}"] = rss(items)
        harness.until("all entries in the log", lambda: len(self.daemon.events()) >= len(known), harness.PATIENCE * 2)
        return known


if __name__ == "__main__":
    harness.main()
