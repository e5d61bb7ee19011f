"""A disk that becomes full at each write, and then has room: nothing is lost, nothing is confirmed that is not on it, and work goes on
within five seconds."""
import os, struct, subprocess, unittest, urllib.error, urllib.request

import attack, harness
from attack import LONG

PRELOAD = harness.BUILD / "tests" / "preload" / "full.so"
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


if __name__ == "__main__":
    harness.main()
