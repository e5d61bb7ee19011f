"""What the command makes of a daemon's answers, however rare: exit codes, words for people, JSON for programs, colours."""
import calendar, copy, json, pathlib, re, shutil, socket, tempfile, time, unicodedata, unittest

import harness
from command import COLOUR, Told, on_terminal, run


def iso(seconds_from_now):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))


def ago(days):
    return iso(-days * 86400 - 3600)  # however long the tests take, it is told as so many days


def ahead(days):
    return iso(days * 86400 + 3600)


STATUS = {
    "version": "1.0", "uptime": 8040, "pid": 4711, "instance": "desk", "config": "/etc/wireroom/wireroom.yaml", "configLoaded": ago(4),
    "feeds": {"total": 1200, "ok": 1139, "slow": 0, "failing": 61, "dueNextMinute": 7, "diagnosed": 0},
    "polls": {"total": 12000, "unchanged": 9000, "changed": 2500, "failed": 500},
    "records": {"inFlight": 3, "waiting": 0, "published": 1234567, "updated": 5, "dropped": 1, "quarantined": 0, "latencyP50": 0.85, "latencyP95": 4.2},
    "log": {"first": 1, "head": 1234567}, "store": {"path": "/var/lib/wireroom/wireroom.db", "file": 222298112, "max": 10 << 30, "wal": 4096, "free": 5 << 30},
    "pub": {"sent": 99, "subscriptions": 2}, "endpoint": "ipc:///run/wireroom/pub.sock", "resident": 64 << 20, "quarantine": 0,
}
FEED = {"id": "f0000012", "url": "http://news.example/rss", "title": "Port Ellen Times", "tags": "sport,en", "state": "failing",
        "stateSince": ago(2), "interval": 300, "failures": 3, "httpStatus": 500, "error": "http://news.example/rss: status 500",
        "lastSuccess": ago(3), "lastNew": ago(6), "nextPoll": ahead(5), "etag": '"1"', "lastModified": "yesterday",
        "meanGap": 600, "usualGap": 5400, "diagnosis": [{"line": 2, "column": 40, "text": 'a bare "&"'}, {"line": 0, "column": 0, "text": "cut"}],
        "diagnosedSince": ago(8)}


class Case(unittest.TestCase):
    def ask(self, answers, *words, **more):
        self.told = Told(self, answers)
        return run(*words, "--socket", self.told.path, **more)

    def show(self, answers, *words, **more):
        self.told = Told(self, answers)
        return on_terminal(*words, "--socket", self.told.path, **more)


