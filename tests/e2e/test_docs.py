"""What README and docs tell readers to type does what they say: every block is run, page by page in its order, each page in an empty
folder and with a daemon that follows a site of the test's; or it says above itself why it is only shown.

    ```console    "$ command" and what it prints; "..." stands for anything
    ```sh         commands, each of which ends with 0; those that go on for ever are ended
    ```yaml       a configuration that is accepted; "# name.yaml" in the first line makes a file of it
    ```json       an event, or members of one
    ```python     a program that prints something
    ```bash, jq   a file, named in the first line: "# alert.sh: what it is"
    <!-- shown, not run: why -->    stands above a block that is not run"""
import json, os, pathlib, re, select, signal, socket, subprocess, unittest

import harness
from harness import Item, page, rss

PAGES = [harness.SOURCE / "README.md", *sorted((harness.SOURCE / "docs").glob("*.md")),
         *(harness.SOURCE / name for name in ("CONTRIBUTING.md", "SECURITY.md"))]
LOCAL = "/usr/local"  # what is installed there goes to a folder of the test
PATIENCE = 120
ENDLESS = re.compile(r"wireroom tail(?!.*--no-follow)|curl -N|wireroom (run|demo)\b")
FILES = {"yaml": r"# (\S+\.yaml)$", "bash": r"# (\S+\.sh): ", "jq": r"# (\S+\.jq): "}


