"""The verbs of the `wireroom` command: offline ones, and those of a running daemon with a small site on loopback."""
import gzip, json, os, pathlib, random, re, shutil, signal, socket, subprocess, tempfile, threading, time, unittest

import zmq

import harness
from harness import BIN, SOURCE, Item, until

WIREROOM = BIN / "wireroom"
HOME = """<!DOCTYPE html><html><head><title>Port Ellen Times</title>
<link rel="alternate" type="application/rss+xml" title="World" href="/world.xml">
<link rel="alternate" type="application/rss+xml" title="Sport" href="/sport.xml"></head><body>news</body></html>"""


def run(*words, stdin=None, env=None, timeout=60):
    """A finished `wireroom`: exit code, standard output, standard error."""
    done = subprocess.run([WIREROOM, *words], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, "NO_COLOR": "1", "TZ": "UTC", **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def feed(*titles, host="http://news.example"):
    """A feed of articles with these titles, the newest first, as bytes."""
    return harness.rss([Item(t, t, f"{host}/{t.replace(' ', '-')}.html", f"{t} in short.", time.time() - 600) for t in titles],
                       title="Port Ellen Times")


WORDS = """the harbour of and ferry to with bridge a council that storm in school for river on market by train at court from police
 as garden who museum said winter will summer has budget was tunnel are captain were mayor their teacher this engineer""".split()


def own_paragraphs(title):
    """Text that no article of another title has."""
    dice = random.Random(title)
    return [" ".join(dice.choice(WORDS) for _ in range(45)).capitalize() + "." for _ in range(4)]


class Offline(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-cli-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.feed = self.dir / "feed.xml"
        self.feed.write_bytes(feed("Bridge closed").body)
        self.page = self.dir / "page.html"
        self.page.write_bytes(harness.page("Bridge closed", "Nobody was hurt when the ferry struck the pier, the harbour master said.").body)

    def test_parse_prints_a_feed_as_json(self):
        code, out, err = run("parse", self.feed)
        self.assertEqual((code, err), (0, ""))
        got = json.loads(out)
        self.assertEqual(got["feed"]["title"], "Port Ellen Times")
        self.assertEqual(got["entries"][0]["title"], "Bridge closed")

    def test_parse_reads_standard_input_and_packed_files(self):
        packed = self.dir / "feed.xml.gz"
        packed.write_bytes(gzip.compress(self.feed.read_bytes()))
        self.assertEqual(run("parse", packed)[1], run("parse", stdin=self.feed.read_bytes())[1])

    def test_parse_says_which_file_is_wrong_and_goes_on(self):
        bad = self.dir / "bad.xml"
        bad.write_text("this is no feed at all")
        code, out, err = run("parse", bad, self.dir / "absent.xml", self.feed)
        self.assertEqual(code, 1)
        self.assertEqual(len(out.splitlines()), 1)
        self.assertIn("absent.xml: No such file", err)

    def test_parse_batch_answers_each_line_in_order(self):
        lines = []
        for i in range(40):
            path = self.dir / f"{i}.xml"
            path.write_bytes(feed(f"Story {i}").body)
            lines.append(f"{path}\thttp://news.example/{i}.xml\tContent-Type: application/rss+xml")
        lines[7] = f"{self.dir}/absent.xml\t"
        code, out, _ = run("parse", "--batch", stdin="\n".join(lines).encode())
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, len(answers)), (0, 40))
        self.assertIn("absent.xml", answers[7]["error"])
        for i in (0, 6, 8, 39):
            self.assertEqual(answers[i]["entries"][0]["title"], f"Story {i}")

    def test_batch_answers_before_the_next_line_comes(self):
        with subprocess.Popen([WIREROOM, "parse", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for _ in range(3):
                process.stdin.write(f"{self.feed}\thttp://news.example/\n".encode())
                process.stdin.flush()
                self.assertIn("entries", json.loads(process.stdout.readline()))
            process.stdin.close()
            self.assertEqual(process.wait(30), 0)

    def test_the_version_says_its_commit_and_which_parser_reads_pages(self):
        told = json.loads(run("version", "--json")[1])
        self.assertRegex(told["htmlParser"], r"^(lexbor|libxml2) \d")
        self.assertRegex(told["commit"], r"^([0-9a-f]{12}\+?)?$")  # none in a tree that is no clone
        for program in (WIREROOM, BIN / "wireroomd"):
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            commit = told["commit"] and f"{told['commit']}, "
            self.assertEqual(said, f"{program.name} {told['version']} ({commit}pages: {told['htmlParser']})\n")

    def test_batch_ends_when_nobody_reads_its_answers(self):
        process = subprocess.Popen([WIREROOM, "parse", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.close()
        process.stdin.write(f"{self.feed}\t\n".encode())
        process.stdin.flush()
        self.assertEqual(process.wait(30), 1)
        process.stdin.close()

    def test_parse_finds_the_feeds_of_a_page_and_of_opml(self):
        page = self.dir / "home.html"
        page.write_text(HOME)
        found = json.loads(run("parse", "--discover", "--url", "http://news.example/", page)[1])["feeds"]
        self.assertEqual([f["url"] for f in found], ["http://news.example/world.xml", "http://news.example/sport.xml"])
        opml = self.dir / "list.opml"
        opml.write_text('<opml version="2.0"><body><outline text="World" xmlUrl="http://news.example/world.xml"/></body></opml>')
        self.assertEqual(json.loads(run("parse", "--opml", opml)[1])["feeds"][0]["feed_url"], "http://news.example/world.xml")

    def test_extract_prints_the_article(self):
        code, out, err = run("extract", "--url", "http://news.example/1.html", self.page)
        self.assertEqual((code, err), (0, ""))
        got = json.loads(out)
        self.assertEqual(got["title"], "Bridge closed")
        self.assertIn("Nobody was hurt", got["text"])
        self.assertNotIn("All rights reserved", got["text"])
        self.assertEqual(got["language"], "en")

    def test_extract_batch_speaks_json_lines(self):
        lines = [json.dumps({"file": str(self.page), "url": "http://news.example/1.html"}), "not json", json.dumps({"url": "x"})]
        code, out, _ = run("extract", "--batch", stdin="\n".join(lines).encode() + b"\n")
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, len(answers)), (0, 3))
        self.assertIn("Nobody was hurt", answers[0]["text"])
        self.assertIn("error", answers[1])
        self.assertIn("error", answers[2])

    def test_thread_tells_stories_and_topics(self):
        texts = ["The car ferry Hebrides Star struck the harbour bridge of Port Ellen on Saturday, and the bridge was closed, the port "
                 "authority said. Engineers found a crack in its second pier, and "
                 "nobody of the 212 passengers was hurt, the operator Kintyre Lines said.",
                 "Port Ellen's harbour bridge stays closed after the Hebrides Star hit its second pier on Saturday. Lorries drive through "
                 "Bowmore until the crack in the pier has been mended, the port authority told reporters; all 212 passengers of the Hebrides "
                 "Star are well, Kintyre Lines said."]
        docs = [{"id": str(i), "title": "Ferry strikes harbour bridge of Port Ellen", "text": t, "url": f"https://n{i}.example/",
                 "published": f"2026-03-14T0{i}:00:00Z", "language": "en"} for i, t in enumerate(texts)]
        config = self.dir / "wireroom.yaml"
        config.write_text("stages: { options: { story: { warm-up: 0 } } }\n")
        code, out, err = run("thread", "--batch", "--stages", "neardup,story", "--config", config, stdin="\n".join(map(json.dumps, docs)).encode())
        self.assertEqual((code, err), (0, ""))
        first, second = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((second["story"], second["topic"], second["duplicate_of"]), (first["story"], first["topic"], None))

    def test_thread_links_an_exact_copy(self):
        text = " ".join(f"word{i} of the story" for i in range(60))
        docs = [{"id": "a", "title": "One", "text": text, "language": "en"}, {"id": "b", "title": "Two", "text": "Something else. " + text[::-1]},
                {"id": "c", "title": "One", "text": text, "language": "en"}]
        code, out, _ = run("thread", "--batch", stdin="\n".join(map(json.dumps, docs)).encode())
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(code, 0)
        self.assertEqual([a["id"] for a in answers], ["a", "b", "c"])
        self.assertEqual([a["duplicate_of"] for a in answers], [None, None, "a"])

    def test_stages_lists_modules_with_their_options(self):
        modules = {m["name"]: m for m in map(json.loads, run("stages", "list", "--json")[1].splitlines())}
        self.assertTrue({"extract", "headline", "language", "neardup"} <= set(modules))
        self.assertTrue(modules["neardup"]["ordered"])
        self.assertIn("headline", run("stages", "list")[1])

    def test_each_stage_has_its_options_in_its_manual_page(self):
        for module in map(json.loads, run("stages", "list", "--json", "--dir", harness.STAGES)[1].splitlines()):
            page = (SOURCE / "stages" / module["name"] / f"wireroom-{module['name']}.7").read_text()
            self.assertNotIn(".Sh FILES", page)  # it reads none but those that options name
            for option in module["options"]:
                initial = option["initial"] or "\\(dq\\(dq"
                item = page.split(f".It Ic {option['name']} : Ar {option['type']}\n")
                self.assertEqual(len(item), 2, (module["name"], option))
                self.assertIn(f"Default:\n.Ql {initial}\n", item[1].split(".It ")[0], option)

    def test_a_stage_comes_from_the_first_directory_that_has_it(self):
        own, bad = self.dir / "own", harness.BUILD / "tests" / "stages"
        own.mkdir()
        (own / "good.so").symlink_to(bad / "good.so")
        config = self.dir / "stages.yaml"
        config.write_text(f"feeds: []\nstages: {{ dir: [own, '{bad}', '{harness.STAGES}'], chain: [good, headline] }}\n")
        record = self.dir / "record.json"
        record.write_text('{"headline": "Bridge closed - Port Ellen Times"}')
        code, out, err = run("stages", "run", "--config", config, record)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([t["stage"] for t in json.loads(out)["trace"]], ["good", "headline"])
        code, out, err = run("stages", "run", "--dir", own, "--stages", "headline,good", record)  # and the usual ones
        self.assertEqual((code, err), (0, ""))
        good = json.loads(run("stages", "list", "--json", "--dir", own)[1])
        self.assertEqual(good["file"], str(own / "good.so"))
        self.assertIn(str(own / "good.so"), run("stages", "list", "--dir", own)[1])
        config.write_text(f"feeds: []\nstages: {{ dir: [own, '{bad}'], chain: [hedline] }}\n")
        column = config.read_text().splitlines()[1].index("hedline") + 1
        code, out, err = run("check-config", config)
        self.assertEqual((code, out, err), (1, "", f"{config}:2:{column}: stage hedline: there is no such module in {own}, {bad}\n"))
        config.write_text(f"feeds: []\nstages: {{ dir: '{bad}', chain: [abi2] }}\n")
        self.assertIn(f"stage abi2: {bad}/abi2.so: built for stage ABI 2", run("check-config", config)[2])

    def test_stages_run_shows_what_became_of_a_record(self):
        record = self.dir / "record.json"
        record.write_text(json.dumps({"headline": "Bridge closed - Port Ellen Times", "text": "Police closed the bridge.", "source": {}}))
        code, out, err = run("stages", "run", "--stages", "headline,language,neardup", record)
        self.assertEqual((code, err), (0, ""))
        got = json.loads(out)
        self.assertIn("headline", got["record"])
        self.assertTrue(any(t["stage"] == "neardup" for t in got["trace"]), got["trace"])

    def test_stages_run_says_which_stage_failed_and_ends_with_1(self):
        bad = harness.BUILD / "tests" / "stages"
        config = self.dir / "run.yaml"
        config.write_text("workers: { deadline: 300ms }\n")

        def failed(stage, headline, says, *more):
            record = self.dir / "record.json"
            record.write_text(json.dumps({"headline": headline}))
            code, out, err = run("stages", "run", record, "--dir", bad, "--stages", stage, *more)
            self.assertEqual(code, 1, err)
            self.assertEqual(json.loads(out)["record"]["headline"], headline)
            self.assertRegex(err, f"\\Awireroom: {record}: stage {says}\n\\Z")
            return record

        failed("crash", "crash", r"crash crashed \(SIGSEGV\)")
        failed("opener", "a file", r"opener made the forbidden system call openat \(\d+\)")
        failed("failing", "calm", "failing failed: cannot do that")
        failed("failing", "nonsense", "failing failed: gave the verdict 77, which does not exist")
        record = self.dir / "two.json"
        record.write_text('{"headline": "crash over a file"}')
        code, out, err = run("stages", "run", record, "--dir", bad, "--stages", "crash,opener")
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, f"\\Awireroom: {record}: opener: made the forbidden system call openat \\(\\d+\\)\n\\Z")
        record = failed("hang", "hang", r"hang took longer than 0\.3 s", "--config", config)
        code, out, err = run("stages", "run", "--dir", bad, "--stages", "failing,good", record, self.dir / "none.json")
        self.assertEqual(code, 1)
        self.assertIn("stage failing failed: cannot do that", err)
        self.assertIn("none.json: No such file", err)

    def test_stages_run_explains_what_it_wants(self):
        bad = harness.BUILD / "tests" / "stages"
        record = self.dir / "record.json"
        record.write_text('{"headline": "Bridge closed"}')
        for words in ((bad / "good.so", record), (record, bad / "good.so")):
            code, out, err = run("stages", "run", *words)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(f"{bad}/good.so is a module, not a record; to run it: "
                          f"wireroom stages run --dir {bad} --stages good {record}\n", err)
        code, out, err = run(*re.search(r"to run it: wireroom (.*)", err)[1].split())
        self.assertEqual((code, err), (0, ""))
        self.assertIn("dir . --stages good record.json", run("stages", "run", "good.so")[2])
        record.write_text('["headline"]')
        self.assertEqual(run("stages", "run", record), (1, "", f"wireroom: {record}: a record is an object: {{\"headline\": ...}}\n"))

    def test_a_new_stage_builds_passes_its_test_and_loads(self):
        stage = self.dir / "word-count"
        code, out, err = run("stages", "new", "--dir", stage, "word-count")
        self.assertEqual((code, err), (0, ""))
        build = stage / "build"
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
        for command in (["cmake", "-S", stage, "-B", build, f"-DWIREROOM_INCLUDE={SOURCE}/include", f"-DWIREROOM={WIREROOM}"],
                        ["cmake", "--build", build], ["ctest", "--test-dir", build, "--output-on-failure"]):
            done = subprocess.run(command, capture_output=True, env=environment, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        listed = [json.loads(line) for line in run("stages", "list", "--json", "--dir", build)[1].splitlines()]
        self.assertIn("word-count", [m["name"] for m in listed])
        self.assertEqual(run("stages", "new", "--dir", stage, "word-count")[0], 1)
        if shutil.which("clang"):
            for command in (["cmake", "-S", stage, "-B", stage / "fuzz", "-DFUZZ=ON", "-DCMAKE_C_COMPILER=clang", f"-DWIREROOM_INCLUDE={SOURCE}/include"],
                            ["cmake", "--build", stage / "fuzz", "--target", "word-count_fuzz"], [stage / "fuzz" / "word-count_fuzz", "-runs=1000", "-seed=1"]):
                done = subprocess.run(command, capture_output=True, env=environment, timeout=120)
                self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        self.assertEqual(run("stages", "new", "Word Count")[0], 2)


class Words(unittest.TestCase):
    def help_of(self, *verb):
        code, out, err = run(*verb, "--help")
        self.assertEqual((code, err), (0, ""))
        return out

    def leaves(self):
        for name in re.findall(r"^  (\S+) ", self.help_of().split("verbs:")[1].split("\n\n")[0], re.M):
            text = self.help_of(name)
            if "\nverbs:" not in text:
                yield (name,), text
                continue
            for sub in re.findall(r"^  (\S+) ", text.split("verbs:")[1].split("\n\n")[0], re.M):
                yield (name, sub), self.help_of(name, sub)

    def test_every_verb_has_help_with_examples_and_stands_in_the_manual(self):
        manual = (SOURCE / "daemon" / "cli" / "wireroom.1").read_text()
        leaves = list(self.leaves())
        self.assertGreater(len(leaves), 20)
        for verb, text in leaves:
            self.assertIn("examples:", text, verb)
            self.assertIn(".It Ic " + " ".join(verb), manual)
            for option in re.findall(r"^  --([a-z-]+)", text, re.M):
                self.assertIn("Fl -" + option, manual, verb)

    def test_output_that_cannot_be_written_is_trouble(self):
        for words in (["--help"], ["version"], ["check-config", "--sample"], ["help", "tail"],
                      ["completion", "bash"], ["stages", "list", "--dir", harness.STAGES]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([WIREROOM, *words], stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn(b"write error", done.stderr, words)

    def test_a_reader_that_leaves_ends_it_as_shells_expect(self):
        ours, theirs = os.pipe()
        os.close(ours)
        done = subprocess.run([WIREROOM, "check-config", "--sample"], stdout=theirs, stderr=subprocess.PIPE, timeout=60)
        os.close(theirs)
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, b""))

    def test_wrong_words_are_usage_errors_with_a_suggestion(self):
        for words, said in ((["tial"], "did you mean tail?"), (["tail", "--sinc", "1"], "did you mean --since?"),
                            (["feeds", "lst"], "did you mean list?"), (["feeds", "show"], "wireroom feeds show: too few words"),
                            (["tail", "--count", "0"], "not a number"), (["completion", "ksh"], "no shell 'ksh'"), ([], "usage:")):
            code, out, err = run(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(said, err)

    def test_verbs_that_need_a_daemon_say_that_there_is_none(self):
        for words in (["status"], ["tail"], ["feeds", "list"], ["reload"], ["article", "show", "x"], ["feeds", "export"], ["stop"]):
            code, out, err = run(*words, "--socket", "/nonexistent/control.sock")
            self.assertEqual((code, out), (3, ""), words)
            self.assertIn("no daemon at /nonexistent/control.sock", err)
        self.assertEqual(run("status", env={"WIREROOM_SOCKET": "/nonexistent/other.sock"})[0], 3)

    def test_completions_are_programs_their_shells_can_read(self):
        for shell in ("bash", "zsh", "fish"):
            code, out, _ = run("completion", shell)
            self.assertEqual(code, 0)
            self.assertIn("check-config", out)
            if shutil.which(shell):
                done = subprocess.run([shell, "-n"], input=out.encode(), capture_output=True)
                self.assertEqual((done.returncode, done.stderr), (0, b""), shell)
        script = run("completion", "bash")[1] + '\nCOMP_WORDS=(wireroom feeds i); COMP_CWORD=2; _wireroom; echo "${COMPREPLY[*]}"'
        self.assertEqual(subprocess.run(["bash", "-c", script], capture_output=True).stdout, b"import\n")

    def test_check_config_names_the_place(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "wireroom.yaml"
            path.write_text("poll:\n  min_interval: 5\n")
            code, out, err = run("check-config", path)
            self.assertEqual((code, out), (1, ""))
            self.assertEqual(err, f"{path}:2:17: poll.min_interval: '5' has no unit; write 5s or 5m\n")
            path.write_text("stages: { options: { headline: { max-sufix: 3 } } }\n")
            code, out, err = run("check-config", path)
            self.assertEqual(code, 1)
            self.assertIn(f"{path}:1:45", err)
            self.assertIn("max-suffix", err)
            path.write_text(run("check-config", "--sample")[1])
            self.assertEqual(run("check-config", path), (0, f"{path}: ok\n", ""))
            self.assertEqual(json.loads(run("check-config", "--json", path)[1]), {"file": str(path), "ok": True})


class WithDaemon(harness.Case):
    def setUp(self):
        super().setUp()
        self.web["/"] = HOME
        self.publish("/world.xml", "Harbour bridge closed", "Ferry reaches the quay", "Council meets tonight")
        self.publish("/sport.xml", "Islanders win the cup")

    def publish(self, path, *titles):
        self.web[path] = feed(*titles, host=self.web.url(""))
        for title in titles:
            self.web[f"/{title.replace(' ', '-')}.html"] = harness.page(
                title, f"{title}, it was said on Saturday.", *own_paragraphs(title), filler=0)

    def wireroom(self, *words, **more):
        return run(*words, "--socket", self.daemon.control, **more)

    def ok(self, *words):
        code, out, err = self.wireroom(*words)
        self.assertEqual((code, err), (0, ""), words)
        return out

    def status(self):
        return json.loads(self.ok("status", "--json"))

    def published(self, count):
        until(f"{count} records", lambda: self.status()["log"]["head"] >= count)

    def test_a_site_becomes_feeds_records_and_lines(self):
        self.start([])
        site = self.web.url("/")
        out = self.ok("feeds", "add", site)
        self.assertIn("found 2 feeds", out)
        self.assertRegex(out, r"1  rss\S* +" + re.escape(site) + r"world.xml  3 items, newest 10 min ago +<- added")
        self.assertIn("added f0000001", out)
        self.assertIn(f"others: wireroom feeds add --pick 2 {site}", out)
        self.published(3)
        lines = self.ok("tail", "--since", "0", "--count", "3").splitlines()
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertRegex(line, r"^\d\d:\d\d:\d\d +\+\S+ +new +Port Ellen Times +\S.* en +\d+w$")
        events = [json.loads(line) for line in self.ok("tail", "--since", "0", "--no-follow", "--json").splitlines()]
        self.assertEqual({e["data"]["headline"] for e in events},
                         {"Harbour bridge closed", "Ferry reaches the quay", "Council meets tonight"})
        shown = self.ok("article", "show", events[0]["data"]["url"])
        self.assertIn(events[0]["data"]["headline"], shown)
        self.assertIn("version 1", shown)
        self.assertEqual(json.loads(self.ok("article", "show", "--json", events[0]["data"]["uri"])), events[0])
        self.assertEqual(self.wireroom("article", "show", "http://nowhere.example/")[0], 1)
        self.assertIn("added f0000002", self.ok("feeds", "add", "--pick", "1,2", site))

    def test_tail_follows_what_comes(self):
        self.start(["/world.xml"])
        self.published(3)
        with subprocess.Popen([WIREROOM, "tail", "--socket", self.daemon.control, "--json", "--count", "1"], stdout=subprocess.PIPE) as tail:
            until("a second subscriber", lambda: self.status()["pub"]["subscriptions"] > 1)
            self.publish("/world.xml", "Bridge opens again", "Harbour bridge closed")
            self.assertEqual(json.loads(tail.stdout.readline())["data"]["headline"], "Bridge opens again")
            self.assertEqual(tail.wait(30), 0)

    def test_the_log_is_asked_for_by_sequences_only(self):
        self.start([])
        for since in ("x", -1, "1 2", 1e30):
            with self.assertRaises(harness.Refused):
                self.daemon.ask("events", since=since)
        with self.assertRaisesRegex(harness.Refused, "the log ends at "):
            self.daemon.ask("events", since=99999)
        self.assertEqual(len(self.daemon.ask("events", since="0" * 20)), len(self.daemon.ask("events")))

    def test_tail_goes_on_over_a_restart_without_a_gap(self):
        self.start(["/world.xml"])
        with subprocess.Popen([WIREROOM, "tail", "--socket", self.daemon.control, "--json", "--since", "0", "--count", "5"],
                              stdout=subprocess.PIPE) as tail:
            seen = [json.loads(tail.stdout.readline()) for _ in range(3)]
            self.daemon.kill()
            self.publish("/world.xml", "While nobody looked")
            self.daemon.start()
            self.published(4)
            self.publish("/world.xml", "And after that")
            seen += [json.loads(tail.stdout.readline()) for _ in range(2)]
            self.assertEqual(tail.wait(30), 0)
        self.assertEqual([int(e["sequence"]) for e in seen], [1, 2, 3, 4, 5])

    def test_feeds_are_listed_shown_removed_and_exported(self):
        self.start([])
        opml, names, exported = (self.folder / n for n in ("mine.opml", "mine.list", "exported.opml"))
        opml.write_text('<opml version="2.0"><body><outline text="Folder"><outline text="Inner"><outline text="World &amp; more" xmlUrl="%s" htmlUrl="http://w.example/"/></outline></outline>'
                        '<outline text="Sport" xmlUrl="%s"/></body></opml>' % (self.web.url("/world.xml"), self.web.url("/sport.xml")))
        names.write_text("# mine\n%s\n%s\n" % (self.web.url("/world.xml"), self.web.url("/third.xml")))
        self.assertIn("2 added, 0 already there", self.ok("feeds", "import", opml))
        self.assertIn("2 lines: 1 added, 1 already there, 0 not a feed", self.ok("feeds", "import", names))
        listed = [json.loads(line) for line in self.ok("feeds", "list", "--json").splitlines()]
        self.assertEqual([f["id"] for f in listed], ["f0000001", "f0000002", "f0000003"])
        until("the third feed's error", lambda: "404" in self.ok("feeds", "list"))
        self.assertIn(self.web.url("/sport.xml"), self.ok("feeds", "show", "f0000002"))
        self.assertEqual(json.loads(self.ok("feeds", "show", "--json", self.web.url("/world.xml")))["id"], "f0000001")
        self.assertIn("removed f0000003", self.ok("feeds", "rm", "f0000003"))
        self.assertEqual(self.wireroom("feeds", "show", "f0000003")[0], 1)
        self.assertIn("no state 'faling'; there are new ok slow", self.wireroom("feeds", "list", "--state", "faling")[2])
        exported.write_text(self.ok("feeds", "export"))
        again = json.loads(run("parse", "--opml", exported)[1])["feeds"]
        self.assertEqual([f["feed_url"] for f in again], [self.web.url("/sport.xml"), self.web.url("/world.xml")])
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual([json.loads(line)["id"] for line in self.ok("feeds", "list", "--json").splitlines()], ["f0000001", "f0000002"])
        self.assertEqual(self.ok("feeds", "export"), exported.read_text())  # folders and pages are in the store
        self.assertEqual((again[1]["category"], again[1]["link"]), ("Folder / Inner", "http://w.example/"))
        for tag in ("Inner", "Folder", "Folder / Inner"):
            self.assertIn("f0000001", self.ok("feeds", "list", "--tag", tag))

    def test_folders_come_back_whatever_they_are_called(self):
        self.start([])
        names = ["UK, and Ireland", "a,b", "TV / Radio", "TV/Radio", "C:\\news", "\u4f53\u80b2, \u8d22\u7ecf", "x &amp; y", ","]
        opml = self.folder / "mine.opml"
        opml.write_text("<opml version='2.0'><body>" + "".join(f"<outline text='News'><outline text='{name}'><outline text='F{i}' xmlUrl='{self.web.url(f'/{i}')}' category='own,/path/of'/></outline></outline>"
                                                               for i, name in enumerate(names)) + "</body></opml>")
        self.ok("feeds", "import", opml)
        first = self.ok("feeds", "export")
        for name in names:
            self.assertIn(f'<outline text="{name}">', first)
            plain = name.replace("&amp;", "&")
            for tag in (plain, f"News / {plain}"):
                self.assertEqual(len(self.ok("feeds", "list", "--json", "--tag", tag).splitlines()), 1, tag)
        self.assertEqual([json.loads(line)["tagList"] for line in self.ok("feeds", "list", "--json").splitlines()],
                         [[f"News / {name}".replace("&amp;", "&"), "own", "/path/of"] for name in names])
        self.ok("feeds", "rm", *(json.loads(line)["id"] for line in self.ok("feeds", "list", "--json").splitlines()))
        self.assertEqual(self.daemon.feeds(), {})
        again = self.folder / "again.opml"
        again.write_text(first)
        self.assertIn(f"{len(names)} added", self.ok("feeds", "import", again))
        self.assertEqual(self.ok("feeds", "export"), first)

    def test_all_feeds_of_a_state_at_once(self):
        self.start(["/world.xml", "/sport.xml", "/absent"])
        until("all were asked", lambda: "404" in self.ok("feeds", "list") and self.wireroom("feeds", "list", "--state", "ok")[1].count("\n") == 2)
        absent = next(feed["id"] for url, feed in self.daemon.feeds().items() if url.endswith("/absent"))
        said = self.ok("feeds", "pause", "--state", "ok", absent)
        self.assertEqual((sorted(said.splitlines()), said.splitlines()[-1]), ([f"paused f000000{n}" for n in (1, 2, 3)], f"paused {absent}"))
        self.assertEqual(self.wireroom("feeds", "rm", "--state", "gone"), (0, "", "wireroom: no feed is gone\n"))
        self.assertEqual(self.wireroom("feeds", "resume", "--state", "nope")[0], 2)
        self.assertEqual([json.loads(line)["resumed"] for line in self.ok("feeds", "resume", "--json", "--state", "parked").splitlines()], [True] * 3)
        for verb in ("rm", "pause", "resume", "poll"):
            self.assertEqual(self.wireroom("feeds", verb)[0], 2)

    def test_what_of_a_list_is_no_feed_is_told_with_its_place(self):
        self.start([])
        lines, opml, empty = (self.folder / n for n in ("mine.list", "mine.opml", "empty.list"))
        lines.write_text(f"# mine\n\nnot a url\n{self.web.url('/world.xml')}\nhttp://[bad\n")
        code, out, err = self.wireroom("feeds", "import", lines)
        self.assertEqual((code, out), (1, "3 lines: 1 added, 0 already there, 0 not a feed, 2 refused\n"))
        self.assertEqual([line.split(" ")[1] for line in err.splitlines()], [f"{lines}:3:", f"{lines}:5:"])
        opml.write_text('<opml version="2.0"><body><outline text="X" type="rss" xmlUrl="ftp://a.example/"/></body></opml>')
        self.assertRegex(self.wireroom("feeds", "import", opml)[2], rf"^wireroom: {opml}: ftp:")
        for nothing in ("", "# nothing\n\n", '<opml version="2.0"><body></body></opml>'):
            empty.write_text(nothing)
            self.assertEqual(self.wireroom("feeds", "import", empty)[::2], (1, "wireroom: there is nothing in it\n"), nothing)

    def test_poll_asks_a_feed_before_it_is_due(self):
        self.start(["/world.xml"], poll={"min_interval": "1h", "default_interval": "1h", "max_interval": "1h"})
        self.published(3)
        before = len(self.web.seen("/world.xml"))
        self.assertIn("is asked next", self.ok("feeds", "poll", "f0000001"))
        self.web.wait("/world.xml", before + 1)

    def test_add_says_why_there_is_nothing_to_add(self):
        self.start([])
        code, out, err = self.wireroom("feeds", "add", self.web.url("/absent"))
        self.assertEqual((code, out), (1, ""))
        self.assertIn("404", err)
        whole = {"rss": self.web.answers["/world.xml"].body, "atom": harness.atom([harness.Item("1", "One", self.web.url("/1"))]).body,
                 "json": b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "content_text": "a"}]}'}
        said = {f"cut.{kind}": (body[:-len(body) // 4], "the document ends before its") for kind, body in whole.items()}
        said |= {"empty": (b"", "there is no markup in it"), "page": (b"<html><body>Hello</body></html>", "this is an HTML page, not a feed")}
        for path, (body, why) in said.items():
            self.web[f"/{path}"] = harness.Answer(body)
            for verb in ("add", "discover"):
                code, out, err = self.wireroom("feeds", verb, self.web.url(f"/{path}"))
                self.assertEqual((code, out), (1, ""), path)
                self.assertIn(f"no feed at {self.web.url('/' + path)}: ", err)
                self.assertIn(why, err)
                self.assertEqual(err.count(self.web.url(f"/{path}")), 1, err)
        plain = self.web.url("/world.xml").removeprefix("http://")
        code, out, err = self.wireroom("feeds", "add", plain)
        self.assertEqual(code, 1)
        self.assertIn("that port has no TLS", err)
        self.assertNotIn("SSL routines", err)
        for name in ("nope.xml", "nope.opml", "my feeds.list", "feed.json"):
            for verb in ("add", "discover", "test"):
                code, out, err = self.wireroom("feeds", verb, name)
                self.assertEqual((code, out), (1, ""))
                self.assertRegex(err, r"(?i)no such file")
        self.web["/plain"] = "<html><body>nothing here</body></html>"
        self.assertIn("no feed at", self.wireroom("feeds", "add", self.web.url("/plain"))[2])
        self.assertEqual(self.wireroom("feeds", "add", "--unseen", "ftp://x.example/feed")[0], 1)
        self.assertEqual(self.ok("feeds", "list", "--json"), "")

    def test_add_tries_the_usual_places_where_a_page_names_none(self):
        self.start([])
        self.web["/plain"] = "<html><body>nothing here</body></html>"
        self.web["/rss.xml"] = feed("Hidden story")
        self.assertIn(self.web.url("/rss.xml"), self.ok("feeds", "add", self.web.url("/plain")))

    def test_status_tells_how_it_is(self):
        self.start(["/world.xml"])
        self.published(3)
        status = self.status()
        self.assertEqual(status["pid"], self.daemon.process.pid)
        self.assertEqual(status["feeds"]["ok"], 1)
        self.assertGreater(status["store"]["wal"], 0)
        self.assertGreater(status["store"]["free"], 0)
        self.assertEqual((status["store"]["full"], status["store"]["locked"]), (False, False))
        self.assertNotIn("heldSince", status["store"])
        self.assertEqual(status["store"]["path"], str(self.daemon.dir / "wireroom.db"))
        self.assertIsNotNone(status["configLoaded"])
        text = self.ok("status")
        for word in ("wireroomd", "feeds", "polls", "records", "latency", "log", "store", "outputs", "memory"):
            self.assertRegex(text, "(?m)^" + word)

    def test_reload_applies_a_good_configuration_and_refuses_a_bad_one(self):
        self.start([])
        self.daemon.configure([self.web.url("/sport.xml")], http={"per_host": "80"})
        code, out, err = self.wireroom("reload")
        self.assertNotEqual(code, 0)
        self.assertIn("http.per_host: 80 is out of range", err)
        self.assertEqual(self.status()["feeds"]["total"], 0)
        self.daemon.configure(http={"per_host": "4"})
        self.assertIn("+1", self.ok("reload"))
        self.assertEqual(self.status()["feeds"]["total"], 1)

    def test_the_control_socket_bears_nonsense(self):
        self.start([])
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.daemon.control))
            s.sendall(b'nonsense\n{"cmd":"statsu"}\n[]\n{"cmd":"feeds.add","feeds":5}\n{"cmd":"events","since":0,"limit":-1}\n')
            lines = s.makefile()
            self.assertEqual(json.loads(lines.readline())["error"]["code"], "format")
            self.assertIn("did you mean status?", json.loads(lines.readline())["error"]["text"])
            self.assertIn("error", json.loads(lines.readline()))
            self.assertTrue(json.loads(lines.readline())["done"])
            self.assertTrue(json.loads(lines.readline())["done"])
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.daemon.control))
            with self.assertRaises((BrokenPipeError, ConnectionResetError)):
                for _ in range(1000):
                    s.sendall(b"x" * 65536)
        self.assertEqual(os.stat(self.daemon.control).st_mode & 0o777, 0o660)
        self.status()

    def test_quiet_connections_lock_nobody_out(self):
        self.start([])
        quiet = []
        for _ in range(200):
            quiet.append(socket.socket(socket.AF_UNIX))
            self.addCleanup(quiet[-1].close)
            quiet[-1].connect(str(self.daemon.control))
            self.daemon.ask("status")
        self.assertEqual(self.ok("reload").split(",")[0], "+0 -0 feeds")

    def test_a_client_that_does_not_read_holds_up_nobody(self):
        self.start(["/world.xml"])
        self.published(3)
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.daemon.control))
            s.sendall(b'{"cmd":"events","since":0}\n' * 2000)
            for _ in range(5):
                self.status()

    def test_a_second_daemon_is_refused_and_a_dead_socket_is_not_in_the_way(self):
        self.start([])
        second = subprocess.run(self.daemon.command(), capture_output=True, timeout=60)
        self.assertNotEqual(second.returncode, 0)
        self.daemon.kill()
        self.assertTrue(self.daemon.control.exists())
        self.daemon.start()

    def test_stop_ends_the_daemon_in_order(self):
        self.start([])
        self.assertEqual(self.ok("stop"), "stopping\n")
        self.assertEqual(self.daemon.process.wait(30), 0)
        self.assertFalse(self.daemon.control.exists())


