"""Feeds of every misbehaviour among good ones: those lose nothing and are not late, each bad one is told of, and the daemon stays small."""
import attack, harness
from attack import LONG
from harness import Item, rss
from misbehave import KINDS, Server

GOOD = 1000 if LONG else 100


class Feeds(attack.Case):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.close)
        self.round, self.read, self.all_titles = 1, 0, []
        for n in range(GOOD):
            self.web[f"/good/{n}"] = lambda request, n=n: rss(
                [Item(f"{n}-{i}", f"Good {n} {i}", self.web.url(f"/none/{n}/{i}"), "Words.") for i in range(self.round, 0, -1)])

    def test_each_misbehaviour_among_good_feeds(self):
        self.begin(http={"timeout": "2s", "max_body": "1MiB", "max_in_flight": "400"}, page={"robots": "false"},
                   poll={"min_interval": "1s", "max_interval": "2s", "default_interval": "1s"})
        bad = [self.server.url(kind) for kind in KINDS]
        self.daemon.configure([self.web.url(path) for path in ["/feed", *(f"/good/{n}" for n in range(GOOD))]] + bad)
        self.daemon.ask("reload")
        for self.round in range(1, 6 if LONG else 3):
            harness.until(f"all good feeds are read in round {self.round}", lambda: self.good() == self.round * GOOD, 4 * harness.PATIENCE)
        harness.until("each bad feed was asked", lambda: all(self.server.asked.get(kind) for kind in KINDS))
        harness.until("each bad feed is told of", self.all_told, 2 * harness.PATIENCE)
        got = {kind: sum(f"{kind} " in title for title in self.titles()) for kind in KINDS}
        self.assertEqual({k: got[k] for k, (_, most) in KINDS.items() if most is not None}, {k: most for k, (_, most) in KINDS.items() if most is not None})
        self.judge()

    def titles(self):
        """Of all articles; events that were read before are not read again, which took this process longer than the daemon."""
        new = self.daemon.events(self.read)
        self.read += len(new)
        self.all_titles += [e["data"]["headline"] for e in new if ".article.new" in e["type"]]
        return self.all_titles

    def good(self):
        return sum(title.startswith("Good ") for title in self.titles())

    def all_told(self):
        """All have an answer or an error; of those without a whole answer it is an error."""
        feeds = self.daemon.feeds()
        told = {kind: feeds[self.server.url(kind)] for kind in KINDS if self.server.url(kind) in feeds}
        self.untold = [kind for kind, feed in told.items() if not feed.get("error") and (not feed.get("httpStatus") or KINDS[kind][1] == 0)]
        return set(self.untold) <= {"304-unasked"}

    def all_made(self):
        return None


if __name__ == "__main__":
    harness.main()
