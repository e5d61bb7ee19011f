"""The demo: its news world read by the real daemon and held against what is true in it."""
import collections, json, re, signal, subprocess, time, unittest, urllib.request

import harness

WIREROOM = str(harness.BIN / "wireroom")


def words(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))


class Demo(harness.Case):
    def world(self, *options):
        """The news world alone; returns where it is."""
        process = subprocess.Popen([WIREROOM, "demo", "--serve-only", *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        return process.stdout.readline().strip().removesuffix("/feeds.opml")

    def ask(self, url):
        with urllib.request.urlopen(url, timeout=harness.PATIENCE) as answer:
            return answer.read().decode()

    def follow(self, *options):
        """Start a daemon on a world; returns the world's address."""
        world = self.world(*options)
        feeds = re.findall(r'xmlUrl="([^"]*)"', self.ask(world + "/feeds.opml"))
        self.assertGreaterEqual(len(feeds), 12)
        self.start(feeds, http={"allow": ["127.0.0.0/8", "::1"]})
        return world

    def test_every_article_comes_out_once_with_its_own_words_and_none_of_the_furniture(self):
        world = self.follow("--interval", "1000000")
        truth = {a["url"]: a for a in json.loads(self.ask(world + "/truth.json"))}
        self.assertEqual({a["layout"] for a in truth.values()}, {"broadsheet", "agency", "modern", "table"})
        for url in truth:
            self.subscriber.article(url=url)
        got = {}
        for data in self.subscriber.articles():
            self.assertNotIn(data["url"], got, "published twice")
            got[data["url"]] = data
        self.assertEqual(set(got), set(truth))
        for url, true in truth.items():
            with self.subTest(url=url, layout=true["layout"]):
                self.check_article(got[url], true)

    def check_article(self, data, true):
        expected, found = words(true["text"]), words(data["text"])
        self.assertGreaterEqual(sum((expected & found).values()) / sum(expected.values()), 0.97, "words missing")
        # Pages laid out by tables name nothing, so that the headline and the counter below the text may stay in.
        most = 0.08 if true["layout"] == "table" else 0.03
        self.assertLessEqual(sum((found - expected).values()) / sum(expected.values()), most, "words too many")
        for furniture in ("214", "unsubscribe", "harbourcat", "deichschaf", "Subscribe today", "Copy link", "All rights reserved"):
            self.assertNotIn(furniture, data["text"])
        self.assertEqual(data["headline"], true["headline"])
        self.assertEqual(data["published"][:10], true["published"][:10])
        self.assertEqual(data["language"][:2], true["language"])
        agency = true["author"] == "Meridian Wire"  # no person: an author for some pages, for others none
        self.assertIn([a["name"] for a in data.get("authors", [])], ([true["author"]], [])[:1 + agency])

    def test_an_edited_article_becomes_a_second_version_and_a_closed_paper_is_gone(self):
        self.follow("--interval", "300")
        edited = self.subscriber.wait("an edit", lambda e: e["type"] == "wireroom.article.updated.v1", harness.PATIENCE * 2)
        self.assertEqual(edited["data"]["version"], 2)
        gone = self.subscriber.wait("a closed paper", lambda e: e["type"] == "wireroom.feed.state.v1" and
                                    e["data"]["state"] == "gone", harness.PATIENCE * 2)
        self.assertIn("tollgate", gone["data"]["url"])

    def test_the_demo_shows_its_first_record_within_five_seconds_and_leaves_nothing_behind(self):
        before = time.monotonic()
        process = subprocess.Popen([WIREROOM, "demo", "--duration", "6", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env={"PATH": "/usr/bin:/bin", "TMPDIR": str(self.folder)})
        first = json.loads(process.stdout.readline())
        took = time.monotonic() - before
        rest, errors = process.communicate(timeout=60)
        harness.VALIDATOR.validate(first)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(int(first["sequence"]), 1)  # none went by before the tail listened
        self.assertLess(took, 5 if "asan" not in str(harness.BUILD) else 15)
        self.assertGreater(len(rest.splitlines()), 10)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_demo_prints_lines_for_people(self):
        result = subprocess.run([WIREROOM, "demo", "--duration", "5"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^\d\d:\d\d:\d\d .* new ")
        # Which of the reprints comes first is for the machine's load to say.
        self.assertRegex(result.stdout, r"(?m)^\d\d:\d\d:\d\d .* (new|copy) .*Meridian Wire")

    def test_the_demo_ends_at_a_signal(self):
        process = subprocess.Popen([WIREROOM, "demo"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env={"PATH": "/usr/bin:/bin", "TMPDIR": str(self.folder)})
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    harness.main()
