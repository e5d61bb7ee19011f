"""A disk that becomes full at each write, and then has room: nothing is lost, nothing is confirmed that is not on it, and work goes on
within five seconds. What a disk refuses is told as what it is, and never as damage."""
import errno, os, shutil, struct, subprocess, unittest, urllib.error, urllib.request

import attack, harness
from attack import LONG

PRELOAD = harness.BUILD / "tests" / "preload" / "full.so"
BROKEN = harness.BUILD / "tests" / "preload" / "broken.so"
PROBE = 5  # seconds until a full disk is tried again


class Full(attack.Case):
    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.http}/readyz", timeout=harness.PATIENCE) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            return error.code != 503

    def begin_holding(self, **options):
        """A second consumer, which acknowledges when it is told."""
        self.begin(**options)
        self.holder = attack.Puller(self.pull, name="holder", acks=False)
        self.addCleanup(self.holder.leave)
        harness.until("it has something", lambda: self.holder.got)

    def check_full(self):
        """What holds while there is no room."""
        harness.until("it says that it is not ready", lambda: not self.is_ready())
        acked, newest = self.holder.acked, self.holder.got[-1]
        self.holder.acknowledge(newest)
        pongs = self.holder.pongs
        harness.until("it answers others", lambda: self.holder.pongs > pongs + 1)
        self.assertTrue(self.daemon.events(newest - 1), "the log cannot be read")
        self.assertEqual(self.holder.acked, acked, "an acknowledgement was confirmed that is not on the disk")
        return newest

    def check_room(self, newest):
        self.daemon.clock.advance(PROBE)
        harness.until("it is ready again", self.is_ready)
        harness.until("the acknowledgement is confirmed", lambda: self.holder.acked >= newest)
        count = len(self.follower.got)
        harness.until("articles come again", lambda: len(self.follower.got) > count)

    def judge_all(self):
        self.judge()
        titles = [e["data"]["headline"] for e in self.daemon.events() if ".article." in e["type"]]
        self.assertEqual(sorted(titles), sorted(f"Headline {n}" for n in range(1, self.published + 1)))


class EachWrite(Full):
    @unittest.skipUnless(PRELOAD.exists(), "not built here")
    def test_no_room_from_each_write_on(self):
        path = self.folder / "room"
        path.write_bytes(struct.pack("=qq", -1, 0))

        def room(left=None):
            with open(path, "r+b") as file:
                if left is not None:
                    file.write(struct.pack("=qq", left, 0))
                    return 0
                return struct.unpack("=qq", file.read(16))[1]
        self.under = ("env", f"LD_PRELOAD={PRELOAD}", f"WIREROOM_ROOM={path}")
        self.begin_holding()
        for writes in range(60 if LONG else 12):
            room(writes)
            harness.until("a write is refused", room)
            newest = self.check_full()
            room(-1)
            self.check_room(newest)
        self.judge_all()


class SmallDisk(Full):
    def test_a_small_disk_is_full(self):
        state = self.folder / "state"
        state.mkdir()
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", state], capture_output=True).returncode:
            self.skipTest("no disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", state])
        self.begin_holding()
        for _ in range(5 if LONG else 2):
            with open(state / "filler", "wb", buffering=0) as filler:
                try:
                    while True:
                        filler.write(bytes(65536 if os.fstat(filler.fileno()).st_size < 8 << 20 else 512))
                except OSError:
                    pass
            newest = self.check_full()
            (state / "filler").unlink()
            self.check_room(newest)
        self.judge_all()


