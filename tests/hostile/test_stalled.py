"""A subscriber that reads nothing while 2,000 events a second go out: neither the other subscriber nor the named consumer loses one,
and the stalled one has all of them by replay once it reads again. In full a minute of it, beside a minute without it: the 99th of a
hundred delays, from the log to the subscriber, may at most double. Then the store is in memory: a disk that others use syncs at half
the rate, and is not what is measured. A client of the HTTP interface whose machine is gone is noticed."""
import os, pathlib, socket, subprocess, sys, tempfile, time, unittest

import zmq

import attack, harness
from attack import LONG
from harness import Item, rss

FEEDS, RATE = 20, 2000  # of all feeds together: each has what a second's part of it is at the moment it is asked
SHOWN = 20  # entries that were in the answer before
SECONDS = 60 if LONG else 4
if LONG and os.path.isdir("/dev/shm"):
    tempfile.tempdir = "/dev/shm"
NOTICED = 15 + 3  # seconds; the daemon looks once a second, and this machine may be busy
ASK = b"GET /v1/stream?since=0&filter=%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a-token-of-the-desk\r\n\r\n"
CLIENT = """import socket, sys, time
streams = []
for ask in sys.argv[3:]:
    streams.append(socket.create_connection((sys.argv[1], int(sys.argv[2]))))
    streams[-1].sendall(ask.encode())
    streams[-1].recv(100)
print("there", flush=True)
time.sleep(3600)
"""