class LossyDaemon:
    """A daemon whose publisher drops what it is told to; its log has everything."""

    def __init__(self, folder):
        self.log, self.last, self.folder = [], {}, folder
        self.read_to_its_end = threading.Event()
        self.context = zmq.Context()
        self.pub = self.context.socket(zmq.XPUB)
        self.pub.bind(f"ipc://{folder}/pub.sock")
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(folder / "control.sock"))
        self.server.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def event(self, topic, dropped=False):
        number = len(self.log) + 1
        self.log.append({"sequence": number, "topic": topic, "event": {
            "type": "wireroom.article.new.v1", "sequence": f"{number:020}", "prevsequence": f"{self.last.get(topic, 0):020}",
            "data": {"headline": f"Story {number}"}}})
        self.last[topic] = number
        if not dropped:
            self.pub.send_multipart([topic.encode(), json.dumps(self.log[-1]["event"]).encode()])

    def beat(self):
        self.pub.send_multipart([b"heartbeat/", json.dumps({"epoch": "e", "head": len(self.log), "topics": self.last}).encode()])

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                asked = json.loads(line)
                if asked["cmd"] == "status":
                    status = {"endpoint": f"ipc://{self.folder}/pub.sock", "log": {"epoch": "e", "head": len(self.log)}}
                    answers = [{"status": status, "done": True}]
                else:
                    page = [e for e in self.log if e["sequence"] > asked["since"]][:2]
                    last = page[-1]["sequence"] if page else asked["since"]
                    answers = page + [{"done": True, "next": last, "more": last < len(self.log)}]
                lines.write("".join(json.dumps(a) + "\n" for a in answers))
                lines.flush()
                if answers[-1].get("more") is False:
                    self.read_to_its_end.set()

    def close(self):
        self.server.close()
        self.context.destroy(linger=0)


