"""A daemon that is stopped for a while and goes on, and one whose configuration is read again and again while articles come."""
import signal, time

import attack, harness
from attack import LONG


class Steady(attack.Case):
    def test_it_is_stopped_and_goes_on(self):
        """As a laptop is, or a machine that is moved; its subscribers and its consumer stay connected, or come back."""
        self.begin()
        for seconds in (5, 60, 60) if LONG else (5,):
            at = len(self.follower.got), len(self.puller.got)
            end = time.monotonic() + seconds
            self.daemon.process.send_signal(signal.SIGSTOP)
            harness.until("it was stopped for so long", lambda: time.monotonic() > end, seconds + 1)
            self.daemon.process.send_signal(signal.SIGCONT)
            harness.until("articles reach the subscriber", lambda: len(self.follower.got) > at[0] + 2)
            harness.until("articles reach the consumer", lambda: len(self.puller.got) > at[1] + 2)
        self.judge(gaps=LONG)  # after half a minute without a sign of life a connection is given up

    def test_it_is_reloaded_under_load(self):
        """Feeds come and go with each reload, and settings change; those that stay lose nothing."""
        extra = [f"/extra/{n}" for n in range(20)]
        for path in extra:
            self.web[path] = harness.rss([])
        self.begin()
        files = self.descriptors()
        for n in range(120 if LONG else 10):
            at, end = len(self.follower.got), time.monotonic() + (5 if LONG else 0)
            self.daemon.configure([self.web.url(path) for path in ["/feed", *extra[n % 10:n % 10 + 10]]],
                                  poll={"max_interval": f"{500 + n % 5}ms"}, workers={"count": str(1 + n % 2)})
            self.daemon.ask("reload")
            harness.until("articles come", lambda: len(self.follower.got) > at and time.monotonic() > end)
        self.judge()
        harness.until("no descriptor is left behind", lambda: self.descriptors() <= files + 8)  # a worker more, and feeds' connections

    def descriptors(self):
        return len(list((harness.pathlib.Path("/proc") / str(self.daemon.process.pid) / "fd").iterdir()))


if __name__ == "__main__":
    harness.main()
