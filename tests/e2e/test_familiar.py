"""Furniture that nothing gives away but the site's other articles: eight invented sites, and six whose articles repeat what is their own."""
import json, pathlib, shutil, tempfile, unittest

import harness, sites
from command import run


def squash(text):
    return " ".join((text or "").split())


class Offline(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-site-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def write(self, site, count=12):
        pages, files = site.pages(count), []
        for n, page in enumerate(pages):
            files.append(self.dir / f"{site.host}-{n}.html")
            files[-1].write_text(page.html)
        return pages, files

    def extract(self, *words):
        code, out, err = run("extract", "--stages", "extract", "--json", *words)
        self.assertEqual((code, err), (0, ""))
        return [json.loads(line) for line in out.split("\n") if line]

    def assert_own(self, got, page):
        for line in page.own:
            self.assertIn(squash(line), squash(got["text"]))

    def test_a_page_alone_keeps_all_its_lines(self):
        for site in sites.SITES:
            pages, files = self.write(site, 2)
            for got, page in zip(self.extract(*files), pages):
                self.assert_own(got, page)
                for line in page.furniture:
                    self.assertIn(squash(line), squash(got["text"]), site.host)

    def test_neighbours_give_furniture_away_in_any_layout_and_language(self):
        for site in sites.SITES:
            pages, files = self.write(site)
            for got, page in zip(self.extract("--site", files[11], *files[:11]), pages):
                self.assert_own(got, page)
                for line in page.furniture:
                    self.assertNotIn(squash(line), squash(got["text"]), site.host)

    def test_what_is_an_articles_own_stays_however_often_it_stands_there(self):
        for site in sites.OWN:
            pages, files = self.write(site)
            for got, page in zip(self.extract("--site", files[11], *files[:11]), pages):
                self.assert_own(got, page)

    def test_neighbours_that_are_named_are_read_and_not_answered(self):
        pages, files = self.write(sites.SITES[0], 4)
        got = self.extract(*(word for file in files[:3] for word in ("--site", file)), files[3])
        self.assertEqual(len(got), 1)
        self.assert_own(got[0], pages[3])
        self.assertNotIn(pages[3].furniture[0], got[0]["text"])
        self.assertEqual(got[0]["notes"], ["extract\tleft out 2 lines that other articles of the site have, too"])

    def test_the_trace_names_the_rule(self):
        pages, files = self.write(sites.SITES[2], 4)
        got = self.extract("--explain", "--site", files[0], "--site", files[1], files[2], files[3])[1]
        rules = {line["text"]: line["rule"] for line in got["trace"]["lines"]}
        self.assertEqual({rules[line] for line in pages[3].furniture}, {"on other pages of the site"})

    def test_a_neighbour_that_cannot_be_read_is_told(self):
        _, files = self.write(sites.SITES[0], 1)
        code, out, err = run("extract", "--stages", "extract", "--site", self.dir / "none.html", files[0])
        self.assertEqual((code, out), (1, ""))
        self.assertIn("none.html", err)


class Learned(harness.Case):
    def setUp(self):
        super().setUp()
        self.items = []

    def publish(self, site, number, path=None, title=None):
        """The next article of the feed; its event."""
        page = site.page(number)
        path = path or f"/{site.language}/{number}"
        self.web[path] = page.html
        self.items.append(harness.Item(path, title or page.title, self.web.url(path)))
        self.web["/rss"] = harness.rss(self.items)
        return page, self.subscriber.article(url=self.web.url(path))["data"]

    def follow(self):
        self.web["/rss"] = harness.rss([])
        self.start(feeds=["/rss"], stages={"chain": ["extract"]})

    def has(self, data, lines):
        return [squash(line) in squash(data["text"]) for line in lines]

    def test_the_fourth_article_of_a_host_loses_its_furniture(self):
        self.follow()
        for number in range(6):
            page, data = self.publish(sites.SITES[0], number)
            self.assertTrue(all(self.has(data, page.own)))
            self.assertEqual(self.has(data, page.furniture), [number < 3] * 2)
        note = "left out 2 lines that other articles of the site have, too"
        self.assertEqual([stage.get("note") for stage in data["stages"]], [note])
        code, out, _ = run("article", "show", data["uri"], "--socket", self.daemon.control)
        self.assertEqual(code, 0)
        self.assertIn(note, out)
        self.check_log()

    def test_what_was_learned_outlives_a_kill(self):
        self.follow()
        for number in range(3):
            self.publish(sites.SITES[1], number)
            self.daemon.kill()
            self.daemon.start()
            self.subscriber.strict = False
            self.subscriber.ready()
        page, data = self.publish(sites.SITES[1], 3)
        self.assertTrue(all(self.has(data, page.own)))
        self.assertEqual(self.has(data, page.furniture), [False] * 2)
        self.check_log()

    def test_copies_under_other_addresses_and_versions_are_one_article(self):
        self.follow()
        site = sites.SITES[0]
        for copy in range(4):
            self.publish(site, 7, f"/copy/{copy}", f"Copy {copy}")
        self.items[0].summary = "It was changed since."
        self.web["/rss"] = harness.rss(self.items)
        self.subscriber.article(url=self.items[0].link, version=2)
        page, data = self.publish(site, 8)
        self.assertEqual(self.has(data, page.own + page.furniture), [True] * (len(page.own) + 2))

    def test_another_host_knows_nothing_of_it(self):
        other = harness.Web()
        self.addCleanup(other.close)
        self.follow()
        for number in range(4):
            self.publish(sites.SITES[0], number)
        page = sites.SITES[0].page(9)
        other["/9"] = page.html
        self.items.append(harness.Item("9", page.title, other.url("/9")))
        self.web["/rss"] = harness.rss(self.items)
        data = self.subscriber.article(url=other.url("/9"))["data"]
        self.assertEqual(self.has(data, page.furniture), [True] * 2)


if __name__ == "__main__":
    harness.main()
