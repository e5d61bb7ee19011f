"""What `wireroom doctor` finds wrong, and the command it names for it: with a daemon, with one that says what a test tells it to,
and without any."""
import copy, json, os, pathlib, resource, shutil, subprocess, tempfile, time, unittest

import harness
from command import Told, run


def iso(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))


VERSION = json.loads(run("version", "--json")[1])["version"]
STATUS = {
    "version": VERSION, "pid": 0, "config": "", "configLoaded": iso(-60), "feeds": {"total": 12, "ok": 12}, "troubles": [],
    "log": {"first": 1001, "head": 11000}, "store": {"path": "/s/wireroom.db", "file": 1 << 20, "max": 2 << 20, "wal": 4096, "free": 5 << 30},
    "quarantine": 0, "resting": [], "sites": {"degraded": []}, "listWarnings": [], "subscriptions": [],
}
CONSUMER = {"name": "desk", "lag": 0, "trimmed": 0, "heard": iso(-7300)}
FEED = {"id": "f0000012", "title": "Port Ellen Times", "url": "http://news.example/rss"}


def diagnosed(*words):
    code, out, err = run("doctor", "--json", *words)
    told = json.loads(out)
    assert (code, err, told["ok"]) == (1 if told["findings"] else 0, "", not told["findings"]), (code, err, told)
    return told


