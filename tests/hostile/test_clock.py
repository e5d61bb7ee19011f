"""A wall clock that is wrong, while the daemon runs and when it starts: nothing is lost, nothing comes twice, polls go on, and it is told
of. Order and schedules are the monotonic clock's; the wall clock is data."""
import time

import attack, harness
from attack import LONG

DAY = 86400
WRONG = {"1970": lambda: -time.time() + 3600, "2038": lambda: 2 ** 31 + 3600 - time.time(), "a day ahead": lambda: DAY, "a day behind": lambda: -DAY}


class Clock(attack.Case):
    def more(self, count=3):
        """Articles go on coming to both who follow."""
        at = len(self.follower.got), len(self.puller.got)
        harness.until("articles reach the subscriber", lambda: len(self.follower.got) >= at[0] + count)
        harness.until("articles reach the consumer", lambda: len(self.puller.got) >= at[1] + count)

    def restart(self, by):
        """With the clock stepped while it is down."""
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.clock.step(by)
        self.daemon.start()
        self.more()

    def test_it_is_set_wrong_and_right_while_articles_come(self):
        self.begin()
        for name, away in WRONG.items():
            for _ in range(20 if LONG else 1):
                by = away()
                self.daemon.clock.step(by)
                self.more()
                self.daemon.clock.step(-by)
                self.more()
        self.judge()

    def test_it_is_wrong_at_a_start_and_set_right(self):
        self.begin()
        for name, away in WRONG.items():
            for _ in range(10 if LONG else 1):
                by = away()
                self.restart(by)
                self.daemon.clock.step(-by)
                self.more()
                self.restart(by)
                self.restart(-by)
        self.judge(gaps=True)


if __name__ == "__main__":
    harness.main()
