"""What an operator does and what the world does to a daemon: reload, restart, hostile answers, modules that crash."""
import gzip, os, re, signal, subprocess

import harness
from harness import Answer, Item, page, rss


class Operate(harness.Case):
    def setUp(self):
        super().setUp()
        for name in "abc":
            self.web[f"/{name}"] = rss([Item(f"{name}1", f"First of feed {name}", self.web.url(f"/{name}/1"), f"From {name}.")], title=name)

    def test_reload_adds_a_feed_and_takes_one_away(self):
        self.start(["/a", "/b"])
        self.subscriber.article("First of feed a")
        self.subscriber.article("First of feed b")
        self.daemon.configure(feeds=[self.web.url("/b"), self.web.url("/c")])
        self.daemon.ask("reload")
        self.subscriber.article("First of feed c")
        self.assertEqual(set(self.daemon.feeds()), {self.web.url("/b"), self.web.url("/c")})
        asked = len(self.web.seen("/a"))
        self.web.more("/b", 3)
        self.web.more("/c", 3)
        self.assertLessEqual(len(self.web.seen("/a")), asked + 1)

    def test_a_signal_reloads_too(self):
        self.start(["/a"])
        self.subscriber.article("First of feed a")
        self.daemon.configure(feeds=[self.web.url("/a"), self.web.url("/b")])
        self.daemon.process.send_signal(signal.SIGHUP)
        self.subscriber.article("First of feed b")

    def test_a_bad_configuration_is_refused_and_the_daemon_goes_on(self):
        self.start(["/a"])
        self.subscriber.article("First of feed a")
        good = self.daemon.config.read_text()
        self.daemon.config.write_text("poll:\n  min_intervall: 5s\n")
        with self.assertRaises(harness.Refused) as refused:
            self.daemon.ask("reload")
        self.assertIn("wireroom.yaml:2:3:", str(refused.exception))
        self.assertIn("min_interval", str(refused.exception))
        self.web.more("/a", 2)
        self.daemon.config.write_text(good)
        self.daemon.ask("reload")

    def test_check_config_says_where_and_what(self):
        bad = self.folder / "bad.yaml"
        bad.write_text("http:\n  timeout: 5\npoll:\n  nope: 1\n")
        result = subprocess.run([harness.BIN / "wireroomd", "--check-config", "--config", bad], capture_output=True, text=True)
        self.assertNotEqual(result.returncode, 0)
        for place in ("bad.yaml:2:12:", "bad.yaml:4:3:"):
            self.assertIn(place, result.stdout + result.stderr)
        good = self.folder / "good.yaml"
        good.write_text("http: { timeout: 5s }\n")
        result = subprocess.run([harness.BIN / "wireroomd", "--check-config", "--config", good], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_second_start_publishes_nothing_twice(self):
        self.start(["/a", "/b", "/c"])
        for name in "abc":
            self.subscriber.article(f"First of feed {name}")
        for _ in range(2):
            self.assertEqual(self.daemon.stop(), 0)
            self.daemon.start()
            for name in "abc":
                self.web.more(f"/{name}", 2)
        self.assertEqual(len(self.check_log()), 3)

    def test_the_chain_runs_in_one_process_too(self):
        self.start(["/a"], "--inline")
        self.subscriber.article("First of feed a")
        self.assertEqual(self.daemon.workers(), [])

    def test_each_step_of_a_record_is_told_at_level_debug(self):
        self.start(["/a"], "--log-level", "debug", stages={"chain": ["language", "neardup"]})
        self.subscriber.article("First of feed a")
        harness.until("its end is told", lambda: 'step="end"' in self.daemon.log())
        self.assertEqual(re.findall(r'record: step="([^"]+)"', self.daemon.log()),
                         ["page", "stages", "ordered stages", "commit", "published", "end"])

    def test_the_signal_of_a_watchdog_ends_it(self):
        self.start(["/a"])
        self.daemon.process.send_signal(signal.SIGABRT)
        self.assertEqual(self.daemon.ended(harness.PATIENCE), -signal.SIGABRT)
        self.assertRegex(self.daemon.log(), rf"error: aborted by process {os.getpid()}, as a watchdog does")

    def test_a_worker_that_is_killed_is_replaced(self):
        self.start(["/a"])
        self.subscriber.article("First of feed a")
        before = self.daemon.workers()
        self.assertTrue(before)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        self.web["/a"] = rss([Item("a2", "Second of feed a", self.web.url("/a/2"), "More.")])
        self.subscriber.article("Second of feed a")
        self.assertFalse(set(before) & set(self.daemon.workers()))


class Away(harness.Case):
    """What is the fault of no feed."""

    def status(self):
        return subprocess.run([harness.BIN / "wireroom", "status", "--socket", self.daemon.control], capture_output=True, text=True).stdout

    def test_no_network_is_told_once_and_blamed_on_no_feed(self):
        away = [f"http://127.0.0.{i}:1/feed" for i in (2, 3, 4)]  # nobody listens there
        self.start(away)
        harness.until("all were asked", lambda: all(f.get("error") for f in self.daemon.feeds().values()))
        self.daemon.clock.advance(400)  # they are asked again: it was no matter of seconds
        event = self.subscriber.wait("network", lambda e: e["type"] == "wireroom.daemon.state.v1")
        self.assertEqual((event["data"]["part"], event["data"]["state"], event["subject"]), ("network", "trouble", "network"))
        self.assertIn("no host answers", self.status().splitlines()[0])
        self.daemon.clock.advance(700)
        self.web["/good"] = rss([Item("1", "A good headline", self.web.url("/1"), "Good news.")])
        self.daemon.configure(feeds=[*away, self.web.url("/good")])
        self.daemon.ask("reload")
        over = self.subscriber.wait("network again", lambda e: e["type"] == "wireroom.daemon.state.v1" and e["data"]["state"] == "ok")
        self.assertNotIn("no host answers", self.status())
        before = self.subscriber.events[:self.subscriber.events.index(over)]
        self.assertEqual([e["type"] for e in before], ["wireroom.daemon.state.v1"])


class Hostile(harness.Case):
    """One bad feed never harms a good one."""

    def check(self, bad, is_error=True, **options):
        self.web["/good"] = rss([Item("1", "A good headline", self.web.url("/1"), "Good news.")])
        self.web["/bad"] = bad
        self.start(["/bad", "/good"], **options)
        self.subscriber.article("A good headline")
        self.web.wait("/bad", 1)
        self.web["/good"] = rss([Item("2", "Another good headline", self.web.url("/2"), "More good news.")])
        self.subscriber.article("Another good headline")
        error = is_error and harness.until("the feed's error", lambda: self.daemon.feeds()[self.web.url("/bad")].get("error"))
        self.assertEqual({a["feed"]["url"] for a in self.subscriber.articles()}, {self.web.url("/good")})
        return error

    def test_a_page_in_place_of_a_feed(self):
        self.check(page("Not a feed"))

    def test_an_error_of_the_server(self):
        self.assertIn("500", self.check(Answer("trouble", status=500)))

    def test_bytes_that_are_nothing(self):
        self.check(Answer(bytes(range(256)) * 40, type="application/rss+xml"))

    def test_a_connection_that_is_closed_at_once(self):
        self.check(Answer(raw=b""))

    def test_a_status_line_that_is_none(self):
        self.check(Answer(raw=b"\x16\x03\x01\x02\x00 hello\r\n\r\n"))

    def test_redirects_in_a_circle(self):
        self.check(Answer(status=302, headers={"Location": "/bad"}))

    def test_a_redirect_into_a_private_network(self):
        self.check(Answer(status=302, headers={"Location": "http://10.11.12.13/feed"}))

    def test_a_redirect_to_the_address_of_cloud_metadata(self):
        self.check(Answer(status=301, headers={"Location": "http://169.254.169.254/latest/meta-data/"}))

    def test_a_redirect_to_a_file(self):
        self.check(Answer(status=302, headers={"Location": "file:///etc/passwd"}))

    def test_a_body_over_the_limit(self):
        self.check(Answer(b"<rss>" + b" " * (2 << 20), type="text/xml"), http={"max_body": "1MiB"})

    def test_a_small_body_that_unpacks_to_a_huge_one(self):
        self.check(Answer(gzip.compress(b"<rss version='2.0'><channel>" + b" " * (80 << 20)), type="text/xml",
                          headers={"Content-Encoding": "gzip"}))

    def test_entities_that_multiply(self):
        bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)) + "]>"
        self.check(Answer(f'<?xml version="1.0"?>{bomb}<rss version="2.0"><channel><title>&j;</title></channel></rss>', type="text/xml"),
                   is_error=False)
        self.assertLess(len(self.daemon.feeds()[self.web.url("/bad")].get("title") or ""), 100_000)

    def test_a_feed_that_dies_is_told(self):
        self.web["/dying"] = rss([Item("1", "The last headline", self.web.url("/1"), "Good bye.")])
        self.start(["/dying"])
        self.subscriber.article("The last headline")
        self.web["/dying"] = Answer("closed", status=410)
        event = self.subscriber.wait("feed.state gone", lambda e: e["type"] == "wireroom.feed.state.v1" and e["data"]["state"] == "gone")
        self.assertEqual(event["data"]["httpStatus"], 410)
        self.assertEqual(event["data"]["url"], self.web.url("/dying"))


if __name__ == "__main__":
    harness.main()
