"""The shape of all JSON: what each verb answers under --json, and HTTP, is as `wireroom schema` says, and no more than that; errors
have one shape, and exit codes are those of wireroom(1)."""
import contextlib, json, os, re, shutil, signal, socket, sqlite3, subprocess, urllib.request

import jsonschema

import command, harness
from harness import Item, page, rss, until

# What stories and topics are made of: each report is of a publisher of its own.
REPORTS = {"ferry": ("Ferry runs aground off Halvik with 212 aboard",
                     "The ferry Nordlys Star ran aground on a reef off Halvik early on Tuesday with 212 people aboard, and all were brought ashore by noon.",
                     "The harbour master of Halvik, Ingrid Solheim, said that the radar of the Nordlys Star had failed an hour before."),
           "copy": ("Ferry runs aground off Halvik with 212 aboard",
                    "The ferry Nordlys Star ran aground on a reef off Halvik early on Tuesday with 212 people aboard, and all were brought ashore by noon.",
                    "The harbour master of Halvik, Ingrid Solheim, said that the radar of the Nordlys Star had failed an hour before.")}
SEEN = set()  # verbs whose answers were held to their schema

LISTED = [line for line in command.run("schema")[1].splitlines() if line != "events"]


def schema(verb):
    return json.loads(command.run("schema", *verb.split())[1])