class Status(Case):
    def answer(self, **changes):
        status = copy.deepcopy(STATUS)
        for name, value in changes.items():
            status[name] = {**status[name], **value} if isinstance(status.get(name), dict) else value
        return {"status": [{"status": status, "done": True}]}

    def test_what_is_counted_goes_on_in_a_further_line(self):
        answer = self.answer(feeds={"total": 20000, "ok": 18000, "slow": 61, "silent": 1033, "failing": 421, "blocked": 88, "moved": 3, "failedLast": 900, "diagnosed": 120, "dueNextMinute": 412})
        wide = COLOUR.sub("", self.show(answer, "status", columns=400)[1])
        for columns in (60, 80, 100, 120):
            shown = COLOUR.sub("", self.show(answer, "status", columns=columns)[1])
            counted = [line for line in shown.splitlines() if line.startswith(("feeds", "polls", "records", "entries", "ended", " "))]
            self.assertLessEqual(max(map(len, counted)), columns)
            self.assertEqual(re.sub(r"\n {10}", "   ", shown), wide)

    def test_all_is_well(self):
        code, out, err = self.ask(self.answer(), "status")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), [
            "wireroomd 1.0   up 2h14m   pid 4711   desk",
            "config    /etc/wireroom/wireroom.yaml   read 4d ago",
            "feeds     1,139 ok   61 failing   7 due in the next minute",
            "polls     12,000 made   9,000 unchanged   2,500 changed   500 failed",
            "records   3 on their way   0 waiting   1,234,567 published   5 updated   1 dropped   0 quarantined",
            "latency   seen to published  p50 850 ms   p95 4.2 s",
            "log       events 1 to 1,234,567   /var/lib/wireroom/wireroom.db",
            "store     212 MiB of 10 GiB   write-ahead log 4.0 KiB   5.0 GiB free on the disk",
            "outputs   ipc:///run/wireroom/pub.sock   99 sent   2 subscriptions",
            "memory    64 MiB"])

    def test_consumers_are_counted_when_there_are_any(self):
        out = self.ask(self.answer(pull={"consumers": 3, "clients": 1}), "status")[1]
        self.assertIn("   2 subscriptions   3 consumers, 1 connected\n", out)

    def test_json_is_what_the_daemon_said(self):
        code, out, _ = self.ask(self.answer(), "status", "--json")
        self.assertEqual((code, json.loads(out)), (0, STATUS))
        self.assertEqual(out.count("\n"), 1)

    def test_what_keeps_the_daemon_from_polling_comes_first_and_fails(self):
        for what, word in (({"full": True}, "FULL"), ({"locked": True}, "LOCKED"), ({"lost": True}, "LOST"), ({}, "BROKEN")):
            answer = self.answer(store={**what, "since": iso(-60), "error": "no room on the disk"})
            code, out, err = self.ask(answer, "status")
            self.assertEqual((code, err), (1, ""), word)
            self.assertRegex(out.splitlines()[0], rf"^STORE {word} since [-0-9 ]*\d\d:\d\d, nothing is polled: no room on the disk$")
            self.assertEqual(self.ask(answer, "status", "--json")[0], 1)

    def test_a_trouble_that_began_on_another_day_has_its_date(self):
        out = self.ask(self.answer(store={"full": True, "since": "2026-03-14T09:26:57Z", "error": "x"}), "status")[1]
        self.assertIn("since 2026-03-14 09:26, ", out)

    def test_each_part_is_shown_when_there_is_something_to_tell(self):
        cases = (
            (dict(troubles=[{"part": "dns", "text": "no name is found", "since": ago(2)}]), r"(?m)^trouble   no name is found   2d ago$"),
            (dict(push={"listening": True, "subscriptions": 3, "live": 2, "reliedOn": 1, "taken": 9, "unsigned": 0, "forged": 4}),
             r"(?m)^pushes    3 subscriptions at hubs   2 live   1 relied on   9 taken   0 unsigned   4 forged$"),
            (dict(pages={"asked": 10, "failed": 2, "waiting": 1, "late": 0, "toRecheck": 3, "rechecked": 0, "givenUp": 0}), r"(?m)^pages     10 asked for   2 failed"),
            (dict(stories={"new": 1200, "developing": 3, "peaking": 0, "fading": 0, "closed": 40}), r"(?m)^stories   1,200 new   3 developing   40 closed$"),
            (dict(quarantine=1500), r"(?m)^put aside 1,500 records: wireroom quarantine list$"),
            (dict(feeds={"diagnosed": 12}), r"   12 with errors in their document   "),
            (dict(subscriptions=[{"url": "http://a.example/l.opml", "feeds": 1200, "error": "status 404"}]), r"(?m)^list      http://a\.example/l\.opml   1,200 feeds   status 404$"),
            (dict(listWarnings=["a.list:2: not a url"]), r"(?m)^list      a\.list:2: not a url$"),
            (dict(resting=[{"stage": "extract", "site": "", "until": ahead(3)}]), r"(?m)^resting   stage extract   on records of all sites   for 3d$"),
            (dict(resting=[{"stage": "extract", "site": "a.example", "until": iso(-9)}]), r"(?m)on records of a\.example   for 0 ms$"),
            (dict(store={"heldSince": "2026-03-14T09:26:57Z"}), r"held by a program that reads it since 2026-03-14T09:26:57Z"),
            (dict(store={"walError": "cannot be emptied"}), r"   cannot be emptied\n"),
            (dict(config=None), r"(?m)^config    the defaults   read 4d ago$"),
        )
        for changes, wanted in cases:
            code, out, err = self.ask(self.answer(**changes), "status")
            self.assertEqual((code, err), (0, ""), changes)
            self.assertRegex(out, wanted)

    def test_a_word_that_is_a_file_was_meant_as_a_list(self):
        with tempfile.NamedTemporaryFile(suffix=".list") as file:
            code, _, err = self.ask({}, "feeds", "add", file.name)
        self.assertEqual((code, err), (1, f"wireroom: {file.name} is a file: wireroom feeds import {file.name}\n"))
        self.assertEqual(self.told.asked, [])

    def test_a_word_without_a_scheme_says_what_was_asked(self):
        refused = [{"error": {"code": "network", "text": "https://news.example/: wrong version number"}}]
        err = self.ask({"feeds.discover": refused}, "feeds", "add", "news.example")[2]
        self.assertTrue(err.endswith("news.example was asked by https: where a server has no TLS, it is http://news.example\n"), err)
        self.assertEqual(err.count("https://news.example/"), 1)

    def test_top_is_a_line_a_look_where_there_is_no_terminal(self):
        stage = {"name": "extract", "version": "1.0", "records": 40, "failed": 1, "killed": 0, "seconds": 0.2, "setAside": False}
        looks = []

        def status(_):
            looks.append(1)
            return [{"status": {**STATUS, "polls": {"total": 100 * len(looks)}, "workers": {"count": 2, "busy": 1, "jobs": 3}}, "done": True}]

        answers = {"status": status, "stages": [{"stages": [stage], "done": True}]}
        code, out, err = self.ask(answers, "top", "-n", "2")
        self.assertEqual((code, err, len(out.splitlines())), (0, "", 2))
        self.assertRegex(out.splitlines()[0], r"^\d\d:\d\d:\d\d  0\.0 polls/s  latency p50 850 ms p99 .*feeds 1,139 ok  61 failing  workers 1 of 2 busy  3 jobs  outputs ")
        self.assertNotIn("  0.0 polls/s", out.splitlines()[1])
        code, out, _ = self.ask(answers, "top", "--json", "-n", "1")
        got = json.loads(out)
        self.assertEqual((got["latency"]["p50"], got["stages"][0]["secondsPerRecord"], got["workers"]["jobs"]), (0.85, 0.005, 3))
        self.assertEqual(self.ask(answers, "top", "-n", "0")[0], 2)

    def test_top_fills_a_terminal_and_gives_it_back(self):
        stages = [{"name": f"stage{n}", "version": "1.0", "records": 0, "failed": 0, "killed": 0, "seconds": 0, "setAside": False} for n in range(90)]
        answers = {"status": [{"status": STATUS, "done": True}], "stages": [{"stages": stages, "done": True}]}
        for columns in (60, 200):
            code, out, _ = self.show(answers, "top", "-n", "1", columns=columns)
            self.assertEqual(code, 0)
            self.assertTrue(out.startswith("\033[?1049h") and out.endswith("\033[?1049l"), out[-40:])
            rows = COLOUR.sub("", out).split("\r\n")
            self.assertEqual(len(rows), 50)  # of the terminal
            self.assertLessEqual(max(len(re.sub(r"\033\[[?0-9]*[a-zA-Z]", "", row)) for row in rows), columns)

    def test_what_is_wrong_comes_first_and_has_a_limit(self):
        troubles = [{"part": "host", "text": f"host {n} refuses", "since": ago(2)} for n in range(14)]
        out = self.ask(self.answer(troubles=troubles, quarantine=3, listWarnings=["a.list:2: not a url"]), "status")[1].splitlines()
        self.assertTrue(all(line.startswith("trouble   host") for line in out[:10]), out)
        self.assertEqual(out[10], "and 6 more: wireroom doctor")
        self.assertTrue(out[11].startswith("wireroomd 1.0"), out)

    def test_every_entry_is_counted_by_its_end(self):
        entries = {"seen": 41207, "new": 305, "known": 40890, "marked": 12, "published": 300, "dropped": 5, "unaccounted": 0}
        out = self.ask(self.answer(entries=entries), "status")[1]
        self.assertIn("entries   41,207 seen   305 new   40,890 known   12 marked\nended     300 published   5 dropped\n", out)
        self.assertNotIn("unaccounted", out)
        out = self.ask(self.answer(entries={**entries, "unaccounted": 2}), "status")[1]
        self.assertEqual(out.splitlines()[0], "entries   2 unaccounted for: a bug of wireroom")

    def test_a_site_that_became_hard_to_read_tells_what_is_usual(self):
        site = {"domain": "a.example", "reasons": ["text", "date", "byline"], "textLength": {"now": 12, "usual": 3400},
                "dateRate": {"now": 0.05, "usual": 0.98}, "bylineRate": {"now": 0, "usual": 0.5}}
        out = self.ask(self.answer(sites={"degraded": [site]}), "status")[1]
        self.assertIn("degraded  a.example   text 12 bytes, usually 3,400; dates 5 %, usually 98 %; bylines 0 %, usually 50 %\n", out)

    def test_colours_are_for_terminals_that_want_them(self):
        answer = self.answer(store={"full": True, "since": iso(-60), "error": "x"}, quarantine=1)
        self.assertNotIn("\033", self.ask(answer, "status")[1])
        code, out, _ = self.show(answer, "status")
        self.assertEqual(code, 1)
        self.assertTrue(out.startswith("\033[31mSTORE FULL"), out[:40])
        self.assertIn("\033[33m61 failing\033[0m", out)
        plain = self.show(answer, "status", env={"NO_COLOR": "1"})[1]
        self.assertNotIn("\033", plain)
        self.assertEqual(COLOUR.sub("", out), plain)
        self.assertNotIn("\033", self.show(answer, "status", env={"TERM": "dumb"})[1])
        self.assertIn("\033[33m61 failing", self.ask(answer, "status", env={"CLICOLOR_FORCE": "1"})[1])
        self.assertNotIn("\033", self.ask(answer, "status", env={"CLICOLOR_FORCE": "0"})[1])
        self.assertIn("\033[31m", self.show(answer, "status", env={"NO_COLOR": ""})[1])  # no-color.org: when it is not empty
        self.assertNotIn("\033", self.show(answer, "status", "--json")[1])


