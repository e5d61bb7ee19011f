"""The verbs that need no daemon, used wrongly and on odd files: exit codes, what is said and where, and that what is good comes out all the same."""
import gzip, json, os, pathlib, re, shutil, signal, subprocess, tempfile, unittest

import harness
from command import WIREROOM, on_terminal, run

FEED = '<rss version="2.0"><channel><title>Times</title><item><title>One</title><guid>1</guid></item></channel></rss>'
PAGE = harness.page("Bridge closed", "Nobody was hurt when the ferry struck the pier, the harbour master said.").body


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wr-offline-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def file(self, name, content):
        path = self.dir / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Wrong(Case):
    def test_wrong_uses_are_told_from_trouble(self):
        feed = self.file("feed.xml", FEED)
        for words, said in (
            (("parse", "--discover", "--opml", feed), "--discover and --opml exclude each other"),
            (("parse", "--batch", feed), "--batch reads standard input, not files"),
            (("parse", "--workers", "0", feed), "--workers"),
            (("parse", "--workers", "x", feed), "--workers"),
            (("parse", "--workers"), "--workers"),
            (("parse", "--jason", feed), "did you mean --json?"),
            (("extract", "--batch", feed), "--batch reads standard input, not files"),
            (("extract", "--html", feed, feed), "--html explains one page"),
            (("extract", "--workers", "257", feed), "--workers"),
            (("feeds", "test"), "too few words"),
            (("completion",), "too few words"),
            (("completion", "bash", "zsh"), "too many words"),
            (("completion", "powershell"), "no shell 'powershell'"),
            (("stages", "new"), "too few words"),
            (("stages", "new", "9lives"), "'9lives' is no name for a stage"),
            (("stages", "new", "a" * 65), "is no name for a stage"),
            (("version", "--jsno"), "did you mean --json?"),
            (("version", "now"), "too many words"),
            (("check-config", "--samples"), "did you mean --sample?"),
            (("store", "check", "now"), "too many words"),
            (("help", "tial"), "no verb 'tial'"),
        ):
            code, out, err = run(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(said, err, words)
            self.assertNotIn("Usage:", err)

    def test_help_is_no_error_wherever_it_is_asked_for(self):
        for words in (("--help",), ("help",), ("help", "parse"), ("parse", "--help"), ("help", "feeds"), ("help", "feeds", "add"), ("feeds", "add", "--help")):
            code, out, err = run(*words)
            self.assertEqual((code, err), (0, ""), words)
            self.assertTrue(out.startswith("usage: wireroom"), words)

    def test_a_verb_has_its_help_in_whatever_order_it_is_asked_for(self):
        for words in (("help", "feeds", "add"), ("feeds", "--help", "add"), ("feeds", "help", "add"), ("feeds", "add", "--help"), ("--help", "feeds", "add"), ("feeds", "add", "-h")):
            code, out, err = run(*words)
            self.assertEqual((code, err, out.splitlines()[0]), (0, "", "usage: wireroom feeds add [option ...] ADDRESS ..."), words)
        self.assertEqual(run("help", "feeds", "ad")[0], 2)
        self.assertEqual(run("-V"), run("version"))

    def test_the_daemon_may_be_named_before_the_verb_and_by_the_environment(self):
        said = f"wireroom: no daemon at {self.dir}/control.sock: No such file or directory\n"
        for words, env in ((("--dir", self.dir, "status"), {}), ((f"--dir={self.dir}", "feeds", "list"), {}), (("--socket", self.dir / "control.sock", "feeds", "show", "x"), {}),
                           (("status",), {"WIREROOM_DIR": str(self.dir)}), (("status", "--dir", self.dir), {"WIREROOM_DIR": "/elsewhere"})):
            self.assertEqual(run(*words, env={"WIREROOM_SOCKET": None, **env}), (3, "", said), words)
        self.assertEqual(json.loads(run("--json", "--dir", self.dir, "status")[2])["error"]["code"], "stopped")
        self.assertEqual([run(*words)[0] for words in (("--json",), ("--dir",), ("--dir", "x"), ("--bogus", "status"))], [2] * 4)

    def test_a_file_that_is_not_there_is_no_daemon(self):
        code, out, err = run("feeds", "test", self.dir / "nope.xml")
        self.assertEqual((code, out, err), (1, "", f"wireroom: {self.dir}/nope.xml: No such file or directory\n"))

    def verbs_of(self, *path):
        text = run(*path, "--help")[1]
        if "\nverbs:" not in text:
            yield path, text
            return
        for name in re.findall(r"(?m)^  (\S+) ", text.split("verbs:")[1].split("\n\n")[0]):
            yield from self.verbs_of(*path, name)

    def test_every_verb_but_one_speaks_json_and_its_lines_fit(self):
        for path, text in self.verbs_of():
            self.assertEqual("\n  --json" in text, path != ("completion",), path)
            self.assertTrue(text.startswith(f"usage: wireroom {' '.join(path)}"), path)
            self.assertEqual([line for line in text.splitlines() if len(line) > 120 or line != line.rstrip()], [], path)

    def test_colours_are_chosen_whatever_the_environment_says(self):
        (self.dir / "bad.so").write_text("no module")
        for words, env, coloured in ((["--color", "always"], {"NO_COLOR": "1"}, True), (["--color=never"], {"CLICOLOR_FORCE": "1"}, False),
                                     (["--color", "auto"], {}, False), ([], {"CLICOLOR_FORCE": "1"}, True)):
            self.assertEqual("\033[" in run("stages", "list", "--dir", self.dir, *words, env=env)[1], coloured, (words, env))
        for wrong in (["--color"], ["--color", "blue"], ["--color="]):
            self.assertEqual(run("version", *wrong)[0], 2)

    def test_completions_know_every_verb_and_option(self):
        scripts = {shell: run("completion", shell)[1] for shell in ("bash", "zsh", "fish")}
        for path, text in self.verbs_of():
            options = re.findall(r"(?m)^  --([a-z-]+)", text)
            for name in path:
                for shell, script in scripts.items():
                    self.assertTrue(re.search(rf"(?<![\w-]){name}(?![\w-])", script), (shell, path))
            asked = f'COMP_WORDS=(wireroom {" ".join(path)} --); COMP_CWORD={len(path) + 1}; _wireroom; echo "${{COMPREPLY[*]}}"'
            done = subprocess.run(["bash", "-c", scripts["bash"] + "\n" + asked], capture_output=True, text=True, timeout=60)
            self.assertEqual(sorted(done.stdout.split()), sorted(f"--{o}" for o in options), path)
            self.assertIn("\ncomplete -c wireroom -l color -x -a 'auto always never' ", scripts["fish"])
            for option in set(options) - {"help", "color"}:
                self.assertIn(f"complete -c wireroom -n '__wireroom_at {' '.join(path)}' -l {option} ", scripts["fish"])
                self.assertTrue(re.search(rf"--{option}(?![\w-])", scripts["zsh"]), (path, option))

    def test_all_exit_codes_are_told(self):
        manual = (harness.SOURCE / "daemon" / "cli" / "wireroom.1").read_text().split(".Sh EXIT STATUS")[1].split(".Sh ")[0]
        codes = re.findall(r"(?m)^\.It (\d)$", manual)
        self.assertEqual(re.findall(r"\b(\d) \w", run("--help")[1].split("Exit codes: ")[1]), codes)

    def test_files_that_cannot_be_read_are_named_and_the_others_are_read(self):
        feed, page = self.file("feed.xml", FEED), self.file("page.html", PAGE)
        broken = self.file("broken.xml.gz", gzip.compress(FEED.encode())[:-12])
        (self.dir / "loop").symlink_to("loop")
        for bad, why in ((self.dir / "absent.xml", "No such file"), (self.dir, "directory"), (self.dir / "loop", "symbolic links"), (broken, "")):
            for words, good in ((("parse",), feed), (("extract", "--url", "http://news.example/1"), page)):
                if bad == broken and words[0] == "extract":
                    continue  # a page that is cut is read as far as it goes
                code, out, err = run(*words, "--json", bad, good)
                self.assertEqual(code, 1, (words, bad))
                self.assertEqual(len(out.splitlines()), 1, (words, bad, out))
                self.assertIn(str(bad), err)
                self.assertIn(why, err)
        for words in (("feeds", "test"), ("check-config",)):
            code, out, err = run(*words, self.dir / "absent.xml", env={"WIREROOM_SOCKET": "/nonexistent/sock"})
            self.assertIn(code, (1, 3), words)
            self.assertEqual(out, "")

    def test_output_to_a_full_disk_is_trouble(self):
        feed, page = self.file("feed.xml", FEED), self.file("page.html", PAGE)
        for words in (["parse", feed], ["parse", "--batch"], ["extract", page], ["extract", "--explain", page], ["extract", "--html", page], ["feeds", "test", feed],
                      ["thread", "--batch"], ["version", "--json"], ["completion", "zsh"], ["parse", "--help"]):
            stdin = f"{feed}\t\n".encode() if words[0] == "parse" else b'{"id": "1", "text": "a b c"}\n'
            with open("/dev/full", "wb") as full:
                done = subprocess.run([WIREROOM, *map(str, words)], input=stdin, stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn(b"write error", done.stderr, words)

    def test_a_reader_that_leaves_ends_it_quietly(self):
        feed = self.file("feed.xml", FEED.replace("One", "One" * 50000))
        for words in (["parse", *[feed] * 20], ["completion", "bash"], ["version"], ["help", "feeds", "add"]):
            ours, theirs = os.pipe()
            os.close(ours)
            done = subprocess.run([WIREROOM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, timeout=60)
            os.close(theirs)
            self.assertIn(done.returncode, (-signal.SIGPIPE, 1), words)
            self.assertEqual(done.stderr, b"", words)


class Parse(Case):
    def test_what_is_said_of_a_bad_feed_has_its_file_line_and_column(self):
        for content, said in (("this is no feed", ":1:1: there is no markup in it"), ("<html><body>no</body></html>", ":1:1: this is an HTML page, not a feed"),
                              ("{}", ":1:1: this is JSON, but no JSON Feed"), ("", ":1:1: ")):
            path = self.file("bad.xml", content)
            code, out, err = run("parse", path)
            self.assertEqual((code, out), (1, ""), content)
            self.assertTrue(err.startswith(f"wireroom: {path}{said}"), err)
            self.assertEqual(err.count("\n"), 1)

    def test_a_feed_is_one_line_or_spread_for_people(self):
        path = self.file("feed.xml", FEED)
        one, spread = run("parse", path)[1], on_terminal("parse", path)[1]
        self.assertEqual(one.count("\n"), 1)
        self.assertGreater(spread.count("\n"), 5)
        self.assertEqual(json.loads(one), json.loads(spread))
        self.assertEqual(on_terminal("parse", "--json", path)[1], one)
        self.assertEqual(set(json.loads(one)), {"entries", "feed"})

    def test_headers_and_address_are_those_of_the_answer(self):
        path = self.file("feed.xml", FEED.encode().replace(b"One", b"\xcf\xf0").replace(b"<guid>1", b"<link>/1</link><guid>1"))
        got = json.loads(run("parse", "--json", "--url", "http://news.example/feed", "--header", "Content-Type: text/xml; charset=windows-1251", path)[1])
        self.assertEqual((got["entries"][0]["title"], got["entries"][0]["link"]), ("Пр", "http://news.example/1"))

    def test_a_name_that_begins_with_dashes_is_read_behind_two(self):
        self.file("--json", FEED)
        code, out, err = run("parse", "--json", "--", "--json", cwd=self.dir)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(json.loads(out)["entries"][0]["title"], "One")

    def test_lines_of_a_batch_are_answered_whatever_they_are(self):
        feed = self.file("feed.xml", FEED)
        lines = [f"{feed}\thttp://news.example/", "", str(feed), f"{feed}\t\tContent-Type: text/xml\tX-Other: y", f"{self.dir}\t", "\t", f"{feed}\thttp://news.example/\tno header"]
        code, out, err = run("parse", "--batch", stdin="\n".join(lines).encode())  # the last has no end
        self.assertEqual((code, err), (0, ""))
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(["entries" in a for a in answers], [True, True, True, False, True])  # empty lines ask nothing
        self.assertEqual(answers[3]["error"], f"{self.dir}: Is a directory")

    def test_discovery_and_lists_say_what_they_are_not(self):
        page = self.file("page.html", "<html><body>nothing</body></html>")
        self.assertEqual(json.loads(run("parse", "--discover", "--json", page)[1]), {"feeds": []})
        code, out, err = run("parse", "--opml", page)
        self.assertEqual((code, out, err), (1, "", f"wireroom: {page}:1:1: this is no OPML: no outline in it\n"))
        cut = self.file("cut.opml", '<opml><body><outline xmlUrl="http://a.example/"/>')
        self.assertEqual(json.loads(run("parse", "--opml", "--json", cut)[1]), {"feeds": [{"feed_url": "http://a.example/"}], "complete": False})

    def test_a_feed_that_was_tried_tells_each_of_its_files(self):
        feed, bad = self.file("feed.xml", FEED), self.file("bad.xml", "no feed")
        code, out, err = run("feeds", "test", feed, bad, feed)
        self.assertEqual(code, 1)
        self.assertEqual(out.count("format        rss20"), 2)
        self.assertIn(f"{bad}:1:1: ", err)
        lines = run("feeds", "test", "--json", feed, feed)[1].splitlines()
        self.assertEqual([json.loads(line)["file"] for line in lines], [str(feed)] * 2)
        code, out, _ = run("feeds", "test", "-", stdin=FEED.encode())
        self.assertEqual((code, "title         Times" in out), (0, True))


class Extract(Case):
    def test_an_article_is_json_and_an_explanation_is_text(self):
        page = self.file("page.html", PAGE)
        got = json.loads(run("extract", "--json", "--url", "http://news.example/1", page)[1])
        self.assertEqual((got["title"], got["language"]), ("Bridge closed", "en"))
        said = run("extract", "--explain", page)[1]
        self.assertRaises(ValueError, json.loads, said)
        self.assertIn("Nobody was hurt", said)
        self.assertTrue(run("extract", "--html", page)[1].lstrip().startswith("<!"))

    def test_standard_input_is_a_page(self):
        self.assertEqual(run("extract", "--url", "http://news.example/1", stdin=PAGE)[1], run("extract", "--url", "http://news.example/1", self.file("p.html", PAGE))[1])

    def test_an_address_that_cannot_be_fetched_is_named(self):
        for address, said in (("http://127.0.0.1:1/", "127.0.0.1"), ("http://[::1/", "http://[::1/")):
            code, out, err = run("extract", address)
            self.assertEqual((code, out), (1, ""), address)
            self.assertIn(said, err)

    def test_stages_that_are_not_there_are_told_before_anything_is_read(self):
        page = self.file("page.html", PAGE)
        code, out, err = run("extract", "--stages", "extract,hedline", page)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("hedline", err)
        self.assertIn("did you mean headline?", err)
        config = self.file("w.yaml", "workers: { memory: 1 }\n")
        code, out, err = run("extract", "--config", config, page)
        self.assertEqual((code, out, err), (1, "", f"wireroom: {config}:1:20: workers.memory: '1' has no unit; write 1KiB or 1MiB\n"))


class Thread(Case):
    def test_a_line_that_is_no_article_is_answered_and_those_behind_it_too(self):
        lines = [b'{"id": "a", "text": "one two"}', b"nonsense", b'{"text": "no id"}', b'[1]', b'{"id": 7, "title": "T"}', b'{"id": "b", "text": null}']
        code, out, err = run("thread", "--batch", stdin=b"\n".join(lines) + b"\n")
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, err, len(answers)), (0, "", 6))
        self.assertEqual([bool(a.get("error")) for a in answers], [False, True, True, True, False, False])
        self.assertEqual([a["id"] for a in answers if "error" not in a], ["a", "7", "b"])
        for answer in answers:
            self.assertLessEqual({"id", "duplicate_of", "kind"}, set(answer))

    def test_nothing_in_is_nothing_out(self):
        self.assertEqual(run("thread", "--batch"), (0, "", ""))
        self.assertEqual(run("parse", "--batch"), (0, "", ""))
        self.assertEqual(run("extract", "--batch"), (0, "", ""))


class Config(Case):
    def test_each_file_is_judged_by_itself(self):
        good, bad = self.file("good.yaml", f"feeds: []\nstages: {{ dir: '{harness.STAGES}' }}\n"), self.file("bad.yaml", "http:\n  per_hots: 3\n")
        code, out, err = run("check-config", bad, good, self.dir / "absent.yaml")
        self.assertEqual((code, out), (1, f"{good}: ok\n"))
        self.assertEqual(err, f"{bad}:2:3: http.per_hots: no such option; did you mean http.per_host?\n{self.dir}/absent.yaml: No such file or directory\n")
        told = [json.loads(line) for line in run("check-config", "--json", bad, good)[1].splitlines()]
        self.assertEqual(told, [{"file": str(bad), "ok": False, "error": f"{bad}:2:3: http.per_hots: no such option; did you mean http.per_host?",
                                 "errors": [{"file": str(bad), "line": 2, "column": 3, "text": "http.per_hots: no such option; did you mean http.per_host?"}]}, {"file": str(good), "ok": True}])

    def test_all_that_is_wrong_is_told_at_once(self):
        (self.dir / "conf.d").mkdir()
        self.file("conf.d/10.yaml", "poll: { interval: 5m }\nhttp.contact: desk@example.org\n")
        main = self.file("w.yaml", f"stages: {{ dir: '{harness.STAGES}', chain: [headline, nope] }}\nlisten:\n  pub: tcp://127.0.0.1:99999\n  control: tcp://1.2.3.4\n"
                         "feeds: [https://a.example/feed.xml]\nwebsub: { listen: nowhere }\n")
        code, out, err = run("check-config", main)
        self.assertEqual((code, out), (1, ""))
        for line in (r"w\.yaml:3:8: listen\.pub: expected tcp://ADDRESS:PORT with .*", r"w\.yaml:4:12: listen\.control: expected a path", r"w\.yaml:5:9: feeds: expected a file, .* subscriptions:",
                     r"w\.yaml:6:19: websub\.listen: .*", r"10\.yaml:1:9: poll\.interval: no such option; did you mean poll\.\w*_?interval\?",
                     r"10\.yaml:2:1: http\.contact: no such option; write http: \{ contact: \.\.\. \}", r"w\.yaml:1:\d+: stage nope: there is no such module in .*"):
            self.assertRegex(err, rf"(?m)^\S*{line}$")
        told = json.loads(run("check-config", "--json", main)[1])
        self.assertEqual([(pathlib.Path(e["file"]).name, e["line"], e["column"]) for e in told["errors"] if "line" in e],
                         [("w.yaml", 3, 8), ("w.yaml", 4, 12), ("w.yaml", 5, 9), ("w.yaml", 6, 19), ("10.yaml", 1, 9), ("10.yaml", 2, 1), ("w.yaml", 1, main.read_text().index("nope") + 1)])
        self.assertTrue(told["errors"][-1]["text"].startswith("stage nope: "))

    def test_an_endpoint_is_what_the_daemon_can_bind(self):
        for address, ok in (("tcp://127.0.0.1:5560", True), ("tcp://*:5560", True), ("tcp://127.0.0.1:*", True), ("tcp://[::1]:5560", True), ("tcp://lo:5560", True), ("tcp://0.0.0.0:0", True), ("ipc://a.sock", True),
                            ("tcp://127.0.0.1:99999", False), ("tcp://127.0.0.1:65536", False), ("tcp://localhost:5560", False), ("tcp://127.0.0.1", False), ("tcp://127.0.0.1:", False),
                            ("tcp://127.0.0.1:http", False), ("tcp://127.0.0.1:-1", False), ("tcp://::1:5560", False), ("tcp://300.1.1.1:5560", False), ("tcp://:5560", False), ("udp://127.0.0.1:5560", False)):
            code, out, err = run("check-config", self.file("w.yaml", f"feeds: []\nstages: {{ dir: '{harness.STAGES}' }}\nlisten: {{ pub: \"{address}\" }}\n"))
            self.assertEqual("w.yaml:3:16: listen.pub: expected " in err, not ok, (address, err))

    def test_two_sockets_do_not_listen_at_one_place(self):
        for listen, said in (("pub: ipc://a.sock, pull: ipc://a.sock", "w.yaml:3:16: listen.pub is the same as listen.pull"), ("pub: tcp://127.0.0.1:5560, pull: tcp://127.0.0.1:5560", "w.yaml:3:16: listen.pub is the same as listen.pull"),
                             ("pub: ipc://a.sock, control: a.sock", "w.yaml:3:39: listen.control is the same as listen.pub"), ("pull: ipc://a.sock, control: a.sock", "w.yaml:3:40: listen.control is the same as listen.pull"),
                             ("pub: tcp://127.0.0.1:0, pull: tcp://127.0.0.1:0", None)):
            code, out, err = run("check-config", self.file("w.yaml", f"feeds: []\nstages: {{ dir: '{harness.STAGES}' }}\nlisten: {{ {listen} }}\n"))
            self.assertEqual((code, said is None or said in err), (0 if said is None else 1, True), (listen, err))

    def test_what_is_hardly_meant_is_told(self):
        main = self.file("w.yaml", f"feeds: []\nstages:\n  dir: '{harness.STAGES}'\n  options:\n    nope: {{ x: 1 }}\n    keywords: {{ }}\n"
                         "access:\n  http://a.example/: { user: u, password: p }\n")
        main.chmod(0o644)
        code, out, err = run("check-config", main)
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(err, f"{main}:5:16: stages.options.nope.x: there is no stage nope\n{main}: it has passwords (access) and every user can read it: chmod o-r {main}\n")
        main.chmod(0o640)
        self.assertNotIn("passwords", run("check-config", main)[2])
        stage = self.file("s.yaml", f"feeds: []\nstages:\n  dir: '{harness.STAGES}'\n  chain: [language,\n    extract]\n  options: {{ extract: {{ site-rules: /nope }} }}\n")
        self.assertRegex(run("check-config", stage)[2], rf"(?m)^{stage}:6:37: stage extract: /nope: No such file")
        self.file("s.yaml", f"feeds: []\nstages:\n  dir: '{harness.STAGES}'\n  chain: [language,\n    headline, language]\n")
        self.assertEqual(run("check-config", stage)[2], f"{stage}:5:15: stage language: stands in the chain twice\n")
        self.assertEqual(run("check-config", "-", stdin=f"feeds: []\nstages: {{ dir: '{harness.STAGES}' }}\n".encode()), (0, "-: ok\n", ""))
        self.assertIn("/dev/stdin:2:1: a tab, or a character", run("check-config", "-", stdin=b"http:\n\tper_host: 3\n")[2])

    def test_what_is_wrong_beside_the_file_is_told(self):
        (self.dir / "conf.d").mkdir()
        main, part = self.file("w.yaml", "feeds: [my.list]\n"), self.file("conf.d/10.yaml", "poll:\n  first_fetch: everything\n")
        told = f"{part}:2:16: poll.first_fetch: 'everything' is none of mark, publish-last N, publish-all\n{self.dir}/my.list: there is no such list\n"
        self.assertEqual(run("check-config", main), (1, "", told))
        part.unlink()
        code, out, err = run("check-config", main)
        self.assertEqual((code, out), (1, ""))
        self.assertIn(f"{self.dir}/my.list: there is no such list\n", err)
        self.file("my.list", "http://a.example/\nnot an address\n")
        code, out, err = run("check-config", main)
        self.assertEqual((code, out), (1, ""))
        self.assertIn(f"{self.dir}/my.list:2: not an address: not an http or https address\n", err)
        told = json.loads(run("check-config", "--json", main)[1])
        self.assertEqual((told["ok"], told["warnings"][0]), (True, f"{self.dir}/my.list:2: not an address: not an http or https address"))


class Stages(Case):
    def test_a_module_that_does_not_load_is_listed_with_the_reason(self):
        shutil.copy(harness.BUILD / "tests" / "stages" / "abi2.so", self.dir / "abi2.so")
        self.file("text.so", "no module")
        shutil.copy(harness.STAGES / "headline.so", self.dir / "headline.so")
        code, out, err = run("stages", "list", "--dir", self.dir)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"(?m)^abi2 .*built for stage ABI 2")
        self.assertRegex(out, r"(?m)^text .*text\.so")
        self.assertRegex(out, r"(?m)^headline +\d\S* +\S*headline\.so$")
        self.assertRegex(out, r"(?m)^    max-suffix +.*\(\d+\)$")
        modules = {m["name"]: m for m in map(json.loads, run("stages", "list", "--json", "--dir", self.dir)[1].splitlines())}
        self.assertIn("ABI 2", modules["abi2"]["error"])
        self.assertNotIn("error", modules["headline"])
        shown = on_terminal("stages", "list", "--dir", self.dir)[1]
        self.assertIn("\033[31m", shown)
        self.assertEqual(re.sub("\033\\[[0-9;]*m", "", shown), out)

    def test_a_new_stage_says_what_was_made(self):
        code, out, err = run("stages", "new", "--json", "--dir", self.dir / "mine", "mine")
        told = json.loads(out)
        self.assertEqual((code, err, told["name"], told["dir"]), (0, "", "mine", str(self.dir / "mine")))
        made = sorted(str(p) for p in (self.dir / "mine").rglob("*") if p.is_file())
        self.assertEqual(sorted(told["files"]), made)
        code, out, err = run("stages", "new", "--dir", self.dir / "mine", "mine")
        self.assertEqual((code, out, err), (1, "", f"wireroom: {self.dir}/mine: File exists\n"))
        self.assertEqual(run("stages", "new", "--dir", self.dir / "no" / "where", "mine")[0], 1)


