"""Exit codes: one table, of every verb in each way it can fail (EXIT STATUS of wireroom(1)), with what is said as JSON where that was
asked for."""
import json, os, re, socket, subprocess, unittest

import command, harness
from command import run

OK, TROUBLE, USAGE, NO_DAEMON, NOT_KEPT = range(5)


def verbs():
    """All verbs, and what each says of itself under --help."""
    found = {}
    for top in re.findall(r"(?m)^  (\S+) ", run("help")[1].split("verbs:")[1]):
        text = run(top, "--help")[1]
        subs = re.findall(r"(?m)^  ([a-z][-a-z]*) ", text.split("\nverbs:")[1].split("\n\n")[0]) if "\nverbs:" in text else []
        for verb in [f"{top} {sub}" for sub in subs] or [top]:
            found[verb] = run(*verb.split(), "--help")[1]
    return found


VERBS = verbs()
WITH_DAEMON = [verb for verb, text in VERBS.items() if "\n  --socket" in text]
# Words for those that want some.
WORDS = {"consumers add": ["desk"], "consumers reset": ["desk"], "consumers rm": ["desk"], "consumers show": ["desk"], "article show": ["urn:uuid:1"],
         "why": ["urn:uuid:1"], "story show": ["11111111"], "topic show": ["11111111"], "feeds show": ["f1"], "feeds history": ["f1"], "feeds rm": ["f1"],
         "feeds pause": ["f1"], "feeds resume": ["f1"], "feeds poll": ["f1"], "feeds add": ["http://a.example/"], "feeds discover": ["http://a.example/"],
         "feeds test": ["http://a.example/"], "feeds import": ["-"], "quarantine show": ["1"], "quarantine retry": ["1"], "quarantine rm": ["1"]}
# They look for the daemon, and have something to tell without one.
WITHOUT_TOO = {"completion", "doctor"}


class Usage(unittest.TestCase):
    def test_what_no_verb_takes(self):
        for words in (["nope"], ["feeds", "nope"], ["feeds"], []):
            self.assertEqual(run(*words)[0], USAGE, words)
        for verb, text in VERBS.items():
            code, out, err = run(*verb.split(), "--no-such-option")
            self.assertEqual((code, out), (USAGE, ""), verb)
            self.assertIn("no option --no-such-option", err, verb)
            if "\n  --json" in text:
                code, out, err = run(*verb.split(), "--json", "--no-such-option")
                self.assertEqual((code, out, json.loads(err)["error"]["code"]), (USAGE, "", "usage"), verb)
            self.assertEqual(run(*verb.split(), "--help")[0], OK, verb)

    def test_words_that_are_too_few_or_too_many(self):
        for verb, text in VERBS.items():
            usage = text.splitlines()[0].split(verb, 1)[1].replace("[option ...]", "").strip()
            if usage and not usage.startswith("["):
                self.assertEqual(run(*verb.split())[0], USAGE, verb)
            if "..." not in usage:
                self.assertEqual(run(*verb.split(), *(["x"] * 9))[0], USAGE, verb)

    def test_help_goes_nowhere(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([command.WIREROOM, "--help"], stdout=full, stderr=subprocess.PIPE, env=command.environment())
        self.assertEqual(done.returncode, TROUBLE)
        self.assertIn(b"No space left on device", done.stderr)


class NoDaemon(unittest.TestCase):
    def test_none_is_there(self):
        for verb in WITH_DAEMON:
            if verb in WITHOUT_TOO:
                continue
            words = [*verb.split(), *WORDS.get(verb, [])]
            code, out, err = run(*words, "--socket", "/nonexistent/control.sock")
            self.assertEqual((code, out), (NO_DAEMON, ""), verb)
            self.assertIn("no daemon at /nonexistent/control.sock", err, verb)
            code, out, err = run(*words, "--json", "--socket", "/nonexistent/control.sock")
            self.assertEqual((code, out, json.loads(err)["error"]["code"]), (NO_DAEMON, "", "stopped"), verb)

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_one_is_there_and_may_not_be_used(self):
        told = command.Told(self, {})
        os.chmod(told.folder, 0o700)
        for verb in WITH_DAEMON:
            if verb in WITHOUT_TOO:
                continue
            done = subprocess.run([command.WIREROOM, *verb.split(), *WORDS.get(verb, []), "--json", "--socket", str(told.path)], capture_output=True,
                                  stdin=subprocess.DEVNULL, env=command.environment(), user=65534, group=65534, extra_groups=[], timeout=harness.PATIENCE)
            self.assertEqual((done.returncode, json.loads(done.stderr)["error"]["code"]), (TROUBLE, "refused"), (verb, done.stderr))

    def test_it_goes_away(self):
        told = command.Told(self, {})
        for verb in WITH_DAEMON:
            if verb in WITHOUT_TOO:
                continue
            code, _, err = run(*verb.split(), *WORDS.get(verb, []), "--json", "--socket", told.path, stdin=b"http://a.example/\n")
            self.assertEqual((code, json.loads(err.splitlines()[-1])["error"]["code"]), (NO_DAEMON, "stopped"), (verb, err))


class Daemon(harness.Case):
    def test_what_is_not_there_and_what_makes_no_sense(self):
        self.start([])
        there = ("--socket", self.daemon.control)
        not_found = {"consumers reset", "consumers rm", "consumers show", "article show", "why", "story show", "topic show", "feeds show",
                     "feeds history", "feeds rm", "feeds pause", "feeds resume", "feeds poll", "quarantine show"}
        for verb in not_found:
            code, out, err = run(*verb.split(), *WORDS[verb], "--json", *there)
            self.assertEqual((code, out, json.loads(err)["error"]["code"]), (TROUBLE, "", "not-found"), (verb, err))
        code, _, err = run("tail", "--since", "99", "--no-follow", *there)
        self.assertEqual(code, NOT_KEPT, err)
        self.daemon.config.write_text("poll:\n  min_interval: 5\n")
        self.assertEqual(run("reload", *there)[0], USAGE)

    def test_an_answer_that_goes_nowhere(self):
        self.start([])
        for verb in ("status", "feeds list", "feeds export", "doctor", "top -n 1", "consumers list --json"):
            with open("/dev/full", "w") as full:
                done = subprocess.run([command.WIREROOM, *verb.split(), "--socket", str(self.daemon.control)], stdout=full, stderr=subprocess.PIPE,
                                      env=command.environment(), timeout=harness.PATIENCE)
            if verb not in ("feeds list", "consumers list --json"):  # there is nothing to print
                self.assertEqual(done.returncode, TROUBLE, (verb, done.stderr))
                self.assertIn(b"write error", done.stderr, verb)


class Files(unittest.TestCase):
    def test_what_cannot_be_read(self):
        for words in (("parse", "/nonexistent"), ("extract", "/nonexistent"), ("check-config", "/nonexistent"), ("store", "check", "--store", "/nonexistent"),
                      ("store", "export-feeds", "--store", "/nonexistent"), ("store", "new-epoch", "--store", "/nonexistent"),
                      ("stages", "list", "--dir", "/nonexistent"), ("stages", "run", "/nonexistent"), ("stages", "bench", "/nonexistent"), ("keys", "list", "--keys", "/nonexistent"),
                      ("thread", "--store", "/nonexistent"), ("feeds", "test", "/nonexistent.xml")):
            code, _, err = run(*words)
            self.assertEqual(code, TROUBLE, (words, err))
            self.assertTrue(err, words)


if __name__ == "__main__":
    harness.main()