def names(node):
    """All names of members a schema has, and those of a value."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from names(value)
    elif isinstance(node, list):
        for value in node:
            yield from names(value)


class Shape(harness.Case):
    def check(self, verb, value):
        found = schema(verb)
        if found.get("$ref") == harness.SCHEMA["$id"]:
            harness.VALIDATOR.validate(value)
        else:
            jsonschema.Draft202012Validator(found).validate(value)

    def say(self, *words, verb=None, code=0, daemon=True, stdin=b""):
        """Run a verb, hold each line of its answer to the schema, and return them."""
        words = [str(word) for word in words]
        verb = verb or " ".join(words[:2] if " ".join(words[:2]) in LISTED else words[:1])
        where = ("--socket", self.daemon.control) if daemon else ()
        found, out, err = command.run(*words, *where, "--json", stdin=stdin)
        self.assertIn(found, (0, 1) if code is None else (code,), (words, out, err))
        lines = [json.loads(line) for line in out.splitlines()]
        for line in lines:
            self.check(verb, line)
        SEEN.add(verb)
        return lines

    @contextlib.contextmanager
    def saying(self, *words, verb):
        """A verb that goes on: its lines, each held to the schema, one whenever it is asked for."""
        process = subprocess.Popen([command.WIREROOM, *map(str, words), "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=command.environment())
        try:
            def following():
                for line in process.stdout:
                    self.check(verb, json.loads(line))
                    SEEN.add(verb)
                    yield json.loads(line)
            yield following()
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            process.stdout.close()
            process.wait(harness.PATIENCE)

    def serve(self):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        http = listener.getsockname()[1]
        listener.close()
        self.web["/rss"] = rss([Item(str(n), f"Harbour {n} closed", self.web.url(f"/{n}"), "Words.") for n in range(3)], title="Port Ellen Times")
        for n in range(3):
            self.web[f"/{n}"] = page(f"Harbour {n} closed", "The harbour was closed on Saturday.")
        self.web["/bad"] = harness.Answer("no", 500)
        self.start(["/rss", "/bad"], listen={"pub": f"ipc://{self.folder}/pub.sock", "control": str(self.folder / "control.sock"),
                                            "pull": f"ipc://{self.folder}/pull.sock", "http": f"127.0.0.1:{http}"})
        for n in range(3):
            self.subscriber.article(f"Harbour {n} closed")
        until("the other failed", lambda: self.daemon.feeds()[self.web.url("/bad")]["failures"] > 0)
        return http

    def test_answers_of_a_daemon(self):
        http = self.serve()
        first = self.web.url("/0")
        self.assertEqual(len(self.say("feeds", "list")), 2)
        self.say("feeds", "show", "f0000001")
        self.assertTrue(self.say("feeds", "history", "f0000001"))
        self.say("feeds", "export")
        for verb, did in (("pause", "paused"), ("resume", "resumed"), ("poll", "due")):
            self.assertIs(self.say("feeds", verb, "f0000001")[0][did], True)
        (status,) = self.say("status")
        self.assertEqual((status["entries"]["seen"] > 2, status["entries"]["unaccounted"]), (True, 0))
        self.assertEqual(len(self.say("top", "--times", "1")), 1)
        self.say("doctor", code=None)  # 1 when the feed has failed often enough by now
        self.say("article", "show", first)
        self.assertEqual(self.say("why", first)[0]["end"]["how"], "published")
        for words in (("replay",), ("tail", "--since", "0", "--no-follow"), ("story", "list"), ("topic", "list"), ("quarantine", "list"), ("reload",)):
            self.say(*words)
        self.say("consumers", "add", "desk")
        self.assertEqual(len(self.say("consumers", "list")), 1)
        for verb in ("show", "reset"):
            self.say("consumers", verb, "desk")
        self.assertEqual(self.say("consumers", "rm", "desk"), [{"name": "desk", "removed": True}])
        self.say("feeds", "test", self.web.url("/rss"))
        self.assertEqual(self.say("feeds", "import", "-", stdin=self.web.url("/rss").encode())[0]["known"], 1)
        with_page = f"<opml version='2.0'><body><outline text='A, b'><outline text='T' htmlUrl='http://t.example/' xmlUrl='{self.web.url('/rss?1')}'/></outline></body></opml>"
        self.assertEqual(self.say("feeds", "import", "-", stdin=with_page.encode())[0]["added"], 1)
        (told,) = [feed for feed in self.say("feeds", "list") if "link" in feed]
        self.assertEqual((told["link"], told["tagList"]), ("http://t.example/", ["A, b"]))
        self.say("feeds", "rm", told["id"])
        self.say("feeds", "add", self.web.url("/rss"))
        self.web["/new"] = rss([Item("n", "New", self.web.url("/n"))])
        self.assertIs(self.say("feeds", "add", self.web.url("/new"))[0]["added"], True)
        self.say("feeds", "discover", self.web.url("/new"))
        self.assertIs(self.say("feeds", "rm", self.web.url("/new"))[0]["removed"], True)
        self.http(http)
        self.say("stop")
        self.daemon.process.wait(harness.PATIENCE)
        self.daemon.start()

    def publish(self, *names):
        for name in names:
            headline, *text = REPORTS[name]
            self.web[f"/{name}"] = page(headline, *text, filler=0)
        self.web["/rss"] = rss([Item(name, REPORTS[name][0], self.web.url(f"/{name}", f"{name}.localhost")) for name in names])

    def test_answers_of_stories(self):
        self.publish("ferry")
        self.start(["/rss"], http={"allow": ["127.0.0.0/8", "::1"]},
                   stages={"dir": str(harness.STAGES), "chain": ["extract", "headline", "language", "origin", "names", "neardup", "story"]})
        self.subscriber.article(REPORTS["ferry"][0])
        with self.saying("story", "watch", "--socket", self.daemon.control, verb="story watch") as watched:
            until("somebody watches", lambda: self.daemon.ask("status")[0]["status"]["pub"]["subscriptions"] > 2)
            self.publish("copy", "ferry")
            told = next(watched)["data"]
        self.assertEqual([line["data"]["uri"] for line in self.say("story", "show", told["uri"])], [told["uri"]])
        self.assertEqual(len(self.say("story", "list")), 1)
        self.assertEqual(len(self.say("topic", "list")), 1)
        self.assertEqual([line["data"]["uri"] for line in self.say("topic", "show", told["topic"]["uri"])], [told["uri"]])

    def test_answers_of_what_was_put_aside(self):
        self.web["/rss"] = rss([Item(str(n), f"Harbour {n} closed", self.web.url(f"/{n}"), "Words.") for n in range(3)])
        for n in range(3):
            self.web[f"/{n}"] = harness.Answer("later", 503)  # the records wait for their pages
        self.start(["/rss"])
        until("three wait", lambda: self.daemon.ask("status")[0]["status"]["entries"]["pending"] == 3)
        self.daemon.kill()
        with contextlib.closing(sqlite3.connect(self.daemon.dir / "wireroom.db")) as db, db:
            db.execute("UPDATE pending SET cause = 'killed two workers'")
            db.execute("INSERT INTO counter (name, value) VALUES ('entries.quarantined', 3) ON CONFLICT (name) DO UPDATE SET value = 3")
        self.daemon.start()
        entries = self.say("quarantine", "list")
        self.assertEqual([e["cause"] for e in entries], ["killed two workers"] * 3)
        first, second, _ = (e["id"] for e in entries)
        self.assertEqual(self.say("quarantine", "show", first)[0]["id"], first)
        self.assertIs(self.say("quarantine", "retry", first)[0]["retried"], True)
        self.assertIs(self.say("quarantine", "rm", second)[0]["removed"], True)
        self.say("quarantine", "rm", "--all")

    def test_answers_that_are_events_of_a_daemon_of_their_own(self):
        self.web["/rss"] = rss([Item("1", "Harbour closed", self.web.url("/1"), "Words.")])
        self.start(["/rss"])
        self.subscriber.article("Harbour closed")
        self.assertEqual(self.daemon.stop(), 0)
        own = self.folder / "own"
        (own / "feeds").mkdir(parents=True)
        (own / "feeds" / "a.list").write_text(self.web.url("/rss") + "\n")
        config = own / "own.yaml"
        config.write_text(json.dumps({"http": {"allow": ["127.0.0.0/8"], "spacing": "0s"}, "poll": {"first_fetch": "publish-all"},
                                      "stages": {"dir": str(harness.STAGES), "chain": ["headline"]}}))
        with self.saying("run", "--dir", own, "--config", config, verb="run") as lines:
            self.assertEqual(next(lines)["data"]["headline"], "Harbour closed")
        with self.saying("demo", verb="demo") as lines:
            self.assertIn("type", next(lines))
        self.say("thread", "--store", self.daemon.dir / "wireroom.db", "--stages", "neardup", daemon=False)
        feed, html, opml = (self.folder / name for name in ("a.xml", "a.html", "a.opml"))
        feed.write_bytes(self.web.answers["/rss"].body)
        html.write_bytes(page("Harbour closed", "The harbour was closed.", author="Ana Lund", date="2026-03-14").body.replace(
            b"<head>", b"<head><link rel='alternate' type='application/rss+xml' href='/rss'>"))
        opml.write_text("<opml version='2.0'><body><outline text='A'><outline text='B' xmlUrl='http://a.example/' category='x'/></outline></body></opml>")
        self.assertEqual(self.say("parse", feed, daemon=False)[0]["entries"][0]["title"], "Harbour closed")
        self.assertEqual(len(self.say("parse", "--discover", "--url", "http://a.example/", html, daemon=False)[0]["feeds"]), 1)
        self.assertEqual(self.say("parse", "--opml", opml, daemon=False)[0]["feeds"][0]["category"], "A")
        self.assertEqual(self.say("extract", "--stages", "extract,language", html, daemon=False)[0]["status"], "full")
        html.write_text("<html></html>")
        self.assertEqual(self.say("extract", "--stages", "extract", html, daemon=False, code=1)[0]["status"], "failed")
        self.daemon.start()

    def http(self, port):
        def get(path):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=harness.PATIENCE) as answer:
                return json.load(answer)

        self.check("status", get("/v1/status"))
        for feed in get("/v1/feeds")["feeds"]:
            self.check("feeds list", feed)
        for consumer in get("/v1/consumers")["consumers"]:
            self.check("consumers show", consumer)
        for answer in (get("/v1/stages"), get("/v1/events"), get("/v1/stories")):
            self.assertEqual([n for n in names(answer) if "_" in n], [])

    def test_answers_without_a_daemon(self):
        self.web["/rss"] = rss([Item("1", "Harbour closed", self.web.url("/1"), "Words.")])
        self.start(["/rss"])
        self.subscriber.article("Harbour closed")
        self.daemon.stop()
        self.say("version", daemon=False)
        self.say("schema", daemon=False)
        self.assertTrue(self.say("check-config", self.daemon.config, daemon=False)[0]["ok"])
        bad = self.folder / "bad.yaml"
        bad.write_text("poll:\n  min_interval: 5\n  nope: 1\n")
        (found,) = self.say("check-config", bad, daemon=False, code=1)
        self.assertEqual([(e["line"], e["column"]) for e in found["errors"]], [(2, 17), (3, 3)])
        self.assertGreater(len(self.say("stages", "list", "--dir", harness.STAGES, daemon=False)), 5)
        record = self.folder / "record.json"
        record.write_text(json.dumps({"url": "http://a.example/1", "headline": "Harbour closed - Times", "text": "Some text."}))
        (ran,) = self.say("stages", "run", "--dir", harness.STAGES, "--stages", "language,headline", record, daemon=False)
        self.assertEqual([(t["stage"], t["status"]) for t in ran["trace"]], [("language", "ok"), ("headline", "ok")])
        self.assertNotIn("firstSeen", ran["record"])
        (measured,) = self.say("stages", "bench", "--dir", harness.STAGES, "--stages", "language,headline", "-n", "2", record, daemon=False)
        self.assertEqual([(s["name"], s["runs"], s["failed"]) for s in measured["stages"]], [("language", 2, 0), ("headline", 2, 0)])
        self.say("stages", "new", "--dir", self.folder / "lede", "lede", daemon=False)
        for verb in ("check", "export-feeds", "new-epoch"):
            self.say("store", verb, "--dir", self.daemon.dir, daemon=False)
        keys = ("--keys", self.folder / "keys")
        self.say("keys", "init", *keys, daemon=False)
        (pair,) = self.say("keys", "new", "desk", *keys, daemon=False)
        self.say("keys", "revoke", pair["public"], *keys, daemon=False)
        self.say("keys", "allow", pair["public"], "other", *keys, daemon=False)
        self.assertEqual([k["name"] for k in self.say("keys", "list", *keys, daemon=False)], ["other"])

    def test_the_old_names_are_told_to_who_does_not_ask_for_the_new_ones(self):
        self.web["/rss"] = rss([Item("1", "Harbour closed", self.web.url("/1"), "Words.")])
        self.start(["/rss"])
        self.subscriber.article("Harbour closed")
        old = self.daemon.ask("feeds.list", names="old")[0]["feed"]
        self.assertEqual((old["last_success"], old["next_poll"], old["http_status"]), (old["lastSuccess"], old["nextPoll"], 200))
        self.assertIn("in_flight", self.daemon.ask("status", names="old")[0]["status"]["records"])
        self.assertNotIn("last_success", self.daemon.ask("feeds.list")[0]["feed"])


OTHERS = {"parse", "extract", "thread"}  # what they read has the names of what others measure


class Names(harness.unittest.TestCase):
    def test_each_verb_with_json_has_a_schema(self):
        for verb in LISTED:
            found = schema(verb)
            jsonschema.Draft202012Validator.check_schema(found)
            if verb not in OTHERS:
                self.assertEqual([n for n in names(found.get("$defs", {})) if "_" in n or n != n[0].lower() + n[1:]], [], verb)
        told = {}
        for top in re.findall(r"(?m)^  (\S+) ", command.run("help")[1]):
            text = command.run(top, "--help")[1]
            subs = re.findall(r"(?m)^  ([a-z][-a-z]*) ", text.split("verbs:")[1]) if "\nverbs:" in text else []
            for verb in [f"{top} {sub}" for sub in subs] or [top]:
                told[verb] = "\n  --json" in command.run(*verb.split(), "--help")[1]
        missing = {verb for verb, has in told.items() if has} - set(LISTED)
        self.assertEqual(missing, set())
        self.assertEqual(json.loads(command.run("schema", "events")[1]), harness.SCHEMA)
        self.assertEqual(command.run("schema", "nope")[0], 2)


class Whole(harness.unittest.TestCase):
    """Runs last, by its name."""

    def test_each_verb_was_held_to_its_schema(self):
        if SEEN:  # not when this is run alone
            self.assertEqual(set(LISTED) - SEEN, set())


if __name__ == "__main__":
    harness.main()
