"""What an operator is told of feeds: how they went, what is wrong in them, how they are ordered and changed."""
import json, os, pty, re, subprocess, time, unittest

import harness
from harness import Answer, Item, until
from test_cli import WIREROOM, run

BAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Tom & Jerry</title><link>http://127.0.0.1/</link>
<item><title>One</title><link>/1</link><guid>1</guid><pubDate>soonish</pubDate></item>
</channel></rss>
"""


class Manual(unittest.TestCase):
    """Every diagnosis stands in the manual, in the words of the source."""

    LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
    PLACES = (r"(?:diagnose|xml_problem|add_problem)\([^;\"]*?" + LITERALS, r"\{XML_ERR_\w+,\s*" + LITERALS + r"\}",
              r"\.text =\s*[^;\"]*?" + LITERALS, r"fail\(err, E_FORMAT,\s*" + LITERALS)

    def messages(self):
        for path in sorted((harness.SOURCE / "daemon" / "feed").glob("*.c")):
            if path.name == "opml.c":
                continue
            for place in self.PLACES:
                for found in re.finditer(place, path.read_text()):
                    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found.group(1)))
                    yield path.name, text.replace('\\"', '"')

    def test_every_diagnosis_stands_in_the_manual(self):
        manual = (harness.SOURCE / "daemon" / "feed" / "wireroom-feeds.7").read_text().replace("\\(dq", '"')
        items = re.findall(r"^\.It Li (.*)$", manual, re.M)
        messages = list(self.messages())
        self.assertGreater(len(messages), 25)
        for name, text in messages:
            pattern = re.sub(r"%(?:zu|\\.\\\*s|s)", ".+", re.escape(text.rstrip()))
            near = pattern.split(".+write")[0]
            self.assertTrue(any(re.match(near, item) for item in items), f"{name}: {text}")


class Told(harness.Case):
    def wireroom(self, *words, **more):
        return run(*words, "--socket", self.daemon.control, **more)

    def ok(self, *words):
        code, out, err = self.wireroom(*words)
        self.assertEqual((code, err), (0, ""), words)
        return out

    def lines(self, *words):
        return [json.loads(line) for line in self.ok(*words, "--json").splitlines()]

    def feed(self, path, count=3, title="A feed", **more):
        self.web[path] = harness.rss([Item(f"{path}-{i}", f"Story {i} of {title}", self.web.url(f"{path}/{i}"), date=time.time() - 600)
                                      for i in range(count)], title=title, **more)

    def shown(self, path):
        return json.loads(self.ok("feeds", "show", "--json", self.web.url(path)))

    def test_what_is_wrong_in_a_feed_is_told_with_its_place_until_it_is_mended(self):
        self.web["/bad"] = Answer(BAD, type="application/rss+xml")
        self.feed("/good")
        self.start(["/bad", "/good"])
        until("the diagnosis", lambda: self.shown("/bad")["diagnosis"])
        diagnosis = self.shown("/bad")["diagnosis"]
        self.assertEqual(diagnosis[0], {"line": 2, "column": 40, "text": 'a bare "&": write it as &amp;'})
        self.assertIn('the date of 1 entry cannot be read ("soonish")', diagnosis[1]["text"])
        self.assertEqual((diagnosis[1]["line"], diagnosis[1]["column"]), (3, 63))
        said = self.ok("feeds", "show", self.web.url("/bad"))
        self.assertIn('  line 2, column 40: a bare "&": write it as &amp;\n', said)
        self.assertIn('  line 3, column 63: the date of 1 entry cannot be read ("soonish"); write it as Sat, 14 Mar 2026 09:26:57 GMT\n', said)
        self.assertEqual(self.shown("/good")["diagnosis"], [])
        self.assertEqual([f["url"] for f in self.lines("feeds", "list", "--bad")], [self.web.url("/bad")])
        self.assertEqual(self.daemon.ask("status")[0]["status"]["feeds"]["diagnosed"], 1)
        self.assertIn("1 with errors in their document", self.ok("status"))
        since = self.shown("/bad")["diagnosedSince"]
        self.daemon.kill()
        self.web["/bad"] = Answer(BAD.replace("</channel>", "<item><title>Two</title><guid>2</guid></item></channel>"), type="application/rss+xml")
        self.daemon.start()
        self.assertEqual(self.daemon.ask("status")[0]["status"]["feeds"]["diagnosed"], 1)
        until("the second entry", lambda: any(p["entries"] == 2 for p in self.lines("feeds", "history", self.web.url("/bad"))))
        self.assertEqual(self.shown("/bad")["diagnosis"], diagnosis)
        self.assertEqual(self.shown("/bad")["diagnosedSince"], since)
        self.web["/bad"] = Answer(BAD.replace("&", "&amp;").replace("soonish", "Sat, 14 Mar 2026 09:26:57 GMT"), type="application/rss+xml")
        until("that all is well", lambda: self.shown("/bad")["diagnosis"] == [])
        self.assertEqual(self.daemon.ask("status")[0]["status"]["feeds"]["diagnosed"], 0)

    def test_the_last_polls_of_a_feed_are_told_and_survive_a_stop(self):
        self.feed("/a", headers={"ETag": '"1"'})
        first = self.web.answers["/a"]
        self.web["/a"] = lambda request: Answer(status=304) if request.headers.get("If-None-Match") == '"1"' else first
        self.start(["/a"])
        self.web.wait("/a", 12)
        polls = until("twelve polls", lambda: (p := self.lines("feeds", "history", "f0000001")) and len(p) >= 11 and p)
        self.assertEqual((polls[0]["status"], polls[0]["entries"], polls[0]["new"], polls[0]["bytes"]), (200, 3, 3, len(first.body)))
        self.assertEqual({p["status"] for p in polls[1:]}, {304})
        self.assertEqual([p["at"] for p in polls], sorted(p["at"] for p in polls))
        self.daemon.stop()
        before = len(self.web.seen("/a"))
        self.web["/a"] = Answer("gone for lunch", status=500)
        self.daemon.start()
        self.web.wait("/a", before + 1)
        polls = until("the error", lambda: (p := self.lines("feeds", "history", self.web.url("/a"))) and p[-1].get("status") == 500 and p)
        self.assertEqual(polls[0]["status"], 200)
        self.assertGreater(len(polls), 11)
        self.assertRegex(self.ok("feeds", "history", "f0000001").splitlines()[0], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+ +200 +\d+ ms +\S+ \S+  3 entries, 3 new$")
        self.assertEqual(self.wireroom("feeds", "history", "f0000009")[0], 1)

    def test_a_feed_is_new_until_its_first_whole_answer(self):
        later = {"Retry-After": "3600"}
        self.feed("/well")
        self.web["/busy"] = Answer("later", status=503, headers=later)
        self.web["/limit"] = Answer("later", status=429, headers=later)
        self.web["/broken"] = Answer("out of order", status=500, headers=later)
        self.web["/page"] = Answer("<html><body><p>No feed</p></body></html>", headers=later)
        self.web["/none"] = Answer("not there", status=404, headers=later)
        bad = ["/busy", "/limit", "/broken", "/page", "/none"]
        self.start(["/well", *bad])
        until("all were asked", lambda: all(self.web.seen(p) for p in ["/well", *bad]))
        until("the good one is well", lambda: self.shown("/well")["state"] == "ok")
        until("the others answered", lambda: all(self.shown(p)["error"] for p in bad))
        self.assertEqual([self.shown(p)["state"] for p in bad], ["new"] * 5)
        self.assertEqual(sorted(f["url"] for f in self.lines("feeds", "list", "--state", "new")), sorted(self.web.url(p) for p in bad))
        self.assertEqual([f["url"] for f in self.lines("feeds", "list", "--state", "ok")], [self.web.url("/well")])
        counts = self.daemon.ask("status")[0]["status"]["feeds"]
        self.assertEqual((counts["new"], counts["ok"], counts["total"]), (5, 1, 6))
        self.assertGreaterEqual(counts["failedLast"], 1)
        self.assertRegex(self.ok("status"), r"(?m)^feeds     1 ok   5 new   \d with an error at the last poll")
        code, out, err = self.wireroom("feeds", "list", "--state", "nope")
        self.assertEqual((code, out, err), (2, "", "wireroom: no state 'nope'; there are new ok slow silent failing blocked moved gone parked unparsable\n"))

    def test_a_feed_is_left_alone_while_it_is_paused(self):
        self.feed("/a")
        self.feed("/b")
        self.start(["/a", "/b"])
        for path in ("/a", "/b"):
            until("it is well", lambda: self.shown(path)["state"] == "ok")
        a = self.web.url("/a")
        self.assertEqual(self.ok("feeds", "pause", a), f"paused {a}\n")
        known = self.shown("/a")["id"]
        self.assertEqual(self.ok("feeds", "pause", known), f"{known} is paused already\n")
        self.assertEqual(self.shown("/a")["state"], "parked")
        event = self.subscriber.wait("feed.state parked", lambda e: e["type"] == "wireroom.feed.state.v1" and e["data"]["state"] == "parked" and e["data"]["url"] == a)
        self.assertEqual(event["data"]["previousState"], "ok")
        code, out, err = self.wireroom("feeds", "poll", a)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("is paused: wireroom feeds resume f000000", err)
        asked = len(self.web.seen("/a"))
        self.web.more("/b", 3)
        self.daemon.ask("reload")
        self.web.more("/b", 1)
        self.daemon.stop()
        self.daemon.start()
        self.web.more("/b", 1)
        self.assertEqual((len(self.web.seen("/a")), self.shown("/a")["state"]), (asked, "parked"))
        self.assertEqual(self.ok("feeds", "resume", a), f"{a} is asked again\n")
        self.web.more("/a", 1)
        until("it is well again", lambda: self.shown("/a")["state"] == "ok")
        self.assertEqual(self.ok("feeds", "resume", a), f"{a} is not paused\n")
        self.assertEqual(self.wireroom("feeds", "pause", "f0000099")[0], 1)

    def test_a_list_has_the_order_that_is_asked_for(self):
        for path, title in (("/b", "beta"), ("/a", "Alpha"), ("/c", "gamma")):
            self.feed(path, title=title)
        self.web["/d"] = Answer("out of order", status=500)  # with 404 it would be gone after ten polls
        self.start([])
        self.ok("feeds", "add", "--unseen", "--tags", "sport,en", self.web.url("/b"))
        self.ok("feeds", "add", "--unseen", "--tags", "world", self.web.url("/a"))
        self.ok("feeds", "add", "--unseen", "--tags", "sport", self.web.url("/c"), self.web.url("/d"))
        until("failures", lambda: self.shown("/d")["state"] == "failing")
        until("names", lambda: all(self.shown(p)["title"] for p in ("/a", "/b", "/c")))

        def order(*words):
            return [f["url"][-1] for f in self.lines("feeds", "list", *words)]

        self.assertEqual(order(), ["b", "a", "c", "d"])
        self.assertEqual(order("--sort", "name"), ["a", "b", "c", "d"])
        self.assertEqual(order("--sort", "state")[0], "d")
        self.assertEqual(order("--sort", "errors")[0], "d")
        self.assertEqual(order("--sort", "last")[0], "d")  # never answered
        self.assertEqual(order("--sort", "new")[-1], "d")
        self.assertEqual(order("--sort", "interval", "--tag", "world"), ["a"])
        self.assertEqual(order("--tag", "sport", "--state", "ok", "--sort", "name"), ["b", "c"])
        code, _, err = self.wireroom("feeds", "list", "--sort", "intervals")
        self.assertEqual(code, 2)
        self.assertIn("there are id name state last new interval errors", err)
        self.assertRegex(self.ok("feeds", "list", "--sort", "errors").splitlines()[0], r"^f0000004 +failing +\d+ failed ")
        self.assertEqual(self.wireroom("feeds", "list", "--tag", "nobody")[2], "no such feeds\n")

    def test_add_changes_the_title_and_tags_of_a_feed_that_is_there(self):
        self.feed("/a", title="Its own")
        self.start([])
        url = self.web.url("/a")
        self.ok("feeds", "add", url)
        self.assertIn("is there already", self.ok("feeds", "add", url))
        self.assertIn("changed f0000001", self.ok("feeds", "add", "--tags", "sport,en", url))
        self.assertEqual((self.shown("/a")["title"], self.shown("/a")["tags"]), ("Its own", "sport,en"))
        self.assertEqual(self.lines("feeds", "add", "--unseen", "--title", "Ours", url),
                         [{"id": "f0000001", "url": url, "added": False, "changed": True}])
        self.assertIn("is there already", self.ok("feeds", "add", "--unseen", "--title", "Ours", url))
        opml = self.folder / "mine.opml"
        opml.write_text(f'<opml version="2.0"><body><outline text="Theirs" xmlUrl="{url}"/></body></opml>')
        self.ok("feeds", "import", opml)  # a list's name for it is not the operator's wish
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual((self.shown("/a")["title"], self.shown("/a")["tags"]), ("Ours", "sport,en"))
        self.assertIn("changed f0000001", self.ok("feeds", "add", "--unseen", "--tags", "", url))
        self.assertEqual((self.shown("/a")["title"], self.shown("/a")["tags"]), ("Ours", ""))

    def test_addresses_are_taken_as_people_write_them(self):
        seen = set()
        base = f"127.0.0.1:{self.web.port}"
        for path in ("/my%20feed.xml", "/a", "/list/my%20feed.xml", "/opml"):
            self.web[path] = lambda request: (seen.add(request.path), harness.rss([Item(request.path, "T", self.web.url("/1"))]))[1]
        self.start([])
        self.ok("feeds", "add", "--unseen", f" http://{base}/my feed.xml\n")
        for same in (f"feed://{base}/a", f"feed:http://{base}/a", f"HTTP://{base}/x/../a#top", f"\ufeffhttp://{base}/a", f"http://{base}/\na"):
            self.assertIn("f0000002", self.ok("feeds", "add", "--unseen", same))
        opml = self.folder / "x.opml"
        opml.write_text(f'<opml version="2.0"><body><outline xmlUrl="feed:http://{base}/a"/><outline xmlUrl=" http://{base}/opml "/></body></opml>')
        self.assertIn("1 added", self.ok("feeds", "import", opml))
        self.daemon.list.write_text(f"http://{base}/list/my feed.xml  # for the desk\n")
        self.ok("reload")
        until("all were asked", lambda: seen == {"/my%20feed.xml", "/a", "/list/my%20feed.xml", "/opml"})
        self.assertEqual(len(self.lines("feeds", "list")), 4)
        for bad in ("http://h:99999/x", "http://127.0.0.1:abc/", "http://[::1/x", "no address at all", "http://one two.example/f"):
            code, out, err = self.wireroom("feeds", "add", "--unseen", bad)
            self.assertNotEqual(code, 0, bad)
            self.assertIn(bad, out + err)

    def test_a_password_in_an_address_is_refused(self):
        self.feed("/a")
        self.start([])
        secret = self.web.url("/a").replace("//", "//desk:s3cret@")
        opml = self.folder / "x.opml"
        opml.write_text(f'<opml version="2.0"><body><outline xmlUrl="{secret}"/></body></opml>')
        for words in (("feeds", "add", "--unseen", secret), ("feeds", "add", secret), ("feeds", "import", opml), ("feeds", "test", secret), ("feeds", "discover", secret)):
            code, out, err = self.wireroom(*words)
            self.assertNotEqual(code, 0, words)
            self.assertIn("access", out + err)
            self.assertNotIn("s3cret", (out + err).replace(secret, "") if words[1] == "add" else out + err)
        self.daemon.list.write_text(secret + "\n")
        code, out, err = self.wireroom("reload")
        self.assertIn("access", err)
        self.assertNotIn("s3cret", out + err + self.daemon.log())
        self.assertEqual(self.lines("feeds", "list"), [])

    def test_an_address_is_tried_before_it_is_followed(self):
        self.feed("/real", count=7, title="Harbour news", headers={"ETag": '"7"', "Cache-Control": "max-age=3600"})
        answer = self.web.answers["/real"]
        self.web["/real"] = lambda request: Answer(status=304) if request.headers.get("If-None-Match") == '"7"' else answer
        self.web["/old"] = Answer(status=301, headers={"Location": "/real"})
        self.start([])
        got = self.lines("feeds", "test", self.web.url("/old"))[0]
        self.assertEqual((got["http"]["final"], got["http"]["redirects"], got["http"]["permanent"]), (self.web.url("/real"), 1, True))
        self.assertEqual((got["http"]["status"], got["http"]["etag"], got["http"]["maxAge"]), (200, '"7"', 3600))
        self.assertEqual((got["report"]["entries"], len(got["report"]["first"]), got["report"]["encoding"]), (7, 5, "utf-8"))
        self.assertEqual((got["statusAgain"], got["diagnosis"], got["poll"]["becauseOf"]), (304, [], "max-age"))
        self.assertTrue(any("it has moved for good: follow " + self.web.url("/real") in o for o in got["oddities"]), got["oddities"])
        self.assertNotIn("followed", got)
        said = self.ok("feeds", "test", self.web.url("/real"))
        for line in ("status        200 in ", 'ETag          "7"', "format        rss20", "title         Harbour news", "entries       7, the newest 10 min ago"):
            self.assertIn(line, said)
        self.assertRegex(said, r"  2\d{3}-\d\d-\d\dT\S+ +Story 0 of Harbour news +/real-0")
        self.assertEqual(self.lines("feeds", "list"), [])

    def test_every_oddity_of_an_address_is_told(self):
        items = '<item><title>T</title><guid>same</guid></item>' * 2 + '<item><title>U</title><guid>u</guid><pubDate>Sat, 14 Mar 2076 09:26:57 GMT</pubDate></item>'
        self.web["/odd"] = Answer(f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>caf\xe9</title><ttl>600</ttl>'
                                  f'<a:link rel="self" href="http://elsewhere.example/"/><a:link rel="hub" href="https://hub.example/"/>{items}{" " * 5000}</channel></rss>'
                                  .encode("latin-1"), type="text/html; charset=iso-8859-1", headers={"ETag": '"lie"', "Set-Cookie": "a=b"})
        self.start(["/odd"])
        got = self.lines("feeds", "test", self.web.url("/odd"))[0]
        said = self.ok("feeds", "test", self.web.url("/odd"))
        for text in ("uncompressed", "cookie", "its validators are not honoured", "2 entries have no date, the first at line 1, column ",
                     "1 entry has a date in the future: at line 1, column ",
                     "1 entry has the identity of another one in it: at line 1, column ", "it gives http://elsewhere.example/ as its own address",
                     "more time between polls than poll.max_interval", "it is served as text/html", "ttl 600 minutes", "https://hub.example/",
                     "windows-1252, by Content-Type", "followed as f0000001"):
            self.assertIn(text, said)
        self.assertEqual((got["hubs"], got["poll"]["becauseOf"], got["followed"]), (["https://hub.example/"], "document", "f0000001"))

    def test_what_is_no_feed_is_told_with_the_reason(self):
        self.web["/page"] = harness.page("A page", "No feed at all.")
        self.web["/closed"] = Answer("no", status=403)
        self.start([])
        for path, text in (("/page", "this is an HTML page, not a feed"), ("/closed", "the publisher does not let it be read (403)"),
                           ("/none", "there is no such document (404)")):
            code, out, err = self.wireroom("feeds", "test", self.web.url(path))
            self.assertEqual((code, err), (1, ""))
            self.assertIn(text, out)
        self.assertEqual(self.wireroom("feeds", "test", "ftp://127.0.0.1/")[0], 2)
        code, out, _ = self.wireroom("feeds", "test", "http://127.0.0.1:1/")
        self.assertEqual(code, 1)
        self.assertIn("not read", out)

    def test_a_file_is_tried_without_a_daemon(self):
        path = self.folder / "bad.xml"
        path.write_text(BAD)
        code, out, err = run("feeds", "test", path)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("line 2, column 40:", out)
        self.assertIn("entries       1", out)
        path.write_text(BAD.replace("<link>http://127.0.0.1/</link>", ""))
        code, out, _ = run("feeds", "test", "--json", "--url", "http://news.example/x", path)
        self.assertEqual(json.loads(out)["report"]["first"][0]["url"], "http://news.example/1")
        path.write_text("nothing")
        code, out, err = run("feeds", "test", path)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("there is no markup in it", err)

    def test_a_long_import_tells_how_far_it_is_on_a_terminal(self):
        self.start([])
        path = self.folder / "long.list"
        path.write_text("".join(f"{self.web.url(f'/many/{i}')}\n" for i in range(1200)))
        ours, theirs = pty.openpty()
        done = subprocess.run([WIREROOM, "feeds", "import", "--socket", self.daemon.control, path], stdout=subprocess.PIPE, stderr=theirs, timeout=60)
        said = os.read(ours, 4096).decode()
        os.close(ours)
        os.close(theirs)
        self.assertEqual(done.returncode, 0)
        self.assertIn("\r500 of 1200", said)
        self.assertIn("\r1000 of 1200", said)
        self.assertIn(b"1,200 lines: 1,200 added", done.stdout)
        self.assertEqual(self.daemon.ask("status")[0]["status"]["feeds"]["total"], 1200)

    def test_a_list_longer_than_a_record_is_read(self):
        path = self.folder / "long.opml"
        outline = f'<outline title="{"t" * 800}" xmlUrl="http://news.example/%d"/>'
        path.write_text("<opml><body>" + "".join(outline % i for i in range(24000)) + "</body></opml>")
        code, out, err = run("parse", "--opml", path)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(len(json.loads(out)["feeds"]), 24000)


if __name__ == "__main__":
    harness.main()