class Daemon(unittest.TestCase):
    """A daemon that tells of itself what the test wants."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        self.addCleanup(shutil.rmtree, self.folder)
        config = self.folder / "quick.yaml"
        config.write_text("stages: {chain: []}\n")  # no module has to be tried
        self.words = ["--config", config]

    def ask(self, consumers=(), found=(), **changes):
        status = copy.deepcopy(STATUS)
        for name, value in changes.items():
            status[name] = {**status[name], **value} if isinstance(status.get(name), dict) else value
        self.told = Told(self, {
            "status": [{"status": status, "done": True}],
            "feeds.list": lambda asked: [{"feed": f} for f in found if f["state"] == asked["state"]][:asked["limit"]] + [{"done": True}],
            "consumers.list": [{"consumer": {**CONSUMER, **c}} for c in consumers] + [{"done": True}],
        })
        return diagnosed("--socket", self.told.path, *self.words)

    def test_all_is_well(self):
        told = self.ask(consumers=[{}])
        self.assertEqual(told["findings"], [])
        self.assertLessEqual({"daemon", "configuration", "store", "disk", "clock", "feeds", "consumers", "quarantine"}, set(told["well"]))
        self.assertRegex(run("doctor", "--socket", self.told.path, *self.words)[1], r"^ok    daemon, configuration, [^\n]*consumers\n$")

    def test_people_are_told_the_worst_first(self):
        self.ask(quarantine=3, troubles=[{"part": "clock", "text": "2 h\033[2J behind"}])
        code, out, err = run("doctor", "--socket", self.told.path, *self.words)
        self.assertEqual((code, err), (1, ""))
        self.assertRegex(out, r"^FAIL  clock: 2 h.*behind\n      mend: timedatectl set-ntp true\n"
                              r"WARN  quarantine: 3 records were put aside\n      mend: wireroom quarantine list[^\n]*\nok    daemon, ")
        self.assertNotIn("\033", out)

    def test_each_trouble_is_named_with_what_mends_it(self):
        since = iso(-3600)
        for changes, level, part, text, mend in [
            (dict(version="0.0.9"), "warn", "daemon", "version 0.0.9 runs", "systemctl restart wireroomd"),
            (dict(store={"since": since, "full": True, "error": "no space left"}), "fail", "disk", "no space left", "make room on the disk of /s/wireroom.db"),
            (dict(store={"since": since, "locked": True, "error": "locked"}), "fail", "store", "nothing is polled", "fuser -v '/s/wireroom.db'"),
            (dict(store={"since": since, "lost": True, "error": "deleted"}), "fail", "store", "deleted", "systemctl restart wireroomd"),
            (dict(store={"walError": "disk is full"}), "fail", "write-ahead log", "disk is full", "make room"),
            (dict(store={"heldSince": since}), "warn", "write-ahead log", since, "fuser -v"),
            (dict(store={"max": 10 << 30, "free": 1 << 30}), "warn", "disk", "1.0 GiB left", "store.max to at most 1025MiB"),
            (dict(troubles=[{"part": "names", "text": "no name resolves"}]), "fail", "network", "no name resolves", "getent hosts"),
            (dict(troubles=[{"part": "certificates", "text": "no server is trusted"}]), "fail", "certificates", "trusted", "ca-certificates"),
            (dict(troubles=[{"part": "clock", "text": "2 h behind"}]), "fail", "clock", "2 h behind", "timedatectl"),
            (dict(listWarnings=["a.list:2: not a url"]), "warn", "lists", "a.list:2", "wireroom reload"),
            (dict(subscriptions=[{"url": "http://l.example/", "error": "status 404"}, {"url": "http://m.example/"}]), "warn", "lists", "status 404", "subscriptions"),
            (dict(feeds={"total": 0}), "warn", "feeds", "none is followed", "wireroom feeds add"),
            (dict(resting=[{"stage": "extract", "until": since}]), "fail", "stages", "all sites", "stages.chain"),
            (dict(resting=[{"stage": "names", "site": "a.example", "until": since}]), "warn", "stages", "a.example", "stages.chain"),
            (dict(sites={"degraded": [{"domain": "b.example"}]}), "warn", "sites", "b.example", "wireroom extract --explain"),
            (dict(quarantine=3), "warn", "quarantine", "3 records", "wireroom quarantine list"),
            (dict(consumers=[{"trimmed": 7}]), "fail", "consumers", "lost 7 events", "wireroom consumers rm 'desk'"),
            (dict(consumers=[{"lag": 6000}]), "warn", "consumers", "6000 events behind", "wireroom consumers rm 'desk'"),
        ]:
            with self.subTest(changes=changes):
                findings = self.ask(**changes)["findings"]
                self.assertEqual([(f["level"], f["part"]) for f in findings], [(level, part)])
                self.assertIn(text, findings[0]["text"])
                self.assertIn(mend, findings[0]["mend"])

    def test_what_is_usual_is_no_trouble(self):
        for changes in (dict(consumers=[{"lag": 900}, {"lag": 4000}]), dict(feeds={"slow": 3, "moved": 1, "parked": 2}),
                        dict(store={"file": 3 << 20, "free": 0}), dict(troubles=[{"part": "unheard of", "text": "x"}])):
            with self.subTest(changes=changes):
                self.assertEqual(self.ask(**changes)["findings"], [])

    def test_feeds_are_named_by_state(self):
        for state in ("gone", "unparsable", "blocked", "failing", "silent"):
            feeds = [{**FEED, "id": f"f000000{n}", "state": state, "title": f"Paper\033[31m {n}" if n else ""} for n in range(5)]
            with self.subTest(state=state):
                [one] = self.ask(found=feeds[:1], feeds={state: 1})["findings"]
                self.assertIn("http://news.example/rss (f0000000)", one["text"])
                self.assertRegex(one["mend"], r"^wireroom feeds (show|rm) f0000000$")
                [many] = self.ask(found=feeds, feeds={state: 5})["findings"]
                self.assertRegex(many["text"], rf"^5 {state}.*\(f0000002\), \.\.\.$")
                self.assertEqual(many["mend"], f"wireroom feeds list --state {state}")
                self.assertNotIn("\033", run("doctor", "--socket", self.told.path, *self.words)[1])

    def test_too_few_files_may_be_open(self):
        few = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.addCleanup(few.wait)
        self.addCleanup(few.kill)
        [finding] = self.ask(pid=few.pid)["findings"]
        self.assertEqual(finding["part"], "open files")
        self.assertIn("at most 64 may be open", finding["text"])
        self.assertIn("LimitNOFILE", finding["mend"])

    def test_a_configuration_that_was_not_read_yet(self):
        config, self.words = str(self.words[1]), []  # it is looked at because the daemon names it
        [finding] = self.ask(config=config)["findings"]
        self.assertEqual((finding["part"], finding["mend"]), ("configuration", "wireroom reload"))
        self.assertEqual(self.ask(config=config, configLoaded=iso(60))["findings"], [])

    def test_a_daemon_that_does_not_answer(self):
        told = Told(self, {})
        self.assertEqual([(f["level"], f["part"]) for f in diagnosed("--socket", told.path)["findings"]], [("fail", "daemon")])


class Absent(unittest.TestCase):
    """No daemon: what lies in files is looked at all the same."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.config = self.dir / "wireroom.yaml"

    def findings(self, config="instance: desk\n"):
        self.config.write_text(config)
        told = diagnosed("--dir", self.dir, "--config", self.config)
        self.assertEqual(told["findings"][0]["part"], "daemon")
        self.assertEqual(told["findings"][0]["mend"], f"wireroom run --dir '{self.dir}'")
        return told["findings"][1:], told["well"]

    def test_only_the_daemon_is_missing(self):
        found, well = self.findings("store: {max: 1MiB}\n")
        self.assertEqual(found, [])
        self.assertLessEqual({"configuration", "certificates", "disk"}, set(well))

    def test_how_it_is_started_fits_the_machine(self):
        mend = diagnosed("--socket", self.dir / "none.sock")["findings"][0]["mend"]
        self.assertEqual(mend.split(" wireroomd,")[0], "systemctl start" if os.path.isdir("/run/systemd/system") else "wireroom run")

    def test_a_configuration_with_an_error(self):
        for text, where in (("pol: {}\n", ":1:1: "), ("poll: {min_interval: 5}\n", ":1:"), ("stages: {chain: [absent]}\n", "absent")):
            [finding], _ = self.findings(text)
            self.assertEqual((finding["level"], finding["part"]), ("fail", "configuration"))
            self.assertIn(where, finding["text"])
            self.assertIn(f"wireroom check-config '{self.config}'", finding["mend"])

    def test_a_folder_without_certificates(self):
        (self.dir / "none").mkdir()
        [finding], _ = self.findings(f"store: {{max: 1MiB}}\nhttp: {{ca_path: {self.dir}/none}}\n")
        self.assertEqual((finding["level"], finding["part"]), ("fail", "certificates"))
        self.assertIn("openssl rehash", finding["mend"])

    def test_a_list_with_a_line_that_is_no_address(self):
        (self.dir / "a.list").write_text("http://news.example/rss\nnot an address\n")
        [finding], _ = self.findings(f"store: {{max: 1MiB}}\nfeeds: [{self.dir}/a.list]\n")
        self.assertEqual(finding["part"], "lists")
        self.assertIn("a.list:2", finding["text"])

    def test_a_file_that_is_no_store(self):
        (self.dir / "wireroom.db").write_bytes(b"not a database, and no empty file either\n" * 100)
        [finding], _ = self.findings("store: {max: 1MiB}\n")
        self.assertEqual((finding["level"], finding["part"]), ("fail", "store"))

    def test_a_disk_that_is_too_small_for_the_store(self):
        left = shutil.disk_usage(self.dir).free
        [finding], _ = self.findings(f"store: {{max: {(left >> 30) * 2 + 2}GiB}}\n")
        self.assertEqual((finding["level"], finding["part"]), ("warn", "disk"))


