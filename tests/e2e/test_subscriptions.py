"""OPML lists elsewhere: what they bring is followed, what they drop is not, and nothing else is touched."""
import json

import harness
from harness import Answer, Item, until
from test_cli import run


class Subscriptions(harness.Case):
    def setUp(self):
        super().setUp()
        for name in "abcdefgh":
            self.web[f"/{name}"] = harness.rss([Item(f"{name}-1", f"Story of {name}", self.web.url(f"/{name}/1"))], title=f"Feed {name}")

    def opml(self, names, **more):
        body = "".join(f'<outline text="Folder"><outline text="Title of {n}" xmlUrl="{self.web.url("/" + n)}"/></outline>\n' for n in names)
        return Answer(f'<opml version="2.0"><head><title>Ours</title></head><body>\n{body}</body></opml>', type="text/x-opml", **more)

    def begin(self, feeds=(), lists=("/list.opml",), **options):
        self.start(list(feeds), subscriptions=[self.web.url(path) for path in lists],
                   poll={"subscriptions_interval": "100ms"}, **options)

    def followed(self):
        return {url[-1]: feed for url, feed in self.daemon.feeds().items()}

    def until_followed(self, names):
        until(f"feeds {names}, not {sorted(self.followed())}", lambda: sorted(self.followed()) == sorted(names))

    def told(self):
        return self.daemon.ask("status")[0]["status"]["subscriptions"]

    def test_feeds_come_and_go_with_the_list(self):
        self.web["/list.opml"] = self.opml("abc")
        self.begin()
        self.until_followed("abc")
        feed = self.followed()["a"]
        self.assertEqual((feed["origin"], feed["title"], feed["tags"]), (self.web.url("/list.opml"), "Title of a", "Folder"))
        until("its records", lambda: "Story of b" in [e["data"].get("headline") for e in self.daemon.events()])
        self.web["/list.opml"] = self.opml("bcd")
        self.until_followed("bcd")
        self.assertIn("feeds=3 added=1 removed=1", self.daemon.log())
        self.assertEqual([(l["url"], l["feeds"], "error" in l) for l in self.told()], [(self.web.url("/list.opml"), 3, False)])
        out = run("status", "--socket", self.daemon.control)[1]
        self.assertIn(f"list      {self.web.url('/list.opml')}   3 feeds\n", out)
        self.daemon.stop()
        self.web["/list.opml"] = self.opml("cde")
        self.daemon.start()
        self.until_followed("cde")

    def test_it_is_asked_for_with_its_validators(self):
        whole = self.opml("ab", headers={"ETag": '"1"'})
        self.web["/list.opml"] = lambda request: Answer(status=304) if request.headers.get("If-None-Match") == '"1"' else whole
        self.begin()
        self.until_followed("ab")
        asked = self.web.more("/list.opml", 3)
        self.assertEqual([r.headers.get("If-None-Match") for r in asked][-2:], ['"1"', '"1"'])
        self.assertEqual(self.daemon.log().count("list taken over"), 1)

    def test_what_the_operator_follows_stays(self):
        self.web["/list.opml"] = self.opml("abcd")
        self.begin(feeds=["/a"])
        self.until_followed("abcd")
        run("feeds", "add", "--unseen", "--socket", self.daemon.control, self.web.url("/b"), self.web.url("/e"))
        self.assertEqual({n: f["origin"] for n, f in self.followed().items() if n in "abe"}, {"a": str(self.daemon.list), "b": "cli", "e": "cli"})
        self.web["/list.opml"] = self.opml("d")
        self.until_followed("abde")
        self.daemon.configure([self.web.url("/a"), self.web.url("/d")])
        self.daemon.ask("reload")
        self.assertEqual(self.followed()["d"]["origin"], str(self.daemon.list))
        self.web["/list.opml"] = self.opml("f")
        self.until_followed("abdef")

    def test_an_answer_that_is_empty_or_broken_changes_nothing(self):
        self.web["/list.opml"] = self.opml("abc")
        self.begin()
        self.until_followed("abc")
        cut = self.opml("defgh").body[:300]
        for bad, why in ((Answer(b""), "no OPML"), (self.opml(""), "no feed in it"), (Answer(cut), "ends before"), (Answer("gone", status=410), "status 410"),
                         (harness.page("Sign in", "Please."), "no OPML"), (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"), "")):
            self.web["/list.opml"] = bad
            told = until(f"the error {why}", lambda: [l for l in self.told() if why in l.get("error", "") and l["error"]])
            self.assertEqual(told[0]["feeds"], 3)
            self.assertIn(why, run("status", "--socket", self.daemon.control)[1])
            self.daemon.clock.advance(3600)  # after trouble it is asked for less often
            self.assertEqual(sorted(self.followed()), list("abc"))
        self.web["/list.opml"] = self.opml("bc")
        self.daemon.clock.advance(3600)
        self.until_followed("bc")
        self.assertIn("list can be read again", self.daemon.log())

    def test_two_lists_share_a_feed_and_one_is_dropped(self):
        self.web["/one.opml"], self.web["/two.opml"] = self.opml("ab"), self.opml("bc")
        self.begin(lists=("/one.opml", "/two.opml"))
        self.until_followed("abc")
        self.web["/one.opml"] = self.opml("a")
        self.web["/two.opml"] = self.opml("bcd")
        self.until_followed("abcd")
        until("the other list's name", lambda: self.followed()["b"]["origin"] == self.web.url("/two.opml"))
        self.daemon.configure(subscriptions=[self.web.url("/two.opml")])
        self.daemon.ask("reload")
        self.until_followed("bcd")
        self.daemon.configure(subscriptions=[])
        self.daemon.stop()
        self.daemon.start()
        self.assertEqual(self.followed(), {})

    def test_a_long_list_is_taken_over_while_feeds_are_polled(self):
        body = "".join(f'<outline text="t" xmlUrl="{self.web.url(f"/many/{i}")}"/>' for i in range(5000))
        self.web["/list.opml"] = Answer(f"<opml><body>{body}</body></opml>", headers={"ETag": '"x"'})
        self.begin(feeds=["/a"])
        until("all of them", lambda: self.daemon.ask("status")[0]["status"]["feeds"]["total"] == 5001)
        until("a record", lambda: "Story of a" in [e["data"].get("headline") for e in self.daemon.events()], 120)  # behind 5,000 polls


if __name__ == "__main__":
    harness.main()
