"""The `wireroom` command for end-to-end tests: run with pipes or on a terminal, and a daemon that says what a test tells it to.

    told = command.Told(self, {"status": [{"status": {...}, "done": True}]})
    code, out, err = command.run("status", "--socket", told.path)
"""
import fcntl, json, os, pathlib, pty, re, select, shutil, socket, struct, subprocess, tempfile, termios, threading

import harness

WIREROOM = harness.BIN / "wireroom"
COLOUR = re.compile(r"\033\[[0-9;]*m")


def environment(more=None):
    """As a user has it, in UTC; a value of None is left out."""
    found = {**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TZ": "UTC", "LC_ALL": "C.UTF-8", **(more or {})}
    return {k: v for k, v in found.items() if v is not None}


def run(*words, stdin=b"", env=None, cwd=None):
    """A finished command: exit code, standard output, standard error."""
    done = subprocess.run([WIREROOM, *map(str, words)], input=stdin, capture_output=True, timeout=harness.PATIENCE, env=environment(env), cwd=cwd)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def on_terminal(*words, columns=200, env=None):
    """The same with standard output on a terminal: exit code, what the terminal shows, standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    mode = termios.tcgetattr(theirs)
    mode[1] &= ~termios.OPOST  # lines end as they were written
    termios.tcsetattr(theirs, termios.TCSANOW, mode)
    process = subprocess.Popen([WIREROOM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, env=environment(env))
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], harness.PATIENCE)[0]:
        try:
            got = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not got:
            break
        shown += got
    os.close(ours)
    err = process.communicate(timeout=harness.PATIENCE)[1]
    return process.returncode, shown.decode(), err.decode()


class Told:
    """A control socket that answers each command with the lines of its table: objects, or bytes as they are. A command that is not
    in the table ends the connection. What was asked is in `asked`."""

    def __init__(self, case, answers):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wr-told-"))
        case.addCleanup(shutil.rmtree, self.folder)
        self.answers, self.asked = answers, []
        self.path = self.folder / "control.sock"
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(self.path))
        self.server.listen()
        case.addCleanup(self.server.close)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_one, args=(connection,), daemon=True).start()

    def serve_one(self, connection):
        with connection, connection.makefile("rb") as lines:
            try:
                self.answer(connection, lines)
            except OSError:
                pass  # it has seen enough

    def answer(self, connection, lines):
        for line in lines:
            asked = json.loads(line)
            assert asked.pop("names") == "new", asked
            self.asked.append(asked)
            answer = self.answers.get(asked["cmd"])
            if callable(answer):
                answer = answer(asked)
            if answer is None:
                return
            for part in answer:
                connection.sendall(part if isinstance(part, bytes) else json.dumps(part).encode() + b"\n")
                if isinstance(part, bytes) and not part.endswith(b"\n"):
                    return
