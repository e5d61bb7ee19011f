"""`wireroom top` on a terminal: keys, signals, sizes, a daemon that goes away and comes back; and a terminal that is afterwards what
it was before."""
import fcntl, os, pathlib, pty, re, select, shutil, signal, struct, subprocess, tempfile, termios, time, unittest

import harness
from command import Told, WIREROOM, environment, run
from harness import until

STAGES = ["extract", "a-stage-with-a-long-name"]
STATUS = {"version": "1.0", "uptime": 8040, "feeds": {"total": 1200, "ok": 1139, "new": 3, "slow": 12, "silent": 4, "failing": 61, "dueNextMinute": 7},
          "polls": {"total": 12000}, "records": {"latencyP50": 0.85, "latencyP99": 4.2}, "log": {"head": 1234567}, "workers": {"count": 2, "busy": 1, "jobs": 3},
          "pub": {"sent": 1234567, "subscriptions": 12}, "pull": {"consumers": 3}}
ANSWERS = {"status": [{"status": STATUS, "done": True}],
           "stages": [{"stages": [{"name": n, "records": 40, "failed": 1, "killed": 0, "seconds": 0.2, "setAside": n != "extract"} for n in STAGES], "done": True}]}
ROWS = 12  # with the line that tells why there is no newer look, and the one after the last stage
TAKEN, GIVEN_BACK = "\033[?1049h\033[?25l\033[?7l", "\033[?7h\033[?25h\033[?1049l"


class Terminal:
    """A terminal with a `wireroom top` on it, as a login has one: it is the session's own, so that Ctrl-C is a signal."""

    def __init__(self, case, *words, columns=80, rows=24, env=None):
        self.ours, self.theirs = pty.openpty()
        case.addCleanup(os.close, self.ours)
        case.addCleanup(self.close_theirs)
        self.size(columns, rows)
        self.before = termios.tcgetattr(self.theirs)
        self.shown = ""
        self.top = subprocess.Popen([WIREROOM, "top", *map(str, words)], stdin=self.theirs, stdout=self.theirs, stderr=subprocess.PIPE, text=True,
                                    env=environment({"TERM": "xterm", "NO_COLOR": "1", **(env or {})}), start_new_session=True,
                                    preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        case.addCleanup(self.top.stderr.close)
        case.addCleanup(self.top.wait)
        case.addCleanup(self.top.kill)

    def close_theirs(self):
        if self.theirs is not None:
            os.close(self.theirs)
            self.theirs = None

    def size(self, columns, rows):
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.ours, keys)

    def read(self, patience=0.0):
        while select.select([self.ours], [], [], patience)[0]:
            try:
                self.shown += os.read(self.ours, 65536).decode()
            except OSError:  # nobody has it any more
                break
            patience = 0.0

    def screens(self):
        """The rows of each screen that is whole, without what steers the terminal."""
        self.read(0.05)
        return [[re.sub(r"\033\[[?0-9;]*[a-zA-Z]", "", row) for row in s.split("\r\n")] for s in self.shown.split("\033[H")[1:] if "\033[J" in s]

    def until(self, pattern, columns=None):
        """The last screen, as soon as the pattern stands on it; with columns, as soon as its longest row fills them."""
        def find():
            screens = [s for s in self.screens() if re.search(pattern, "\n".join(s))]
            return screens[-1] if screens and (columns is None or max(map(len, screens[-1])) == columns) else None
        return until(pattern, find)

    def is_raw(self):
        return not termios.tcgetattr(self.theirs)[3] & (termios.ICANON | termios.ECHO)

    def ended(self):
        """The exit status, of a top that has given back all it took."""
        end = time.monotonic() + harness.PATIENCE
        while self.top.poll() is None and time.monotonic() < end:
            self.read(0.05)
        status = self.top.wait(0)
        self.read()
        assert self.shown.startswith(TAKEN) and self.shown.endswith(GIVEN_BACK), self.shown[-80:]
        assert termios.tcgetattr(self.theirs) == self.before
        return status


