"""kill -9 at any moment, and at each step from poll to publication: nothing is lost, nothing doubled, no sequence skipped, and every
named consumer is complete."""
import random, time

import harness
from crash import LONG, SEED, Case, Readers, make_up, tell

RANDOM_KILLS = 2000 if LONG else 20
STEP_KILLS = 200 if LONG else 3
SETTLE = 250  # kills after which the account is made up, and the run goes on
FEW, MANY = 20, 300  # moments of a step in one life, at most; a transaction of ten entries has some 150
LIFE = 30  # seconds in which a step comes to its moment


class Kill(Case):
    def setUp(self):
        super().setUp()
        self.chance, self.began = random.Random(SEED), time.monotonic()
        tell(f"seed {SEED}")

    def begin(self, feeds, entries):
        self.world(feeds, entries)
        self.daemon = self.make_daemon()
        self.readers = Readers(self.daemon)
        self.readers.start()
        self.addCleanup(self.readers.end)

    def settle(self):
        """What is on its way comes out, and to everybody, while nothing new is shown: the account of that moment."""
        self.web.freeze()
        self.daemon.start()
        store = self.daemon.dir / "wireroom.db"

        def head():
            return int(self.daemon.ask("status")[0]["status"]["log"]["head"])

        def is_in_the_log():
            return self.web.is_done() and make_up(store, self.web.known()).lost == 0
        while not is_in_the_log():  # short lives leave much to do, and how fast that goes is the machine's affair
            before = head()
            harness.until("more of what was claimed is in the log", lambda: head() > before or is_in_the_log(), 120)
        harness.until("the consumers have all", lambda: all(max(c.got, default=0) == head() for c in self.readers.consumers), 120)
        self.assertEqual(self.daemon.stop(), 0)
        self.assert_whole(make_up(store, self.web.known(), self.readers))
        self.web.freeze(None)

    def moment(self):
        """A while into a life: while the daemon starts, or when some documents were asked for, however busy the machine is."""
        if self.chance.random() < 0.2:
            return self.chance.uniform(0, 0.3)
        asked = len(self.web.requests) + self.chance.randint(1, 12)
        end = time.monotonic() + LIFE
        while len(self.web.requests) < asked and time.monotonic() < end:
            time.sleep(0.002)
        return self.chance.uniform(0, 0.04)

    def test_at_any_moment(self):
        self.begin(feeds=4, entries=25)
        for kill in range(1, RANDOM_KILLS + 1):
            self.daemon.start(wait=False)
            if self.daemon.ended(self.moment()) is not None:
                self.fail(f"it ended with {self.daemon.status}:\n{self.daemon.log()[-4000:]}")
            self.daemon.kill()
            if kill % SETTLE == 0 or kill == RANDOM_KILLS:
                self.settle()
                tell(f"{kill} kills, {len(self.web.known())} articles, {time.monotonic() - self.began:.0f} s")

    def kill_at(self, step, most):
        """In life after life, at one moment or another of the step (kill.c), early ones rather than late ones."""
        self.begin(feeds=2, entries=5)
        for _ in range(STEP_KILLS):
            self.break_by(self.daemon, "kill", WIREROOM_KILL=f"{step} {int(most ** self.chance.random())}")
            self.daemon.start(wait=False)
            self.assertIsNotNone(self.daemon.ended(LIFE), f"{step} is not reached")
            self.assertEqual(self.daemon.status, -9, self.daemon.log()[-4000:])
        self.mend(self.daemon)
        self.settle()
        tell(f"{STEP_KILLS} kills at {step}, {len(self.web.known())} articles, {time.monotonic() - self.began:.0f} s")

    def test_while_an_answer_comes(self):
        self.kill_at("T1", FEW)

    def test_while_entries_are_admitted(self):
        self.kill_at("T2", MANY)

    def test_while_workers_have_them(self):
        self.kill_at("T3", FEW)

    def test_while_events_are_committed(self):
        self.kill_at("T4", MANY)

    def test_while_events_are_pushed(self):
        self.kill_at("T5", FEW)

    def test_while_acknowledgements_are_kept(self):
        self.kill_at("ACK", MANY)


if __name__ == "__main__":
    harness.main()
