"""Each call of the daemon to the system fails once: it goes on, or it ends and says why, and is whole when it is started again.
Nothing is lost or doubled either way."""
import collections, concurrent.futures, errno, os, random, re, shutil, signal, struct, time

import harness
from crash import LONG, SEED, Case, Ledger, Readers, Web, make_up, tell

RUNS = int(os.environ.get("WIREROOM_CALLS", 10**6 if LONG else 20))
FEW = 12  # calls of which each is tried with every error
LIVES = 4
PATIENCE = 120
LIST = re.compile("test.list: |feed lists not taken over")  # then the operator reloads
WELL = ("stopped", "ends and says why", "aborts and says why", "reads no list")
ERRORS = {
    ("open", "open64", "fopen"): ("EIO", "EMFILE", "ENOMEM", "EINTR"),
    ("read", "readv", "pread64"): ("EIO", "EINTR", "EAGAIN"),
    ("write", "writev", "pwrite64"): ("EIO", "ENOSPC", "EINTR", "EAGAIN"),
    ("recv", "recvmsg", "send", "sendmsg"): ("ECONNRESET", "EINTR", "EAGAIN", "ENOMEM"),
    ("fsync", "fdatasync", "ftruncate64"): ("EIO", "ENOSPC"),
    ("unlink",): ("EIO",),
    ("mmap64",): ("ENOMEM",),
    ("socket", "socketpair", "pipe2", "eventfd", "epoll_create1"): ("EMFILE", "ENOMEM"),
    ("accept", "accept4"): ("EMFILE", "EINTR", "ENOMEM"),
    ("bind", "listen"): ("EADDRINUSE", "ENOMEM"),
    ("connect",): ("ENOMEM", "EINTR", "ECONNREFUSED"),
    ("epoll_ctl",): ("ENOMEM", "ENOSPC"),
    ("epoll_wait", "epoll_pwait"): ("EINTR",),
}
BY_CALL = {name: errors for names, errors in ERRORS.items() for name in names}


def calls_made(path):
    """How often each function was called."""
    return {name.rstrip(b"\0").decode(): calls for name, calls in struct.iter_unpack("=24sQ", path.read_bytes())}


def plan(counts):
    """Each call once, each error in turn; of those that are few, each with every error."""
    for name, count in counts.items():
        errors = BY_CALL[name]
        for n in range(1, count + 1):
            for error in errors if count <= FEW else [errors[n % len(errors)]]:
                yield name, n, error


