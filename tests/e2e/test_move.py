"""Feeds that move for good: the new address is taken over after days, and the operator's list may still name the old one."""
import harness
from harness import Answer, Item, page, rss

DAY = 86400


class Move(harness.Case):
    def days(self, path, count):
        """Let days go by, with a poll of the address in each."""
        for _ in range(count):
            self.daemon.clock.advance(DAY)
            self.web.more(path, 2)  # the first may have been under way

    def feed(self, number):
        items = [Item(str(n), f"Report {n}", self.web.url(f"/{n}")) for n in range(1, number + 1)]
        for n in range(1, number + 1):
            self.web[f"/{n}"] = page(f"Report {n}", f"This is report {n}.")
        return rss(items)

    def moved(self, path, status=301):
        return Answer("", status, headers={"Location": self.web.url(path)})

    def test_a_feed_that_moved_is_followed_at_its_new_address(self):
        self.web["/old"] = self.feed(2)
        self.start(["/old"])
        self.subscriber.article("Report 2")
        self.web["/new"] = self.feed(3)
        self.web["/old"] = self.moved("/new")
        self.subscriber.article("Report 3")
        self.days("/old", 2)
        self.assertEqual(set(self.daemon.feeds()), {self.web.url("/old")})
        self.daemon.clock.advance(DAY)
        harness.until("it moves", lambda: set(self.daemon.feeds()) == {self.web.url("/new")})
        event = self.subscriber.wait("feed.state moved", lambda e: e["data"].get("state") == "moved")
        self.assertEqual((event["data"]["url"], event["data"]["newUrl"]), (self.web.url("/old"), self.web.url("/new")))
        harness.until("it is well", lambda: self.daemon.feeds()[self.web.url("/new")]["state"] == "ok")
        asked = len(self.web.seen("/old"))
        self.web["/new"] = self.feed(4)
        self.subscriber.article("Report 4")
        # The list still names the old address; a reload and a start know better.
        self.daemon.ask("reload")
        self.daemon.stop()
        self.daemon.start()
        self.web.more("/new", 2)
        self.assertEqual(set(self.daemon.feeds()), {self.web.url("/new")})
        self.assertEqual(len(self.web.seen("/old")), asked)
        self.assertEqual(sorted(e["data"]["headline"] for e in self.check_log() if e["type"].startswith("wireroom.article.")),
                         ["Report 1", "Report 2", "Report 3", "Report 4"])

    def test_a_lapsed_domain_that_leads_elsewhere_is_not_believed(self):
        self.web["/old"] = self.feed(2)
        self.start(["/old"])
        self.subscriber.article("Report 2")
        self.web["/phone"] = page("Win a phone")
        self.web["/spam"] = rss([Item("spam", "Win a phone", self.web.url("/phone"))])
        self.web["/old"] = self.moved("/spam", 308)
        self.days("/old", 6)
        self.assertEqual(set(self.daemon.feeds()), {self.web.url("/old")})

    def test_two_addresses_of_one_feed_become_one(self):
        self.web["/old"] = self.feed(2)
        self.web["/new"] = self.feed(2)
        self.start(["/old", "/new"])
        self.subscriber.article("Report 2")
        self.web["/old"] = self.moved("/new")
        for _ in range(5):
            if len(self.daemon.feeds()) == 1:
                break
            self.daemon.clock.advance(DAY)
            self.web.more("/new", 4)
        harness.until("one is left", lambda: set(self.daemon.feeds()) == {self.web.url("/new")})
        self.daemon.ask("reload")
        self.assertEqual(set(self.daemon.feeds()), {self.web.url("/new")})


if __name__ == "__main__":
    harness.main()