class Refusals(Case):
    def test_what_the_daemon_refuses_ends_with_its_words(self):
        for code, exit_code in (("usage", 2), ("not_found", 1), ("limit", 1), ("system", 1), ("refused", 1), ("whatever", 1)):
            answer = [{"error": {"code": code, "text": "no, for a reason"}, "done": True}]
            for words, cmd in ((("status",), "status"), (("reload",), "reload"), (("feeds", "list"), "feeds.list"), (("stop",), "stop"),
                               (("feeds", "show", "f1"), "feeds.show"), (("article", "show", "u"), "article"), (("quarantine", "list"), "quarantine.list"),
                               (("feeds", "history", "f1"), "feeds.history"), (("feeds", "export"), "feeds.list")):
                got, out, err = self.ask({cmd: answer}, *words)
                self.assertEqual((got, err), (exit_code, "wireroom: no, for a reason\n"), (words, code))
                self.assertEqual(out if words[-1] != "export" else "", "", words)

    def test_a_daemon_that_does_not_answer_is_told_within_seconds(self):
        quiet = socket.socket(socket.AF_UNIX)
        self.addCleanup(quiet.close)
        path = pathlib.Path(tempfile.mkdtemp(prefix="wr-quiet-")) / "control.sock"
        self.addCleanup(shutil.rmtree, path.parent)
        quiet.bind(str(path))
        quiet.listen()
        self.assertEqual(run("status", "--socket", path), (1, "", f"wireroom: the daemon at {path} does not answer (waited for 5 s)\n"))

    def test_errors_are_json_where_that_is_asked_for(self):
        for answers, words, exit_code, code, text in (
            ({"status": [{"error": {"code": "limit", "text": 'no "room"'}, "done": True}]}, ("status",), 1, "limit", 'no "room"'),
            ({"feeds.show": [{"error": {"code": "not-found", "text": "no feed x"}, "done": True}]}, ("feeds", "show", "x"), 1, "not-found", "no feed x"),
            ({}, ("status",), 3, "stopped", "the daemon went away"), ({}, ("feeds", "list", "--sort", "size"), 2, "usage", "--sort: no order 'size'; there are id name state last new interval errors"),
            ({}, ("feeds", "show"), 2, "usage", "too few words; expected FEED ..."), ({}, ("status", "--bogus"), 2, "usage", "no option --bogus"),
            ({"feeds.remove": [{"done": True, "list": "a.list"}]}, ("feeds", "rm", "x"), 0, None, None),
        ):
            got, out, err = self.ask(answers, *words, "--json")
            self.assertEqual(got, exit_code, words)
            self.assertEqual([json.loads(line) for line in err.splitlines()], [] if code is None else [{"error": {"code": code, "text": text}}], words)
            for line in out.splitlines():
                json.loads(line)

    def test_every_verb_ends_with_the_codes_of_the_manual(self):
        def verbs(*path):
            listed = run(*path, "--help")[1].split("\nverbs:\n")
            for line in listed[1].split("\n\n")[0].splitlines() if len(listed) > 1 else []:
                yield from verbs(*path, line.split()[0])
            if len(listed) == 1:
                yield path, listed[0]

        seen = 0
        for path, text in verbs():
            if path[0] == "help":
                continue
            seen += 1
            words = ["http://a.example/x"] if re.match(rf"usage: wireroom {' '.join(path)}.*\] [A-Z]", text) else []
            code, out, err = run(*path, *words, "--no-such-option")
            self.assertEqual((code, out), (2, ""), path)
            if "--socket PATH" not in text or path == ("doctor",):  # which judges what it finds, a daemon or none
                continue
            code, out, err = run(*path, *words, "--socket", "/nonexistent/control.sock", cwd="/")
            if code == 2:  # it wants other words
                continue
            self.assertEqual((code, out), (3, ""), (path, err))
            self.assertRegex(err, r"^wireroom: no daemon at /nonexistent/control\.sock: ", path)
            code, out, err = run(*path, *words, "--socket", "/nonexistent/control.sock", "--json", cwd="/")
            self.assertEqual((code, json.loads(err)["error"]["code"]), (3, "stopped"), path)
        self.assertGreater(seen, 35)

    def test_a_daemon_that_goes_away_is_no_daemon(self):
        for words in (("status",), ("reload",), ("feeds", "list"), ("feeds", "show", "f1"), ("article", "show", "u"), ("quarantine", "list"), ("quarantine", "rm", "1")):
            code, out, err = self.ask({}, *words)
            self.assertEqual((code, out), (3, ""), words)
            self.assertIn("wireroom: the daemon went away", err)
        code, out, err = self.ask({"status": [b'{"status": {"ver']}, "status")
        self.assertEqual((code, out), (3, ""))

    def test_an_answer_that_is_no_json_is_trouble(self):
        for nonsense in (b"nonsense\n", b"\n", b'{"status": \n', b"\xff\xfe\n"):
            code, out, err = self.ask({"status": [nonsense]}, "status")
            self.assertEqual((code, out), (1, ""), nonsense)
            self.assertRegex(err, r"\Awireroom: .+\n\Z")

    def test_what_others_wrote_cannot_steer_the_terminal(self):
        hostile = "a\033[31mb\nc\u009bd\u202ee"
        shown = "a [31mb c d e"
        for words, answers in (
            (("status",), {"status": [{"error": {"code": "system", "text": hostile.replace("\n", " ")}, "done": True}]}),
            (("reload",), {"reload": [{"reloaded": "+0 -0 feeds", "warnings": [hostile.replace("\n", " ")], "done": True}]}),
            (("feeds", "list"), {"feeds.list": [{"feed": {**FEED, "title": hostile, "error": hostile}}, {"done": True}]}),
            (("feeds", "show", "f1"), {"feeds.show": [{"feed": {**FEED, "title": hostile, "etag": hostile}, "done": True}]}),
            (("quarantine", "list"), {"quarantine.list": [{"entry": {"id": 1, "feed": "f1", "url": hostile, "cause": hostile}}, {"done": True}]}),
        ):
            _, out, err = self.ask(answers, *words)
            self.assertNotRegex(out + err, "[\033\u009b\u202e]", words)
            self.assertIn(shown, out + err, words)

    def test_a_verb_says_what_it_does_not_take(self):
        for words, said in (
            (("status", "--jsn"), "no option --jsn; did you mean --json?"),
            (("status", "--colour"), "no option --colour; did you mean --color?"), (("status", "--shade"), "no option --shade\n"),
            (("status", "now"), "wireroom status: too many words"),
            (("status", "--socket"), "--socket"),
            (("stop", "--json=yes"), "--json"),
            (("feeds", "show"), "wireroom feeds show: too few words"),
            (("feeds", "history", "a", "b"), "too many words"),
            (("feeds", "list", "--sort", "size"), "--sort: no order 'size'; there are id name"),
            (("quarantine", "show", "x"), "'x' is no id"),
            (("quarantine", "show", "0"), "'0' is no id"),
            (("quarantine", "rm"), "either ids or --all"),
            (("quarantine", "rm", "--all", "1"), "either ids or --all"),
            (("quarantine", "retry", "1", "2x"), "'2x' is no id"),
            (("quarantine",), "verbs:"),
            (("quarantine", "lst"), "did you mean list?"),
            (("store", "hceck"), "did you mean check?"),
            (("article",), "verbs:"),
            (("xyzzy",), "no verb 'xyzzy'"),
        ):
            told = Told(self, {})
            code, out, err = run(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(said, err, words)
            self.assertEqual(told.asked, [])


class Feeds(Case):
    def test_a_feed_is_shown_with_all_that_is_known(self):
        push = {"hub": "https://h.example/", "state": "live", "reliedOn": True, "leaseUntil": ahead(9), "lastPush": ago(7),
                "nextRequest": ahead(4), "error": "status 202"}
        code, out, err = self.ask({"feeds.show": [{"feed": {**FEED, "push": push}, "done": True}]}, "feeds", "show", "f12")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(self.told.asked, [{"cmd": "feeds.show", "feed": "f12"}])
        for line in (r"id            f0000012", r"title         Port Ellen Times", r"state         failing", r"since         \S+ \S+ \S+  \(2d ago\)",
                     r"last answer   \S+ \S+ \S+  \(3d ago\)", r"next poll     \S+ \S+ \S+  \(in 5d\)", r"asked every   5 min", r"gaps          10 min on average, seldom more than 1h30m",
                     r"HTTP status   500", r"failures      3", r"error         status 500", r'ETag          "1"', r"hub           https://h\.example/",
                     r"pushed        yes, so it is asked seldom", r"lease until   \S+ \S+ \S+  \(in 9d\)", r"last push     \S+ \S+ \S+  \(7d ago\)",
                     r"hub's error   status 202", r"wrong in it   \(8d ago\)", r'  line 2, column 40: a bare "&"', r"  cut"):
            self.assertRegex(out, f"(?m)^{line}$")

    def test_a_push_is_told_by_how_far_it_is(self):
        for state, relied, said in (("live", True, "yes, so it is asked seldom"), ("live", False, "from the next push on"), ("asking", False, "no, the hub is being asked"),
                                    ("pending", False, "no, the hub is to verify"), ("refused", False, "no")):
            feed = {**FEED, "push": {"hub": "https://h.example/", "state": state, "reliedOn": relied}}
            out = self.ask({"feeds.show": [{"feed": feed, "done": True}]}, "feeds", "show", "f12")[1]
            self.assertIn(f"pushed        {said}\n", out)

    def test_of_several_feeds_one_that_fails_is_told_and_the_others_are_shown(self):
        def answer(asked):
            if asked["feed"] == "f2":
                return [{"error": {"code": "not-found", "text": "no feed f2"}, "done": True}]
            return [{"feed": {**FEED, "id": asked["feed"]}, "done": True}]

        code, out, err = self.ask({"feeds.show": answer}, "feeds", "show", "f1", "f2", "f3", "--json")
        self.assertEqual((code, json.loads(err)), (1, {"error": {"code": "not-found", "text": "no feed f2"}}))
        self.assertEqual([json.loads(line)["id"] for line in out.splitlines()], ["f1", "f3"])

    def test_stories_and_topics_fit_the_terminal(self):
        story = {"uri": "urn:uuid:c296e855-0000-5000-8000-000000000000", "headline": "Harbour bridge closed after a ferry struck its pier in the fog " * 3, "state": "developing", "articles": 17,
                 "publishers": 9, "independent": 4, "firstSeen": iso(-3600), "lastSeen": iso(-60), "topic": {"uri": "urn:uuid:7d727271-0000-5000-8000-000000000000"}}
        told = {"stories": [{"event": {"type": "wireroom.story.updated.v1", "data": story}, "sequence": 7}, {"done": True, "more": False, "next": 0}]}
        for words, head in ((("story", "list"), "ID  "), (("topic", "list"), "ID  ")):
            for columns in (80, 120):
                code, shown, _ = self.show(told, *words, columns=columns)
                lines = COLOUR.sub("", shown).splitlines()
                self.assertEqual((code, len(lines), lines[0][:4]), (0, 2, head), shown)
                self.assertEqual(len(lines[1]), columns)

    def test_a_list_stands_in_columns_whatever_is_in_it(self):
        feeds = [{**FEED, "id": f"f000000{n}", "title": title, "state": "ok", "error": ""} for n, title in
                 enumerate(("", "Short", "A very long title of a feed that nobody would read to its end", "\u65b0\u805e\u65b0\u805e\u65b0\u805e\u65b0\u805e\u65b0\u805e\u65b0\u805e\u65b0\u805e\u65b0\u805e", "e\u0301te\u0301"))]
        code, out, _ = self.ask({"feeds.list": [*({"feed": f} for f in feeds), {"done": True}]}, "feeds", "list")
        self.assertEqual(code, 0)
        for line in out.splitlines():
            before = line[:line.index(" http://news.example/rss")]
            width = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)
            self.assertEqual(width, 9 + 1 + 10 + 1 + 12 + 1 + 30, line)
        self.assertIn("\u2026", out.splitlines()[2])
        self.assertIn(" -   ", out.splitlines()[0])

    def test_a_state_has_its_colour(self):
        for state, colour in (("ok", 32), ("new", 2), ("parked", 2), ("slow", 33), ("silent", 33), ("moved", 33), ("failing", 31), ("gone", 31), ("blocked", 31)):
            out = self.show({"feeds.list": [{"feed": {**FEED, "state": state}}, {"done": True}]}, "feeds", "list")[1]
            self.assertIn(f"\033[{colour}m{state:<10}\033[0m", out)

    def test_a_list_has_a_head_and_fits_the_terminal(self):
        feeds = [{**FEED, "error": error, "url": url} for error in ("", "status 500", "e" * 200) for url in ("http://a.example/", "http://a.example/" + "x" * 90)]
        answer = {"feeds.list": [*({"feed": f} for f in feeds), {"done": True}]}
        for columns in (60, 80, 99, 100, 140):
            head, *lines = COLOUR.sub("", self.show(answer, "feeds", "list", columns=columns)[1]).splitlines()
            self.assertRegex(head, r"^ID +STATE +LAST NEW +TITLE +ADDRESS$")
            self.assertEqual(head.index("ADDRESS"), lines[0].index("http"))
            self.assertEqual([line for line in lines if len(line) > columns], [])
            self.assertEqual(sum("status 500" in line for line in lines), 2, columns)
        for order, third in (("last", "LAST ANSWER"), ("interval", "INTERVAL"), ("errors", "FAILED"), ("new", "LAST NEW"), ("state", "LAST NEW")):
            self.assertIn(f" {third} ", self.show(answer, "feeds", "list", "--sort", order)[1].splitlines()[0])
        self.assertNotIn("STATE", self.ask(answer, "feeds", "list")[1])  # programs get lines of feeds alone
        self.assertEqual(self.show({"feeds.list": [{"done": True}]}, "feeds", "list")[1], "")

    def test_a_feed_that_a_list_brings_back_is_told(self):
        code, out, err = self.ask({"feeds.remove": [{"done": True, "list": "/etc/wireroom/feeds/a.list"}]}, "feeds", "rm", "f1")
        self.assertEqual((code, out), (0, "removed f1\n"))
        self.assertIn("/etc/wireroom/feeds/a.list names it: it returns when that is read again", err)
        self.assertEqual(self.ask({"feeds.remove": [{"done": True}]}, "feeds", "rm", "f1"), (0, "removed f1\n", ""))

    def test_what_was_paused_already_is_told(self):
        for verb, changed, said in (("pause", True, "paused f1\n"), ("pause", False, "f1 is paused already\n"), ("resume", True, "f1 is asked again\n"), ("resume", False, "f1 is not paused\n")):
            self.assertEqual(self.ask({f"feeds.{verb}": [{"done": True, "changed": changed}]}, "feeds", verb, "f1"), (0, said, ""))

    def test_each_order_shows_what_it_orders_by(self):
        answer = {"feeds.list": [{"feed": FEED}, {"done": True}]}
        for order, column in (("last", "3d ago"), ("interval", "5 min"), ("errors", "3 failed"), ("name", "6d ago"), ("state", "6d ago"), ("new", "6d ago")):
            out = self.ask(answer, "feeds", "list", "--sort", order)[1]
            self.assertRegex(out, rf"^f0000012 +failing +{column} +Port Ellen Times +http://news\.example/rss  status 500\n$")

    def test_the_history_of_a_feed(self):
        polls = [{"at": "2026-03-14T09:26:57Z", "status": 200, "seconds": 0.012, "bytes": 2048, "entries": 1500, "new": 3},
                 {"at": "2026-03-14T09:27:57Z", "status": 0, "trouble": "timeout", "seconds": 20, "bytes": 0}]
        code, out, err = self.ask({"feeds.history": [*({"poll": p} for p in polls), {"done": True}]}, "feeds", "history", "f1")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), ["2026-03-14 09:26:57 UTC      200             12 ms    2.0 KiB  1,500 entries, 3 new", "2026-03-14 09:27:57 UTC      timeout      20000 ms        0 B"])
        self.assertEqual(self.ask({"feeds.history": [{"done": True}]}, "feeds", "history", "f1"), (0, "", "not polled yet\n"))
        self.assertEqual(self.ask({"feeds.history": [{"done": True}]}, "feeds", "history", "f1", "--json"), (0, "", ""))

    def test_what_is_exported_comes_back_as_it_was(self):
        feeds = [{**FEED, "id": f"f{n:07}", "url": f"http://a.example/{n}", "title": f"Feed {n}", "tags": tags} for n, tags in
                 enumerate(("UK,sport", "", "World", "UK", 'A & "B",<c>', "world", "\u65b0\u805e,UK", "World / Asia", "World / Asia / East,sport", "TV/Radio"))]
        feeds[2]["link"] = "http://world.example/?a=1&b=2"
        out = self.ask({"feeds.list": [*({"feed": f} for f in feeds), {"done": True}]}, "feeds", "export")[1]
        self.assertEqual(out.count('<outline text="UK">'), 1)  # one folder for all of a first tag
        for name in ("World", "Asia", "East", "TV/Radio"):  # and folders in folders
            self.assertEqual(out.count(f'<outline text="{name}">'), 1)
        path = self.told.folder / "out.opml"
        path.write_text(out)

        def put(asked):
            return [*({"id": "f1", "url": f["url"], "added": True} for f in asked["feeds"]), {"done": True}]

        for words in ((path,), ("--tags", "mine", path)):
            code, said, err = self.ask({"feeds.add": put}, "feeds", "import", *words)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual([f.get("link") for f in self.told.asked[0]["feeds"] if f["url"] == feeds[2]["url"]], [feeds[2]["link"]])
            wanted = {f["url"]: (f["title"], [t for t in f["tags"].split(",") if t] + (["mine"] if len(words) > 1 else [])) for f in feeds}
            self.assertEqual({f["url"]: (f["title"], [t.strip() for t in (f["tags"] or "").split(",") if t]) for f in self.told.asked[0]["feeds"]}, wanted)
        path.write_text(out[:out.rindex("<outline")])
        code, said, err = self.ask({"feeds.add": put}, "feeds", "import", path)
        self.assertEqual((code, err), (1, f"wireroom: {path}: it ends before its last element is closed: some feeds may be missing\n"))

    def test_export_is_opml_or_a_line_of_json_each(self):
        answer = {"feeds.list": [{"feed": {**FEED, "title": 'A & "B" <c>'}}, {"done": True}]}
        code, out, err = self.ask(answer, "feeds", "export")
        self.assertEqual((code, err), (0, ""))
        self.assertIn('title="A &amp; &quot;B&quot; &lt;c>" xmlUrl="http://news.example/rss" category="sport,en"/>', out)
        self.assertTrue(out.endswith("</body>\n</opml>\n"))
        self.assertEqual(json.loads(self.ask(answer, "feeds", "export", "--json")[1])["id"], "f0000012")


