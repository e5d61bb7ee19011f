"""The store when its disk is full, its file locked, damaged or restored: what is said is so, and nothing is lost."""
import json, os, resource, sqlite3, subprocess, threading

import harness
from harness import Item, rss, until


class Store(harness.Case):
    def setUp(self):
        super().setUp()
        self.web["/a"] = rss([Item("1", "A first headline", self.web.url("/1"), "Words.")])

    def wireroom(self, *words, **more):
        done = subprocess.run([harness.BIN / "wireroom", *map(str, words), "--socket", str(self.daemon.control)],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=harness.PATIENCE, **more)
        return done.returncode, done.stdout, done.stderr

    def limit_files(self, size):
        """A disk on which no file of the daemon grows over size, or the end of that."""
        pid, hard = self.daemon.process.pid, resource.RLIM_INFINITY
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def added(self, name):
        return self.wireroom("feeds", "add", "--unseen", self.web.url(name))

    def trouble(self):
        return self.daemon.ask("status")[0]["status"]["store"]

    def test_a_full_disk_is_said_first_and_nothing_is_said_to_be_added(self):
        self.start(["/a"], poll={"min_interval": "1h", "max_interval": "2h", "default_interval": "1h"})
        self.subscriber.article("A first headline")
        self.limit_files((self.daemon.dir / "wireroom.db-wal").stat().st_size)
        code, out, err = self.added("/b")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("no room on the disk of", err)
        # Whoever writes first finds out: the daemon's own housekeeping may have, and then nothing is tried.
        kept = "not on the disk yet" in err
        self.assertTrue(kept or "nothing is changed" in err, err)
        code, out, err = self.added("/c")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("nothing is changed", err)
        self.assertIn("nothing is changed", self.wireroom("feeds", "rm", self.web.url("/a"))[2])
        self.assertIn(self.web.url("/a"), self.daemon.feeds())
        code, out, _ = self.wireroom("status")
        self.assertEqual(code, 1)
        self.assertRegex(out, r"^STORE FULL since [-0-9 ]*\d\d:\d\d, nothing is polled: no room on the disk of .*wireroom\.db")
        code, out, _ = self.wireroom("status", "--json")
        self.assertEqual((code, json.loads(out)["store"]["full"]), (1, True))
        self.assertIsNotNone(json.loads(out)["store"]["since"])
        self.limit_files(None)
        until("the store can be written", lambda: not self.trouble()["full"])
        until("it is said", lambda: "store can be written again" in self.daemon.log())
        self.assertEqual(self.wireroom("status")[0], 0)
        self.assertEqual(self.added("/d")[0], 0)
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(set(self.daemon.feeds()), {self.web.url(f"/{name}") for name in ("abd" if kept else "ad")})

    def test_locked_is_not_full(self):
        self.start(["/a"], poll={"min_interval": "1h", "max_interval": "2h", "default_interval": "1h"})
        self.subscriber.article("A first headline")
        other = sqlite3.connect(self.daemon.dir / "wireroom.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        code, _, err = self.added("/b")
        self.assertEqual(code, 1)
        self.assertRegex(err, "another program holds .*wireroom.db locked")
        self.assertTrue(self.trouble()["locked"])
        self.assertFalse(self.trouble()["full"])
        self.assertRegex(self.wireroom("status")[1], r"^STORE LOCKED since ")
        other.execute("ROLLBACK")
        other.close()
        until("the store can be written", lambda: not self.trouble()["locked"])
        log = self.daemon.log()
        self.assertIn("store is locked, nothing is polled until that program lets go", log)
        self.assertNotIn("store is full", log)

    def test_who_may_not_ask_is_told_so(self):
        self.start([])
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder.chmod(0o700 if nobody else 0)
        try:
            code, _, err = self.wireroom("status", **nobody)
        finally:
            self.folder.chmod(0o700)
        self.assertEqual(code, 1)
        self.assertIn("you may not use", err)
        self.assertIn("join the group", err)
        self.assertNotIn("no daemon", err)

    def store(self, *words):
        done = subprocess.run([harness.BIN / "wireroom", "store", *words, "--store", self.daemon.dir / "wireroom.db"],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=harness.PATIENCE)
        return done.returncode, done.stdout, done.stderr

    def test_a_restored_store_goes_on_under_a_new_epoch(self):
        self.start(["/a"])
        first = self.subscriber.article("A first headline")
        code, _, err = self.store("new-epoch")
        self.assertEqual(code, 1)
        self.assertIn("in use by another daemon", err)
        self.daemon.stop()
        old = first["id"].split("-")[0]
        code, out, _ = self.store("new-epoch", "--json")
        made = json.loads(out)
        self.assertEqual((code, made["old"]), (0, old))
        self.assertNotEqual(made["epoch"], old)
        self.web["/a"] = rss([Item("2", "A second headline", self.web.url("/2"), "Words.")])
        self.daemon.start()
        second = self.subscriber.article("A second headline")
        self.assertEqual(second["id"].split("-")[0], made["epoch"])
        self.assertEqual(int(second["sequence"]), int(first["sequence"]) + 1)
        self.assertEqual([e["id"] for e in self.daemon.events()][0], first["id"])

    def test_a_damaged_store_names_the_way_out_and_gives_its_feeds(self):
        feeds = [self.web.url("/a")] + [self.web.url(f"/{i:03}/{'x' * 200}") for i in range(99)]
        self.start([], poll={"min_interval": "1h", "max_interval": "2h", "default_interval": "1h"})
        self.daemon.ask("feeds.add", feeds=[{"url": url} for url in feeds])
        self.subscriber.article("A first headline")
        self.daemon.stop()
        code, out, err = self.store("check")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("100 feeds, 1 articles", out)
        self.assertRegex(out, r"(?m)^ok$")
        self.assertEqual(self.store("export-feeds")[1].count("xmlUrl="), 100)
        path = self.daemon.dir / "wireroom.db"
        whole = path.read_bytes()
        db = sqlite3.connect(path)
        pages = [n for (n,) in db.execute("SELECT pageno FROM dbstat WHERE name = 'feed' AND pagetype = 'leaf' ORDER BY pageno")] \
            if self.has_dbstat(db) else [whole.index(b"/050/xxx") // 4096 + 1]
        db.close()
        at = (pages[len(pages) // 2] - 1) * 4096
        path.write_bytes(whole[:at] + bytes(4096) + whole[at + 4096:])
        done = subprocess.run(self.daemon.command(), capture_output=True, text=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 1)
        for words in (str(path), "damaged", "wireroom store check", "export-feeds"):
            self.assertIn(words, done.stderr.splitlines()[-1])
        code, out, _ = self.store("check")
        self.assertEqual(code, 1)
        self.assertRegex(out, "(?m)^damaged: ")
        self.assertIn(".recover", out)
        code, out, err = self.store("export-feeds", "--json")
        saved = {json.loads(line)["url"] for line in out.splitlines()}
        self.assertEqual(code, 1)
        self.assertIn("may be missing", err)
        self.assertGreater(len(saved), 60)
        self.assertLess(len(saved), 100)
        self.assertIn(feeds[0], saved)
        self.assertIn(feeds[-1], saved)
        path.write_bytes(b"no store at all" * 1000)
        for verb in ("check", "export-feeds"):
            code, out, err = self.store(verb)
            self.assertEqual((code, out), (1, ""), verb)
            self.assertIn(str(path), err)

    def test_what_was_put_aside_is_listed_shown_retried_and_removed(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def held(request):
            go_on.wait(harness.PATIENCE)
            return harness.page(f"Headline {request.path[1:]}", "Some text.")

        for n in (1, 2, 3):
            self.web[f"/{n}"] = held
        self.web["/a"] = rss([Item(str(n), f"Headline {n}", self.web.url(f"/{n}"), "Words.") for n in (1, 2, 3)])
        self.start(["/a"])
        until("three wait", lambda: self.daemon.ask("status")[0]["status"]["records"]["inFlight"] == 3)
        self.daemon.kill()
        path = self.daemon.dir / "wireroom.db"
        db = sqlite3.connect(path)
        db.execute("UPDATE pending SET cause = 'it killed two workers'")  # as the daemon does
        db.execute("INSERT INTO counter (id, name, value) VALUES (99, 'entries.quarantined', 3)")
        db.commit()
        db.close()
        go_on.set()
        self.daemon.start()
        listed = [json.loads(line) for line in self.wireroom("quarantine", "list", "--json")[1].splitlines()]
        self.assertEqual([(e["url"], e["feed"], e["feedUrl"], e["cause"]) for e in listed],
                         [(self.web.url(f"/{n}"), "f0000001", self.web.url("/a"), "it killed two workers") for n in (3, 2, 1)])
        ids = [e["id"] for e in listed]
        self.assertRegex(self.wireroom("status")[1], r"(?m)^put aside 3 records: wireroom quarantine list$")
        shown = json.loads(self.wireroom("quarantine", "show", "--json", ids[0])[1])
        self.assertEqual(shown["record"]["headline"], "Headline 3")
        self.assertIn("it killed two workers", self.wireroom("quarantine", "show", ids[0])[1])
        code, out, err = self.wireroom("quarantine", "retry", ids[0], 4711)
        self.assertEqual((code, out), (1, f"{ids[0]} is tried again\n"))
        self.assertIn("4711: no such record", err)
        self.subscriber.article("Headline 3")
        self.assertEqual(self.wireroom("quarantine", "rm", ids[1])[0], 0)
        self.assertEqual(self.wireroom("quarantine", "retry", "--all")[0], 0)
        self.subscriber.article("Headline 1")
        self.assertEqual(self.wireroom("quarantine", "list")[1:], ("", "nothing is quarantined\n"))
        self.assertEqual(self.wireroom("quarantine", "retry")[0], 2)
        status = self.daemon.ask("status")[0]["status"]
        self.assertEqual((status["quarantine"], status["entries"]["quarantined"]), (0, 0))
        self.assertEqual((status["entries"]["published"], status["entries"]["dropped"]), (2, 1))
        self.assertNotIn("Headline 2", [a["headline"] for a in self.subscriber.articles()])

    @staticmethod
    def has_dbstat(db):
        return ("ENABLE_DBSTAT_VTAB",) in db.execute("PRAGMA compile_options").fetchall()


if __name__ == "__main__":
    harness.main()
