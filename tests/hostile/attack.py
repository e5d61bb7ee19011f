"""A daemon that publishes a new article at each poll, those who rely on it, and what an attack is judged by.

    class Attack(attack.Case):
        def test_others_go_on(self):
            self.begin()
            with self.attacked():
                ...
            self.judge()

One SUB socket and one named consumer read all the while; what they were sent must be the log, whole. Memory is the daemon's peak, and
its processor time that of the second after the attack. In short some seconds each; with WIREROOM_LONG=1 (LONG) as much as was asked."""
import collections, contextlib, datetime, json, os, pathlib, resource, socket, subprocess, threading, time

import zmq

import harness
from harness import Item, rss

LONG = os.environ.get("WIREROOM_LONG") == "1"
MEMORY = 128  # MiB: what a machine with little memory can spare
IDLE = 0.2  # of a core: the feed that is polled five times a second, beats, and what this machine takes for them when it is busy


def many_descriptors():
    """As many as we may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def show(socket, keys):
    """A client's socket; keys: the daemon's public one, its own public and secret one, or None."""
    socket.set(zmq.LINGER, 0)
    if keys is not None:
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = keys


class Puller(threading.Thread):
    """A named consumer that acknowledges what it gets, or (acks=False) what it is told to; got: sequences. When it was silent for so
    long that it was given up, what it had not acknowledged comes again, and nothing else."""

    def __init__(self, endpoint, keys=None, name="desk", acks=True):
        super().__init__(daemon=True)
        self.endpoint, self.keys, self.name, self.acks = endpoint, keys, name, acks
        self.got, self.acked, self.pongs, self.wrong, self.ends = [], 0, 0, [], False
        self.wanted, self.is_welcome = None, False
        self.start()

    def acknowledge(self, sequence):
        self.wanted = sequence

    def run(self):
        self.dealer = zmq.Context.instance().socket(zmq.DEALER)
        show(self.dealer, self.keys)
        self.dealer.connect(self.endpoint)
        self.ask("HELLO", self.name, "", "first")
        pinged = time.monotonic()
        while not self.ends:
            if time.monotonic() > pinged + 0.5:
                pinged = time.monotonic()
                self.ask("PING")
            if self.wanted is not None:
                self.ask("ACK", self.wanted)
                self.wanted = None
            if self.dealer.poll(100):
                self.hear([f.decode() for f in self.dealer.recv_multipart()][1:])
        self.dealer.close()

    def ask(self, *words):
        self.dealer.send_multipart([b"WR1", *(str(w).encode() for w in words)])

    def hear(self, frames):
        match frames:
            case ["WELCOME", _, _, _, acked]:
                self.is_welcome = True
                if int(acked) < self.acked:
                    self.wrong.append(frames)
                self.got = [sequence for sequence in self.got if sequence <= int(acked)]  # the others come again
                self.ask("CREDIT", 100000, 64 << 20)
            case ["REC", sequence, _, event]:
                self.got.append(int(sequence))
                self.ask("CREDIT", 1, len(event))
                if self.acks:
                    self.ask("ACK", sequence)
            case ["ACKED", sequence]:
                self.acked = int(sequence)
            case ["PONG", *_]:
                self.pongs += 1
            case ["ERR", "unknown", *_]:  # it was silent for long, by the daemon's clock, or that has started again
                if self.is_welcome:
                    self.ask("HELLO", self.name, "", "first")
                self.is_welcome = False
            case _:
                self.wrong.append(frames)

    def leave(self):
        self.ends = True
        self.join()


class Follower(threading.Thread):
    """A SUB socket that only counts; got: sequences; delays: seconds since they were logged, of each."""

    def __init__(self, endpoint, keys=None):
        super().__init__(daemon=True)
        self.endpoint, self.keys, self.got, self.delays, self.ends, self.ready = endpoint, keys, [], [], False, threading.Event()
        self.start()

    def run(self):
        sub = zmq.Context.instance().socket(zmq.SUB)
        show(sub, self.keys)
        sub.set_hwm(0)
        sub.subscribe("all/")
        sub.subscribe("heartbeat/")
        sub.connect(self.endpoint)
        while not self.ends:
            if not sub.poll(200):
                continue
            frames = sub.recv_multipart()
            if len(frames) == 2 and frames[0] == b"heartbeat/":
                self.ready.set()
            elif len(frames) == 2:
                event = json.loads(frames[1])
                self.delays.append(time.time() - datetime.datetime.fromisoformat(event["recordedtime"]).timestamp())
                self.got.append(int(event["sequence"]))
        sub.close()

    def leave(self):
        self.ends = True
        self.join()


class Ranges(Puller):
    """Without a name: reads each of these ranges (from, to) of the log."""

    def __init__(self, endpoint, ranges):
        self.ranges, self.is_over = list(ranges), False
        super().__init__(endpoint)

    def ask(self, *words):
        if words[0] == "HELLO":
            self.next()
        else:
            super().ask(*words)

    def next(self):
        if self.ranges:
            super().ask("RANGE", *self.ranges.pop(0), "")
            super().ask("CREDIT", 100000, 64 << 20)
        else:
            self.is_over = True

    def hear(self, frames):
        match frames:
            case ["REC", sequence, _, event]:
                self.got.append(int(sequence))
                super().ask("CREDIT", 1, len(event))
            case ["END", *_]:
                self.next()
            case ["LOG", *_] | ["PONG", *_]:
                pass
            case _:
                self.wrong.append(frames)


def sequence_of(event):
    return int(json.loads(event)["sequence"])


def memory_of(pid, what):
    """MiB by a line of /proc: VmHWM the peak, VmRSS now."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    return 0


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.published, self.most, self.keys, self.connections = 0, 100000, None, []
        self.addCleanup(self.hang_up)
        self.pub = f"tcp://127.0.0.1:{free_port()}"
        self.pull = f"tcp://127.0.0.1:{free_port()}"
        self.http = f"127.0.0.1:{free_port()}"
        self.web["/feed"] = self.feed

    def feed(self, request=None):
        """One article more each time."""
        self.published = min(self.published + 1, self.most)
        return rss([Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), f"Summary {n}.")
                    for n in range(self.published, max(0, self.published - 20), -1)])

    def all_made(self):
        """Articles that were in a feed; None when nobody knows."""
        return self.published

    def begin(self, **options):
        listen = {"pub": self.pub, "pull": self.pull, "http": self.http, **options.pop("listen", {})}
        options.setdefault("stages", {"chain": []})
        self.daemon = harness.Daemon(self.folder, [], listen={**listen, "control": str(self.folder / "control.sock")}, **options)
        self.daemon.under = self.under
        self.daemon.start()
        self.follower, self.puller = Follower(self.pub, self.keys), Puller(self.pull, self.keys)
        assert self.follower.ready.wait(harness.PATIENCE), "no heartbeat"
        self.daemon.configure([self.web.url("/feed")])
        self.daemon.ask("reload")
        harness.until("something is published", lambda: len(self.follower.got) > 2 and len(self.puller.got) > 2)

    def dial(self, endpoint, kind=None):
        """A connection that is closed at the test's end; of that type of socket, its handshake done, or silent."""
        host, port = endpoint.removeprefix("tcp://").split(":")
        connection = socket.create_connection((host, int(port)), timeout=harness.PATIENCE)
        self.connections.append(connection)
        if kind is not None:
            connection.sendall(GREETING + ready(kind))
            read_exactly(connection, 64)
        return connection

    def hang_up(self):
        while self.connections:
            self.connections.pop().close()

    @contextlib.contextmanager
    def attacked(self):
        """Articles go on being published meanwhile, and reach those who follow."""
        before = len(self.follower.got), len(self.puller.got)
        yield
        harness.until("articles reach the subscriber", lambda: len(self.follower.got) > before[0] + 2)
        harness.until("articles reach the consumer", lambda: len(self.puller.got) > before[1] + 2)

    def idle(self):
        """Share of a core over half a second, the least of some."""
        def share():
            before = cpu_of(self.daemon.process.pid)
            time.sleep(0.5)
            return (cpu_of(self.daemon.process.pid) - before) / 0.5
        return harness.until("the daemon is idle again", lambda: (value := share()) <= IDLE and [value], 4 * harness.PATIENCE)[0]

    def judge(self, memory=MEMORY, gaps=False):
        """Nobody lost anything, memory stayed in bounds, the processor is idle again. gaps: a SUB socket that was away has gaps, which it
        knows of; nothing comes twice."""
        self.hang_up()
        peak, idle = memory_of(self.daemon.process.pid, "VmHWM"), self.idle()
        self.most = self.published
        head = harness.until("all is read", self.all_read)
        every = list(range(1, head + 1))
        self.assertEqual(self.puller.got, every, "the consumer lost something, or had it twice")
        self.assertEqual(sorted(set(self.follower.got)) if gaps else every, self.follower.got, "the subscriber lost something, or had it twice")
        new = [e["data"]["uri"] for e in self.daemon.events() if ".article.new" in e["type"]]
        self.assertEqual([uri for uri, times in collections.Counter(new).items() if times > 1], [], "published twice as new")
        if self.all_made() is not None:
            self.assertEqual(len(new), self.all_made())
        self.assertEqual(self.puller.wrong, [])
        print(f"\n{self.id().split('.')[-1]}: {head} events and none lost, peak {peak:.0f} MiB, {idle:.2f} of a core afterwards", flush=True)
        if not harness.SANITIZED:  # whose memory is not ours
            self.assertLess(peak, memory, "MiB at the peak")

    def all_read(self):
        """The head of the log, when all was read."""
        head = len(self.daemon.events())
        return head if head >= (self.all_made() or 0) and self.follower.got[-1:] == [head] and self.puller.got[-1:] == [head] else 0

    def end(self):
        for reader in getattr(self, "follower", None), getattr(self, "puller", None):
            if reader is not None:
                reader.leave()
        super().end()


# What attackers say by hand: ZMTP 3.0 (https://rfc.zeromq.org/spec/23/), without keys ------------------------------------

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + bytes(32)


def frame(body, flags=0):
    return bytes([flags, len(body)]) + body if len(body) < 256 else bytes([flags | 2]) + len(body).to_bytes(8, "big") + body


def ready(kind):
    name = b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind
    return frame(b"\x05READY" + name + b"\x08Identity" + bytes(4), 4)


def read_exactly(connection, count):
    got = b""
    while len(got) < count:
        block = connection.recv(count - len(got))
        if not block:
            raise ConnectionError("closed")
        got += block
    return got


def is_ended(connection):
    """The other side ended it; what it sent before is thrown away."""
    connection.setblocking(False)
    try:
        while block := connection.recv(65536):
            pass
        return block == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def pour(connection, block, most):
    """Send block again and again until the other side ends it or most bytes are sent; how many were. Bytes that it does not take for two
    seconds are not sent."""
    sent = 0
    connection.settimeout(2)
    try:
        while sent < most:
            sent += connection.send(block)
    except OSError:
        pass
    return sent
