"""`wireroom extract`: addresses that are fetched, and extractions that are explained."""
import html.parser, json, pathlib, re, shutil, tempfile, unittest

import harness
from test_cli import run

TEXT = "Nobody was hurt when the ferry struck the pier, the harbour master said, and the ferry sails again."


class Pages(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-extract-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.page = self.dir / "page.html"
        page = harness.page("Bridge <closed>", TEXT).body.decode()
        self.page.write_text(page.replace("</article>", '<div class="share-bar"><p>Tell a \x1b[31m friend \x9b31m\x7f\u202e</p></div></article>'))
        self.assertIn("share-bar", self.page.read_text())

    def explain(self, *words):
        code, out, err = run("extract", "--stages", "extract", *words, self.page)
        self.assertEqual((code, err), (0, ""))
        return out

    def test_explains_in_plain_text_where_no_terminal_is(self):
        out = self.explain("--explain")
        self.assertIsNone(re.search("[\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out))
        self.assertRegex(out, r"(?m)^\+ kept .* Nobody was hurt")
        self.assertRegex(out, r"(?m)^- share +div.share-bar +Tell a")
        self.assertRegex(out, r"(?m)^= headline .* Bridge <closed>")
        self.assertRegex(out, r"(?m)^  > .* score +\d+, +\d+ % of it, needs \d+ %")

    def test_explains_as_json_among_the_fields(self):
        got = json.loads(self.explain("--explain", "--json"))
        self.assertEqual(got["title"], "Bridge <closed>")
        self.assertIn("kept", [line["rule"] for line in got["trace"]["lines"]])

    def test_explains_as_a_page_that_is_well_formed(self):
        out = self.explain("--html")
        open_tags, seen = [], []

        class Reader(html.parser.HTMLParser):
            def handle_starttag(self, tag, attributes):
                seen.append(dict(attributes).get("class"))
                if tag != "meta":
                    open_tags.append(tag)

            def handle_endtag(self, tag):
                assert open_tags.pop() == tag, tag

        Reader().feed(out)
        self.assertEqual(open_tags, [])
        self.assertTrue({"line kept", "line cut", "line field head"} <= set(seen), seen)
        self.assertIn("Bridge &lt;closed>", out)
        self.assertIsNone(re.search("[\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out), "it may be read in a terminal")
        self.assertIn("&#x202e;", out)

    def test_explains_nothing_without_the_stage(self):
        code, _, err = run("extract", "--stages", "headline", "--explain", self.page)
        self.assertEqual(code, 1)
        self.assertIn("nothing to explain", err)

    def test_explains_one_page_at_a_time(self):
        self.assertEqual(run("extract", "--html", self.page, self.page)[0], 2)


class Addresses(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-extract-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.config = self.dir / "wireroom.yaml"
        self.config.write_text("http: { allow: [127.0.0.0/8], spacing: 0s }\n")
        self.web = harness.Web()
        self.addCleanup(self.web.close)
        self.web["/1"] = harness.page("Bridge closed", TEXT)
        self.web["/old"] = harness.Answer(status=302, headers={"Location": "/1"})
        self.web["/gone"] = harness.Answer(status=410)

    def test_fetches_an_address_and_follows_redirects(self):
        code, out, err = run("extract", "--json", "--config", self.config, self.web.url("/old"))
        self.assertEqual((code, err), (0, ""))
        got = json.loads(out)
        self.assertIn("Nobody was hurt", got["text"])
        self.assertEqual(got["canonical"], self.web.url("/1"))

    def test_says_what_became_of_an_address_and_goes_on(self):
        code, out, err = run("extract", "--json", "--config", self.config, self.web.url("/gone"), self.web.url("/1"))
        self.assertEqual(code, 1)
        self.assertIn("/gone: HTTP status 410", err)
        self.assertEqual(len(out.splitlines()), 1)

    def test_does_not_reach_into_the_network_it_stands_in(self):
        code, out, err = run("extract", self.web.url("/1"))
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(self.web.seen("/1"), [])


def part(number, of, title="The long way to the pier"):
    """One page of an article that is split."""
    link = f'<a rel="next" href="/long/{number + 1}">Next page</a>' if number < of else ""
    body = harness.page(title, f"Part {number} tells what the harbour master saw from his window on day {number} of that long week.").body.decode()
    return body.replace("</article>", "</article>" + link)


class Split(unittest.TestCase):
    def setUp(self):
        Addresses.setUp(self)
        self.web["/long"] = part(1, 3)
        self.web["/long/2"] = part(2, 3)
        self.web["/long/3"] = part(3, 3)

    def extract(self):
        code, out, err = run("extract", "--stages", "extract", "--json", "--config", self.config, self.web.url("/long"))
        self.assertEqual((code, err), (0, ""))
        return json.loads(out)

    def test_joins_the_pages_of_an_article_in_order(self):
        got = self.extract()
        parts = [line.split()[1] for line in got["text"].splitlines() if line.startswith("Part ")]
        self.assertEqual(parts, ["1", "2", "3"])
        lines = [line for line in got["text"].splitlines() if len(line) > 20]
        self.assertEqual(len(lines), len(set(lines)))
        self.assertEqual(got["status"], "full")
        self.assertTrue(got["method"].endswith(", 3 pages"))

    def test_says_that_a_page_is_missing(self):
        self.web["/long/3"] = harness.Answer(status=500)
        got = self.extract()
        self.assertIn("Part 2", got["text"])
        self.assertEqual(got["status"], "partial")
        self.assertIn("page 3 of the article could not be fetched", "".join(got["notes"]))

    def test_stops_where_another_article_begins(self):
        self.web["/long/2"] = part(2, 3, title="Herring prices at their lowest")
        got = self.extract()
        self.assertNotIn("Part 2", got["text"])
        self.assertEqual(got["status"], "full")
        self.assertEqual(self.web.seen("/long/3"), [])

    def test_ends_after_ten_pages(self):
        for number in range(1, 20):
            self.web[f"/long/{number}" if number > 1 else "/long"] = part(number, 20)
        self.assertIn("Part 10", self.extract()["text"])
        self.assertEqual(self.web.seen("/long/11"), [])

    def test_fetches_nothing_over_a_file(self):
        page = self.dir / "long.html"
        page.write_text(part(1, 3))
        code, out, _ = run("extract", "--stages", "extract", "--json", "--config", self.config, "--url", self.web.url("/long"), page)
        self.assertEqual(code, 0)
        self.assertEqual(self.web.seen("/long/2"), [])
        self.assertEqual(json.loads(out)["status"], "partial")


class SplitInTheDaemon(harness.Case):
    def test_the_daemon_joins_pages_too(self):
        for number in (1, 2, 3):
            self.web[f"/long/{number}" if number > 1 else "/long"] = part(number, 3)
        self.web["/rss"] = harness.rss([harness.Item("1", "The long way to the pier", self.web.url("/long"))])
        self.start(feeds=["/rss"])
        data = self.subscriber.article(headline="The long way to the pier")["data"]
        self.assertRegex(data["text"], r"(?s)Part 1 .*Part 2 .*Part 3 ")
        self.assertEqual(data["extraction"]["status"], "full")


class SiteRules(harness.Case):
    PAGE = "<h1>{0}</h1><div class=story>A short line about {0}.</div><div class=main>" + "".join(
        f"<p>Long notes of somebody else, number {n}, who wrote down what he saw from his window, day by day and ship by ship.</p>"
        for n in range(9)) + "</div>"

    def publish(self, name):
        self.items.append(harness.Item(name, name, self.web.url(f"/{name}")))
        self.web[f"/{name}"] = self.PAGE.format(name)
        self.web["/rss"] = harness.rss(self.items)
        return self.subscriber.article(headline=name)["data"]["text"]

    def test_rules_are_read_again_on_reload_and_told_when_they_are_stale(self):
        self.items, rules = [], self.folder / "sites.yaml"
        rules.write_text("127.0.0.1: { body: .story }\n")
        self.start(feeds=["/rss"], stages={"chain": ["extract"], "options": {"extract": {"site-rules": str(rules), "least-text": "1"}}})
        self.assertEqual(self.publish("One"), "A short line about One.")
        rules.write_text("127.0.0.1: { body: ..story }\n")
        with self.assertRaisesRegex(harness.Refused, f"{rules}:1:20: this is no CSS selector"):
            self.daemon.ask("reload")
        self.assertEqual(self.publish("Two"), "A short line about Two.")
        rules.write_text("127.0.0.1: { body: .tale }\n")
        self.daemon.ask("reload")
        for name in ("Three", "Four", "Five"):
            self.assertIn("Long notes", self.publish(name))
        harness.until("the stale rule is told", lambda: "site rule matches nothing on 3 pages" in self.daemon.log())


class Health(harness.Case):
    def test_a_site_that_was_rebuilt_is_told_as_degraded(self):
        whole = "".join(f"<p>Paragraph {n} of what the harbour master saw from his window, day by day and ship by ship, all week.</p>" for n in range(20))
        for i in range(60):
            text = whole if i < 45 else "<p>Please enable scripts.</p>"
            self.web[f"/{i}"] = f"<html><body><article><h1>Ship number {i}</h1>{text}</article></body></html>"
        items = [harness.Item(str(i), f"Ship number {i}", self.web.url(f"/{i}")) for i in range(60)]
        self.web["/rss"] = harness.rss(items[:45])
        self.start(feeds=["/rss"], stages={"chain": ["extract"]})
        self.subscriber.wait("45 articles", lambda _: len(self.subscriber.articles()) == 45)
        self.assertEqual(self.daemon.ask("status")[0]["status"]["sites"], {"degraded": [], "watched": 1})
        self.web["/rss"] = harness.rss(items)
        event = self.subscriber.wait("the alarm", lambda e: e["type"] == "wireroom.site.state.v1")
        self.assertEqual((event["subject"], event["data"]["state"], event["data"]["reasons"]), ("127.0.0.1", "degraded", ["text"]))
        self.assertLess(event["data"]["textLength"]["now"], event["data"]["textLength"]["usual"] / 2)
        self.subscriber.wait("60 articles", lambda _: len(self.subscriber.articles()) == 60)
        code, out, _ = run("status", "--socket", str(self.daemon.control))
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^degraded +127.0.0.1 +text \d+ bytes, usually [\d,]+$")


class Live(harness.Case):
    def test_a_live_blog_is_published_with_its_posts(self):
        posts = "".join(f'<div class="post" id="p{i}"><time datetime="2026-03-14T{9 + i:02}:00:00Z"></time><h3>Hour {i}</h3>'
                        f"<p>The bridge is still closed, the harbour master said in hour number {i}, and the ferry waits.</p></div>"
                        for i in range(6))
        self.web["/live"] = f"<html><head><title>The bridge, live</title></head><body><h1>The bridge, live</h1><main>{posts}</main></body></html>"
        self.web["/rss"] = harness.rss([harness.Item("1", "The bridge, live", self.web.url("/live"))])
        self.start(feeds=["/rss"])
        data = self.subscriber.article(headline="The bridge, live")["data"]
        self.assertEqual(data["kind"], "liveblog")
        self.assertEqual([post["headline"] for post in data["posts"]], [f"Hour {i}" for i in range(6)])
        self.assertEqual(data["posts"][2]["published"], "2026-03-14T11:00:00Z")
        self.assertEqual(data["posts"][2]["url"], self.web.url("/live#p2"))
        self.assertNotIn("ext", data)


if __name__ == "__main__":
    harness.main()
