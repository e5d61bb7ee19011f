"""What bash, zsh and fish offer at a key press, in the shells themselves: verbs, options, and values as the daemon has them."""
import os, pty, re, select, shutil, signal, subprocess, unittest

import harness
from harness import Item, rss

WIREROOM = harness.BIN / "wireroom"
STATES = ["new", "ok", "slow", "silent", "failing", "blocked", "moved", "gone", "parked", "unparsable"]


class Bash:
    """The function that bash calls, with a command line as bash takes it apart."""

    def __init__(self, folder, env):
        self.env = env

    def offers(self, line):
        words = re.findall(r"=|[^\s=]+", line) + ([""] if line.endswith((" ", "=")) else [])
        script = 'source <(wireroom completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wireroom; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", script, "bash", *words], env=self.env, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr


class Fish:
    """fish tells what it would offer."""

    def __init__(self, folder, env):
        self.env = {**env, "HOME": str(folder)}

    def offers(self, line):
        script = "wireroom completion fish | source; complete -C $argv[1]"
        done = subprocess.run(["fish", "--no-config", "-c", script, line], env=self.env, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr


class Zsh:
    """zsh at a terminal of its own: what stands there after the key was pressed once."""

    SETUP = (r"PS1=; unsetopt prompt_sp list_ambiguous; fpath=(%s $fpath); autoload -U compinit; compinit -u -D; stty columns 200 -echo; "
             r"mark() { print -rn -- '<''END>' }; zle -N mark; bindkey '^X' mark; print '<''END>'" "\n")

    def __init__(self, folder, env):
        self.folder, self.env = folder, {**env, "TERM": "dumb"}
        with open(folder / "_wireroom", "wb") as file:
            subprocess.run(["wireroom", "completion", "zsh"], env=env, stdout=file, check=True)

    def offers(self, line):
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], self.env)
        try:
            os.write(terminal, (self.SETUP % self.folder).encode())
            self.read(terminal)
            os.write(terminal, line.encode() + b"\t\x18")
            return self.read(terminal)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(terminal)

    def read(self, terminal):
        text = b""
        while b"<END>" not in text:
            if not select.select([terminal], [], [], harness.PATIENCE)[0]:
                raise AssertionError(f"zsh says no more than {text!r}")
            text += os.read(terminal, 65536)
        return text.decode(errors="replace")


class Completion(harness.Case):
    def setUp(self):
        super().setUp()
        self.web["/a"] = rss([Item("1", "Ferry strikes the pier", self.web.url("/none/1"), "It did.")], title="Harbour: it's news")
        self.web["/b"] = rss([Item("1", "Council meets on Monday", self.web.url("/none/2"), "It meets.")], title="Council")
        self.start(["/a", "/b"], stages={"chain": []})
        for headline in ("Ferry strikes the pier", "Council meets on Monday"):
            self.subscriber.article(headline)
        self.env = {**os.environ, "PATH": f"{harness.BIN}:{os.environ['PATH']}", "WIREROOM_SOCKET": str(self.daemon.control), "LC_ALL": "C.UTF-8",
                    "ASAN_OPTIONS": "detect_leaks=0"}
        subprocess.run([WIREROOM, "consumers", "add", "newsdesk"], env=self.env, stdout=subprocess.DEVNULL, check=True)
        (self.folder / "subscriptions.opml").write_text("<opml/>")

    def check(self, kind):
        shell = kind(self.folder, self.env)
        for line, wanted, others in (
                ("wireroom feeds li", ["list"], ["show"]),
                ("wireroom help feeds im", ["import"], ["export"]),
                ("wireroom stages be", ["bench"], ["list"]),
                ("wireroom stages bench --stages headline,lang", ["headline,language"], ["neardup"]),
                (f"wireroom stages bench {self.folder}/subs", ["subscriptions.opml"], []),
                ("wireroom feeds list --state ", STATES, ["name"]),
                ("wireroom feeds list --state fai", ["failing"], []),
                ("wireroom feeds list --sort ", ["name", "errors"], ["failing"]),
                ("wireroom story list --state pe", ["peaking"], []),
                ("wireroom tail --type article.new,story.me", ["article.new,story.merged"], ["story.new"]),
                ("wireroom replay --filter all/feed", ["all/feed.state/"], ["article"]),
                ("wireroom consumers rm n", ["newsdesk"], []),
                ("wireroom thread --stages extract,stor", ["extract,story"], ["neardup"]),
                ("wireroom feeds show ", ["f0000001", "f0000002", "Council", "Harbour: it's news"], ["newsdesk"]),
                ("wireroom tail --feed f0000001,f0000002", ["f0000001,f0000002"], []),
                (f"wireroom feeds import {self.folder}/subs", ["subscriptions.opml"], []),
                ("wireroom completion z", ["zsh"], ["bash"])):
            said = shell.offers(line)
            for word in wanted:
                self.assertIn(word, said, line)
            for word in others:
                self.assertNotIn(word, said, line)
        shell.env["WIREROOM_SOCKET"] = "/nonexistent/socket"
        said = shell.offers("wireroom feeds show f")
        self.assertNotIn("f0000001", said)
        self.assertNotIn("no daemon", said)
        self.assertIn("f0000001", shell.offers(f"wireroom feeds show --socket {self.daemon.control} f"))

    @unittest.skipUnless(shutil.which("bash"), "bash is not installed")
    def test_bash(self):
        self.check(Bash)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        self.check(Zsh)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        self.check(Fish)


if __name__ == "__main__":
    harness.main()