class Life:
    """One short life, from nothing to a stop, in which one call fails: how it went, the account of it, its log."""

    def __init__(self, case, folder, wish=None):
        self.case, self.wish, self.reloaded = case, wish, False
        folder.mkdir()
        self.web = Web(feeds=2, entries=3, last=2)
        self.counts = folder / "counts"
        self.daemon = case.make_daemon(folder, self.web.feeds)
        self.readers = Readers(self.daemon, (("each", 1),))
        self.readers.start()
        try:
            self.how = self.lead()
            self.account = make_up(self.daemon.dir / "wireroom.db", self.web.known() | self.web.on_show(), self.readers)
            self.log, self.calls = self.daemon.log(), calls_made(self.counts)
        finally:
            self.readers.end()
            self.web.close()
            if self.daemon.process is not None:
                self.daemon.kill()
            shutil.rmtree(folder)

    def lead(self):
        wish = {"WIREROOM_FAIL": self.wish} if self.wish else {}
        self.case.break_by(self.daemon, "fail", WIREROOM_FAIL_FILE=self.counts, **wish)
        self.daemon.start(wait=False)
        how = self.judge(self.live())
        self.case.mend(self.daemon)
        if how == "reads no list":
            self.reload()
            again = self.judge(self.live())
            how = how if again == "stopped" else again
        if self.daemon.process is not None or how in ("stopped", "reads no list"):
            return how
        try:
            self.daemon.start()
        except AssertionError:
            return "does not come back"
        return how if self.live() == "stopped" else "does not come back"

    def reload(self):
        self.reloaded = True
        try:
            self.daemon.ask("reload")
        except OSError:
            pass  # it may find just then that its store cannot be read, and end

    def live(self):
        """Until all is published and everybody has it, and then until it has stopped."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.daemon.ended(0.01) is not None:
                return "ended"
            if self.is_complete():
                self.daemon.process.terminate()
                return "hangs" if self.daemon.ended(PATIENCE) is None else "stopped" if self.daemon.status == 0 else "ended"
            if not self.reloaded and LIST.search(self.daemon.log()) and not self.web.requests:
                return "reads no list"
        return "hangs"

    def is_complete(self):
        if not self.web.is_done():
            return False
        account = make_up(self.daemon.dir / "wireroom.db", self.web.known() | self.web.on_show(), self.readers)
        return account.lost == 0 and account.incomplete == 0

    def judge(self, how):
        """One that ended by itself has said why; libuv and libzmq may abort where the kernel has nothing left to give."""
        if how != "ended":
            return how
        said = re.search("error: |wireroomd: ", self.daemon.log()) is not None
        if said and self.daemon.status > 0:
            return "ends and says why"
        code = errno.errorcode[int(self.wish.split()[-1])]
        if said and self.daemon.status == -signal.SIGABRT and code in ("ENOMEM", "EMFILE", "ENOSPC"):
            return "aborts and says why"
        return f"ends with {self.daemon.status}"


class Fail(Case):
    def test_each_call_fails_once(self):
        whole = Life(self, self.folder / "whole")
        self.assertEqual(whole.how, "stopped", whole.log)
        self.assert_whole(whole.account)
        tell(f"seed {SEED}, calls: { {name: n for name, n in whole.calls.items() if n} }")
        wishes = list(plan(whole.calls))
        random.Random(SEED).shuffle(wishes)
        sums, bad, began = collections.Counter(), 0, time.monotonic()
        for n, (wish, life) in enumerate(self.lives(wishes[:RUNS]), 1):
            sums[life.how] += 1
            if life.how not in WELL or any(life.account[1:]):
                bad += 1
                tell(f"{wish}: {life.how}, {life.account}\n{life.log[-3000:]}")
            if n % 100 == 0:
                tell(f"{n} of {len(wishes)} calls, {dict(sums)}, {bad} bad, {time.monotonic() - began:.0f} s")
        tell(f"{min(RUNS, len(wishes))} of {len(wishes)} calls failed: {dict(sums)}, {bad} bad, {time.monotonic() - began:.0f} s")
        self.assertEqual(bad, 0)

    def test_what_a_start_is_refused_it_tells(self):
        """The first calls that make descriptors, and one at which libzmq aborts as it begins."""
        wishes = [("pipe2", 1, "EMFILE"), ("pipe2", 2, "EMFILE"), ("epoll_create1", 1, "EMFILE"), ("eventfd", 1, "EMFILE"),
                  ("epoll_ctl", 8, "ENOMEM"), ("epoll_ctl", 20, "ENOMEM")]
        for wish, life in self.lives(wishes):
            with self.subTest(wish):
                self.assertIn(life.how, ("ends and says why", "aborts and says why"), life.log)
                self.assertEqual(life.account, Ledger(life.account.events))
                self.assertRegex(life.log, "(?i)error: .*(too many open files|cannot allocate memory|not enough memory)")

    def lives(self, wishes):
        """A few at a time: they wait more than they compute."""
        def lead(job):
            n, (name, number, error) = job
            return f"{name} {number} {error}", Life(self, self.folder / f"life{n}", f"{name} {number} {getattr(errno, error)}")
        with concurrent.futures.ThreadPoolExecutor(LIVES) as pool:
            yield from pool.map(lead, enumerate(wishes))


if __name__ == "__main__":
    harness.main()
