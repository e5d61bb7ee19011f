"""Consumers with a name, and replay: the commands about them, against the real daemon."""
import json, subprocess

import harness
from harness import Item, rss


class Consumers(harness.Case):
    def setUp(self):
        super().setUp()
        self.published = 0
        self.web["/feed"] = lambda request: self.feed()

    def feed(self):
        self.published = min(self.published + 2, 100)
        return rss([Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), f"Summary {n}.")
                    for n in range(self.published, 0, -1)])

    def run_wireroom(self, *words):
        return subprocess.run([str(harness.BIN / "wireroom"), *words, "--socket", str(self.daemon.control)], capture_output=True, text=True)

    def lines(self, *words):
        done = self.run_wireroom(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_consumers_are_added_shown_reset_and_removed(self):
        self.start(["/feed"])
        self.subscriber.article("Headline 2")
        [added] = self.lines("consumers", "add", "archive", "--from", "first", "--filter", "all/article.new/", "--hold")
        self.assertEqual((added["name"], added["filter"], added["acknowledged"], added["hold"]), ("archive", "all/article.new/", 0, True))
        self.assertEqual(self.lines("consumers", "show", "archive")[0]["lag"] > 0, True)
        self.assertEqual(self.lines("consumers", "reset", "archive", "--from", "2"), [])
        self.assertEqual(self.lines("consumers", "show", "archive")[0]["acknowledged"], 1)
        told = self.run_wireroom("consumers", "list").stdout
        self.assertIn("archive", told)
        self.assertIn("holds the log", told)
        self.assertEqual(self.run_wireroom("consumers", "add", "archive").returncode, 1)
        self.assertIn("already", self.run_wireroom("consumers", "add", "archive").stderr)
        self.assertEqual(self.lines("consumers", "rm", "archive"), [{"name": "archive", "removed": True}])
        self.assertIn("nobody", self.run_wireroom("consumers", "list").stderr)
        done = self.run_wireroom("consumers", "show", "archive")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no consumer archive", done.stderr)

    def test_replay_prints_what_lies_between_two_points(self):
        self.start(["/feed"])
        self.subscriber.article("Headline 2")
        harness.until("ten are published", lambda: len(self.daemon.events()) >= 10)
        self.assertEqual([int(e["sequence"]) for e in self.lines("replay", "--from", "2", "--to", "4")], [2, 3, 4])
        some = self.lines("replay", "--filter", "all/article.new/")
        self.assertEqual({e["type"] for e in some}, {"wireroom.article.new.v1"})
        after = self.lines("replay", "--from", some[3]["recordedtime"])
        self.assertEqual(int(after[0]["sequence"]) <= int(some[3]["sequence"]), True)
        self.assertEqual(self.lines("replay", "--to", "2000-01-01T00:00:00Z"), [])
        self.assertIn("Headline", self.run_wireroom("replay").stdout)
        wrong = self.run_wireroom("replay", "--from", "noon")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("is no start", wrong.stderr)

    def test_keys_are_made_allowed_and_revoked(self):
        folder = str(self.folder / "keys")

        def keys(*words):
            return subprocess.run([str(harness.BIN / "wireroom"), "keys", *words, "--keys", folder], capture_output=True, text=True)
        self.assertEqual(keys("init").returncode, 0)
        self.assertIn("is there already", keys("init").stderr)
        pair = json.loads(keys("new", "archive", "--json").stdout)
        self.assertEqual(len(pair["secret"]), 40)
        self.assertEqual(json.loads(keys("list", "--json").stdout), {"public": pair["public"], "name": "archive"})
        self.assertEqual(keys("revoke", "archive").returncode, 0)
        self.assertEqual(keys("list").stdout, "")
        self.assertEqual(keys("revoke", "archive").returncode, 1)
        self.assertEqual(keys("allow", "short", "archive").returncode, 1)

    def test_beyond_this_machine_there_must_be_keys(self):
        config = self.folder / "far.yaml"
        for socket in ("pub", "pull"):
            config.write_text(json.dumps({"listen": {socket: "tcp://0.0.0.0:5560"}}))
            done = subprocess.run([str(harness.BIN / "wireroom"), "check-config", str(config)], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"listen.{socket} is reached from other machines", done.stderr)


if __name__ == "__main__":
    harness.main()