class Quarantine(Case):
    ENTRY = {"id": 4711, "feed": "f0000012", "feedUrl": "http://news.example/rss", "url": "http://news.example/1", "title": "A title", "article": "urn:uuid:1",
             "version": 2, "cause": "it killed two workers", "since": ago(5), "bytes": 99}

    def test_a_page_is_asked_for_behind_the_one_before(self):
        def page(asked):
            ids = [n for n in (1, 2, 3, 4, 5) if n > asked["after"]][:2]
            return [*({"entry": {**self.ENTRY, "id": n}} for n in ids), {"done": True, "more": bool(ids) and ids[-1] < 5}]

        code, out, err = self.ask({"quarantine.list": page}, "quarantine", "list")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([int(line.split()[0]) for line in out.splitlines()], [1, 2, 3, 4, 5])
        self.assertEqual([a["after"] for a in self.told.asked], [0, 2, 4])
        self.assertRegex(out.splitlines()[0], r"^     1  f0000012  5d ago      http://news\.example/1  it killed two workers$")

    def test_nothing_put_aside_is_said_to_people_only(self):
        self.assertEqual(self.ask({"quarantine.list": [{"done": True}]}, "quarantine", "list"), (0, "", "nothing is quarantined\n"))
        self.assertEqual(self.ask({"quarantine.list": [{"done": True}]}, "quarantine", "list", "--json"), (0, "", ""))

    def test_a_record_is_shown_with_all_that_is_kept(self):
        entry = {**self.ENTRY, "record": {"headline": "A title"}}
        answer = {"quarantine.show": [{"entry": entry}, {"done": True}]}
        code, out, _ = self.ask(answer, "quarantine", "show", "4711")
        self.assertEqual(code, 0)
        self.assertIn("cause     it killed two workers\n", out)
        self.assertEqual(json.loads(out.splitlines()[-1]), {"headline": "A title"})
        self.assertEqual(json.loads(self.ask(answer, "quarantine", "show", "--json", "4711")[1]), entry)

    def test_ids_go_in_lots_and_each_is_told(self):
        def removed(asked):
            return [*({"id": n, **({"refused": "no such record"} if n == 150 else {})} for n in asked["ids"]), {"done": True}]

        ids = [str(n) for n in range(1, 251)]
        code, out, err = self.ask({"quarantine.remove": removed}, "quarantine", "rm", *ids)
        self.assertEqual((code, err), (1, "wireroom: 150: no such record\n"))
        self.assertEqual([len(a["ids"]) for a in self.told.asked], [100, 100, 50])
        self.assertEqual(out.splitlines()[0], "1 is removed")
        self.assertEqual(len(out.splitlines()), 249)

    def test_all_are_those_that_are_listed(self):
        answers = {"quarantine.list": [{"entry": self.ENTRY}, {"done": True}], "quarantine.retry": lambda asked: [*({"id": n} for n in asked["ids"]), {"done": True}]}
        self.assertEqual(self.ask(answers, "quarantine", "retry", "--all"), (0, "4711 is tried again\n", ""))
        self.assertEqual(json.loads(self.ask(answers, "quarantine", "retry", "--all", "--json")[1]), {"id": 4711})
        self.assertEqual(self.ask({"quarantine.list": [{"done": True}]}, "quarantine", "retry", "--all"), (0, "", ""))