@unittest.skipUnless(BROKEN.exists(), "not built here")
class Refused(harness.Case):
    READ = [("read", "EIO", ".db", 0), ("read", "EIO", ".db", 12288), ("read", "EIO", ".db", 40960), ("read", "ESTALE", ".db", 4096),
            ("read", "ENXIO", ".db-wal", 0), ("open", "EIO", ".db", 0), ("open", "EACCES", ".db", 0), ("open", "EMFILE", ".db", 0),
            ("open", "EMFILE", ".db-wal", 0), ("open", "ENFILE", ".db", 0)]
    START = [("open", "EROFS", ".lock", 0), ("open", "ENOSPC", ".lock", 0), ("open", "EDQUOT", ".lock", 0), ("open", "EACCES", ".lock", 0),
             ("open", "ENOSPC", ".db-wal", 0)]
    WRITE = [("write", "EIO", ".db-wal", 0), ("write", "EROFS", ".db-wal", 0), ("write", "EACCES", ".db-wal", 0), ("sync", "EIO", ".db-wal", 0),
             ("sync", "ENOSPC", ".db-wal", 0), ("sync", "EDQUOT", ".db-wal", 0)]
    FULL = [("write", "ENOSPC", ".db-wal", 0), ("write", "EDQUOT", ".db-wal", 0), ("write", "EFBIG", ".db-wal", 0)]
    MENDS = {"EIO": "dmesg", "ESTALE": "mount", "ENXIO": "dmesg", "EACCES": "chown", "EMFILE": "LimitNOFILE", "ENFILE": "fs.file-max",
             "EROFS": "mount", "ENOSPC": "room", "EDQUOT": "quota", "EFBIG": "LimitFSIZE"}

    def setUp(self):
        super().setUp()
        self.round = 0
        self.web["/feed"] = lambda request: harness.rss([harness.Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), "Words. " * 90)
                                                         for n in range(20 + self.round)])
        self.start(["/feed"], stages={"chain": []})
        harness.until("all are published", lambda: len(self.daemon.events()) == 20)
        shutil.copytree(self.daemon.dir, self.folder / "live", ignore=shutil.ignore_patterns("*.sock"))  # with its log, as after a kill
        self.daemon.stop()

    def broken(self, call, error, ending, behind):
        return {"LD_PRELOAD": str(BROKEN), "WIREROOM_BROKEN": f"{call} {getattr(errno, error)} {ending} {behind}"}

    def check(self, wish, said):
        self.assertIn(os.strerror(getattr(errno, wish[1])), said)
        self.assertIn(f"wireroom.db{wish[2].removeprefix('.db')}" if wish[0] != "open" else "wireroom.db", said)
        self.assertIn(self.MENDS[wish[1]], said)
        for word in ("damaged", "backup", "no such table", "not a database"):
            self.assertNotIn(word, said)

    def run_wireroom(self, wish, *words):
        return subprocess.run([harness.BIN / "wireroom", *words], capture_output=True, text=True, timeout=harness.PATIENCE,
                              env=os.environ | self.broken(*wish))

    def test_who_reads_the_store_is_told(self):
        for wish in self.READ:
            path = (self.folder / "live" if wish[2] == ".db-wal" else self.daemon.dir) / "wireroom.db"
            for words in (("store", "check"), ("store", "export-feeds"), ("store", "check", "--json")):
                with self.subTest(wish=wish, words=words):
                    done = self.run_wireroom(wish, *words, "--store", str(path))
                    self.assertEqual(done.returncode, 1, done.stdout)
                    self.check(wish, done.stdout + done.stderr)
            if wish[2] == ".db":
                with self.subTest(wish=wish, words="doctor"):
                    done = self.run_wireroom(wish, "doctor", "--config", str(self.daemon.config), "--dir", str(self.daemon.dir))
                    self.check(wish, "\n".join(line for line in done.stdout.splitlines() if line.startswith(("FAIL  store", "WARN  store", "warn  store"))))

    def test_a_daemon_that_cannot_start_says_why(self):
        for wish in self.READ + self.START:
            if wish[2] != ".db-wal" or wish[0] == "open":
                with self.subTest(wish=wish):
                    done = subprocess.run(self.daemon.command(), capture_output=True, text=True, timeout=harness.PATIENCE, env=os.environ | self.broken(*wish))
                    self.assertEqual(done.returncode, 1)
                    self.check(wish, done.stderr.splitlines()[-1])

    def test_a_daemon_that_cannot_write_ends_and_says_why(self):
        for wish in self.WRITE:
            with self.subTest(wish=wish):
                self.round += 1
                self.daemon.environment = self.broken(*wish)
                self.daemon.start(wait=False)
                self.assertEqual(self.daemon.ended(harness.PATIENCE), 1)
                self.check(wish, self.daemon.log().splitlines()[-1])

    def test_a_daemon_without_room_holds_and_says_why(self):
        for wish in self.FULL:
            with self.subTest(wish=wish):
                self.round += 1
                self.daemon.environment = self.broken(*wish)
                self.daemon.start()
                try:
                    store = harness.until("it holds", lambda: (s := self.daemon.ask("status")[0]["status"]["store"])["full"] and s)
                finally:
                    self.daemon.kill()
                self.check(wish, store["error"].replace("wireroom.db", "wireroom.db-wal"))


if __name__ == "__main__":
    harness.main()
