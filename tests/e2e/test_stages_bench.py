"""`wireroom stages bench`: what stages cost an article, and what is told of those that fail."""
import json, pathlib, re, shutil, tempfile, unittest

import harness
from command import on_terminal, run

MODULES = harness.BUILD / "tests" / "stages"
PAGE = "<!DOCTYPE html><title>Ferry</title><article><h1>Ferry strikes pier</h1>" + 5 * f"<p>{'The ferry struck the pier at dawn. ' * 8}</p>" + "</article>"


class Bench(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wr-bench-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def file(self, name, *records, indent=None):
        path = self.dir / name
        path.write_text("\n".join(json.dumps(r, indent=indent) for r in records) + "\n")
        return path

    def bench(self, *words, code=0, err=""):
        got = run("stages", "bench", "--json", *words)
        self.assertEqual((got[0], bool(got[2])), (code, bool(err)), got)
        if err:
            self.assertRegex(json.loads(got[2].splitlines()[0])["error"]["text"], err)
        return json.loads(got[1])

    def test_times_of_each_stage_and_of_the_article(self):
        one = self.file("one.json", {"headline": "Harbour closed - Times", "text": "The harbour was closed on Monday."}, indent=2)
        told = self.bench("--dir", harness.STAGES, "--stages", "headline,language,neardup", one)  # neardup: the ordered worker
        self.assertEqual((told["records"], told["times"], told["dropped"]), (1, 1000, 0))
        self.assertEqual([s["name"] for s in told["stages"]], ["headline", "language", "neardup"])
        for series in [*told["stages"], told["article"]]:
            self.assertEqual((series["runs"], series["failed"]), (1000, 0))
            self.assertLessEqual(series["median"], series["p99"])
            self.assertLessEqual(series["p99"], series["max"])
        self.assertGreater(told["article"]["max"], 0)
        self.assertGreaterEqual(told["article"]["max"], max(s["max"] for s in told["stages"]))
        self.assertGreater(told["memory"]["withoutStages"], 1 << 20)

    def test_records_come_as_events_one_a_line_or_from_standard_input(self):
        events = [{"specversion": "1.0", "data": {"headline": f"Headline {n}"}} for n in range(3)]
        many, one = self.file("many.jsonl", *events), self.file("one.json", events[0], indent=1)
        words = ("--dir", MODULES, "--stages", "good", "--times", "2")
        self.assertEqual(self.bench(*words, many)["article"]["runs"], 6)
        self.assertEqual(self.bench(*words, many, one)["records"], 4)
        code, out, _ = run("stages", "bench", "--json", "-n2", *words[:4], "-", stdin=many.read_bytes())
        self.assertEqual((code, json.loads(out)["article"]["runs"]), (0, 6))
        self.assertEqual(self.bench(*words[:4], *[many] * 400)["times"], 1)  # more than a thousand as they are

    def test_a_page_is_what_stages_that_need_one_work_on(self):
        page, one = self.dir / "page.html", self.file("one.json", {"headline": "Ferry", "url": "http://a.example/1"})
        page.write_text(PAGE)
        without, told = (self.bench("--dir", harness.STAGES, "--stages", "extract", "-n", "20", *more, one)["article"]["median"]
                         for more in ((), ("--page", page)))
        self.assertGreater(told, without)

    def test_a_stage_s_memory_is_told_beside_the_worker_s_own(self):
        one = self.file("one.json", {"headline": "calm"})
        memory = self.bench("--dir", harness.STAGES, "--stages", "neardup", "-n", "1", one)["memory"]
        self.assertGreater(memory["most"], memory["withoutStages"])
        same = self.bench("--dir", MODULES, "--stages", "good", "-n", "1", one)["memory"]
        self.assertLess(same["most"], same["withoutStages"] + (4 << 20))

    def test_failures_are_counted_told_once_and_no_times(self):
        many = self.file("many.jsonl", *({"headline": h} for h in ("calm", "crash", "calm again")))
        words = ("--dir", MODULES, "--stages", "crash,good", "-n", "5", many)
        crash, good = self.bench(*words, code=1, err="stage crash crashed")["stages"]
        self.assertEqual((crash["failed"], good["runs"], good["failed"]), (3, 15, 0))  # of three deaths it rests
        self.assertLess(crash["runs"], 15)
        code, out, err = run("stages", "bench", *words)
        self.assertEqual(code, 1)
        self.assertEqual(err, f"wireroom: {many}:2: stage crash crashed (SIGSEGV)\n"
                              f"wireroom: {many}:{err[-100:].split('.jsonl:')[1][0]}: stage crash is not run any more: it ended too many workers\n")
        told = self.bench("--dir", MODULES, "--stages", "failing", "-n", "5", self.file("one.json", {"headline": "calm"}), code=1,
                          err=r"/one\.json: stage failing failed: cannot do that")
        self.assertEqual((told["article"]["failed"], told["article"]["median"], told["stages"][0]["max"]), (5, None, None))

    def test_a_record_that_two_stages_die_of_is_one_failure(self):
        two = self.file("two.json", {"headline": "crash over a file"})
        told = self.bench("--dir", MODULES, "--stages", "crash,opener", "-n", "1", two, code=1, err="opener: made the forbidden system call openat")
        self.assertEqual((told["article"]["runs"], told["article"]["failed"]), (1, 1))

    def test_articles_that_are_dropped_are_told(self):
        config = self.dir / "drop.yaml"
        config.write_text(f"feeds: []\nstages: {{ dir: '{MODULES}', chain: [good, failing], options: {{ good: {{ drop: yes }} }} }}\n")
        told = self.bench("--config", config, "-n", "4", self.file("one.json", {"headline": "nobody wants this"}))
        self.assertEqual((told["dropped"], told["article"]["failed"], [s["name"] for s in told["stages"]]), (4, 0, ["good"]))

    def test_people_get_a_table(self):
        one = self.file("one.json", {"headline": "Harbour closed"})
        words = ("stages", "bench", "--dir", MODULES, "--stages", "good", "-n", "1200", one)
        code, out, err = run(*words)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"\A1 record, 1,200 times each\nSTAGE +median +p99 +max +failed\ngood( +\d+\.\d{3} ms){3} +0\n"
                              r"in all( +\d+\.\d{3} ms){3} +0\nmemory +\d+ MiB at most in a worker, \d+ MiB without these stages\n\Z")
        self.assertLessEqual(max(map(len, on_terminal(*words, columns=60, env={"NO_COLOR": "1"})[1].splitlines())), 72)

    def test_what_is_no_record_is_said_with_its_place(self):
        for name, text, says in (("a.json", "17", r"a\.json: a record is an object"), ("b.jsonl", '{"headline": "a"}\n\n{"headline\n', r"b\.jsonl:3:\d+: "),
                                 ("c.json", '{\n"headline": \n', r"c\.json:\d+:\d+: "), ("d.json", "", r"d\.json:\d+:\d+: "), ("e.json", "\n \n", r"e\.json:\d+:\d+: ")):
            (self.dir / name).write_text(text)
            code, out, err = run("stages", "bench", "--dir", MODULES, "--stages", "good", self.dir / name)
            self.assertEqual((code, out), (1, ""), name)
            self.assertRegex(err, rf"\Awireroom: {self.dir}/{says}.*\n\Z")

    def test_what_it_refuses(self):
        one = self.file("one.json", {"headline": "calm"})
        for words, code, says in ((("--times", "0", one), 2, "--times: '0' is not a number from 1 to 1000000"),
                                  (("--times", "1000001", one), 2, "from 1 to 1000000"), ((), 2, "too few words"),
                                  ((MODULES / "good.so", one), 2, f"wireroom stages bench --dir {MODULES} --stages good {one}\n"),
                                  (("--dir", self.dir, "--stages", "nope", one), 1, "stage nope: there is no such module"),
                                  (("--config", "/nonexistent.yaml", one), 1, "/nonexistent.yaml"), ((self.dir / "none.json",), 1, "No such file")):
            got = run("stages", "bench", *words)
            self.assertEqual((got[0], got[1]), (code, ""), words)
            self.assertIn(says, got[2])


if __name__ == "__main__":
    harness.main()