class Article(Case):
    def event(self, sequence, version, **data):
        return {"sequence": sequence, "event": {"type": "wireroom.article.new.v1", "recordedtime": "2026-03-14T09:26:57Z", "data": {
            "uri": "urn:uuid:1", "url": "http://news.example/1", "headline": f"Headline {version}", "version": version, "language": "en",
            "published": "2026-03-14T09:00:00Z", "publishedSource": "feed", "firstSeen": "2026-03-14T09:20:00Z", "source": {"name": "Times"},
            "authors": [{"name": "Ana Lund"}, {"name": "Per Holm"}], "text": "One paragraph.\nAnother one.", **data}}}

    def test_the_newest_version_is_shown_and_the_story_of_all(self):
        change = {"kinds": ["headline", "text"], "headlineBefore": "Headline 1", "cause": "page"}
        lines = [self.event(7, 1), self.event(9, 2, change=change, duplicateOf={"uri": "urn:uuid:0"})]
        code, out, err = self.ask({"article": [*lines, {"done": True}]}, "article", "show", "http://news.example/1")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, """Headline 2

source     Times
by         Ana Lund
and        Per Holm
address    http://news.example/1
id         urn:uuid:1
language   en
published  2026-03-14 09:00:00 UTC  (feed)
seen       2026-03-14 09:20:00 UTC
copy of    urn:uuid:0

One paragraph.

Another one.

version 1  2026-03-14 09:26:57 UTC  event 7
version 2  2026-03-14 09:26:57 UTC  event 9  headline, text, its page came later, was "Headline 1"
""")
        out = self.ask({"article": [*lines, {"done": True}]}, "article", "show", "--json", "u")[1]
        self.assertEqual([json.loads(line)["data"]["version"] for line in out.splitlines()], [1, 2])

    def test_whose_report_it_is_stands_before_whom_it_repeats(self):
        origin = {"provider": "Coastal Wire", "basis": "dateline", "confidence": 0.8}
        lines = [self.event(7, 1, origin=origin, duplicateOf={"uri": "urn:uuid:0"})]
        out = self.ask({"article": [*lines, {"done": True}]}, "article", "show", "u")[1]
        self.assertIn("\ncarries    Coastal Wire  (dateline, 0.8)\ncopy of    urn:uuid:0\n", out)

    def test_versions_are_read_to_the_last_page(self):
        def page(asked):
            at = asked["since"]
            return [self.event(at + 1, at + 1), self.event(at + 2, at + 2), {"done": True, "next": at + 2, "more": at < 6}]

        out = self.ask({"article": page}, "article", "show", "u")[1]
        self.assertEqual(out.splitlines()[0], "Headline 8")
        self.assertEqual(re.findall(r"(?m)^version (\d+) ", out), [str(n) for n in range(1, 9)])
        out = self.ask({"article": page}, "article", "show", "--json", "u")[1]
        self.assertEqual([json.loads(line)["data"]["version"] for line in out.splitlines()], [*range(1, 9)])

    def test_a_paragraph_is_broken_between_words(self):
        text = " ".join(["word" * 3] * 60) + " " + "x" * 300 + " end"
        out = self.ask({"article": [self.event(1, 1, text=text), {"done": True}]}, "article", "show", "u")[1]
        paragraph = [line for line in out.splitlines() if line.startswith(("word", "x", "end"))]
        self.assertEqual(" ".join(paragraph), text)
        self.assertEqual([line for line in paragraph if len(line) > 96], ["x" * 300])


