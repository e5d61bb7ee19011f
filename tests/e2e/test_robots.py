"""Pages are asked for as robots.txt has it (RFC 9309): what it forbids, when it cannot be had, and how far apart."""
import gzip

import harness
from harness import Answer, Item, page, rss, until

DAY = 86400


class Robots(harness.Case):
    def site(self, web, numbers, path="/rss"):
        """A feed on self.web whose articles lie on web."""
        self.items = [Item(f"{web.port}-{n}", f"Report {n}", web.url(f"/news/{n}"), f"The feed's own words on report {n}.") for n in numbers]
        for n in numbers:
            web[f"/news/{n}"] = page(f"Report {n}", "Only the page says this.")
        self.web[path] = rss(self.items)

    def robots(self, web, *lines, **more):
        web["/robots.txt"] = Answer("\n".join(lines) + "\n", type="text/plain", **more)

    def test_a_page_that_is_not_allowed_gives_a_record_from_the_feed(self):
        self.site(self.web, [1, 2])
        self.robots(self.web, "User-agent: *", "Disallow: /rss", "Disallow: /news/1", "User-agent: other", "Disallow: /")
        self.start(["/rss"])
        event = self.subscriber.article("Report 1")
        self.assertEqual(event["data"]["extraction"]["status"], "disallowed")
        self.assertIn("robots.txt", event["data"]["extraction"]["error"])
        self.assertIn("The feed's own words", event["data"]["text"])
        self.assertEqual(self.subscriber.article("Report 2")["data"]["extraction"]["status"], "full")
        self.assertEqual(self.web.seen("/news/1"), [])
        self.web.wait("/rss", 2)  # feeds are made for programs

    def test_rules_for_our_name_come_before_those_for_all(self):
        self.site(self.web, [1])
        self.robots(self.web, "User-agent: *", "Disallow: /", "", "User-agent: wireroom", "Disallow: /private")
        self.start(["/rss"])
        self.assertEqual(self.subscriber.article("Report 1")["data"]["extraction"]["status"], "full")

    def test_the_file_is_asked_for_once_a_day(self):
        self.site(self.web, range(1, 6))
        packed = gzip.compress(b"User-agent: *\nDisallow: /news/2\nDisallow: /news/7\n")
        self.web["/robots.txt"] = Answer(packed, type="text/plain", headers={"Content-Encoding": "gzip"})
        self.start(["/rss"])
        for n in range(1, 6):
            self.subscriber.article(f"Report {n}")
        self.assertEqual(len(self.web.seen("/robots.txt")), 1)
        self.assertEqual(self.web.seen("/news/2"), [])
        self.daemon.clock.advance(DAY - 3600)
        self.site(self.web, [6])
        self.subscriber.article("Report 6")
        self.assertEqual(len(self.web.seen("/robots.txt")), 1)
        self.daemon.clock.advance(2 * 3600)
        self.site(self.web, [7])
        self.subscriber.article("Report 7")
        self.assertEqual(len(self.web.seen("/robots.txt")), 2)

    def test_where_it_cannot_be_had_nothing_is_asked_for(self):
        self.site(self.web, [1])
        self.web["/robots.txt"] = Answer("overloaded", 503)
        self.start(["/rss"])
        def waits(asked):
            return len(self.web.seen("/robots.txt")) == asked and self.daemon.ask("status")[0]["status"]["pages"]["waiting"] == 1
        for asked, pause in enumerate((3, 11, 31), 1):  # as soon as a page that fails in passing
            until(f"it waits, asked for {asked} times", lambda: waits(asked))
            self.daemon.clock.advance(pause)
        event = self.subscriber.article("Report 1")
        self.assertEqual(event["data"]["extraction"]["status"], "disallowed")
        self.assertIn("cannot be had", event["data"]["extraction"]["error"])
        self.assertEqual(len(self.web.seen("/robots.txt")), 4)
        self.robots(self.web, "User-agent: *", "Allow: /")
        self.daemon.clock.advance(700)
        self.site(self.web, [2])
        self.assertEqual(self.subscriber.article("Report 2")["data"]["extraction"]["status"], "full")
        # What was had once holds while there is nothing newer.
        self.web["/robots.txt"] = Answer("overloaded", 503)
        self.daemon.clock.advance(2 * DAY)
        self.site(self.web, [3])
        self.assertEqual(self.subscriber.article("Report 3")["data"]["extraction"]["status"], "full")

    def test_each_hop_is_asked_of_its_own_host(self):
        other = harness.Web()
        self.addCleanup(other.close)
        self.site(other, [1, 2])
        for n in (1, 2):
            self.web[f"/go/{n}"] = Answer("", 302, headers={"Location": other.url(f"/news/{n}")})
        self.robots(other, "User-agent: *", "Disallow: /news/1")
        self.web["/rss"] = rss([Item(str(n), f"Report {n}", self.web.url(f"/go/{n}"), "The feed's own words.") for n in (1, 2)])
        self.start(["/rss"])
        self.assertEqual(self.subscriber.article("Report 1")["data"]["extraction"]["status"], "disallowed")
        self.assertEqual(self.subscriber.article("Report 2")["data"]["extraction"]["status"], "full")
        self.assertEqual(other.seen("/news/1"), [])

    def test_pages_are_as_far_apart_as_it_asks_and_feeds_are_not_held_up(self):
        other = harness.Web()
        self.addCleanup(other.close)
        self.robots(other, "User-agent: *", "Crawl-delay: 100")
        self.site(other, range(1, 9))
        other["/rss"] = self.web.answers["/rss"]
        self.start([other.url("/rss")])
        asked = lambda: sum(len(other.seen(f"/news/{n}")) for n in range(1, 9))

        def published(status):
            self.subscriber.drain()
            return [a["extraction"]["status"] for a in self.subscriber.articles()].count(status)

        # Five can wait for their turn; of the others the feed's own words must do.
        harness.until("four records from the feed", lambda: published("disallowed") == 4)
        self.assertEqual(asked(), 1)
        for n in range(2, 5):
            other.more("/rss", 2)
            self.assertEqual(asked(), n - 1)
            harness.until("no page is on its way", lambda: published("full") == n - 1)
            self.daemon.clock.advance(100)
            harness.until(f"page {n}", lambda: asked() == n)

    def test_of_a_file_that_is_too_long_the_first_part_counts(self):
        self.site(self.web, [1, 2])
        self.robots(self.web, "User-agent: *", "Disallow: /news/1", "# " + "x" * 600_000, "Disallow: /news/2")
        self.start(["/rss"])
        self.assertEqual(self.subscriber.article("Report 1")["data"]["extraction"]["status"], "disallowed")
        self.assertEqual(self.subscriber.article("Report 2")["data"]["extraction"]["status"], "full")

    def test_a_file_behind_redirects_holds_and_one_that_leads_nowhere_does_not(self):
        self.site(self.web, [1])
        self.web["/robots.txt"] = Answer("", 301, headers={"Location": "/elsewhere"})
        self.web["/elsewhere"] = Answer("User-agent: *\nDisallow: /news/1\n", type="text/plain")
        other = harness.Web()
        self.addCleanup(other.close)
        self.site(other, [2], "/other")
        other["/robots.txt"] = Answer("", 302, headers={"Location": "/robots.txt?1"})
        for n in range(1, 12):
            other[f"/robots.txt?{n}"] = Answer("", 302, headers={"Location": f"/robots.txt?{n + 1}"})
        self.start(["/rss", "/other"])
        self.assertEqual(self.subscriber.article("Report 1")["data"]["extraction"]["status"], "disallowed")
        self.assertEqual(self.subscriber.article("Report 2")["data"]["extraction"]["status"], "full")

    def test_the_operator_may_say_no(self):
        self.site(self.web, [1])
        self.robots(self.web, "User-agent: *", "Disallow: /")
        self.start(["/rss"], page={"robots": "no"})
        self.assertEqual(self.subscriber.article("Report 1")["data"]["extraction"]["status"], "full")
        self.assertEqual(self.web.seen("/robots.txt"), [])


if __name__ == "__main__":
    harness.main()
