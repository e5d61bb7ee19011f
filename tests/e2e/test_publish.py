"""From a feed to an event: identity, versions, validators, and nothing from answers that were cut."""
import gzip, json

import harness
from harness import Answer, Item, atom, page, rss


class Publish(harness.Case):
    def items(self, *numbers, changed=""):
        return [Item(f"guid-{n}", f"Headline number {n}{changed}", self.web.url(f"/article/{n}"), f"What happened at {n}{changed}.",
                     date=1773480000 + n * 60) for n in numbers]

    def serve_pages(self, *numbers):
        for n in numbers:
            self.web[f"/article/{n}"] = page(f"Headline number {n}", f"The lighthouse at point {n} was painted green overnight.")

    def test_a_new_item_is_published_with_the_text_of_its_page(self):
        self.serve_pages(1, 2)
        self.web["/rss"] = rss(self.items(1, 2))
        self.start(["/rss"])
        data = self.subscriber.article("Headline number 1")["data"]
        self.subscriber.article("Headline number 2")
        self.assertIn("The lighthouse at point 1 was painted green overnight.", data["text"])
        self.assertNotIn("All rights reserved", data["text"])
        self.assertEqual(data["url"], self.web.url("/article/1"))
        self.assertEqual(data["version"], 1)
        self.assertEqual(data["language"], "en")
        self.assertEqual(data["published"][:19], "2026-03-14T09:21:00")
        self.assertEqual([f["feedId"] for f in data["seenIn"]], ["f0000001"])
        self.assertEqual(len(self.check_log()), 2)

    def test_an_article_in_two_feeds_is_one_article(self):
        self.serve_pages(1, 2, 3)
        self.web["/rss"] = rss(self.items(1, 2))
        self.web["/atom"] = atom(self.items(1, 3))
        self.start(["/rss", "/atom"])
        for n in (1, 2, 3):
            self.subscriber.article(f"Headline number {n}")
        self.web.more("/rss", 2)
        self.web.more("/atom", 2)
        uris = {e["data"]["uri"] for e in self.check_log() if e["type"].startswith("wireroom.article.")}
        self.assertEqual(len(uris), 3)

    def test_a_changed_entry_is_version_two_of_the_same_article(self):
        self.serve_pages(1)
        self.web["/rss"] = rss(self.items(1))
        self.start(["/rss"])
        first = self.subscriber.article("Headline number 1")
        self.web["/article/1"] = page("Headline number 1, corrected", "The lighthouse was painted blue, not green.")
        self.web["/rss"] = rss(self.items(1, changed=", corrected"))
        second = self.subscriber.article(version=2)
        self.assertEqual(second["type"], "wireroom.article.updated.v1")
        self.assertEqual(second["data"]["uri"], first["data"]["uri"])
        self.assertEqual(second["data"]["headline"], "Headline number 1, corrected")
        self.assertIn("headline", second["data"]["change"]["kinds"])
        self.web.more("/rss", 3)
        self.assertEqual(len(self.check_log()), 2)

    def test_both_validators_come_back_byte_for_byte_and_304_publishes_nothing(self):
        etag, modified = 'W/"a b;,\\x"', "Sat, 14 Mar 2026  09:26:53 GMT"
        self.serve_pages(1)
        full = rss(self.items(1), headers={"ETag": etag, "Last-Modified": modified})
        self.web["/rss"] = lambda request: Answer(status=304) if request.headers.get("If-None-Match") == etag else full
        self.start(["/rss"])
        self.subscriber.article("Headline number 1")
        later = self.web.more("/rss", 3)[-1]
        self.assertEqual(later.headers["If-None-Match"], etag)
        self.assertEqual(later.headers["If-Modified-Since"], modified)
        self.assertEqual(len(self.check_log()), 1)

    def test_validators_survive_a_restart(self):
        self.serve_pages(1)
        full = rss(self.items(1), headers={"ETag": '"one"'})
        self.web["/rss"] = lambda request: Answer(status=304) if request.headers.get("If-None-Match") == '"one"' else full
        self.web["/far"] = Answer(status=302, headers={"Location": "/rss?signed=1"})
        self.web["/rss?signed=1"] = self.web.answers["/rss"]
        self.start(["/rss", "/far"])
        self.subscriber.article("Headline number 1")
        self.web.more("/rss", 2)
        self.web.more("/rss?signed=1", 2)
        self.assertEqual(self.daemon.stop(), 0)
        asked = {path: len(self.web.seen(path)) for path in ("/rss", "/rss?signed=1")}
        self.daemon.start()
        for path, before in asked.items():
            self.assertEqual(self.web.more(path, 1)[before:][0].headers["If-None-Match"], '"one"', path)
        self.assertTrue(all("If-None-Match" not in request.headers for request in self.web.seen("/far")))
        self.assertEqual(len(self.check_log()), 1)

    def check_cut(self, cut):
        """A cut answer publishes nothing and leaves no validator; the whole one after it does."""
        whole = rss(self.items(1, 2, 3), headers={"ETag": '"whole"'})
        self.serve_pages(1, 2, 3)
        self.web["/rss"] = cut
        self.start(["/rss"])
        seen = self.web.wait("/rss", 2)
        self.assertNotIn("If-None-Match", seen[1].headers)
        self.assertEqual(self.subscriber.articles(), [])
        self.assertEqual([e for e in self.daemon.events() if e["type"].startswith("wireroom.article.")], [])
        self.daemon.clock.advance(3600)
        self.web["/rss"] = whole
        for n in (1, 2, 3):
            self.daemon.clock.advance(3600)
            self.subscriber.article(f"Headline number {n}")
        self.check_log()

    def test_a_body_shorter_than_its_length_publishes_nothing(self):
        body = rss(self.items(1, 2, 3)).body
        head = f'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: "cut"\r\nContent-Length: {len(body)}\r\n\r\n'.encode()
        self.check_cut(Answer(raw=head + body[:len(body) * 2 // 3]))

    def test_chunks_without_the_last_one_publish_nothing(self):
        body = rss(self.items(1, 2, 3)).body
        head = b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: "cut"\r\nTransfer-Encoding: chunked\r\n\r\n'
        self.check_cut(Answer(raw=head + b"%x\r\n%s\r\n" % (len(body), body)))

    def test_a_cut_gzip_body_publishes_nothing(self):
        body = gzip.compress(rss(self.items(1, 2, 3)).body)
        self.check_cut(Answer(body[:-20], type="text/xml", headers={"Content-Encoding": "gzip", "ETag": '"cut"'}))

    def test_xml_that_ends_before_its_root_publishes_nothing(self):
        body = rss(self.items(1, 2, 3)).body
        self.check_cut(Answer(body[:body.rindex(b"<item>") + 20], type="text/xml", headers={"ETag": '"cut"'}))

    def test_a_gzip_body_is_read(self):
        self.serve_pages(1)
        self.web["/rss"] = Answer(gzip.compress(rss(self.items(1)).body), type="text/xml", headers={"Content-Encoding": "gzip"})
        self.start(["/rss"])
        self.subscriber.article("Headline number 1")

    def test_an_article_without_a_page_has_the_feeds_words(self):
        self.web["/rss"] = rss(self.items(7))
        self.start(["/rss"])
        data = self.subscriber.article("Headline number 7")["data"]
        self.assertEqual(data["summary"], "What happened at 7.")
        self.assertNotEqual(data["extraction"]["status"], "full")

    def test_a_first_answer_publishes_as_many_as_the_configuration_says(self):
        self.serve_pages(*range(1, 6))
        self.web["/rss"] = rss(self.items(5, 4, 3, 2, 1))
        self.start(["/rss"], poll={"first_fetch": "publish-last 2"})
        self.subscriber.article("Headline number 4")
        self.subscriber.article("Headline number 5")
        self.web["/rss"] = rss(self.items(6, 5, 4, 3, 2, 1))
        self.subscriber.article("Headline number 6")
        self.assertEqual(len(self.check_log()), 3)


class Delivery(harness.Case):
    def publish(self, count, since=0):
        self.web["/rss"] = rss([Item(f"g{n}", f"Headline number {n}", self.web.url(f"/none/{n}"), f"Summary of {n}.")
                                for n in range(since + count, since, -1)])

    def test_the_welcome_and_each_heartbeat_tell_what_there_is(self):
        self.publish(3)
        self.start(["/rss"])
        for n in (1, 2, 3):
            self.subscriber.article(f"Headline number {n}")
        late = harness.Subscriber(self.daemon.pub, topic="heartbeat/")
        self.addCleanup(late.close)
        harness.until("the welcome", lambda: late.socket.poll(100))
        welcome = late.socket.recv_multipart()
        self.assertEqual(len(welcome), 1)
        epoch = json.loads(welcome[0].removeprefix(b"heartbeat/"))["epoch"]
        self.assertTrue(all(e["id"].startswith(epoch) for e in self.daemon.events()))
        beat = harness.until("a beat with all three", lambda: (b := late.ready())["head"] == 3 and b)
        self.assertEqual((beat["epoch"], beat["first"]), (epoch, 1))
        self.assertEqual(list(beat["topics"].values()).count(3), 1)
        self.assertGreater(beat["due"], beat["time"])

    def test_a_subscriber_that_was_away_sees_the_gap_and_reads_it_from_the_log(self):
        self.publish(2)
        self.start(["/rss"])
        self.subscriber.article("Headline number 1")
        self.subscriber.article("Headline number 2")
        held = {topic: sequence for topic, sequence in self.subscriber.last.items()}
        self.subscriber.close()
        self.publish(3, since=2)
        harness.until("five events in the log", lambda: len(self.daemon.events()) == 5)
        self.subscriber = harness.Subscriber(self.daemon.pub, strict=False)
        self.subscriber.last = dict(held)
        self.subscriber.ready()
        self.publish(1, since=5)
        self.subscriber.article("Headline number 6")
        self.assertEqual(len(self.subscriber.gaps), 1)
        had, before, topic = self.subscriber.gaps[0]
        missed = [e for e in self.daemon.events(since=int(had)) if int(e["sequence"]) <= int(before)]
        self.assertEqual(sorted(e["data"]["headline"] for e in missed), [f"Headline number {n}" for n in (3, 4, 5)])
        self.assertEqual(missed[0]["prevsequence"], had)

    def test_a_subscriber_of_one_language_gets_a_chain_without_gaps(self):
        self.web["/rss"] = rss([Item("en", "The harbour is closed because of the strong wind today", self.web.url("/en"),
                                     "The harbour master has closed the harbour for all ships until the wind drops tomorrow morning."),
                                Item("de", "Der Hafen ist heute wegen starken Windes geschlossen", self.web.url("/de"),
                                     "Der Hafenmeister hat den Hafen bis morgen früh für alle Schiffe gesperrt, weil der Wind zu stark ist."),
                                Item("en2", "The harbour will open again at noon on Friday", self.web.url("/en2"),
                                     "The harbour master said that ships may leave the harbour again when the wind has dropped on Friday.")])
        self.start(["/rss"])
        german = harness.Subscriber(self.daemon.pub, topic="all/article.new/de/")
        self.addCleanup(german.close)
        self.subscriber.article("Der Hafen ist heute wegen starken Windes geschlossen")
        self.subscriber.article("The harbour will open again at noon on Friday")
        self.subscriber.article("The harbour is closed because of the strong wind today")
        self.assertEqual(set(self.subscriber.topics), {"all/article.new/en/", "all/article.new/de/"})


if __name__ == "__main__":
    harness.main()