class Tail(Case):
    def log(self, *events):
        def page(asked):
            lines = [{"sequence": n, "event": e} for n, e in enumerate(events, 1) if n > int(asked["since"])]
            return [*lines, {"done": True, "next": len(events), "more": False}]

        return {"status": [{"status": {"endpoint": "ipc:///nonexistent/pub.sock", "log": {"epoch": "e", "first": 1, "head": len(events)}}, "done": True}], "events": page}

    def event(self, kind="article.new", number=1, **data):
        return {"type": f"wireroom.{kind}.v1", "sequence": f"{number:020}", "prevsequence": f"{number - 1:020}", "recordedtime": "2026-03-14T09:26:57Z", "data": data}

    def article(self, **more):
        return self.event(headline="The harbour bridge was closed on Saturday after a ferry had struck one of its piers", language="en", wordCount=312,
                          published="2026-03-14T09:25:00Z", source={"name": "Port Ellen Times and Advertiser"}, uri="urn:uuid:1", **more)

    def lines(self, *events, columns=200, words=()):
        code, shown, err = self.show(self.log(*events), "tail", "--since", "0", "--no-follow", *words, columns=columns)
        self.assertEqual((code, err), (0, ""))
        return COLOUR.sub("", shown).splitlines()

    def test_every_line_fits_a_terminal_from_sixty_columns_on(self):
        wide = "\u6e2f\u306e\u6a4b" * 30
        copied = {"uri": "urn:uuid:60a8fbc1-306d-4c1e-9d62-0d9d8f2b1a77", "relation": "rewrite"}
        events = [self.article(), self.article(duplicateOf=copied), self.article(story={"articles": 12, "publishers": 7, "independent": 3}),
                  self.article(duplicateOf=copied, story={"articles": 120, "publishers": 70, "independent": 30}),
                  self.event("article.updated", headline="H" * 90, change={"headlineBefore": "B" * 90}, language="pt-BR", wordCount=123456),
                  self.event(headline=wide, source={"name": wide}, language="ja"), self.event(),
                  self.event("story.updated", headline=wide, state="developing", articles=120, publishers=70, independent=30, reason="r" * 200),
                  self.event("feed.state", id="f0000012", state="unparsable", previousState="failing", url="http://a.example/" + "x" * 90, error="e" * 200),
                  self.event("site.state", domain="d" * 90, state="degraded", reasons=["text", "date", "byline", "picture"]),
                  self.event("daemon.state", id="certificates", state="failing", text="t" * 300)]
        events = [{**event, "sequence": f"{n:020}"} for n, event in enumerate(events, 1)]
        for columns in (60, 61, 72, 79, 80, 81, 99, 100, 101, 120, 144, 400):
            day, *lines = self.lines(*events, columns=columns)
            self.assertEqual((day, len(lines)), ("-- Saturday 2026-03-14", len(events)))
            for line in lines:
                shown = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
                self.assertLessEqual(shown, columns, (columns, line))
        narrow, wide = (self.lines(self.article(), columns=columns)[1] for columns in (60, 200))
        self.assertRegex(narrow, r"^09:26:57    \+1m  new   Port Ellen …  The harbour bridge was.*…")
        self.assertRegex(wide, r"^09:26:57    \+1m  new   Port Ellen Times …  The harbour bridge was.* en +312w$")
        self.assertGreater(len(self.lines(self.article(), columns=100)[1].rstrip()), 96)  # no columns are kept for what is not there

    def test_a_date_stands_where_days_change(self):
        days = [self.event(number=n, headline=f"Story {n}") for n in range(1, 5)]
        for event, day in zip(days, ("2026-03-14", "2026-03-14", "2026-03-15", "2026-03-17")):
            event["recordedtime"] = f"{day}T23:59:59Z"
        found = [line if line.startswith("--") else "." for line in self.lines(*days)]
        self.assertEqual(found, ["-- Saturday 2026-03-14", ".", ".", "-- Sunday 2026-03-15", ".", "-- Tuesday 2026-03-17", "."])
        for event in days:
            event["recordedtime"] = iso(0)
        self.assertLessEqual(len([line for line in self.lines(*days) if line.startswith("--")]), 1)  # one if a day ends just now

    def test_only_what_is_wanted_is_printed(self):
        f12 = {"id": "f0000012", "url": "http://a.example/rss"}
        events = [self.event(headline="a", language="en", feed=f12), self.event("article.updated", headline="b", language="en-GB"),
                  self.event(headline="c", language="de", duplicateOf={"uri": "u"}, story={"uri": "urn:uuid:0d6f2b52-1"}),
                  self.event("story.new", uri="urn:uuid:0d6f2b52-1", headline="d", language="en"), self.event("story.closed", uri="urn:uuid:99999999-1", headline="e"),
                  self.event("feed.state", id="f0000012", state="ok"), self.event("feed.state", id="f0000013", state="ok"),
                  self.event("site.state", domain="a.example"), self.event("daemon.state", id="names")]
        events = [{**event, "sequence": f"{n:020}"} for n, event in enumerate(events, 1)]
        feeds = {"f0000012": f12, "http://a.example/rss": f12}

        def shown(asked):
            feed = feeds.get(asked["feed"])
            return [{"feed": feed, "done": True} if feed else {"error": {"code": "not-found", "text": "no feed"}, "done": True}]

        stories = [{"event": events[3]}, {"event": events[4]}, {"done": True, "more": False}]
        for words, numbers in (
            (("--type", "article"), [1, 2, 3]), (("--type", "new"), [1, 3]), (("--type", "edit"), [2]), (("--type", "copy"), [3]), (("--type", "article.updated"), [2]),
            (("--type", "story"), [4, 5]), (("--type", "story.closed,feed"), [5, 6, 7]), (("--type", "self, site"), [8, 9]), (("--type", "wireroom.story.new.v1"), [4]),
            (("--language", "en"), [1, 2, 4]), (("--language", "de,EN-gb"), [2, 3]), (("--language", "e"), []), (("--language", "fr"), []),
            (("--feed", "f12"), [1, 6]), (("--feed", "http://a.example/rss"), [1, 6]), (("--feed", "13,f0000012"), [1, 6, 7]), (("--feed", "http://b.example/"), []),
            (("--story", "0d6f2b52"), [3, 4]), (("--story", "0d6f2b52,9999"), [3, 4, 5]), (("--type", "new", "--feed", "12"), [1]),
            (("-n", "2"), [8, 9]), (("-n2", "--type", "article"), [2, 3]), (("--last=1", "--language", "en"), [4]), (("-n", "50"), [*range(1, 10)]),
            (("-n", "3", "--type", "edit"), [2]), (("-n", "1", "--type", "story.split"), []), (("-n", "0"), []), (("-n", "2", "--since", "8"), [9]),
            (("--since", "00000000000000000007"), [8, 9]), (("--since", "e-00000000000000000008"), [9]),
        ):
            answers = {**self.log(*events), "feeds.show": shown, "stories": stories}
            code, out, err = self.ask(answers, "tail", "--json", "--no-follow", *(() if "-n" in words[0] or "--since" in words or "--last" in words[0] else ("--since", "0")), *words)
            self.assertEqual((code, err), (0, ""), words)
            self.assertEqual([int(json.loads(line)["sequence"]) for line in out.splitlines()], numbers, words)
        self.assertEqual(self.ask({**self.log(*events), "stories": stories}, "tail", "--no-follow", "--story", "12345678")[::2], (1, "wireroom: no story 12345678\n"))

    def test_the_newest_are_found_however_long_the_log_is(self):
        events = [self.event("article.new" if n % 50 else "story.new", n) for n in range(1, 401)]
        for words, numbers in ((("-n", "3"), [398, 399, 400]), (("-n", "3", "--type", "story"), [300, 350, 400]), (("-n", "8", "--type", "story"), [*range(50, 401, 50)]),
                               (("-n", "9", "--type", "story"), [*range(50, 401, 50)]), (("-n", "2", "--count", "1"), [399])):
            code, out, err = self.ask(self.log(*events), "tail", "--json", "--no-follow", *words)
            self.assertEqual((code, err), (0, ""), words)
            self.assertEqual([int(json.loads(line)["sequence"]) for line in out.splitlines()], numbers, words)

    def test_a_time_is_asked_of_the_daemon(self):
        events = [self.event(number=n) for n in range(1, 4)]
        for word, seconds in (("10m", 600), ("-10m", 600), ("1h30m", 5400), ("2 d ago", 2 * 86400), (iso(-60), 60), (iso(-60).replace("Z", "+00:00"), 60), (iso(-600)[:16].replace("T", " "), 630)):
            answers = {**self.log(*events), "replay": [{"done": True, "next": 2, "more": False}]}
            code, out, err = self.ask(answers, "tail", "--json", "--no-follow", "--since", word)
            self.assertEqual((code, err, out.count("\n")), (0, "", 1), word)
            (asked,) = [a for a in self.told.asked if a["cmd"] == "replay"]
            self.assertEqual(asked["from"], asked["to"])
            wanted = time.time() - seconds
            self.assertAlmostEqual(calendar.timegm(time.strptime(asked["from"][:19], "%Y-%m-%dT%H:%M:%S")), wanted, delta=60, msg=word)

    def test_what_tail_cannot_make_sense_of_is_a_usage_error(self):
        for words, said in ((("--since", "10 parsecs"), "neither a time"), (("--since", "2026-02-30"), "neither a time"), (("--since", "25:00"), "neither a time"), (("--since", iso(7200)), "still to come"),
                            (("--since", ""), "neither"), (("--type", "news"), "no type 'news'; there are new edit"), (("--type", "new,,edit"), "no type ' '"), (("-n", "x"), "not a number"),
                            (("-n", "-1"), "not a number"), (("-f", "--no-follow"), "either"), (("-fx",), "takes no value"), (("-q",), "no option -q")):
            code, out, err = self.ask({}, "tail", *words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(said, err, words)
            self.assertEqual(self.told.asked, [])

    def test_what_is_piped_is_as_wide_as_can_be_and_has_no_colour(self):
        piped = self.ask(self.log(self.article()), "tail", "--since", "0", "--no-follow")[1]
        shown = self.show(self.log(self.article()), "tail", "--since", "0", "--no-follow", columns=400)[1]
        self.assertIn("\033[1m", shown)
        self.assertEqual(COLOUR.sub("", shown), piped)

    def test_each_kind_has_its_colour(self):
        for kind, data, start in (("article.new", {}, "\033[32mnew "), ("article.updated", {}, "\033[33medit"), ("feed.state", {"state": "ok"}, "\033[32mfeed"),
                                  ("feed.state", {"state": "gone"}, "\033[31mfeed"), ("site.state", {"state": "degraded"}, "\033[31msite"), ("daemon.state", {"state": "failing"}, "\033[31mself"),
                                  ("daemon.state", {"state": "ok"}, "\033[32mself")):
            self.assertIn(start, self.show(self.log(self.event(kind, **data)), "tail", "--since", "0", "--no-follow")[1], kind)

    def test_so_many_are_printed_as_are_asked_for(self):
        events = [self.event(number=n, headline=f"Story {n}") for n in range(1, 8)]
        for words, numbers in ((("--since", "0", "--no-follow"), range(1, 8)), (("--since", "5", "--no-follow"), (6, 7)), (("--since", "0", "--count", "2"), (1, 2)), (("--since", "7", "--no-follow"), ())):
            code, out, err = self.ask(self.log(*events), "tail", "--json", *words)
            self.assertEqual((code, err), (0, ""), words)
            self.assertEqual([int(json.loads(line)["sequence"]) for line in out.splitlines()], list(numbers), words)


class Reload(Case):
    def test_warnings_are_apart_from_what_was_done(self):
        answer = {"reload": [{"reloaded": "+1 -0 feeds, applied", "warnings": ["a.list:2: not a url"], "done": True}]}
        self.assertEqual(self.ask(answer, "reload"), (0, "+1 -0 feeds, applied\n", "warning: a.list:2: not a url\n"))
        self.assertEqual(self.told.asked, [{"cmd": "reload", "force": False}])
        self.assertEqual(json.loads(self.ask(answer, "reload", "--json")[1])["warnings"], ["a.list:2: not a url"])
        self.ask(answer, "reload", "--force")
        self.assertEqual(self.told.asked, [{"cmd": "reload", "force": True}])


class Story(Case):
    URI = "urn:uuid:0d6f2b52-1111-2222-3333-444455556666"

    def event(self, sequence, articles):
        member = {"uri": f"urn:uuid:{sequence}", "at": "2026-03-14T09:20:00Z", "publisher": f"n{articles}.example", "role": "follow",
                  "headline": f"Report {articles}"}
        return {"sequence": sequence, "event": {"type": "wireroom.story.updated.v1", "recordedtime": "2026-03-14T09:26:57Z", "data": {
            "uri": self.URI, "headline": "A bridge", "state": "developing", "articles": articles, "publishers": articles,
            "independent": 1, "firstSeen": "2026-03-14T09:20:00Z", "lastSeen": "2026-03-14T09:20:00Z", "members": [member]}}}

    def test_a_long_story_is_shown_to_its_last_report(self):
        def page(asked):
            at = asked["since"]
            return [*(self.event(at + n, at + n) for n in range(1, 1001)), {"done": True, "next": at + 1000, "more": at < 2000}]

        answers = {"stories": [self.event(3000, 3000), {"done": True, "next": 1, "more": False}], "article": page}
        shown = self.ask(answers, "story", "show", "0d6f2b52")[1]
        self.assertIn("\ndeveloping, 3000 articles, ", shown)
        self.assertEqual(re.findall(r"Report (\d+)", shown), [str(n) for n in range(1, 3001)])
        told = self.ask(answers, "story", "show", "0d6f2b52", "--json")[1]
        self.assertEqual([json.loads(line)["data"]["articles"] for line in told.splitlines()], [*range(1, 3001)])


if __name__ == "__main__":
    harness.main()
