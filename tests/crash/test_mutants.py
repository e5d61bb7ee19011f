"""The tests of this room find what they are for: a daemon that breaks its contract in one place fails them, and says where it did.

mutants/*.patch are such daemons. In short it is shown that they can still be made; in full each is built and has its power cut."""
import os, pathlib, re, shutil, subprocess, sys, tempfile, unittest

import harness
from crash import LONG, tell

MUTANTS = pathlib.Path(__file__).parent / "mutants"
FOUND = {  # what of test_power's findings gives each away
    "ack_early": "unconfirmed",
    "publish_first": "altered",
    "sync_removed": "lost",
    "validators_early": "unlogged",
}


def patch(source, mutant, *words):
    return subprocess.run(["patch", "-p1", "--batch", "--fuzz=0", "-d", source, "-i", MUTANTS / f"{mutant}.patch", *words], capture_output=True, text=True)


class Mutants(unittest.TestCase):
    def test_each_can_be_made(self):
        self.assertEqual({path.stem for path in MUTANTS.glob("*.patch")}, FOUND.keys())
        for mutant in FOUND:
            with self.subTest(mutant):
                done = patch(harness.SOURCE, mutant, "--dry-run")
                self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(LONG, "builds the daemon several times")
    def test_each_is_found(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-mutants-"))
        self.addCleanup(shutil.rmtree, folder)
        source = folder / "source"
        shutil.copytree(harness.SOURCE, source, ignore=shutil.ignore_patterns("build", ".git", "var"))
        subprocess.run(["cmake", "--preset", "dev"], cwd=source, check=True, capture_output=True)
        for mutant, finding in FOUND.items():
            with self.subTest(mutant):
                self.assertEqual(patch(source, mutant).returncode, 0)
                try:
                    self.build(source)
                    found = self.cut_power(source)
                finally:
                    self.assertEqual(patch(source, mutant, "-R").returncode, 0)
                tell(f"{mutant}: {found}")
                self.assertGreater(found[finding], 0)

    def build(self, source):
        wanted = ["wireroomd", "stage_headline", "stage_neardup", "preload_record"]
        done = subprocess.run(["cmake", "--build", "--preset", "dev", "--target", *wanted], cwd=source, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])

    def cut_power(self, source):
        """What the short form of test_power finds, by the fifth time at the latest: of a document whose validators are stored early
        it has few moments to see it in, and one time in six none of them."""
        environment = {k: v for k, v in os.environ.items() if k != "WIREROOM_LONG"}
        environment |= {"WIREROOM_BUILD": str(source / "build" / "dev"), "WIREROOM_SOURCE": str(source)}
        for _ in range(5):
            done = subprocess.run([sys.executable, source / "tests/crash/test_power.py", "Power.test_what_was_seen_is_there_after_a_power_cut"],
                                  env=environment, capture_output=True, text=True)
            if done.returncode != 0:
                break
        self.assertNotEqual(done.returncode, 0, "the test passes")
        sums = re.search(r"\d+ bad, \{(.*)\}", done.stderr)
        self.assertIsNotNone(sums, done.stderr[-3000:])
        return {name: int(count) for name, count in re.findall(r"'(\w+)': (\d+)", sums[1])}


if __name__ == "__main__":
    harness.main()
