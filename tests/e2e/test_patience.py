"""Pages that fail in passing: a record waits for its page a little, and what was published without is looked at again."""
import threading
import time

import harness
from harness import Answer, Item, page, rss, until

DAY = 86400
WORDS = "Only the page says this."


class Patience(harness.Case):
    def site(self, *items):
        self.web["/rss"] = rss(list(items))

    def item(self, name, **more):
        return Item(name, f"Report {name}", self.web.url(f"/{name}"), f"The feed's own words on report {name}.", **more)

    def fails(self, path, *answers):
        """The page fails with these answers, one after the other, and is well after them."""
        left = list(answers)
        self.web[path] = lambda _: left.pop(0) if left else page(f"Report {path[1:]}", WORDS)

    def start(self, feeds, **options):
        """Time passes in leaps here: none of them is the server's."""
        http = {"allow": ["127.0.0.0/8"], "spacing": "0s", "per_host": "8", "timeout": "1h"}
        return super().start(feeds, http=http, **options)

    def articles(self):
        return [e for e in self.check_log() if e["type"].startswith("wireroom.article.")]

    def pages(self):
        return self.daemon.ask("status")[0]["status"]["pages"]

    def waits(self, **wanted):
        until(f"pages are {wanted}", lambda: {k: self.pages()[k] for k in wanted} == wanted)

    def pass_until(self, what, condition, step, waiting=False):
        """Time passes for the daemon until something holds, and not while an answer comes; waiting: only while a record waits."""
        def passed():
            status = self.daemon.ask("status")[0]["status"]
            if status["requestsInFlight"] == 0 and (not waiting or status["pages"]["waiting"] > 0):
                self.daemon.clock.advance(step)
            time.sleep(0.05)
            return condition()
        until(what, passed)

    def is_feed_only(self, event, error):
        self.assertEqual(event["data"]["version"], 1)
        self.assertEqual(event["data"]["extraction"]["status"], "feed-only")
        self.assertIn(error, event["data"]["extraction"]["error"])
        self.assertIn("The feed's own words", event["data"]["text"])

    def test_a_record_waits_for_its_page(self):
        cut = Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><body>")
        self.fails("/cut", cut)
        self.fails("/empty", Answer(""))
        self.fails("/later", Answer("", 202))
        self.fails("/busy", Answer("", 503), Answer("", 429, headers={"Retry-After": "3"}))
        self.fails("/broken", Answer(b"\x1f\x8b\x08 and no more", headers={"Content-Encoding": "gzip"}))
        self.site(*map(self.item, ["cut", "empty", "later", "busy", "broken"]))
        self.start(["/rss"])
        until("all have failed", lambda: self.pages()["failed"] >= 4)
        self.pass_until("all pages are there", lambda: len(self.articles()) == 5, 1, waiting=True)
        for event in self.articles():
            self.assertEqual(event["data"]["extraction"]["status"], "full")
            self.assertIn(WORDS, event["data"]["text"])
            self.assertEqual(event["data"]["version"], 1)
        self.assertEqual(self.pages()["late"], 5)
        self.assertEqual(self.pages()["toRecheck"], 0)

    def test_what_cannot_wait_longer_gets_its_text_as_a_version(self):
        self.web["/down"] = Answer("", 503)
        self.site(self.item("down"))
        self.start(["/rss"])
        self.web.wait("/down")
        self.pass_until("it is published", lambda: self.pages()["toRecheck"] == 1, 5, waiting=True)
        self.is_feed_only(self.subscriber.article(version=1), "HTTP status 503")
        self.assertEqual(len(self.web.seen("/down")), 4)
        self.fails("/down")
        self.daemon.clock.advance(65)
        until("the page came", lambda: self.pages()["rechecked"] == 1)
        data = self.subscriber.article(version=2)["data"]
        self.assertEqual(data["extraction"]["status"], "full")
        self.assertEqual(data["change"]["kinds"], ["text"])
        self.assertEqual(data["change"]["cause"], "page")
        self.assertIn(WORDS, data["text"])
        self.assertNotEqual(data["versionCreated"], data["firstSeen"])
        self.waits(toRecheck=0)
        self.assertEqual(len(self.web.seen("/down")), 5)
        self.check_log()

    def test_a_kill_loses_neither_what_waits_nor_what_is_to_be_looked_at(self):
        self.web["/down"] = Answer("", 503)
        self.web["/held"] = Answer("", 429, headers={"Retry-After": "300"})
        self.site(self.item("down"), self.item("held"))
        self.start(["/rss"])
        self.is_feed_only(self.subscriber.article("Report held"), "HTTP status 429")
        self.waits(waiting=1, toRecheck=1)
        self.daemon.kill()
        self.fails("/down")
        self.fails("/held")
        self.daemon.start()
        self.waits(toRecheck=1)
        until("what waited is published", lambda: len(self.articles()) == 2)
        self.pass_until("it is asked for again", lambda: len(self.web.seen("/held")) == 2, 60)
        until("the page came", lambda: self.pages()["rechecked"] == 1)
        self.assertEqual([(e["data"]["headline"], e["data"]["version"], e["data"]["extraction"]["status"]) for e in self.articles()],
                         [("Report held", 1, "feed-only"), ("Report down", 1, "full"), ("Report held", 2, "full")])
        self.assertEqual(len(self.web.seen("/held")), 2)

    def test_what_will_never_be_there_is_not_asked_for_again(self):
        self.web["/gone"] = Answer("", 410)
        self.web["/none"] = Answer("", 404)
        self.web["/denied"] = Answer("", 403)
        self.site(self.item("gone"), self.item("none", date=time.time() - 2 * DAY), self.item("denied"))
        self.start(["/rss"])
        for name in ["gone", "none", "denied"]:
            self.is_feed_only(self.subscriber.article(f"Report {name}"), "HTTP status 4")
        self.assertEqual(self.pages()["toRecheck"], 1)  # a guard may have taken us for somebody else
        self.pass_until("it is asked for again", lambda: len(self.web.seen("/denied")) == 2, 60)
        until("it is given up", lambda: self.pages()["givenUp"] == 1)
        self.assertEqual([len(self.web.seen(p)) for p in ["/gone", "/none", "/denied"]], [1, 1, 2])
        self.assertEqual(len(self.articles()), 3)

    def test_a_page_that_comes_after_its_feed(self):
        self.fails("/early", Answer("", 404))
        self.site(self.item("early"))
        self.start(["/rss"])
        self.is_feed_only(self.subscriber.article("Report early"), "HTTP status 404")
        self.waits(waiting=0, toRecheck=1)
        self.daemon.clock.advance(65)
        self.assertEqual(self.subscriber.article(version=2)["data"]["extraction"]["status"], "full")
        self.web["/never"] = Answer("", 404)
        self.site(self.item("never"))
        self.pass_until("it has failed", lambda: self.pages()["toRecheck"] == 1, 1)
        self.daemon.clock.advance(65)
        until("it has failed again", lambda: self.pages()["failed"] == 3)
        self.daemon.clock.advance(310)
        until("it is given up", lambda: self.pages()["givenUp"] == 1)
        self.assertEqual([len(self.web.seen(p)) for p in ["/early", "/never"]], [2, 3])

    def test_what_is_looked_at_again_needs_no_place(self):
        self.fails("/late", Answer("", 429, headers={"Retry-After": "120"}))
        self.site(self.item("late"))
        self.start(["/rss"], poll={"max_in_flight": "1"})
        self.is_feed_only(self.subscriber.article("Report late"), "HTTP status 429")
        begun, over, other = threading.Event(), threading.Event(), harness.Web()
        self.addCleanup(other.close)
        self.addCleanup(over.set)
        other["/slow"] = lambda _: (begun.set(), over.wait(60), page("Report slow", WORDS))[-1]
        self.site(Item("slow", "Report slow", other.url("/slow"), "The feed's own words."))
        self.pass_until("the only place is taken", begun.is_set, 5)
        self.daemon.clock.advance(130)
        self.assertEqual(self.subscriber.article(version=2)["data"]["extraction"]["status"], "full")
        self.assertFalse(over.is_set())

    def test_what_is_looked_at_again_is_not_behind_all_that_its_feed_brings(self):
        bulk = [f"bulk{n}" for n in range(60)]
        go_on = threading.Semaphore(0)
        self.addCleanup(go_on.release, len(bulk))
        self.fails("/late", Answer("", 429, headers={"Retry-After": "120"}))
        for name in bulk:
            self.web[f"/{name}"] = lambda _: go_on.acquire(timeout=60) and page("Bulk", WORDS)
        self.site(self.item("late"))
        self.start(["/rss"])
        self.is_feed_only(self.subscriber.article("Report late"), "HTTP status 429")
        self.site(*map(self.item, bulk))
        until("pages wait for their host", lambda: self.daemon.ask("status")[0]["status"]["requestsWaiting"] >= 50)
        self.daemon.clock.advance(130)

        def is_asked_for():
            go_on.release()
            time.sleep(0.1)
            return len(self.web.seen("/late")) == 2
        until("it is looked at", is_asked_for)
        self.assertLess(sum(len(self.web.seen(f"/{name}")) for name in bulk), len(bulk) / 2)

    def test_only_news_waits_and_no_place_is_held_meanwhile(self):
        self.web["/old"] = self.web["/a"] = self.web["/b"] = Answer("", 500)
        self.web["/well"] = page("Report well", WORDS)
        self.site(self.item("old", date=time.time() - 2 * DAY))
        self.web["/more"] = rss([self.item("a"), self.item("b")])
        self.start(["/rss", "/more"], poll={"max_in_flight": "1"})
        self.is_feed_only(self.subscriber.article("Report old"), "HTTP status 500")
        until("both have failed", lambda: self.web.seen("/a") and self.web.seen("/b"))
        self.site(self.item("well"))
        self.assertEqual(self.subscriber.article("Report well")["data"]["extraction"]["status"], "full")
        self.daemon.configure([self.address("/rss")])
        self.daemon.ask("reload")
        self.waits(waiting=0)  # they went with their feed
        self.assertEqual(len(self.articles()), 2)

    def test_a_page_without_a_text_makes_no_version(self):
        self.web["/shop"] = Answer("", 429, headers={"Retry-After": "120"})
        self.site(self.item("shop"))
        self.start(["/rss"])
        self.is_feed_only(self.subscriber.article("Report shop"), "HTTP status 429")
        self.web["/shop"] = Answer("<html><body></body></html>")
        self.pass_until("it is asked for again", lambda: len(self.web.seen("/shop")) == 2, 30)
        self.waits(toRecheck=0)
        self.assertEqual(self.pages()["rechecked"], 0)
        self.assertEqual(len(self.articles()), 1)


if __name__ == "__main__":
    harness.main()
