"""Sitemaps followed as feeds are: plain ones, news, indexes, packed ones; and found where a site names no feed."""
import gzip, time

import harness
from harness import Answer, Item, until
from test_cli import run

NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
DAY = 86400
NOW = time.time()  # one for all: a second or a minute that begins within a test changes no stamp and no order


def stamp(ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - ago))


def sitemap(urls, root="urlset", item="url"):
    """urls: (address, seconds ago or None, what else)."""
    body = "".join(f"<{item}><loc>{url}</loc>" + (f"<lastmod>{stamp(ago)}</lastmod>" if ago is not None else "") + more + f"</{item}>\n"
                   for url, ago, more in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {NEWS}>\n{body}</{root}>\n'


def xml(text, **more):
    return Answer(text, type="application/xml", **more)


class Sitemaps(harness.Case):
    def page(self, path, title):
        self.web[path] = harness.page(title, f"{title}, it was said on Saturday.")
        return self.web.url(path)

    def index(self, maps):
        return xml(sitemap([(self.web.url(path), ago, "") for path, ago in maps], "sitemapindex", "sitemap"))

    def test_a_plain_sitemap_gives_the_pages_that_changed_lately(self):
        old, new, undated = self.page("/old", "Of last year"), self.page("/new", "Of this morning"), self.page("/undated", "Of any time")
        self.web["/sitemap.xml"] = xml(sitemap([(old, 300 * DAY, ""), (new, 3600, ""), (undated, None, "")]))
        self.start(["/sitemap.xml"])
        data = self.subscriber.article(headline="Of this morning")["data"]
        self.assertEqual(data["url"], new)
        self.assertEqual(data["feed"]["via"], "sitemap")
        self.subscriber.article(headline="Of any time")
        self.assertEqual(self.web.seen("/old"), [])
        newer = self.page("/newer", "Of just now")
        self.web["/sitemap.xml"] = xml(sitemap([(old, 300 * DAY, ""), (new, 1, ""), (undated, None, ""), (newer, 0, "")]))
        self.subscriber.article(headline="Of just now")
        self.subscriber.drain()
        self.assertEqual(len(self.subscriber.articles()), 3)  # a newer lastmod alone is no news
        self.check_log()

    def test_a_news_sitemap_gives_titles_and_dates(self):
        more = (f"<news:news><news:publication><news:name>Port Ellen Times</news:name><news:language>en</news:language></news:publication>"
                f"<news:publication_date>{stamp(1800)}</news:publication_date><news:title>Harbour bridge &amp; ferry</news:title></news:news>")
        self.web["/news.xml"] = xml(sitemap([(self.page("/1", "Harbour bridge & ferry"), None, more)]))
        self.start(["/news.xml"])
        data = self.subscriber.article(headline="Harbour bridge & ferry")["data"]
        self.assertEqual(data["language"], "en")
        self.assertTrue(data["published"].startswith(stamp(1800)[:19]), data)

    def test_an_index_is_read_through_to_its_newest_sitemaps(self):
        self.web["/a.xml.gz"] = Answer(gzip.compress(sitemap([(self.page("/1", "From the packed one"), 60, "")]).encode()), type="application/gzip")
        self.web["/b.xml"] = xml(sitemap([(self.page("/2", "From the other one"), 120, "")]))
        self.web["/old.xml"] = xml(sitemap([(self.page("/3", "From the old one"), 60, "")]))
        self.web["/index.xml"] = self.index([("/old.xml", 400 * DAY), ("/a.xml.gz", 60), ("/b.xml", 3600)])
        self.start(["/index.xml"])
        self.subscriber.article(headline="From the packed one")
        self.subscriber.article(headline="From the other one")
        self.assertEqual(self.web.seen("/old.xml"), [])
        before = len(self.web.wait("/a.xml.gz"))
        self.web.more("/index.xml", 3)
        self.assertEqual(len(self.web.seen("/a.xml.gz")), before)  # as long as the index is the same
        self.web["/b.xml"] = xml(sitemap([(self.page("/2", "From the other one"), 120, ""), (self.page("/4", "Added later"), 0, "")]))
        self.web["/index.xml"] = self.index([("/old.xml", 400 * DAY), ("/a.xml.gz", 60), ("/b.xml", 0)])
        self.subscriber.article(headline="Added later")
        self.subscriber.drain()
        self.assertEqual(len(self.subscriber.articles()), 3)
        self.check_log()

    def test_a_sitemap_of_an_index_that_fails_is_asked_for_again(self):
        self.web["/good.xml"] = xml(sitemap([(self.page("/1", "From the good one"), 60, "")]))
        self.web["/bad.xml"] = xml(sitemap([(self.page("/2", "Of one cut off"), 60, "")])[:-12])
        self.web["/index.xml"] = self.index([("/bad.xml", 10), ("/missing.xml", 20), ("/good.xml", 60)])
        self.start(["/index.xml"])
        self.subscriber.article(headline="From the good one")
        self.web.wait("/missing.xml", 3)  # though the index is the same
        self.assertEqual([d["headline"] for d in self.subscriber.articles()], ["From the good one"])
        self.web["/bad.xml"] = xml(sitemap([(self.page("/2", "Of one cut off"), 60, "")]))
        self.subscriber.article(headline="Of one cut off")
        self.assertEqual(self.daemon.feeds()[self.web.url("/index.xml")]["state"], "ok")

    def test_an_index_without_dates_is_read_anew_each_time(self):
        self.web["/1.xml"] = xml(sitemap([(self.page("/1", "The first"), None, "")]))
        self.web["/index.xml"] = self.index([("/1.xml", None)])
        self.start(["/index.xml"])
        self.subscriber.article(headline="The first")
        self.web["/1.xml"] = xml(sitemap([(self.page("/1", "The first"), None, ""), (self.page("/2", "The second"), None, "")]))
        self.subscriber.article(headline="The second")

    def test_an_index_of_too_much_asks_for_eight_sitemaps_at_a_time(self):
        for i in range(40):
            self.web[f"/{i}.xml"] = xml(sitemap([(self.page(f"/p{i}", f"Page number {i}"), 60 + i, "")]))
        self.web["/index.xml"] = self.index([(f"/{i}.xml", 60 + i) for i in range(40)])
        self.start(["/index.xml"])
        for i in range(8):
            self.subscriber.article(headline=f"Page number {i}")
        self.web.more("/index.xml")
        self.assertEqual(self.web.seen("/8.xml"), [])

    def wireroom(self, *words):
        code, out, err = run(*words, "--socket", self.daemon.control)
        return code, out, err

    def found(self, path="/"):
        return [(f["type"], f["url"].removeprefix(self.web.url("")), f["items"]) for f in
                (line["found"] for line in self.daemon.ask("feeds.discover", url=self.web.url(path), all=True) if "found" in line)]

    def test_a_page_that_names_no_feed_has_its_feeds_in_the_usual_places(self):
        feed = harness.rss([Item("1", "A headline", self.web.url("/1"), date=time.time())])
        self.web["/"] = self.web["/blogs/anna/"] = harness.page("Welcome", "No link here.")
        self.web["/rss.xml"] = self.web["/blogs/anna/feed"] = feed
        self.web["/rss"] = Answer(status=301, headers={"Location": "/rss.xml"})
        self.web["/feed.xml"] = harness.page("Not found", "But with status 200.")
        self.start([])
        self.assertEqual(self.found(), [("rss20", "/rss.xml", 1)])  # /rss is the same one
        self.assertEqual([f[1] for f in self.found("/blogs/anna/")], ["/blogs/anna/feed", "/rss.xml"])
        self.assertLess(len(self.web.requests), 50)

    def test_a_page_that_is_refused_does_not_hide_the_feeds(self):
        self.web["/"] = Answer("No robots.", status=403)
        self.web["/feed"] = harness.rss([Item("1", "A headline", self.web.url("/1"), date=time.time())])
        self.web["/empty/"] = Answer("Come back.", status=503)
        self.start([])
        self.assertEqual(self.found(), [("rss20", "/feed", 1)])
        self.web["/feed"] = Answer(status=404)
        code, out, err = self.wireroom("feeds", "discover", self.web.url("/empty/"))
        self.assertEqual(code, 1)
        self.assertIn("the server answers 503", err)
        self.assertIn("the server answers 404", self.wireroom("feeds", "discover", self.web.url("/gone/"))[2])

    def test_a_header_names_a_feed(self):
        self.web["/"] = Answer("<html><p>Welcome", headers={"Link": '</news.xml>; rel="alternate"; type="application/rss+xml"'})
        self.web["/news.xml"] = harness.rss([Item("1", "A headline", self.web.url("/1"), date=time.time())])
        self.start([])
        self.assertEqual(self.found(), [("rss20", "/news.xml", 1)])

    def test_a_site_without_feeds_is_followed_by_the_sitemap_that_robots_txt_names(self):
        self.web["/"] = harness.page("Welcome", "No link here.")
        more = f"<news:news><news:publication_date>{stamp(60)}</news:publication_date><news:title>Harbour bridge closed</news:title></news:news>"
        self.web["/robots.txt"] = Answer(f"User-agent: *\nDisallow:\nSitemap: {self.web.url('/all.xml')}\nSitemap: {self.web.url('/n/google-news.xml')}\n",
                                         type="text/plain")
        self.web["/all.xml"] = xml(sitemap([(self.page("/2", "Of yesterday"), DAY, "")] * 1))
        self.web["/n/google-news.xml"] = xml(sitemap([(self.page("/1", "Harbour bridge closed"), None, more)]))
        self.start([])
        self.assertEqual(self.found(), [("news-sitemap", "/n/google-news.xml", 1), ("sitemap", "/all.xml", 1)])
        self.assertLessEqual(len(self.web.requests), 30)
        code, out, err = self.wireroom("feeds", "add", self.web.url("/"))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("found 0 feeds and 2 sitemaps", out)
        self.subscriber.article(headline="Harbour bridge closed")
        self.assertEqual(list(self.daemon.feeds()), [self.web.url("/n/google-news.xml")])

    def test_discover_lists_feeds_and_sitemaps_with_kind_title_and_entries(self):
        self.web["/"] = Answer('<html><link rel="alternate" type="application/rss+xml" title="World" href="/world.xml"></html>')
        self.web["/world.xml"] = harness.rss([Item("1", "A headline", self.web.url("/1"), date=time.time() - 600)], title="World news")
        self.web["/sitemap.xml"] = self.index([("/a.xml", 60), ("/b.xml", 60)])
        self.start([])
        code, out, err = self.wireroom("feeds", "discover", self.web.url("/"))
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        self.assertEqual(lines[0], "found 1 feed and 1 sitemap")
        self.assertEqual(lines[1], f"  1  rss20    {self.web.url('/world.xml')}  1 items, newest 10 min ago  World news")
        self.assertRegex(lines[2], r"^  2  sitemap-index \S+/sitemap.xml  2 items")
        self.assertEqual(self.daemon.feeds(), {})
        self.assertEqual(self.wireroom("feeds", "discover", self.web.url("/absent"))[0], 1)


if __name__ == "__main__":
    harness.main()
