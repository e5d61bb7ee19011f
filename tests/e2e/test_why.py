"""`wireroom why`: whatever becomes of an entry is told with times, and every entry that was seen ends in one counted way."""
import json

import command, harness
from harness import Item, page, rss, until

MODULES = harness.BUILD / "tests" / "stages"


class Why(harness.Case):
    def why(self, entry, code=0):
        found, out, err = command.run("why", entry, "--socket", self.daemon.control, "--json")
        self.assertEqual(found, code, out + err)
        return json.loads(out if code == 0 else err)

    def entries(self):
        entries = self.daemon.ask("status")[0]["status"]["entries"]
        self.assertEqual(entries["unaccounted"], 0, entries)
        return entries

    def names(self, told):
        """Names of the steps, in order of time; each time is one."""
        at = [step["at"] for step in told["steps"] if step["step"] != "held"]  # that to the minute
        self.assertEqual(at, sorted(at))
        return [step["step"] for step in told["steps"] if step["step"] != "stage"]

    def step(self, told, name):
        return next(step for step in told["steps"] if step["step"] == name)

    def test_what_was_published(self):
        self.web["/rss"] = rss([Item("one", "Harbour closed", self.web.url("/1"), "Words.")])
        self.web["/1"] = page("Harbour closed", "The harbour was closed on Saturday.")
        self.start(["/rss"])
        event = self.subscriber.article("Harbour closed")
        for entry in (self.web.url("/1"), self.web.url("/1#top"), event["data"]["uri"]):
            told = self.why(entry)
            self.assertEqual([n for n in self.names(told) if n != "held"], ["seen", "admitted", "page", "committed", "published"], entry)
        self.assertEqual(told["end"], {"how": "published", "version": 1, "sequence": 1})
        self.assertEqual((told["uri"], told["title"]), (event["data"]["uri"], "Harbour closed"))
        self.assertEqual(self.step(told, "seen")["feed"], "f0000001")
        self.assertEqual((self.step(told, "page")["httpStatus"], self.step(told, "page").get("text")), (200, None))
        self.assertEqual([s["name"] for s in told["steps"] if s["step"] == "stage"], [s["name"] for s in event["data"]["stages"]])
        self.assertEqual(self.step(told, "published")["topic"], self.subscriber.topics[0])
        self.assertEqual(self.why("one")["end"], {"how": "known"})  # by its guid the feed alone knows it
        self.assertEqual((self.entries()["published"], self.entries()["pending"]), (1, 0))
        code, out, _ = command.run("why", self.web.url("/1"), "--socket", self.daemon.control)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"(?m)^page +\d\d:\d\d:\d\d\.\d{3}  HTTP 200, .* took ")
        self.assertRegex(out, r"(?m)^end +published, version 1, event 1$")

    def test_a_second_version_and_a_page_that_is_not_to_be_had(self):
        self.web["/rss"] = rss([Item("1", "Ferry late", self.web.url("/none"), "Words.")])
        self.start(["/rss"])
        self.subscriber.article("Ferry late")
        told = self.why(self.web.url("/none"))
        self.assertEqual(self.step(told, "page")["httpStatus"], 404)
        self.assertIn("404", self.step(told, "page")["text"])
        self.web["/rss"] = rss([Item("1", "Ferry very late", self.web.url("/none"), "Other words.")])
        self.subscriber.article("Ferry very late")
        told = self.why(self.web.url("/none"))
        self.assertEqual((told["end"]["version"], told["end"]["sequence"]), (2, 2))
        self.assertEqual(self.names(told).count("committed"), 2)
        self.assertEqual(self.entries()["changed"], 1)

    def test_what_a_stage_dropped(self):
        self.web["/rss"] = rss([Item("1", "Nobody needs this", self.web.url("/1"), "Words.")])
        self.start(["/rss"], stages={"dir": str(MODULES), "chain": ["good"], "options": {"good": {"drop": "yes"}}})
        until("it is dropped", lambda: self.entries()["dropped"] == 1)
        told = self.why(self.web.url("/1"))
        self.assertEqual(told["end"], {"how": "dropped", "version": 1, "cause": "good"})
        self.assertEqual(self.step(told, "dropped")["text"], "good")
        self.assertNotIn("committed", self.names(told))

    def test_what_was_there_before_and_what_another_feed_brought(self):
        self.web["/rss"] = rss([Item(str(n), f"Headline {n}", self.web.url(f"/{n}"), "Words.") for n in range(3)])
        self.web["/other"] = rss([Item("x", "Headline 0", self.web.url("/0"), "Words.")])
        self.start(["/rss"], poll={"first_fetch": "publish-last 1"})
        self.subscriber.article(url=self.web.url("/0"))
        (marked,) = [s for s in self.why(self.web.url("/2"))["steps"]]
        self.assertEqual((marked["step"], marked["feed"]), ("marked", "f0000001"))
        self.assertEqual(self.why(self.web.url("/2"))["end"], {"how": "marked"})
        self.assertEqual(self.entries()["marked"], 2)
        self.daemon.configure([self.web.url(path) for path in ("/rss", "/other")], poll={"first_fetch": "publish-all"})
        self.daemon.ask("reload")
        until("the other feed has it, too", lambda: self.entries()["duplicate"] == 1)
        told = self.why(self.web.url("/0"))
        self.assertEqual(self.step(told, "duplicate")["feed"], "f0000002")
        self.assertEqual({s["feed"] for s in told["steps"] if s["step"] == "held"}, {"f0000001", "f0000002"})
        shown = command.run("why", self.web.url("/0"), "--socket", self.daemon.control)[1]
        self.assertRegex(shown, r"(?m)^held +\d\d:\d\d {9}last in a document of f0000001$")  # known to the minute
        self.assertEqual(self.why(self.web.url("/no/such/page"), code=1)["error"]["code"], "not-found")

    def test_what_waits_and_what_went_with_its_feed(self):
        self.web["/rss"] = rss([Item("1", "Slow", self.web.url("/1"), "Words.")])
        go_on = harness.threading.Event()
        self.addCleanup(go_on.set)
        self.web["/1"] = lambda request: go_on.wait(harness.PATIENCE) and ""
        self.start(["/rss"])
        until("it waits", lambda: self.entries()["pending"] == 1)
        told = self.why(self.web.url("/1"))
        self.assertEqual((told["end"]["how"], self.step(told, "pending")["text"]), ("pending", "page"))
        self.daemon.ask("feeds.remove", feed="f0000001")
        until("it went", lambda: self.entries()["pending"] == 0)
        self.assertEqual(self.entries()["dropped"], 1)
        self.why(self.web.url("/1"), code=1)


if __name__ == "__main__":
    harness.main()
