"""One feed, or one host, that wants more than its share, and what becomes of all others."""
import socket
import threading

import harness
from harness import Item, page, rss

PLACES = 32


class Fair(harness.Case):
    """Pages of the bulk are not answered before the test ends."""

    def setUp(self):
        super().setUp()
        self.over, self.slow = threading.Event(), harness.Web()
        self.slow["/p"] = lambda request: self.over.wait(60) and page("Late", "Too late.")
        self.addCleanup(self.slow.close)
        self.addCleanup(self.over.set)

    def bulk(self, name, count, summary=""):
        self.web[f"/{name}"] = rss([Item(f"{name}{n}", f"{name} {n}", self.slow.url(f"/p?{name}-{n}"), summary) for n in range(count)],
                                   title=name)

    def news(self, first, last):
        for n in range(first, last + 1):
            self.web[f"/news/{n}"] = page(f"News {n}", f"What there is to say of {n}.")
        self.web["/news"] = rss([Item(f"n{n}", f"News {n}", self.web.url(f"/news/{n}")) for n in range(first, last + 1)], title="News")

    def records(self):
        return self.daemon.ask("status")[0]["status"]["records"]

    def waits(self, count):
        harness.until(f"{count} records wait", lambda: self.records()["waiting"] >= count)

    def options(self, **poll):
        return {"http": {"timeout": "60s", "max_in_flight": "64"}, "poll": {"max_in_flight": str(PLACES), **poll}}

    def test_news_come_beside_a_bulk_whose_pages_hang_and_after_a_restart_too(self):
        self.bulk("bulk", 200)
        self.news(1, 1)
        self.start(["/bulk", "/news"], **self.options())
        self.subscriber.article("News 1")
        self.waits(200 - PLACES)
        self.news(1, 12)
        for n in range(2, 13):
            self.subscriber.article(f"News {n}")
        self.assertLess(self.records()["inFlight"], PLACES / 4)
        self.daemon.kill()
        self.subscriber.last.clear()
        self.daemon.start()
        self.waits(200 - PLACES)
        self.news(1, 13)
        self.subscriber.article("News 13")

    def test_feeds_of_one_host_that_hangs_share_its_places(self):
        names = [f"bulk{n}" for n in range(20)]
        for name in names:
            self.bulk(name, 8)
        self.start([f"/{name}" for name in names], **self.options())
        self.waits(20 * 8 - PLACES)
        self.news(1, 3)
        self.daemon.configure([self.web.url(f"/{name}") for name in names] + [self.web.url("/news")])
        self.daemon.ask("reload")
        for n in (1, 2, 3):
            self.subscriber.article(f"News {n}")

    def test_news_come_beside_feeds_that_name_many_hosts_that_hang(self):
        silent = socket.create_server(("0.0.0.0", 0), backlog=1024)
        self.addCleanup(silent.close)
        names = [f"bulk{n}" for n in range(10)]
        for n, name in enumerate(names):
            links = [f"http://127.2.{n}.{i}:{silent.getsockname()[1]}/" for i in range(1, 61)]
            self.web[f"/{name}"] = rss([Item(link, f"{name} {i}", link) for i, link in enumerate(links)], title=name)
        self.news(1, 1)
        self.start(["/news"], **self.options(max_in_flight="1000"))
        self.subscriber.article("News 1")
        self.daemon.configure([self.web.url(f"/{name}") for name in names] + [self.web.url("/news")])
        self.daemon.ask("reload")
        harness.until("many pages wait", lambda: self.daemon.ask("status")[0]["status"]["requestsWaiting"] >= 200)
        for n in range(2, 13):
            self.news(1, n)
            self.subscriber.article(f"News {n}")

    def test_only_the_feed_with_the_backlog_is_paused(self):
        self.bulk("bulk", 200)
        self.news(1, 1)
        self.start(["/bulk", "/news"], **self.options(max_waiting="400"))
        self.waits(200 - PLACES)
        asked = len(self.web.seen("/bulk"))
        self.web.more("/news", 5)
        self.assertLessEqual(len(self.web.seen("/bulk")), asked + 1)

    def test_so_is_the_one_whose_entries_are_large_and_after_a_restart_too(self):
        self.bulk("bulk", 100, "A long story. " * 1000)
        self.news(1, 1)
        self.start(["/bulk", "/news"], store={"max": "16MiB"}, **self.options())
        self.subscriber.article("News 1")
        self.waits(8)
        asked = len(self.web.seen("/bulk"))
        self.web.more("/news", 5)
        self.assertLessEqual(len(self.web.seen("/bulk")), asked + 1)
        self.daemon.kill()
        self.daemon.start()
        self.web.more("/news", 5)
        self.assertLessEqual(len(self.web.seen("/bulk")), asked + 1)
        self.over.set()
        self.web.more("/bulk", 1)

    def test_a_document_of_more_than_may_wait_comes_in_parts(self):
        self.bulk("bulk", 100, "A long story. " * 1000)
        self.start(["/bulk"], store={"max": "16MiB"}, **self.options())
        self.waits(8)
        records = self.records()
        self.assertLess(records["waiting"] + records["inFlight"], 50)
        self.over.set()
        self.subscriber.wait("100 articles", lambda _: len(self.subscriber.articles()) == 100)
        self.web.more("/bulk", 3)
        self.subscriber.drain()
        self.assertEqual(len({a["uri"] for a in self.subscriber.articles()}), 100)
        self.assertEqual(self.records()["published"], 100)

    def test_what_waits_of_a_feed_goes_with_it(self):
        self.bulk("bulk", 200)
        self.news(1, 1)
        self.start(["/bulk", "/news"], **self.options())
        self.waits(200 - PLACES)
        self.daemon.ask("feeds.remove", feed=self.daemon.feeds()[self.web.url("/bulk")]["id"])
        harness.until("nothing waits", lambda: self.records()["waiting"] == self.records()["inFlight"] == 0)
        self.subscriber.article("News 1")
        self.assertEqual(len(self.subscriber.drain()), 1)

    def test_quick_pages_do_not_wait_for_those_that_take_long_to_read(self):
        self.slow["/p"] = page("Long", filler=12000)
        self.bulk("bulk", 40)
        self.news(1, 1)
        self.start(["/bulk", "/news"])
        self.subscriber.article("News 1")
        harness.until("all long pages are read or wait to be", lambda: len(self.slow.requests) >= 40)
        self.news(1, 3)
        for n in (2, 3):
            self.subscriber.article(f"News {n}")
        self.assertLess(self.records()["published"], 20)


if __name__ == "__main__":
    harness.main()
