"""Which version this is: that of the newest tag, with the commit; and packages in the order that dpkg has of their numbers."""
import pathlib, re, shutil, subprocess, tempfile, unittest

import harness

SCRIPT = harness.SOURCE / "packaging" / "version.cmake"
PROJECT = f"""cmake_minimum_required(VERSION 3.24)
set(version 0.1.0)
include({SCRIPT})
project(any VERSION ${{version}} LANGUAGES NONE)
message("version=${{version}};")
"""


@unittest.skipUnless(shutil.which("git") and shutil.which("dpkg"), "git or dpkg is not here")
class Version(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wr-version-"))
        self.addCleanup(shutil.rmtree, self.dir)
        (self.dir / "CMakeLists.txt").write_text(PROJECT)
        self.git("init", "-q")
        self.commit()

    def say(self, *words, **more):
        done = subprocess.run([str(w) for w in words], capture_output=True, text=True, cwd=self.dir, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def git(self, *words):
        return self.say("git", "-c", "user.name=Any", "-c", "user.email=any@example.org", *words)

    def commit(self):
        self.git("add", "CMakeLists.txt")
        self.git("commit", "-q", "--allow-empty", "-m", "one more")

    def version(self, source="."):
        return re.search(r"version=([^;]*);", self.say("cmake", "-S", source, "-B", "build"))[1]

    def package(self):
        """As ./dev numbers it."""
        function = re.search(r"(?ms)^package_version\(\)\n\{.*?^\}", (harness.SOURCE / "dev").read_text())[0]
        return self.say("bash", "-c", f"set -euo pipefail\n{function}\npackage_version").strip()

    def test_a_tag_gives_the_version_and_other_tags_do_not(self):
        self.assertEqual(self.version(), "0.1.0")
        for tag, version in (("nightly", "0.1.0"), ("v1.4.2", "1.4.2"), ("v2.0.0-rc1", "2.0.0")):
            self.commit()
            self.git("tag", tag)
            self.assertEqual(self.version(), version)

    def test_a_tree_within_another_one_s_clone_has_none_of_its(self):
        self.git("tag", "v9.9.9")
        (self.dir / "inner").mkdir()
        shutil.copy(self.dir / "CMakeLists.txt", self.dir / "inner")
        self.assertEqual(self.version("inner"), "0.1.0")

    def test_the_commit_and_whether_there_were_changes_beside_it(self):
        def told():
            self.say("cmake", f"-DSOURCE={self.dir}", f"-DHEADER={self.dir}/commit.h", "-P", SCRIPT)
            return (self.dir / "commit.h").read_text()

        commit = self.git("rev-parse", "--short=12", "HEAD").strip()
        self.assertEqual(told(), f'#define WIREROOM_COMMIT "{commit}"\n')
        (self.dir / "CMakeLists.txt").write_text(PROJECT + "# changed\n")
        self.assertEqual(told(), f'#define WIREROOM_COMMIT "{commit}+"\n')

    def test_packages_follow_each_other_as_their_commits_do(self):
        numbers = [self.package()]
        for tag in (None, "v0.1.0", None, "v0.2.0-rc1", None, "v0.2.0", None):
            self.commit()
            if tag is not None:
                self.git("tag", "-m", tag, tag)
            numbers.append(self.package())
        self.assertEqual([n.split("g")[0] for n in numbers[2:]], ["0.1.0", "0.1.0+1.", "0.2.0~rc1", "0.2.0~rc1+1.", "0.2.0", "0.2.0+1."])
        for lower, higher in zip(numbers, numbers[1:]):
            self.say("dpkg", "--compare-versions", lower, "lt", higher)


if __name__ == "__main__":
    harness.main()
