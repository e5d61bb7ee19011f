"""A subscriber that reads nothing while 2,000 events a second go out: neither the other subscriber nor the named consumer loses one,
and the stalled one has all of them by replay once it reads again. In full a minute of it, beside a minute without it: the 99th of a
hundred delays, from the log to the subscriber, may at most double."""
import time

import zmq

import attack, harness
from attack import LONG
from harness import Item, rss

FEEDS, EACH, SHOWN = 20, 20, 60  # feeds, five times a second; entries they have more each time; those that they still show
SECONDS = 60 if LONG else 4


class Stalled(attack.Case):
    def burst(self, feed):
        self.made[feed] = 0

        def answer(request):
            if self.flows:
                self.made[feed] += EACH
            last = self.made[feed]
            return rss([Item(f"{feed}-{n}", f"Headline {feed} {n}", self.web.url(f"/none/{feed}/{n}"), "Words. " * 40)
                        for n in range(last, max(0, last - SHOWN), -1)])
        return answer

    def flow(self):
        """Some seconds of it; the delays of the subscriber's events, in order of size."""
        begun, at = time.monotonic(), len(self.follower.delays)
        self.flows = True
        harness.until("the time is over", lambda: time.monotonic() > begun + SECONDS, SECONDS + harness.PATIENCE)
        self.flows = False
        harness.until("all is read", lambda: len(self.follower.got) == len(self.puller.got) >= self.all_made(), 4 * harness.PATIENCE)
        delays = sorted(self.follower.delays[at:])
        print(f"\n{len(delays)} events, {len(delays) / (time.monotonic() - begun):.0f} a second; delay p50 "
              f"{delays[len(delays) // 2] * 1000:.0f} ms, p99 {delays[len(delays) * 99 // 100] * 1000:.0f} ms", flush=True)
        return delays

    def all_made(self):
        return sum(self.made.values()) + self.published

    def recover(self, stalled):
        """What it has, and what it gets by replay of what it sees that it has not."""
        got = set()
        while stalled.poll(1000):
            frames = stalled.recv_multipart()
            if frames[0].startswith(b"all/"):
                got.add(attack.sequence_of(frames[1]))
        head = len(self.follower.got)
        missed = [n for n in range(1, head + 1) if n not in got]
        begins = [n for n in missed if n - 1 in got or n == 1]
        ends = [n for n in missed if n + 1 in got or n == head]
        asks = attack.Ranges(self.pull, zip(begins, ends))
        self.addCleanup(asks.leave)
        harness.until("all is replayed", lambda: asks.is_over, 4 * harness.PATIENCE)
        print(f"the stalled one had {len(got)} of {head}, and {len(asks.got)} by replay of {len(begins)} gaps", flush=True)
        return sorted([*got, *asks.got])

    def test_one_that_reads_nothing(self):
        self.flows, self.made, self.most = False, {}, 10
        paths = [f"/burst/{n}" for n in range(FEEDS)]
        for n, path in enumerate(paths):
            self.web[path] = self.burst(n)
        self.begin()
        self.daemon.configure([self.web.url(path) for path in ["/feed", *paths]])
        self.daemon.ask("reload")
        before = self.flow()
        stalled = zmq.Context.instance().socket(zmq.SUB)
        attack.show(stalled, None)
        stalled.set(zmq.RCVHWM, 1)
        stalled.set(zmq.RCVBUF, 4096)
        stalled.subscribe("all/")
        stalled.subscribe("heartbeat/")
        stalled.connect(self.pub)
        self.assertTrue(stalled.poll(1000 * harness.PATIENCE), "no welcome")
        beside = self.flow()
        every = list(range(1, len(self.follower.got) + 1))
        self.assertEqual(self.follower.got, every, "the subscriber lost something")
        self.assertEqual(self.puller.got, every, "the consumer lost something")
        self.assertEqual(self.recover(stalled), every, "the stalled one did not recover all")
        stalled.close()
        self.judge()
        if LONG:
            self.assertLessEqual(beside[len(beside) * 99 // 100], 2 * before[len(before) * 99 // 100])


if __name__ == "__main__":
    harness.main()