class Store(Case):
    def test_what_is_no_store_is_told_and_not_changed(self):
        absent, text, config = self.dir / "absent.db", self.file("text.db", "no store\n" * 2000), self.file("w.yaml", "sotre: {}\n")
        for verb in ("check", "export-feeds", "new-epoch"):
            for path in (absent, text, self.dir):
                code, out, err = run("store", verb, "--store", path)
                self.assertEqual((code, out if verb != "export-feeds" else ""), (1, ""), (verb, path))
                self.assertIn(str(path), err, verb)
            code, out, err = run("store", verb, "--config", config)
            self.assertEqual((code, out, err), (1, "", f"wireroom: {config}:1:1: sotre: no such option; did you mean store?\n"))
        self.assertFalse(absent.exists())
        self.assertEqual(text.read_text(), "no store\n" * 2000)

    def test_the_store_is_that_of_the_directory_or_the_configuration(self):
        config = self.file("w.yaml", "store: { path: /nonexistent/named.db }\n")
        self.assertIn(f"{self.dir}/wireroom.db", run("store", "check", "--dir", self.dir)[2])
        self.assertIn("/nonexistent/named.db", run("store", "check", "--config", config, "--dir", self.dir)[2])
        self.assertIn("/nonexistent/given.db", run("store", "check", "--config", config, "--store", "/nonexistent/given.db")[2])