class Stalled(attack.Case):
    def burst(self, feed):
        self.made[feed] = 0

        def answer(request):
            before = self.made[feed]
            self.made[feed] = max(before, self.due())
            return rss([Item(f"{feed}-{n}", f"Headline {feed} {n}", self.web.url(f"/none/{feed}/{n}"), "Words. " * 40)
                        for n in range(self.made[feed], max(0, before - SHOWN), -1)])
        return answer

    def due(self):
        """Entries that each feed has by now."""
        return 0 if self.flows == 0 else (self.flows - 1) * SECONDS * RATE // FEEDS + int(min(time.monotonic() - self.begun, SECONDS) * RATE / FEEDS)

    def flow(self):
        """Some seconds of it; the delays of the subscriber's events, in order of size."""
        at = len(self.follower.delays)
        self.begun = time.monotonic()
        self.flows += 1
        whole = self.flows * SECONDS * RATE // FEEDS
        harness.until("all is in the feeds", lambda: set(self.made.values()) == {whole}, SECONDS + 4 * harness.PATIENCE)
        harness.until("all is read", lambda: len(self.follower.got) == len(self.puller.got) >= self.all_made(), 4 * harness.PATIENCE)
        delays = sorted(self.follower.delays[at:])
        self.rate = len(delays) / (time.monotonic() - self.begun)
        print(f"\n{len(delays)} events, {self.rate:.0f} a second; delay p50 "
              f"{delays[len(delays) // 2] * 1000:.0f} ms, p99 {delays[len(delays) * 99 // 100] * 1000:.0f} ms", flush=True)
        return delays

    def all_made(self):
        return sum(self.made.values()) + self.published

    def recover(self, stalled):
        """What it has, and what it gets by replay of what it sees that it has not."""
        got = set()
        while stalled.poll(1000):
            frames = stalled.recv_multipart()
            if frames[0].startswith(b"all/"):
                got.add(attack.sequence_of(frames[1]))
        head = len(self.follower.got)
        missed = [n for n in range(1, head + 1) if n not in got]
        begins = [n for n in missed if n - 1 in got or n == 1]
        ends = [n for n in missed if n + 1 in got or n == head]
        asks = attack.Ranges(self.pull, zip(begins, ends))
        self.addCleanup(asks.leave)
        harness.until("all is replayed", lambda: asks.is_over, 4 * harness.PATIENCE)
        print(f"the stalled one had {len(got)} of {head}, and {len(asks.got)} by replay of {len(begins)} gaps", flush=True)
        return sorted([*got, *asks.got])

    def test_one_that_reads_nothing(self):
        self.flows, self.begun, self.made, self.most = 0, 0, {}, 10
        paths = [f"/burst/{n}" for n in range(FEEDS)]
        for n, path in enumerate(paths):
            self.web[path] = self.burst(n)
        self.begin()
        self.daemon.configure([self.web.url(path) for path in ["/feed", *paths]])
        self.daemon.ask("reload")
        before = self.flow()
        stalled = zmq.Context.instance().socket(zmq.SUB)
        attack.show(stalled, None)
        stalled.set(zmq.RCVHWM, 1)
        stalled.set(zmq.RCVBUF, 4096)
        stalled.subscribe("all/")
        stalled.subscribe("heartbeat/")
        stalled.connect(self.pub)
        self.assertTrue(stalled.poll(1000 * harness.PATIENCE), "no welcome")
        beside = self.flow()
        every = list(range(1, len(self.follower.got) + 1))
        self.assertEqual(self.follower.got, every, "the subscriber lost something")
        self.assertEqual(self.puller.got, every, "the consumer lost something")
        self.assertEqual(self.recover(stalled), every, "the stalled one did not recover all")
        stalled.close()
        self.judge()
        if LONG:
            self.assertGreater(self.rate, 0.95 * RATE, "this machine is too busy: chrt -f 10 ./dev test --long -R stalled")
            self.assertLessEqual(beside[len(beside) * 99 // 100], 2 * before[len(before) * 99 // 100])


@unittest.skipIf(os.getuid() != 0, "only root makes networks")
class Vanished(attack.Case):
    """A client on a machine that loses its network, with a stream that is quiet and one with something on its way. One that is there and
    does not read is not taken for gone."""

    def network(self, *words):
        return subprocess.run(words, capture_output=True, text=True)

    def setUp(self):
        super().setUp()
        self.name = f"wr{os.getpid()}"
        net = f"10.{os.getpid() % 251 + 1}.{os.getpid() // 251 % 251}"
        self.addCleanup(self.network, "ip", "netns", "del", self.name)
        self.addCleanup(self.network, "ip", "link", "del", self.name)
        made = [self.network("ip", *words.split()) for words in (
            f"netns add {self.name}", f"link add {self.name} type veth peer name inner netns {self.name}", f"addr add {net}.1/24 dev {self.name}",
            f"link set {self.name} up", f"-n {self.name} addr add {net}.2/24 dev inner", f"-n {self.name} link set inner up")]
        if any(done.returncode for done in made):
            self.skipTest(f"no network can be made here: {made[-1].stderr}")
        with socket.create_server((f"{net}.1", 0)) as listener:
            self.http = "%s:%d" % listener.getsockname()

    def streams(self):
        """Connections of the HTTP interface that stand, as the system counts them for the daemon."""
        port = f":{int(self.http.rsplit(':', 1)[1]):04X} "
        rows = (pathlib.Path("/proc") / str(self.daemon.process.pid) / "net" / "tcp").read_text().splitlines()[1:]
        return sum(port in f"{row.split()[1]} " and row.split()[3] == "01" for row in rows)

    def test_who_is_gone_without_a_word_is_noticed(self):
        (self.folder / "tokens").write_text("a-token-of-the-desk\n")
        self.begin(listen={"tokens": str(self.folder / "tokens")})
        host, port = self.http.split(":")
        stalled = socket.socket()
        self.connections.append(stalled)
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        stalled.connect((host, int(port)))
        stalled.sendall(ASK % b"all/")
        client = subprocess.Popen(["ip", "netns", "exec", self.name, sys.executable, "-c", CLIENT, host, port,
                                   (ASK % b"nothing/").decode(), (ASK % b"all/").decode()], stdout=subprocess.PIPE)
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        self.assertEqual(client.stdout.readline(), b"there\n")
        self.assertEqual(self.streams(), 3)
        self.network("ip", "-n", self.name, "link", "set", "inner", "down")
        begun = time.monotonic()
        harness.until("it is noticed", lambda: self.streams() == 1, NOTICED + 2 * harness.PATIENCE)
        print(f"\nnoticed after {time.monotonic() - begun:.0f} s", flush=True)
        self.assertLess(time.monotonic() - begun, NOTICED)
        self.judge()


if __name__ == "__main__":
    harness.main()