def blocks(text):
    """Of a page, in order: its fenced blocks, as kind, lines and why it is only shown, or None."""
    for why, kind, body in re.findall(r"^(?:<!-- shown, not run: (.*) -->\n)?```(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield kind, body.splitlines(), why or None


def commands(lines):
    """Of a console block: each command and what the page shows of its output."""
    shown = []
    for line in lines:
        if line.startswith("$ "):
            shown.append((line[2:], []))
        else:
            shown[-1][1].append(line)
    return shown


def pattern(lines):
    parts = [r"(?:.*\n)?" if line == "..." else re.escape(line).replace(re.escape("..."), "[^\n]*") + "\n" for line in lines]
    return re.compile(r"\A" + "".join(parts) + r"\Z", re.S)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Docs(harness.Case):
    def setUp(self):
        super().setUp()
        self.here = self.folder / "reader"
        self.here.mkdir()
        self.local = self.folder / "local"
        self.site = self.web.url("/")
        self.web["/"] = harness.Answer('<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>')
        self.web["/feed.xml"] = rss([Item("1", "Ferry strikes the pier", self.web.url("/ferry"), "It struck at dawn."),
                                     Item("2", "Council votes on the bridge", self.web.url("/council"), "It voted.")], title="Example")
        for name, title in (("ferry", "Ferry strikes the pier"), ("council", "Council votes on the bridge")):
            self.web[f"/{name}"] = page(title, f"{title}, as was seen on Monday morning from the quay.")
        self.environment = {**os.environ, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0",
                            "PATH": f"{harness.BIN}:{os.environ['PATH']}", "PYTHONPATH": str(harness.SOURCE / "clients" / "python")}

    def start_daemon(self, follows):
        """The reader's daemon; it follows the site unless the page begins with nothing."""
        self.http = f"127.0.0.1:{free_port()}"
        self.pull = f"ipc://{self.folder}/pull.sock"
        self.start([self.site + "feed.xml"] if follows else [], stages={"chain": ["extract", "language", "neardup", "story"]},
                   listen={"http": self.http, "pull": self.pull})
        self.environment["WIREROOM_SOCKET"] = str(self.daemon.control)
        if follows:
            self.wait_for_articles()

    def wait_for_articles(self):
        for headline in ("Ferry strikes the pier", "Council votes on the bridge"):
            self.subscriber.article(headline)

    def here_is(self, text):
        """What the page calls by other names, as it is called here."""
        for told, real in ((r"https://www\.example\.org/", self.site), ("sudo ", ""), (r"ipc:///run/wireroom/pub\.sock", self.daemon.pub if self.daemon else ""),
                           (r"127\.0\.0\.1:5580", getattr(self, "http", "")), (r"Consumer\(\"newsdesk\"", f'Consumer("newsdesk", endpoint="{getattr(self, "pull", "")}"'),
                           (r"replay\(1, 4711", f'replay(1, 4711, endpoint="{getattr(self, "pull", "")}"'),
                           (r"cmake -B build", f"cmake -B build -DCMAKE_INSTALL_PREFIX={self.local}")):
            text = re.sub(told, lambda _, real=real: real, text)
        return text

    def run_command(self, command, endless=False):
        """What it prints; errors with it."""
        program = subprocess.Popen(["bash", "-c", self.here_is(command)], cwd=self.here, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            said = program.communicate(timeout=3 if endless else PATIENCE)[0]
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGTERM)
            said = program.communicate()[0]
            self.assertTrue(endless, f"$ {command}\n{said}")
        self.assertTrue(endless or program.returncode in (0, 124), f"$ {command}\n{program.returncode} {said}")
        return said.replace(str(self.local), LOCAL)

    def run_console(self, lines):
        for command, shown in commands(lines):
            where = re.fullmatch(r"cd (\S+)", command)
            if where:
                self.here = self.here / where[1]
                continue
            self.assertRegex(self.run_command(command), pattern(shown), f"$ {command}")
            if command.startswith("wireroom feeds add"):
                self.wait_for_articles()

    def run_sh(self, lines):
        for line in lines:
            if line.startswith("wireroom story show"):
                self.assertIn("no story", subprocess.run(["bash", "-c", line], env=self.environment, capture_output=True, text=True).stderr)
                continue
            said = self.run_command(line, ENDLESS.search(line))
            self.assertNotRegex(said, r"usage|Try .*--help", line)

    def run_yaml(self, lines):
        named = re.match(FILES["yaml"], lines[0])
        name = named[1].rsplit("/", 1)[-1] if named else "page.yaml"
        if not any(line.startswith("  dir:") for line in lines):  # where modules would be on the reader's machine
            dirs = f"  dir: ['{harness.STAGES}', '{self.local}/lib/wireroom/stages']"
            lines = [f"stages:\n{dirs}" if line == "stages:" else line for line in lines]
            lines += [] if any(line.startswith("stages:") for line in lines) else [f"stages:\n{dirs}"]
        (self.here / name).write_text("\n".join(line.split(", mode")[0] if line.startswith("# ") else line for line in lines) + "\nfeeds: []\n" * (
            not any(line.startswith("feeds:") for line in lines)))
        if named is None:
            self.run_command(f"wireroom check-config {name}")

    def run_json(self, lines):
        text = "\n".join(lines)
        json.loads(text if text.lstrip().startswith("{") else "{" + text + "}")

    def run_python(self, lines):
        (self.here / "program.py").write_text(self.here_is("\n".join(lines)))
        program = subprocess.Popen(["/usr/bin/python3", "-u", "program.py"], cwd=self.here, env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        for n in range(3, 2000):  # something to print, for as long as nobody has subscribed
            self.web["/feed.xml"] = rss([Item(str(n), f"Report {n}", self.web.url(f"/none/{n}"), "Text.")], title="Example")
            if select.select([program.stdout], [], [], 0.3)[0]:
                break
        self.assertRegex(program.stdout.readline(), r"^(\d+ )?[A-Z]\w+ \w+")

    def run_file(self, kind, lines):
        (self.here / re.match(FILES[kind], lines[0])[1]).write_text("\n".join(lines) + "\n")

    def check(self, name, follows=True):
        path = next(p for p in PAGES if p.name == name)
        if follows is not None:
            self.start_daemon(follows)
        for kind, lines, why in blocks(path.read_text()):
            if why is not None:
                continue
            self.assertIn(kind, ("console", "sh", "yaml", "json", "python", "bash", "jq"), f"{name}: a block that is not tried: {lines[:2]}")
            with self.subTest(block=lines[0]):
                if kind in ("bash", "jq"):
                    self.run_file(kind, lines)
                else:
                    getattr(self, f"run_{kind}")(lines)

    def test_readme(self):
        self.check("README.md")

    def test_tutorial(self):
        self.check("tutorial.md", follows=False)

    def test_desk(self):
        self.check("desk.md")

    def test_developer(self):
        self.check("developer.md")

    def test_subscribing(self):
        self.check("subscribing.md")

    def test_operating(self):
        self.check("operating.md")

    def test_researcher(self):
        self.check("researcher.md")

    def test_stages(self):
        self.check("stages.md", follows=None)


class Pages(unittest.TestCase):
    def test_no_block_goes_unseen(self):
        tried = re.findall(r'self\.check\("(\S+?)"', pathlib.Path(__file__).read_text())
        for path in PAGES:
            text = path.read_text()
            self.assertEqual(len(re.findall(r"(?m)^```", text)) % 2, 0, path)
            prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
            self.assertNotRegex(prose, r"(?m)^    \S", f"{path.name}: an indented block is run by nobody: fence it")
            if path.name not in tried:
                self.assertEqual([lines for _, lines, why in blocks(text) if why is None], [], f"{path.name} has blocks and no test")

    def test_the_manual_of_events_names_every_member(self):
        manual = (harness.SOURCE / "daemon" / "wireroom-events.7").read_text()
        sections = dict(re.findall(r"(?ms)^\.Sh ([A-Z ]+)\n(.*?)(?=^\.Sh )", manual))
        for name, schema in (("ENVELOPE", harness.SCHEMA), *((n, harness.SCHEMA["$defs"][d]) for n, d in (
                ("ARTICLES", "article"), ("STORIES", "story"), ("FEEDS", "feed"), ("SITES", "site"), ("THE DAEMON", "daemon")))):
            self.assertEqual(re.findall(r"(?m)^\.It Cm (\S+)$", sections[name]), list(schema["properties"]), name)
        self.assertEqual([f"wireroom.{t}.v1" for t in re.findall(r"(?m)^\.It Cm (\S+)$", sections["TYPES"])],
                         harness.SCHEMA["properties"]["type"]["enum"])

    def test_what_stages_says_in_passing_is_there(self):
        text = (harness.SOURCE / "docs" / "stages.md").read_text()
        for name in set(re.findall(r"`(wr_\w+)\(", text)):
            self.assertIn(f" {name}(", (harness.SOURCE / "include" / "wireroom" / "stage.h").read_text().replace("*", " "), name)


if __name__ == "__main__":
    harness.main()