class Real(harness.Case):
    """The real daemon, and its store when it has gone."""

    def doctor(self):
        return diagnosed("--socket", self.daemon.control)

    def test_a_daemon_before_and_after_a_feed_fails(self):
        self.web["/rss"] = harness.rss([harness.Item("1", "A headline", self.web.url("/1"))])
        self.web["/1"] = harness.page("A headline", "Some text.")
        self.start(["/rss"], store={"max": "64MiB"})
        self.subscriber.article(headline="A headline")
        told = self.doctor()
        self.assertEqual(told["findings"], [])
        self.assertLessEqual({"daemon", "store", "write-ahead log", "open files", "feeds", "consumers"}, set(told["well"]))
        self.web["/rss"] = harness.Answer("no", 403)
        harness.until("the feed is blocked", lambda: any(f["state"] == "blocked" for f in self.daemon.feeds().values()))
        [finding] = self.doctor()["findings"]
        self.assertIn("f0000001", finding["text"])
        code, out, _ = run(*finding["mend"].split()[1:], "--socket", self.daemon.control)
        self.assertEqual(code, 0)
        self.assertIn("blocked", out)

    def test_the_store_that_a_daemon_left(self):
        self.start([], store={"max": "64MiB"})
        folder, config, store = self.daemon.dir, self.daemon.config, self.daemon.dir / "wireroom.db"
        self.assertEqual(self.daemon.stop(), 0)
        ask = lambda: diagnosed("--socket", folder / "control.sock", "--dir", folder, "--config", config)
        self.assertIn("store", ask()["well"])
        os.utime(store, (time.time() + 7200, time.time() + 7200))
        self.assertIn(("fail", "clock"), [(f["level"], f["part"]) for f in ask()["findings"]])
        with open(store, "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 8192)
        self.assertIn(("fail", "store"), [(f["level"], f["part"]) for f in ask()["findings"]])


if __name__ == "__main__":
    harness.main()
