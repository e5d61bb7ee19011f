"""What docs/stages.md tells authors to type does what it says: its commands in order, in an empty directory."""
import os, pathlib, re, shutil, subprocess, tempfile, unittest

import harness

PAGE = harness.SOURCE / "docs" / "stages.md"
LOCAL = "/usr/local"  # what is installed there goes to a directory of the test
PATIENCE = 120


def blocks(text):
    """Of the page, in order: its fenced blocks, as kind and lines."""
    for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield kind, body.splitlines()


def commands(lines):
    """Of a console block: each command and what the page shows of its output; "..." stands for anything."""
    shown = []
    for line in lines:
        if line.startswith("$ "):
            shown.append((line[2:], []))
        else:
            shown[-1][1].append(line)
    return shown


def pattern(lines):
    parts = [".*" if line == "..." else re.escape(line).replace(re.escape("..."), "[^\n]*") + "\n" for line in lines]
    return re.compile(r"\A" + "".join(parts) + r"\Z", re.S)


class Docs(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-docs-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.here = self.root / "author"
        self.here.mkdir()
        self.local = self.root / "local"
        self.environment = {**os.environ, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0",
                            "PATH": f"{harness.BIN}:{os.environ['PATH']}"}

    def run_command(self, command, shown):
        where = re.fullmatch(r"cd (\S+)", command)
        if where:
            self.here = self.here / where[1]
            return
        prefix = f"-DCMAKE_INSTALL_PREFIX={self.local}"
        command = command.replace("cmake -B build", f"cmake -B build {prefix}").replace("sudo ", "")
        done = subprocess.run(["bash", "-c", command], cwd=self.here, env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, f"$ {command}\n{done.stdout}")
        said = done.stdout.replace(str(self.local), LOCAL)
        self.assertRegex(said, pattern(shown), f"$ {command}")

    def write_file(self, lines):
        """A file of the page, which looks for modules where it would on the reader's machine."""
        name = re.fullmatch(r"# (\S+\.yaml)", lines[0])[1]
        dirs = f"  dir: ['{harness.STAGES}', '{self.local}/lib/wireroom/stages']"
        if not any(line.startswith("  dir:") for line in lines):
            lines = [line if line != "stages:" else f"feeds: []\nstages:\n{dirs}" for line in lines]
        (self.here / name).write_text("\n".join(lines) + "\n")

    def test_the_commands_of_the_page_do_what_it_shows(self):
        count = 0
        for kind, lines in blocks(PAGE.read_text()):
            self.assertIn(kind, ("console", "yaml"), "a block that is not tried")
            if kind == "yaml":
                self.write_file(lines)
                continue
            for command, shown in commands(lines):
                with self.subTest(command=command):
                    self.run_command(command, shown)
                count += 1
        self.assertGreaterEqual(count, 8)

    def test_what_the_page_says_in_passing_is_there(self):
        text = PAGE.read_text()
        self.assertNotRegex(text, r"(?m)^    wireroom ", "a command outside of a console block")
        for name in set(re.findall(r"`(wr_\w+)\(", text)):
            self.assertIn(f" {name}(", (harness.SOURCE / "include" / "wireroom" / "stage.h").read_text().replace("*", " "), name)


if __name__ == "__main__":
    harness.main()
