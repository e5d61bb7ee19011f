"""Feeds that are pushed: the daemon subscribes at a hub, which verifies, renews, denies, lies or sends."""
import concurrent.futures, contextlib, datetime, gzip, http.client, json, os, random, signal, sqlite3, subprocess, time, urllib.parse

import harness
import hub as hubs

SELDOM = {"min_interval": "1m", "default_interval": "1h", "max_interval": "6h"}  # no poll of its own within a test
MINUTE, HOUR, DAY = 60, 3600, 86400


def item(number, title=None):
    return harness.Item(f"g{number}", title or f"Headline {number}", f"http://127.0.0.1:9/{number}", f"Summary {number}.")


def seconds(text):
    """A point in time as the daemon writes it, in seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Pushed(harness.Case):
    def setUp(self):
        super().setUp()
        self.hub = hubs.Hub()
        self.addCleanup(self.hub.close)
        self.listen = hubs.free_address()
        self.topic = self.web.url("/rss")

    def begin(self, feeds=("/rss",), websub=None, poll=SELDOM, **options):
        self.start(list(feeds), poll=poll, stages={"chain": []}, **options, websub={
            "listen": self.listen, "public_url": f"http://{self.listen}/push/", "safety_poll": "1h", **(websub or {})})

    def serve(self, *items, path="/rss", headers=None):
        links = {"Link": self.hub.links(self.web.url(path))} if headers is None else headers
        self.web[path] = harness.rss(items, headers=links)

    def shown(self, path="/rss"):
        return self.daemon.ask("feeds.show", feed=self.web.url(path))[0]["feed"].get("push")

    def until_shown(self, what, condition, path="/rss"):
        return harness.until(what, lambda: (push := self.shown(path)) and condition(push) and push)

    def counters(self):
        return self.daemon.ask("status")[0]["status"]["push"]

    def poll_ended(self):
        """Wait until no poll is under way, which plans the next one; seconds until that. For feeds that are asked seldom."""
        return harness.until("the poll has ended", lambda: (
            w := seconds(self.daemon.feeds()[self.topic]["nextPoll"]) - time.time() - self.daemon.clock.offset / 1e6) > 1 and w)

    def subscribe(self, *items):
        """A feed of these items whose hub pushes."""
        self.serve(*items)
        self.begin()
        self.hub.wait_active(self.topic)
        self.until_shown("the lease", lambda push: push["state"] == "live")
        for i in items:
            self.subscriber.article(i.title)

    def advance(self, seconds):
        self.daemon.clock.advance(seconds)


class Discovery(Pushed):
    def test_a_hub_named_in_the_headers_is_subscribed_at(self):
        self.subscribe(item(1))
        request = self.hub.requests[0]
        self.assertEqual((request.mode, request.topic, request.lease), ("subscribe", self.topic, str(10 * DAY)))
        self.assertTrue(request.callback.startswith(f"http://{self.listen}/push/"))
        self.assertGreaterEqual(len(request.callback.rsplit("/", 1)[1]), 32)
        self.assertGreaterEqual(len(request.secret), 32)
        self.assertLess(len(request.secret), 200)

    def test_hubs_named_in_the_documents_are_subscribed_at(self):
        self.web["/rss"] = harness.Answer(
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>R</title>'
            f'<atom:link rel="hub" href="{self.hub.url}"/><atom:link rel="self" href="{self.topic}?of=rss"/>'
            '<item><title>One</title><guid>1</guid></item></channel></rss>', type="application/rss+xml")
        self.web["/atom"] = harness.Answer(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>urn:a</id><updated>2026-03-14T09:00:00Z</updated>'
            f'<link rel="hub" href="{self.hub.url}"/><link rel="self" href="/atom?of=atom"/>'
            '<entry><title>Two</title><id>urn:2</id><updated>2026-03-14T09:00:00Z</updated></entry></feed>',
            type="application/atom+xml")
        self.web["/json"] = harness.Answer(json.dumps({
            "version": "https://jsonfeed.org/version/1.1", "title": "J", "feed_url": self.web.url("/json?of=json"),
            "hubs": [{"type": "rssCloud", "url": "http://127.0.0.1:9/cloud"}, {"type": "WebSub", "url": self.hub.url}],
            "items": [{"id": "3", "title": "Three", "content_text": "x"}]}), type="application/feed+json")
        self.begin(feeds=["/rss", "/atom", "/json"])
        for topic in (self.topic + "?of=rss", self.web.url("/atom?of=atom"), self.web.url("/json?of=json")):
            self.hub.wait_active(topic)
        callbacks = {r.callback for r in self.hub.requests}
        secrets = {r.secret for r in self.hub.requests}
        self.assertEqual((len(callbacks), len(secrets)), (3, 3), "each subscription has its own address and secret")

    def test_headers_come_before_the_document(self):
        other = hubs.Hub()
        self.addCleanup(other.close)
        self.web["/rss"] = harness.Answer(
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>R</title>'
            f'<atom:link rel="hub" href="{other.url}"/><item><title>One</title><guid>1</guid></item></channel></rss>',
            type="application/rss+xml", headers={"Link": self.hub.links(self.topic)})
        self.begin()
        self.hub.wait_active(self.topic)
        self.assertEqual(other.requests, [])

    def unchanged(self, headers, etag='"same"'):
        """Answer polls with 304 and these headers."""
        self.web["/rss"] = harness.Answer(status=304, headers={"ETag": etag, **headers})
        polled = len(self.web.seen("/rss"))
        self.daemon.ask("poll-now", feed=self.topic)
        request = self.web.wait("/rss", polled + 1)[-1]
        self.assertEqual(request.headers["If-None-Match"], etag)
        self.poll_ended()

    def test_a_hub_named_by_a_304_is_subscribed_at(self):
        self.serve(item(1), headers={"ETag": '"same"'})
        self.begin()
        self.subscriber.article("Headline 1")
        self.unchanged({"Link": f"<{self.topic}>; rel=self, </style.css>; rel=stylesheet"})
        self.assertIsNone(self.shown())
        self.unchanged({"Link": self.hub.links(self.topic)})
        self.hub.wait_active(self.topic)

    def test_a_hub_named_by_a_304_without_a_topic_waits_for_the_document(self):
        self.serve(item(1), headers={"ETag": '"same"'})
        self.begin()
        self.subscriber.article("Headline 1")
        self.unchanged({"Link": f"<{self.hub.url}>; rel=hub"})
        self.assertIsNone(self.shown())
        self.serve(item(2), headers={"Link": f"<{self.hub.url}>; rel=hub"})
        self.daemon.ask("poll-now", feed=self.topic)
        self.hub.wait_active(self.topic)

    def test_a_304_that_names_no_hub_ends_no_subscription(self):
        self.serve(item(1), headers={"Link": self.hub.links(self.topic), "ETag": '"same"'})
        self.begin()
        self.hub.wait_active(self.topic)
        self.until_shown("the lease", lambda push: push["state"] == "live")
        for _ in range(4):
            self.unchanged({})
        self.assertEqual(self.shown()["state"], "live")

    def test_another_hub_named_by_a_304_is_followed(self):
        self.serve(item(1), headers={"Link": self.hub.links(self.topic), "ETag": '"same"'})
        self.begin()
        self.hub.wait_active(self.topic)
        other = hubs.Hub()
        self.addCleanup(other.close)
        self.advance(2 * HOUR)
        self.unchanged({"Link": f"<{other.url}>; rel=hub"})
        self.hub.wait_request(mode="unsubscribe")
        other.wait_active(self.topic)

    def test_a_hub_named_by_an_answer_whose_body_is_the_same_is_subscribed_at(self):
        self.serve(item(1), headers={})
        self.begin()
        self.subscriber.article("Headline 1")
        self.serve(item(1))
        self.daemon.ask("poll-now", feed=self.topic)
        self.hub.wait_active(self.topic)

    def test_a_feed_without_a_self_link_is_its_own_topic(self):
        self.serve(item(1), headers={"Link": f"<{self.hub.url}>; rel=hub"})
        self.begin()
        self.hub.wait_active(self.topic)

    def test_nothing_listens_and_nobody_is_asked_where_it_is_off(self):
        self.serve(item(1))
        self.start(["/rss"], poll=SELDOM, stages={"chain": []})  # nobody asks for its page
        self.subscriber.article("Headline 1")
        self.assertFalse(self.counters()["listening"])
        self.assertEqual(self.hub.requests, [])

    def test_another_hub_is_followed_and_the_old_one_told(self):
        self.subscribe(item(1))
        other = hubs.Hub()
        self.addCleanup(other.close)
        self.advance(2 * HOUR)
        self.serve(item(1), item(2), headers={"Link": other.links(self.topic)})
        self.daemon.ask("poll-now", feed=self.topic)
        self.hub.wait_request(mode="unsubscribe")
        new = other.wait_active(self.topic)
        self.assertNotEqual(new.callback, self.hub.requests[0].callback)
        self.assertNotEqual(new.secret, self.hub.requests[0].secret)

    def test_the_next_of_several_hubs_is_tried_when_one_fails(self):
        other = hubs.Hub()
        self.addCleanup(other.close)
        self.hub.status = 503
        self.serve(item(1), headers={"Link": f"<{self.hub.url}>;rel=hub,<{other.url}>;rel=hub,<{self.topic}>;rel=self"})
        self.begin()
        for count in (1, 2, 3):
            self.hub.wait_request(count)
            self.until_shown(f"failure {count}", lambda push, n=count: push["failures"] == n)
            self.advance(HOUR)
        other.wait_active(self.topic)
        self.assertEqual(len(self.hub.requests), 3)


class Distribution(Pushed):
    def test_what_a_hub_sends_is_published_at_once(self):
        self.subscribe(item(1))
        self.serve(item(2), item(1))
        begun = time.monotonic()
        self.assertEqual(self.hub.publish(self.topic), 200)
        self.assertEqual(self.subscriber.article("Headline 2")["data"]["feed"]["via"], "websub")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(len([r for r in self.web.seen("/rss") if "wireroom" in r.headers["User-Agent"]]), 1, "polled once only")
        push = self.until_shown("reliance", lambda p: p["reliedOn"])
        self.assertEqual((push["state"], push["pushes"], push["hub"]), ("live", 1, self.hub.url))
        self.assertIsNotNone(push["lastPush"])

    def test_each_way_to_sign_is_understood(self):
        self.subscribe(item(1))
        for n, method in enumerate(("sha1", "sha256", "sha384", "sha512"), 2):
            self.hub.method = method
            self.assertEqual(self.hub.send(self.topic, harness.rss([item(n, f"Signed by {method}")]).body), 200)
            self.subscriber.article(f"Signed by {method}")
        self.assertEqual(self.counters()["taken"], 4)

    def test_an_encoded_body_is_decoded_after_its_signature_was_checked(self):
        self.subscribe(item(1))
        body = gzip.compress(harness.rss([item(2)]).body)
        self.assertEqual(self.hub.send(self.topic, body, headers={"Content-Encoding": "gzip"}), 200)
        self.subscriber.article("Headline 2")

    def test_what_is_not_signed_rightly_is_acknowledged_and_ignored(self):
        self.subscribe(item(1))
        body = harness.rss([item(2, "Forged")]).body
        right = hubs.sign(self.hub.active[self.topic].secret, body)
        for signature in ("", "sha256=" + "0" * 64, right[:-2], right + "00", "md5=" + "0" * 32, "sha1=" + right[7:], "nonsense",
                          "sha256=", "sha256=" + "zz" * 32, hubs.sign("another secret", body)):
            self.assertEqual(self.hub.send(self.topic, body, signature=signature), 200, signature)
        self.assertEqual(self.hub.send(self.topic, body + b" ", signature=right), 200)
        counters = self.counters()
        self.assertEqual((counters["unsigned"] + counters["forged"], counters["taken"]), (11, 0))
        self.assertEqual(self.shown()["ignored"], 11)
        self.assertEqual(self.hub.send(self.topic, harness.rss([item(3)]).body), 200)
        self.subscriber.article("Headline 3")
        self.assertNotIn("Forged", [a["headline"] for a in self.subscriber.articles()])

    def test_bodies_too_large_or_too_many_are_turned_away(self):
        self.serve(item(1))
        self.begin(websub={"max_body": "64KiB"})
        self.hub.wait_active(self.topic)
        self.assertEqual(self.hub.send(self.topic, b"x" * 65537), 413)
        self.assertEqual(self.send_chunked(b"x" * 1000, 80), 413)
        statuses = [self.hub.send(self.topic, harness.rss([item(1)]).body) for _ in range(100)]
        self.assertTrue(set(statuses) <= {200, 429, 503}, set(statuses))
        self.assertIn(429, statuses)
        counters = self.counters()
        self.assertEqual((counters["tooLarge"], counters["tooMany"]), (2, 100 - statuses.count(200)))
        self.advance(MINUTE)
        harness.until("there is room again", lambda: self.hub.send(self.topic, harness.rss([item(2)]).body) == 200)
        self.subscriber.article("Headline 2")

    def send_chunked(self, chunk, count):
        """A body without a length."""
        callback = urllib.parse.urlsplit(self.hub.active[self.topic].callback)
        connection = http.client.HTTPConnection(callback.netloc, timeout=harness.PATIENCE)
        connection.request("POST", callback.path, iter([chunk] * count), {"Content-Type": "text/xml"}, encode_chunked=True)
        status = connection.getresponse().status
        connection.close()
        return status

    def test_validators_stay_those_of_the_last_poll(self):
        self.serve(item(1), headers={"Link": self.hub.links(self.topic), "ETag": '"polled"'})
        self.begin()
        self.hub.wait_active(self.topic)
        self.assertEqual(self.hub.send(self.topic, harness.rss([item(2)]).body, headers={"ETag": '"pushed"'}), 200)
        self.subscriber.article("Headline 2")
        self.daemon.ask("poll-now", feed=self.topic)
        self.assertEqual(self.web.wait("/rss", 2)[1].headers["If-None-Match"], '"polled"')

    def test_pushes_of_one_feed_are_read_in_order(self):
        self.subscribe(item(1))
        for n in range(1, 4):
            body = harness.rss([harness.Item("g1", f"Version {n}", "http://127.0.0.1:9/1", f"Text {n}.")]).body
            self.assertEqual(self.hub.send(self.topic, body), 200)
        self.subscriber.article("Version 3")
        self.assertEqual([a["headline"] for a in self.subscriber.articles()], ["Headline 1", "Version 1", "Version 2", "Version 3"])

    def test_a_push_that_is_no_feed_harms_nothing(self):
        self.subscribe(item(1))
        self.serve(item(2), item(1))
        self.hub.publish(self.topic)
        self.until_shown("reliance", lambda p: p["reliedOn"])
        self.assertEqual(self.hub.send(self.topic, b"<html>no feed", type="text/html"), 200)
        self.until_shown("no reliance", lambda p: not p["reliedOn"])
        self.assertEqual(self.daemon.feeds()[self.topic]["state"], "ok")


class Acknowledgement(Pushed):
    """A hub that was told that its push has come does not send it again: what it holds must be in the store by then."""

    def pushing(self, number):
        """Send an entry that no poll would bring, from a thread of its own; a future of the status, None when the daemon hung up."""
        def send():
            try:
                return self.hub.send(self.topic, harness.rss([item(number)]).body)
            except (OSError, http.client.HTTPException):
                return None

        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        return pool.submit(send)

    def hold(self):
        for worker in self.daemon.workers():
            os.kill(worker, signal.SIGSTOP)

    def let_go(self):
        for worker in self.daemon.workers():
            os.kill(worker, signal.SIGCONT)

    def headlines(self):
        return [e["data"].get("headline") for e in self.daemon.events()]

    def stored(self):
        """Entries that were admitted, as another process sees them."""
        with contextlib.closing(sqlite3.connect(f"file:{self.daemon.dir / 'wireroom.db'}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM article").fetchone()[0]

    def test_a_push_is_in_the_store_when_its_hub_is_told_that_it_came(self):
        self.subscribe(item(1))
        before = self.stored()
        self.hold()
        answer = self.pushing(2)
        harness.until("the push is being read", lambda: self.counters()["taken"] == 1)
        with self.assertRaises(concurrent.futures.TimeoutError):
            answer.result(0.3)
        self.assertEqual(self.stored(), before)
        self.let_go()
        self.assertEqual(answer.result(harness.PATIENCE), 200)
        self.assertGreater(self.stored(), before)

    def test_a_hub_that_was_not_answered_before_a_kill_sends_again_and_one_that_was_need_not(self):
        self.subscribe(item(1))
        moments = random.Random(77)
        answered = {}
        for number in range(2, 14):
            taken = self.counters()["taken"]
            answer = self.pushing(number)
            if number % 3 == 0:  # as soon as the daemon has all of it
                harness.until("the push is taken", lambda n=taken: self.counters()["taken"] > n)
            else:
                concurrent.futures.wait([answer], moments.uniform(0, 0.03))
            self.daemon.kill()
            answered[number] = answer.result(harness.PATIENCE)
            self.assertIn(answered[number], (200, None))
            self.daemon.start()
            if answered[number] is None:
                self.assertEqual(self.hub.send(self.topic, harness.rss([item(number)]).body), 200)
            harness.until("the event", lambda n=number: f"Headline {n}" in self.headlines())
        self.assertEqual(sorted(self.headlines()), sorted(f"Headline {n}" for n in range(1, 14)), answered)

    def test_a_push_that_waits_too_long_is_to_be_sent_again_and_published_once(self):
        self.subscribe(item(1))
        self.hold()
        answer = self.pushing(2)
        harness.until("the push is being read", lambda: self.counters()["taken"] == 1)
        self.advance(6)
        self.assertEqual(answer.result(harness.PATIENCE), 503)
        harness.until("it is counted", lambda: self.counters()["late"] == 1)
        self.let_go()
        self.subscriber.article("Headline 2")
        self.assertEqual(self.pushing(2).result(harness.PATIENCE), 200)
        self.assertEqual(self.headlines(), ["Headline 1", "Headline 2"])

    def test_a_hub_whose_feed_goes_meanwhile_is_told_so(self):
        self.subscribe(item(1))
        self.hold()
        answers = [self.pushing(2), self.pushing(3)]
        harness.until("one is being read, one waits", lambda: self.counters()["taken"] == 2)
        self.daemon.configure(feeds=[])
        self.daemon.ask("reload", force=True)
        self.assertEqual([a.result(harness.PATIENCE) for a in answers], [410, 410])
        self.let_go()
        self.hub.wait_request(mode="unsubscribe")

    def test_a_hub_that_waits_does_not_keep_the_daemon_from_ending(self):
        self.subscribe(item(1))
        self.hold()
        answer = self.pushing(2)
        harness.until("the push is being read", lambda: self.counters()["taken"] == 1)
        self.let_go()
        self.assertEqual(self.daemon.stop(), 0)
        status = answer.result(harness.PATIENCE)
        self.assertIn(status, (200, None))
        self.daemon.start()
        if status is None:
            self.assertEqual(self.pushing(2).result(harness.PATIENCE), 200)
        harness.until("the event", lambda: "Headline 2" in self.headlines())


class Intent(Pushed):
    def test_only_what_was_asked_for_is_confirmed(self):
        self.hub.verify = "never"
        self.serve(item(1))
        self.begin()
        callback = self.hub.wait_request().callback
        ask = self.hub.ask
        self.assertEqual(ask(callback, "subscribe", self.topic + "x", "c", 60)[0], 404, "another topic")
        self.assertEqual(ask(callback, "unsubscribe", self.topic, "c")[0], 404, "another mode")
        self.assertEqual(ask(callback, "subscribe", self.topic, None, 60)[0], 404, "no challenge")
        self.assertEqual(ask(callback[:-1] + "x", "subscribe", self.topic, "c", 60)[0], 404, "another callback")
        self.assertEqual(ask(callback[:-48], "subscribe", self.topic, "c", 60)[0], 404, "no token")
        self.until_shown("nothing has changed", lambda p: p["state"] == "pending")
        self.assertEqual(ask(callback, "subscribe", self.topic, "<b>&+ c", 86400)[:2], (200, b"<b>&+ c"))
        self.assertEqual(self.shown()["state"], "live")
        self.assertEqual(ask(callback, "subscribe", self.topic, "again", 1 << 40)[:2], (200, b"again"), "its first answer was lost")
        self.assertEqual(hubs.get(callback[:-1] + "x", b"<rss/>", {"Content-Type": "text/xml"})[0], 410)
        counters = self.counters()
        self.assertEqual((counters["verified"], counters["refused"], counters["unknown"]), (1, 3, 3))

    def test_a_challenge_is_sent_back_as_plain_text(self):
        self.hub.verify = "never"
        self.serve(item(1))
        self.begin()
        headers = self.hub.ask(self.hub.wait_request().callback, "subscribe", self.topic, "<script>", 60)[2]
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_a_hub_may_verify_before_it_answers(self):
        self.hub.verify = "before"
        self.subscribe(item(1))
        self.assertEqual(self.counters()["failed"], 0)

    def test_a_hub_that_lies_about_the_topic_is_refused(self):
        self.hub.topic_said = self.web.url("/other")
        self.serve(item(1))
        self.begin()
        self.assertEqual(self.hub.wait_verification(), ("subscribe", 404, False))
        self.until_shown("nothing has changed", lambda p: p["state"] == "pending")
        self.assertEqual(self.counters()["refused"], 1)

    def test_a_hub_that_never_verifies_is_asked_again_later_and_later(self):
        self.hub.verify = "never"
        self.serve(item(1))
        self.begin()
        self.hub.wait_request(1)
        self.until_shown("pending", lambda p: p["state"] == "pending")
        self.advance(11 * MINUTE)
        push = self.until_shown("the failure", lambda p: p["failures"] == 1)
        self.assertIn("did not verify", push["error"])
        self.assertEqual(len(self.hub.requests), 1)
        self.advance(8 * MINUTE)
        self.hub.wait_request(2)
        self.until_shown("pending again", lambda p: p["state"] == "pending")
        self.hub.verify = "after"
        self.advance(11 * MINUTE)
        self.until_shown("the second failure", lambda p: p["failures"] == 2)
        self.advance(16 * MINUTE)
        self.hub.wait_active(self.topic)
        push = self.until_shown("the lease", lambda p: p["state"] == "live")
        self.assertEqual((push["failures"], push["error"]), (0, None))

    def test_a_hub_that_denies_is_left_alone_for_a_day(self):
        self.hub.deny = True
        self.serve(item(1))
        self.begin()
        self.assertEqual(self.hub.wait_verification(), ("subscribe", 200, False))
        push = self.until_shown("the denial", lambda p: p["state"] == "waiting")
        self.assertEqual(push["error"], "the hub denies: not here")
        self.advance(23 * HOUR)
        self.assertGreater(seconds(push["nextRequest"]), time.time() + 23 * HOUR)
        self.assertEqual(len(self.hub.requests), 1)
        self.hub.deny = False
        self.advance(2 * HOUR)
        self.hub.wait_active(self.topic)

    def test_a_hub_may_deny_what_it_granted(self):
        self.subscribe(item(1))
        s = self.hub.active[self.topic]
        self.assertEqual(self.hub.ask(s.callback, "denied", self.web.url("/other"))[0], 404)
        self.assertEqual(self.shown()["state"], "live")
        self.assertEqual(self.hub.ask(s.callback, "denied", self.topic, reason="paid only")[0], 200)
        self.until_shown("no lease", lambda p: p["state"] == "waiting")
        self.assertEqual(self.counters()["denied"], 1)

    def test_a_hub_that_refuses_says_why(self):
        self.hub.status, self.hub.answer = 400, b"This topic is not served here\nat all\n"
        self.serve(item(1))
        self.begin()
        push = self.until_shown("the failure", lambda p: p["failures"] == 1)
        self.assertTrue(push["error"].endswith("status 400: This topic is not served here"), push["error"])


class Lease(Pushed):
    def test_a_lease_is_renewed_before_it_ends(self):
        self.hub.lease = 4000
        self.subscribe(item(1))
        first = self.hub.requests[0]
        self.advance(2700)
        self.assertEqual(len(self.hub.requests), 1)
        before = self.shown()["leaseUntil"]
        self.advance(400)
        again = self.hub.wait_request(2)
        self.assertEqual((again.callback, again.topic, again.secret), (first.callback, first.topic, first.secret))
        push = self.until_shown("another lease", lambda p: p["leaseUntil"] > before)
        self.assertEqual(push["state"], "live")

    def test_a_pushed_feed_is_asked_seldom_until_its_lease_is_lost(self):
        self.hub.lease = 4 * HOUR
        self.serve(item(1))
        self.begin(poll={"min_interval": "200ms", "default_interval": "200ms", "max_interval": "500ms"},
                   websub={"safety_poll": "90m"})
        self.hub.wait_active(self.topic)
        self.web.more("/rss", 2)  # not relied on yet
        self.serve(item(2), item(1))
        self.hub.publish(self.topic)
        self.until_shown("reliance", lambda p: p["reliedOn"])
        self.assertEqual(self.counters()["reliedOn"], 1)
        wait = self.poll_ended()
        self.assertTrue(75 * MINUTE < wait < 105 * MINUTE, wait)
        polled = len(self.web.seen("/rss"))
        self.advance(105 * MINUTE)
        self.web.wait("/rss", polled + 1)
        self.hub.status = 500  # no renewal
        self.advance(3 * HOUR)
        self.until_shown("no lease", lambda p: p["state"] != "live")
        self.web.more("/rss", 3)
        self.assertEqual(self.counters()["reliedOn"], 0)

    def test_a_hub_that_keeps_something_back_is_relied_on_no_longer(self):
        self.subscribe(item(1))
        self.serve(item(2), item(1))
        self.hub.publish(self.topic)
        self.until_shown("reliance", lambda p: p["reliedOn"])
        self.serve(item(3), item(2), item(1))
        self.daemon.ask("poll-now", feed=self.topic)
        self.subscriber.article("Headline 3")
        self.until_shown("no reliance", lambda p: not p["reliedOn"])
        self.hub.publish(self.topic)
        self.until_shown("reliance again", lambda p: p["reliedOn"])

    def test_what_is_agreed_survives_a_restart_and_a_kill(self):
        self.subscribe(item(1))
        callback = self.hub.requests[0].callback
        for number, end in ((2, self.daemon.stop), (3, self.daemon.kill)):
            end()
            self.daemon.start()
            push = self.shown()
            self.assertEqual((push["state"], push["reliedOn"]), ("live", False))
            self.serve(item(number), item(1))
            self.assertEqual(self.hub.publish(self.topic), 200)
            harness.until("the event", lambda n=number: f"Headline {n}" in [e["data"].get("headline") for e in self.daemon.events()])
        self.assertEqual([r.callback for r in self.hub.requests], [callback], "nobody was asked again")

    def test_a_port_that_cannot_be_had_changes_nothing(self):
        self.subscribe(item(1))
        taken = self.hub.url.split("/")[2]
        self.daemon.configure(websub={"listen": taken, "public_url": f"http://{taken}"})
        with self.assertRaisesRegex(harness.Refused, f"websub.listen: listen on {taken}: Address already in use"):
            self.daemon.ask("reload")
        self.serve(item(2), item(1))
        self.assertEqual(self.hub.publish(self.topic), 200)
        self.subscriber.article("Headline 2")

    def test_a_feed_whose_hub_was_relied_on_is_asked_soon_after_a_start(self):
        self.subscribe(item(1))
        self.serve(item(2), item(1))
        self.hub.publish(self.topic)
        self.until_shown("reliance", lambda p: p["reliedOn"])
        polled = len(self.web.seen("/rss"))
        self.daemon.stop()
        self.daemon.configure(poll={"min_interval": "200ms", "default_interval": "200ms", "max_interval": "300ms"})
        self.daemon.start()
        self.web.wait("/rss", polled + 1)

    def test_another_public_address_is_told_to_the_hub(self):
        self.subscribe(item(1))
        self.daemon.configure(websub={"listen": self.listen, "public_url": f"http://{self.listen}/elsewhere"})
        self.daemon.ask("reload")
        self.advance(MINUTE)
        self.assertTrue(self.hub.wait_request(2).callback.startswith(f"http://{self.listen}/elsewhere/"))
        self.until_shown("the lease", lambda p: p["state"] == "live")

    def test_a_hub_of_many_feeds_keeps_no_other_waiting(self):
        other = hubs.Hub("127.0.0.8")
        self.addCleanup(other.close)
        self.hub.status = other.status = 503
        paths = [f"/many/{n}" for n in range(150)]
        for path in paths:
            self.serve(item(path), path=path)
        self.serve(item(0), headers={"Link": other.links(self.topic)})
        self.begin(feeds=[*paths, "/rss"])
        harness.until("all have failed once", lambda: self.counters()["failed"] == len(paths) + 1)
        asked = len(self.hub.requests)
        self.hub.status = other.status = 202
        self.daemon.configure(http={"allow": ["127.0.0.0/8"], "spacing": "1s", "per_host": "1"})
        self.daemon.ask("reload")
        self.advance(7 * MINUTE)
        other.wait_active(self.topic)
        self.assertLess(len(self.hub.requests) - asked, len(paths) // 3)

    def test_a_removed_feed_is_unsubscribed(self):
        self.subscribe(item(1))
        s = self.hub.active[self.topic]
        self.daemon.configure(feeds=[])
        self.daemon.ask("reload", force=True)
        request = self.hub.wait_request(mode="unsubscribe")
        self.assertEqual((request.topic, request.callback, request.secret), (s.topic, s.callback, None))
        self.assertEqual(self.hub.wait_verification(2), ("unsubscribe", 200, True))
        harness.until("the subscription is forgotten", lambda: self.counters()["leaving"] == 0)
        ask = self.hub.ask
        self.assertEqual(ask(s.callback, "unsubscribe", self.topic, "again")[:2], (200, b"again"), "its first answer was lost")
        self.assertEqual(ask(s.callback, "subscribe", self.topic, "c", 60)[0], 404, "another mode")
        self.assertEqual(ask(s.callback, "unsubscribe", self.topic + "x", "c")[0], 404, "another topic")
        self.assertEqual(ask(s.callback, "unsubscribe", self.topic, None)[0], 404, "no challenge")
        self.assertEqual(ask(s.callback[:-1], "unsubscribe", self.topic, "c")[0], 404, "another callback")
        self.advance(11 * MINUTE)
        self.assertEqual(ask(s.callback, "unsubscribe", self.topic, "c")[0], 404, "too late")
        self.hub.active[self.topic] = s
        self.assertEqual(self.hub.send(self.topic, harness.rss([item(2)]).body), 410)
        self.daemon.stop()
        with sqlite3.connect(self.daemon.dir / "wireroom.db") as store:
            self.assertEqual(store.execute("SELECT count(*) FROM push").fetchone(), (0,))

    def test_a_hub_that_forgets_nobody_is_left_alone_in_the_end(self):
        self.subscribe(item(1))
        self.hub.status = 500
        self.daemon.configure(feeds=[])
        self.daemon.ask("reload", force=True)
        for count in range(1, 6):
            self.hub.wait_request(count, mode="unsubscribe")
            harness.until("the failure", lambda n=count: self.counters()["failed"] == n)
            self.advance(2 * HOUR)
        harness.until("the subscription is forgotten", lambda: self.counters()["leaving"] == 0)

    def test_a_feed_that_names_its_hub_no_more_is_unsubscribed_after_three_documents(self):
        self.subscribe(item(1))
        for number in (2, 3, 4):
            self.assertEqual([r.mode for r in self.hub.requests], ["subscribe"])
            self.serve(item(number), headers={})
            self.daemon.ask("poll-now", feed=self.topic)
            self.subscriber.article(f"Headline {number}")
        self.hub.wait_request(mode="unsubscribe")


class Told(Pushed):
    def say(self, *words):
        command = [str(harness.BIN / "wireroom"), *words, "--socket", str(self.daemon.control)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=harness.PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_an_operator_sees_how_it_goes(self):
        self.hub.verify = "never"
        self.serve(item(1))
        self.begin()
        callback = self.hub.wait_request().callback
        self.until_shown("pending", lambda p: p["state"] == "pending")
        self.assertRegex(self.say("feeds", "show", self.topic), r"(?m)^hub +" + self.hub.url + r"$\n^pushed +no, the hub is to verify$")
        self.hub.ask(callback, "subscribe", self.topic, "c", 2 * DAY)
        self.assertRegex(self.say("feeds", "show", self.topic), r"(?m)^pushed +from the next push on$\n^lease until .*\(in 47h")
        self.hub.active[self.topic] = hubs.Subscription(callback, self.topic, self.hub.requests[0].secret, None)
        self.hub.send(self.topic, harness.rss([item(2)]).body)
        self.subscriber.article("Headline 2")
        self.until_shown("reliance", lambda p: p["reliedOn"])
        shown = self.say("feeds", "show", self.topic)
        self.assertRegex(shown, r"(?m)^pushed +yes, so it is asked seldom$")
        self.assertRegex(shown, r"(?m)^last push .*\((now|.* ago)\)$")
        self.assertEqual(json.loads(self.say("feeds", "show", "--json", self.topic))["push"]["state"], "live")
        self.assertRegex(self.say("status"), r"(?m)^pushes +1 subscriptions at hubs +1 live +1 relied on +1 taken")


class Guard(Pushed):
    def test_a_hub_on_a_private_address_is_never_connected_to(self):
        inside = hubs.Hub("127.0.0.9")
        self.addCleanup(inside.close)
        self.serve(item(1), headers={"Link": inside.links(self.topic)})
        self.begin(http={"allow": ["127.0.0.1"], "spacing": "0s"})
        push = self.until_shown("the refusal", lambda p: p["failures"] == 1)
        self.assertIn("is not public", push["error"])
        self.assertEqual(inside.connections, 0)

    def test_a_hub_cannot_lead_to_a_private_address(self):
        inside = hubs.Hub("127.0.0.9")
        self.addCleanup(inside.close)
        self.hub.status, self.hub.location = 307, inside.url
        self.serve(item(1))
        self.begin(http={"allow": ["127.0.0.1"], "spacing": "0s"})
        push = self.until_shown("the refusal", lambda p: p["failures"] == 1)
        self.assertIn("is not public", push["error"])
        self.assertEqual(inside.connections, 0)

    def test_a_hub_may_lead_to_another(self):
        other = hubs.Hub("127.0.0.9")
        self.addCleanup(other.close)
        self.hub.status, self.hub.location = 307, other.url
        self.serve(item(1))
        self.begin()
        other.wait_active(self.topic)
        self.until_shown("the lease", lambda p: p["state"] == "live")


if __name__ == "__main__":
    harness.main()