class Client(Case):
    def test_the_daemon_is_looked_for_where_it_is_named(self):
        for words, env, looked in (
            (("--socket", "/nonexistent/a"), {"WIREROOM_SOCKET": "/nonexistent/b"}, "/nonexistent/a"),
            (("--dir", "/nonexistent"), {"WIREROOM_SOCKET": "/nonexistent/b"}, "/nonexistent/control.sock"),
            ((), {"WIREROOM_SOCKET": "/nonexistent/b"}, "/nonexistent/b"),
            (("--dir", "/nonexistent", "--socket", "/nonexistent/a"), {}, "/nonexistent/a"),
            ((), {"WIREROOM_SOCKET": None}, "/run/wireroom/control.sock or var/control.sock"),
            ((), {"WIREROOM_SOCKET": ""}, "/run/wireroom/control.sock or var/control.sock"),
        ):
            code, out, err = run("status", *words, env=env, cwd=self.dir)
            self.assertEqual((code, out), (3, ""), words)
            self.assertIn(f"no daemon at {looked}", err)
        code, out, err = run("status", "--socket", "/nonexistent/" + "x" * 200)
        self.assertEqual((code, out), (3, ""))
        self.assertIn("File name too long", err)
        self.assertEqual(run("status", "--socket", self.file("plain", ""))[0], 3)


if __name__ == "__main__":
    harness.main()
