"""Lists of feeds on disk that break, vanish and come back: the feeds they name stay who they are."""
import json, os, pathlib, signal, subprocess

import harness
from harness import Item, rss

WIREROOM = harness.BIN / "wireroom"


class Lists(harness.Case):
    def setUp(self):
        super().setUp()
        self.lists = self.folder / "lists"
        self.lists.mkdir()
        self.urls = [self.web.url(f"/{i}") for i in range(20)]
        for i in range(20):
            self.web[f"/{i}"] = rss([Item(f"g{i}", f"Story {i}", self.web.url(f"/p{i}"))])
        self.fill("a.list", self.urls[:3])
        self.fill("b.list", self.urls[3:5])
        self.start([])
        self.daemon.options["feeds"] = [str(self.lists / "*.list"), str(self.lists / "*.opml")]
        self.daemon.configure()
        self.reload()

    def fill(self, name, urls):
        (self.lists / name).write_text("".join(f"{u}\n" for u in urls))

    def reload(self, *words):
        done = subprocess.run([WIREROOM, "reload", "--socket", self.daemon.control, *words], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def ids(self):
        return {url: feed["id"] for url, feed in self.daemon.feeds().items()}

    def test_a_feed_that_its_list_brings_back_is_told_of(self):
        done = subprocess.run([WIREROOM, "feeds", "rm", "--socket", self.daemon.control, self.urls[0]], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, f"removed {self.urls[0]}\n"))
        self.assertIn(f"{self.lists}/a.list names it: it returns", done.stderr)
        self.assertNotIn(self.urls[0], self.ids())
        self.reload()
        self.assertIn(self.urls[0], self.ids())

    def test_feeds_stay_when_their_list_is_gone_empty_or_broken(self):
        before = self.ids()
        self.assertEqual(len(before), 5)
        os.rename(self.lists / "a.list", self.folder / "a.away")
        self.assertIn("a.list", self.reload())
        self.fill("b.list", [])
        self.assertIn("feeds stay (5 in all)", self.reload())
        os.rename(self.lists, self.folder / "unmounted")
        self.reload()
        self.assertEqual(self.ids(), before)
        os.rename(self.folder / "unmounted", self.lists)
        self.assertIn("-5 feeds", self.reload("--force"))
        self.assertEqual(self.ids(), {})
        self.fill("c.list", self.urls[:5])
        self.assertIn("+5 -0", self.reload())
        self.assertEqual(self.ids(), before)

    def test_a_list_that_cannot_be_read_is_read_once_it_can_be(self):
        """In the state that a first start may meet; without a reload, which is what edits of others wait for."""
        whole = f'<opml version="2.0"><body><outline xmlUrl="{self.urls[12]}"/></body></opml>'
        (self.lists / "cut.opml").write_text(whole[:-20])
        os.symlink(self.folder / "late", self.lists / "link.list")
        (self.lists / "folder.list").mkdir()
        os.mkfifo(self.lists / "pipe.list")
        self.daemon.stop()
        for path in self.daemon.dir.glob("wireroom.db*"):
            path.unlink()
        named = self.folder / "unmounted" / "named.list"
        self.daemon.options["feeds"].append(str(named))
        self.daemon.configure()
        self.daemon.start()
        known = self.ids()
        self.assertEqual(set(known), set(self.urls[:5]))
        self.fill("a.list", [self.urls[0], self.urls[19]])
        self.fill("../late", [self.urls[8]])
        (self.lists / "folder.list").rmdir()
        self.fill("folder.list", [self.urls[9]])
        (self.lists / "pipe.list").unlink()
        self.fill("pipe.list", [self.urls[10]])
        (self.lists / "cut.opml").write_text(whole)
        named.parent.mkdir()
        named.write_text(f"{self.urls[11]}\n")
        harness.until("all are followed", lambda: set(self.ids()) == set(self.urls[:5] + self.urls[8:13]), 2 * harness.PATIENCE)
        self.assertEqual({url: number for url, number in self.ids().items() if url in known}, known)
        self.assertNotRegex(self.status(), "(?m)^list ")
        said = self.daemon.log()[self.daemon.log().rindex("started: "):]
        self.assertNotIn("configuration reloaded", said)
        self.assertIn("+1 -2 feeds", self.reload())

    def test_a_list_that_is_lost_is_followed_again_as_it_then_is(self):
        os.rename(self.lists / "a.list", self.folder / "a.away")
        self.assertIn("feeds stay (3 in all)", self.reload())
        self.fill("b.list", [self.urls[3]])
        self.fill("a.list", self.urls[1:3] + self.urls[6:8])
        harness.until("it is followed", lambda: set(self.ids()) == set(self.urls[1:5] + self.urls[6:8]), 2 * harness.PATIENCE)

    def test_a_bad_line_costs_that_line_and_is_told_by_all(self):
        self.fill("a.list", [*self.urls[:3], "not a url", self.urls[5]])
        said = self.reload()
        self.assertIn("+1 -0 feeds", said)
        self.assertRegex(said, r"a\.list:4: not a url")
        self.assertEqual(len(self.ids()), 6)
        self.assertRegex(self.status(), r"(?m)^list      .*a\.list:4: not a url")
        checked = subprocess.run([WIREROOM, "check-config", "--json", self.daemon.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 1)
        self.assertRegex(json.loads(checked.stdout)["warnings"][0], r"a\.list:4: not a url")

        self.fill("a.list", [*self.urls[:3], self.urls[5]])
        self.reload()
        self.assertNotIn("a.list", self.status())

    def status(self):
        return subprocess.run([WIREROOM, "status", "--socket", self.daemon.control], capture_output=True, text=True, check=True, timeout=60).stdout

    def test_an_edit_is_taken_over_and_a_large_removal_wants_to_be_forced(self):
        self.fill("a.list", self.urls[:1])
        self.assertIn("-2 feeds", self.reload())
        self.fill("a.list", self.urls)
        self.reload()
        self.fill("a.list", self.urls[:5])
        self.assertIn("15 of 20 feeds are in no list any more", self.reload())
        self.assertEqual(len(self.ids()), 20)
        self.assertIn("-15 feeds", self.reload("--force"))
        self.assertEqual(len(self.ids()), 5)

    def test_a_list_is_imported_as_it_is_followed(self):
        path = self.folder / "mine.list"
        path.write_text(f"\ufeff# ours\n{self.urls[6]} The title\n{self.urls[7]}  # a remark\nfeed:{self.urls[8]}\n{self.urls[9].replace('/9', '/my feed.xml')}\n"
                        f"{self.urls[6]}\n\nnot an address\n")
        done = subprocess.run([WIREROOM, "feeds", "import", "--socket", self.daemon.control, path], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "6 lines: 4 added, 1 already there, 0 not a feed, 1 refused\n")
        self.assertIn("not an address", done.stderr)
        feeds = self.daemon.feeds()
        self.assertEqual(feeds[self.urls[6]]["title"], "The title")
        self.assertLessEqual({self.urls[7], self.urls[8], self.urls[9].replace("/9", "/my%20feed.xml")}, set(feeds))

    def test_tags_are_cut_between_letters(self):
        for n, before in enumerate(("", "x")):
            self.daemon.ask("feeds.add", feeds=[{"url": self.urls[10 + n], "tags": before + "\u0448" * 5000}])
            tags = self.daemon.feeds()[self.urls[10 + n]]["tags"]
            self.assertRegex(tags, f"^{before}\u0448+$")
        subprocess.run([WIREROOM, "feeds", "export", "--socket", self.daemon.control], capture_output=True, check=True, timeout=60).stdout.decode()  # is UTF-8

    def test_reload_names_what_holds_from_the_next_start_on(self):
        self.assertNotIn("next start", self.reload())
        self.daemon.configure(instance="other", store={"keep": "2d"})
        self.assertRegex(self.reload(), r"; from the next start on: instance\n")
        self.daemon.configure(poll={"max_interval": "700ms"}, http={"timeout": "9s"}, workers={"deadline": "6s"})
        self.assertRegex(self.reload(), r"stages changed; changed: http\.timeout, poll\.max_interval, workers\.deadline; from the next start on: instance\n")
        self.assertNotIn("; changed:", self.reload())
        self.daemon.configure(instance="test")
        self.assertNotIn("next start", self.reload())

    def test_a_signal_to_reload_while_starting_is_obeyed_once_it_runs(self):
        self.daemon.stop()
        with open(self.daemon.log_path, "ab") as log:
            process = subprocess.Popen(self.daemon.command("--test-clock", str(self.daemon.clock.path)), stderr=log)
        before = self.daemon.log().count("configuration reloaded")
        harness.until("it catches the signal", lambda: self.catches(process.pid))
        process.send_signal(signal.SIGHUP)
        self.daemon.process = process
        harness.until("the daemon takes commands", self.daemon.is_up)
        harness.until("it has reloaded", lambda: self.daemon.log().count("configuration reloaded") > before)

    def catches(self, pid):
        """As proc(5) tells; before that it is ignored, and before main() it would end the program, as any."""
        status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        return int(status["SigCgt"], 16) & 1 << signal.SIGHUP - 1


if __name__ == "__main__":
    harness.main()