class Top(unittest.TestCase):
    def top(self, *words, answers=ANSWERS, **more):
        self.told = Told(self, answers)
        return Terminal(self, "--socket", self.told.path, *words, **more)

    def test_q_ends_it_at_once(self):
        for keys in (b"q", b"Q", b"xyz q"):
            top = self.top()
            top.until("extract")
            self.assertTrue(top.is_raw())
            top.type(keys)
            self.assertEqual(top.ended(), 0)

    def test_what_was_typed_ahead_is_not_for_the_shell(self):
        top = self.top()
        top.until("extract")
        os.kill(top.top.pid, signal.SIGSTOP)
        top.type(b"qrm -r x\n")
        os.kill(top.top.pid, signal.SIGCONT)
        self.assertEqual(top.ended(), 0)
        self.assertEqual(struct.unpack("i", fcntl.ioctl(top.theirs, termios.FIONREAD, b"\0\0\0\0"))[0], 0)

    def test_ctrl_c_ends_it_and_other_signals_kill_it(self):
        for end, status in ((lambda t: t.type(b"\x03"), 0), (lambda t: t.type(b"\x1c"), -signal.SIGQUIT), (lambda t: t.top.terminate(), -signal.SIGTERM),
                            (lambda t: os.kill(t.top.pid, signal.SIGHUP), -signal.SIGHUP)):
            top = self.top()
            top.until("extract")
            end(top)
            self.assertEqual(top.ended(), status)
            self.assertEqual(top.top.stderr.read(), "")

    def test_it_ends_after_so_many_looks(self):
        self.assertEqual(self.top("-n", "1").ended(), 0)

    def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again(self):
        top = self.top()
        top.until("extract")
        top.type(b"\x1a")
        stopped, status = os.waitpid(top.top.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        top.read(0.1)
        self.assertTrue(top.shown.endswith(GIVEN_BACK))
        self.assertEqual(termios.tcgetattr(top.theirs), top.before)
        seen = len(top.shown)
        os.kill(top.top.pid, signal.SIGCONT)
        until("the screen again", lambda: "extract" in (top.read(0.05) or top.shown[seen:]))
        self.assertTrue(top.shown[seen:].startswith(TAKEN), top.shown[seen:])
        self.assertTrue(top.is_raw())
        top.type(b"q")
        self.assertEqual(top.ended(), 0)

    def test_every_size_is_filled_and_a_new_one_at_once(self):
        asked = []
        top = self.top(answers={**ANSWERS, "status": lambda _: asked.append(1) or (ANSWERS["status"] if len(asked) == 1 else [])}, columns=60, rows=10)
        first = top.until("extract")
        self.assertLessEqual(max(map(len, first)), 60)
        for columns, rows in ((60, 8), (132, 40), (61, 4), (20, 1)):  # without a further look: nobody answers
            top.size(columns, rows)
            until((columns, rows), lambda: len(top.screens()[-1]) == min(rows, ROWS))
            self.assertLessEqual(max(map(len, top.screens()[-1])), max(columns, 60))  # a narrower one cuts them off
        top.type(b"q")
        self.assertEqual(top.ended(), 0)

    def test_sixty_columns_hold_what_matters(self):
        text = "\n".join(self.top(columns=60).until("extract"))
        for part in ("wireroomd 1.0", "q ends", "1,139 ok", "61 failing", "polls 0.0/s", "latency p50 850 ms p99 4.2 s", "workers 1 of 2 busy", "3 jobs",
                     "1,234,567 sent", "12 subscribed", "3 consumers", "a-stage-with-a", "rests"):
            self.assertIn(part, text)
        self.assertNotIn("\u2026", text)
        self.assertIn("a-stage-with-a-long-name  ", "\n".join(self.top(columns=120).until("extract")))

    def test_a_daemon_that_goes_away_is_waited_for(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wr-top-"))
        self.addCleanup(shutil.rmtree, folder)
        daemon = harness.Daemon(folder, [])
        self.addCleanup(lambda: daemon.process and daemon.kill())
        daemon.start()
        top = Terminal(self, "--socket", daemon.control, columns=60)
        top.until("workers")
        daemon.stop()
        gone = top.until(r"no daemon since \d\d:\d\d:\d\d; waiting for it")
        self.assertLessEqual(max(map(len, gone)), 60)
        self.assertTrue(any("workers" in row for row in gone))  # the last numbers stay
        daemon.start()
        until("it is there again", lambda: "no daemon" not in "\n".join(top.screens()[-1]))
        daemon.kill()
        top.until("no daemon")
        top.type(b"q")
        self.assertEqual(top.ended(), 0)
        self.assertEqual(top.top.stderr.read(), "")

    def test_a_daemon_that_does_not_answer_holds_up_no_key(self):
        asked = []
        top = self.top(answers={**ANSWERS, "status": lambda _: asked.append(1) or (ANSWERS["status"] if len(asked) == 1 else time.sleep(harness.PATIENCE))})
        until("the second look", lambda: len(asked) == 2)
        began = time.monotonic()
        top.type(b"q")
        self.assertEqual(top.ended(), 0)
        self.assertLess(time.monotonic() - began, harness.PATIENCE)
        top = self.top(answers={**ANSWERS, "stages": lambda _: time.sleep(harness.PATIENCE)})
        until("the screen", lambda: self.told.asked and (top.read(0.05), TAKEN in top.shown)[1])
        top.type(b"\x03")
        self.assertEqual(top.ended(), 0)

    def test_no_daemon_leaves_the_terminal_alone(self):
        top = Terminal(self, "--socket", "/nonexistent/control.sock")
        self.assertEqual(top.top.wait(harness.PATIENCE), 3)
        top.read(0.1)
        self.assertEqual(top.shown, "")
        self.assertIn("no daemon at /nonexistent/control.sock", top.top.stderr.read())

    def test_an_error_is_told_on_the_terminal_that_was_given_back(self):
        refused = [{"error": {"code": "system", "text": "no room"}}]
        top = self.top(answers={**ANSWERS, "status": refused})
        self.assertEqual(top.ended(), 1)
        self.assertEqual(top.top.stderr.read(), "wireroom: no room\n")

    def test_a_terminal_that_can_do_nothing_and_a_pipe_get_lines(self):
        top = self.top("-n", "2", env={"TERM": "dumb"})
        self.assertEqual(top.top.wait(harness.PATIENCE), 0)
        top.read(0.1)
        self.assertNotIn("\033", top.shown)
        self.assertEqual(len(top.shown.splitlines()), 2)
        told = Told(self, ANSWERS)
        piped = subprocess.run(f"'{WIREROOM}' top --socket '{told.path}' | head -n 1; echo ${{PIPESTATUS[0]}}", shell=True, executable="/bin/bash", text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), timeout=harness.PATIENCE)
        line, status = piped.stdout.splitlines()
        self.assertRegex(line, r"^\d\d:\d\d:\d\d  0\.0 polls/s ")
        self.assertIn(int(status), (1, 128 + signal.SIGPIPE))

    def test_without_a_screen_it_ends_with_the_daemon(self):
        asked = []
        told = Told(self, {**ANSWERS, "status": lambda _: asked.append(1) or (ANSWERS["status"] if len(asked) < 3 else None)})
        code, out, err = run("top", "--socket", told.path)
        self.assertEqual((code, len(out.splitlines()), err), (3, 2, "wireroom: the daemon went away\n"))


if __name__ == "__main__":
    harness.main()