class Gaps(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wr-gap-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.daemon = LossyDaemon(self.folder)
        self.addCleanup(self.daemon.close)
        for _ in range(3):
            self.daemon.event("all/article.new/en/", dropped=True)

    def tail(self, *words):
        process = subprocess.Popen([WIREROOM, "tail", "--json", "--dir", self.folder, *words], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for topic in (b"\x01heartbeat/", b"\x01all/"):
            self.assertEqual(self.daemon.pub.recv(), topic)
        self.assertTrue(self.daemon.read_to_its_end.wait(30))  # what comes now is heard or missed, not read
        return process

    def numbers(self, process, count):
        return [int(json.loads(process.stdout.readline())["sequence"]) for _ in range(count)]

    def test_what_came_before_is_read_from_the_log(self):
        process = self.tail("--since", "1", "--count", "3")
        self.daemon.event("all/article.new/en/")
        self.assertEqual(self.numbers(process, 3), [2, 3, 4])
        self.assertEqual(process.wait(30), 0)

    def test_a_gap_within_a_topic_is_filled_before_the_event_that_shows_it(self):
        process = self.tail()
        self.daemon.beat()
        self.daemon.event("all/article.new/en/")
        self.assertEqual(self.numbers(process, 1), [4])
        for _ in range(5):
            self.daemon.event("all/article.new/en/", dropped=True)
        self.daemon.event("all/article.new/en/")
        self.assertEqual(self.numbers(process, 6), [5, 6, 7, 8, 9, 10])

    def test_a_gap_in_one_topic_is_filled_though_another_went_on(self):
        process = self.tail()
        self.daemon.event("all/article.new/de/", dropped=True)
        self.daemon.event("all/article.new/en/")
        self.assertEqual(self.numbers(process, 1), [5])
        self.daemon.event("all/article.new/de/")
        self.assertEqual(self.numbers(process, 2), [4, 6])

    def trimmed(self, *words):
        del self.daemon.log[:2]
        return run("tail", "--json", "--no-follow", "--dir", self.folder, *words)

    def test_what_is_trimmed_is_told_and_the_replay_is_not_taken_for_whole(self):
        self.daemon.event("all/article.new/en/", dropped=True)
        code, out, err = self.trimmed("--since", "1")
        self.assertEqual((code, len(out.splitlines())), (4, 2))
        self.assertIn("events 2 to 2 are no longer in the log", err)
        code, out, err = run("tail", "--json", "--no-follow", "--dir", self.folder, "--since", "2")
        self.assertEqual((code, len(out.splitlines()), err), (0, 2, ""))

    def test_all_of_the_log_is_what_is_left_of_it(self):
        code, out, err = self.trimmed("--since", "0")
        self.assertEqual((code, len(out.splitlines())), (0, 1))
        self.assertIn("the log begins at 3", err)

    def test_sequences_are_taken_as_they_are_printed(self):
        for since, count in (("00000000000000000002", 1), (f"e-{1:020}", 2), ("00000000000000000000000000000", 3)):
            code, out, err = run("tail", "--json", "--no-follow", "--dir", self.folder, "--since", since)
            self.assertEqual((code, len(out.splitlines()), err), (0, count, ""), since)
        for since, said in (("4", "the log ends at 3 (epoch e)"), (f"f-{1:020}", "epoch of another log")):
            code, out, err = run("tail", "--no-follow", "--dir", self.folder, "--since", since)
            self.assertEqual((code, out), (4, ""), since)
            self.assertIn(said, err)
        for since in ("", "-1", "x", "1.5", "e-", "99999999999999999999"):
            self.assertEqual(run("tail", "--dir", self.folder, "--since", since)[0], 2, since)

    def test_a_heartbeat_tells_what_was_lost_at_the_end(self):
        process = self.tail()
        self.daemon.event("all/article.new/en/", dropped=True)
        self.daemon.event("all/feed.state/und/", dropped=True)
        self.daemon.beat()
        self.assertEqual(self.numbers(process, 2), [4, 5])

    def test_an_event_that_comes_twice_is_printed_once(self):
        process = self.tail("--since", "0")
        self.assertEqual(self.numbers(process, 3), [1, 2, 3])
        self.daemon.pub.send_multipart([b"all/article.new/en/", json.dumps(self.daemon.log[2]["event"]).encode()])
        self.daemon.event("all/article.new/en/")
        self.assertEqual(self.numbers(process, 1), [4])


class InForeground(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wr-run-"))
        self.addCleanup(shutil.rmtree, self.dir)
        (self.dir / "feeds").mkdir()
        self.config = self.dir / "wireroom.yaml"
        self.config.write_text("http: { allow: [127.0.0.0/8], spacing: 0s }\n"
                               "poll: { min_interval: 1s, max_interval: 1s, default_interval: 1s, first_fetch: publish-all }\n")

    def start(self, *words):
        return subprocess.Popen([WIREROOM, "run", "--dir", self.dir / "var", "--config", self.config, *words],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TZ": "UTC"})

    def test_run_prints_records_and_ends_with_a_signal(self):
        web = harness.Web()
        self.addCleanup(web.close)
        web["/world.xml"] = feed("Harbour bridge closed", host=web.url(""))
        (self.dir / "feeds" / "a.list").write_text(web.url("/world.xml") + "\n")
        with self.start() as process:
            self.assertIn("Harbour bridge closed", process.stdout.readline())
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 0)
            self.assertIn("Following 1 feed;", process.stderr.read())
        self.assertFalse((self.dir / "var" / "control.sock").exists())

    def test_run_shows_the_demo_only_when_asked_and_no_server_answers(self):
        (self.dir / "feeds" / "a.list").write_text("http://127.0.0.1:1/feed.xml\n")
        with self.start("--demo") as process:
            self.assertRegex(process.stdout.readline(), r" new ")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(30), 0)
            self.assertIn("No server of the 1 feeds answers: this is the demo", process.stderr.read())
        with self.start("--demo", "--json") as process:
            self.assertEqual(process.wait(30), 2)
            self.assertIn("invented", process.stderr.read())

    def fails(self, *words):
        """Run until it has said that the feed fails; the daemon goes on and no record is printed."""
        with self.start(*words) as process:
            said = ""
            while "/feed.xml: " not in said:
                line = process.stderr.readline()
                self.assertTrue(line, said)
                said += line
            polled = len(self.web.seen("/feed.xml")) if self.web else 0
            if self.web:
                until("it is asked again", lambda: len(self.web.seen("/feed.xml")) > polled + 2)
            process.send_signal(signal.SIGINT)
            out, rest = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)
            self.assertNotRegex(out, r" (new|copy) |article.new")
            self.assertNotIn("demo", said + rest)
        return said

    def test_run_says_which_feeds_fail_and_invents_nothing(self):
        self.web = web = harness.Web()
        self.addCleanup(web.close)
        web["/feed.xml"] = harness.Answer("", 500)
        (self.dir / "feeds" / "a.list").write_text(web.url("/feed.xml") + "\n")
        self.assertIn("status 500", self.fails("--demo"))
        self.assertIn("status 500", self.fails("--json", "--no-demo"))  # the second start, not due yet
        web["/feed.xml"] = harness.Answer("<html><body>Soon.</body></html>", 200, headers={"Content-Type": "text/html"})
        self.fails("--demo")

    def test_run_keeps_to_feeds_that_were_refused_or_added_by_hand(self):
        self.web = None
        (self.dir / "feeds" / "a.list").write_text("http://10.1.2.3/feed.xml\n")
        self.assertIn("http.allow", self.fails())

    def test_run_refuses_a_bad_configuration(self):
        self.config.write_text("htp: {}\n")
        with self.start() as process:
            self.assertEqual(process.wait(30), 1)
            self.assertIn("did you mean http?", process.stderr.read())


if __name__ == "__main__":
    harness.main()
