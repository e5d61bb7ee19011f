"""What the tests of this room share: a web whose feeds go on only when the daemon says that it has all they showed, readers of every
kind, and the account that is made up at the end.

The contract is DELIVERY: nothing lost, nothing doubled, no gap, whatever befalls the daemon. `Ledger.check` counts what breaks it."""
import collections, json, os, pathlib, re, sqlite3, sys, threading, time

import zmq

import harness
from harness import Answer, Item

LONG = os.environ.get("WIREROOM_LONG") == "1"
PRELOAD = harness.BUILD / "tests" / "preload"
SEED = int(os.environ.get("WIREROOM_SEED", int.from_bytes(os.urandom(4), "big")))


def tell(text):
    """A figure, or how far a long test is."""
    print(text, file=sys.stderr, flush=True)


class Web(harness.Web):
    """Feeds /feed/N of documents in which every entry is new. A document gives way to the next when the daemon asks with its ETag:
    by that it claims to have all of it on disk, and what it has not is lost for ever."""

    def __init__(self, feeds, entries, last=None):
        super().__init__()
        self.lock, self.entries, self.last = threading.Lock(), entries, last
        self.shown, self.claimed = [1] * feeds, [0] * feeds  # by feed: the document, and the newest that was claimed
        self.first = [None] * feeds  # what was claimed first since the daemon came back
        for feed in range(feeds):
            self[f"/feed/{feed}"] = lambda request, feed=feed: self.feed(feed, request.headers.get("If-None-Match"))
        self.feeds = [self.url(f"/feed/{feed}") for feed in range(feeds)]

    def feed(self, feed, claim):
        with self.lock:
            at = int(claim.strip('"').split("-")[1]) if claim else 0
            self.claimed[feed] = max(self.claimed[feed], at)
            self.first[feed] = at if self.first[feed] is None else self.first[feed]
            if at == self.shown[feed]:
                if self.last is not None and at >= self.last:
                    return Answer(status=304)
                self.shown[feed] += 1
            at = self.shown[feed]
        items = [Item(f"{feed}-{at}-{n}", f"Entry {feed}-{at}-{n} of the wire", None, f"What {feed} has to say of {at * n}, part {n} of {at}.")
                 for n in range(self.entries)]
        return harness.rss(items, headers={"ETag": f'"{feed}-{at}"'})

    def known(self, claimed=None):
        """The entries of all documents that were claimed."""
        return {f"{feed}-{at}-{n}" for feed, last in enumerate(claimed or self.claimed) for at in range(1, last + 1) for n in range(self.entries)}

    def on_show(self):
        return {f"{feed}-{at}-{n}" for feed, at in enumerate(self.shown) for n in range(self.entries)}

    def come_back(self):
        """A daemon comes that may know less than the one before; no further documents."""
        with self.lock:
            self.last, self.claimed, self.first = 0, [0] * len(self.shown), [None] * len(self.shown)

    def first_claims(self):
        return [at or 0 for at in self.first]

    def freeze(self, last=0):
        """No further documents; None: as many as are asked for."""
        with self.lock:
            self.last = last

    def is_done(self):
        with self.lock:
            return self.claimed == self.shown


class Consumer:
    """A named consumer on the pull socket: what it got, by sequence, and how far its acknowledgement was confirmed."""

    def __init__(self, context, endpoint, name, ack_every, filter=""):
        self.name, self.ack_every, self.filter = name, ack_every, filter
        self.got, self.confirmed, self.again, self.heard = {}, 0, 0, 0.0
        self.socket = context.socket(zmq.DEALER)
        self.socket.set(zmq.ROUTING_ID, name.encode())
        self.socket.set_hwm(0)
        self.socket.set(zmq.RECONNECT_IVL, 10)
        self.socket.connect(endpoint)

    def ask(self, *frames):
        self.socket.send_multipart([b"WR1", *[str(frame).encode() for frame in frames]], copy=True)

    def tend(self):
        """Say who is there when nothing was heard for a moment: a daemon that started again knows nobody."""
        if time.monotonic() - self.heard > 0.1:
            self.heard = time.monotonic()
            self.ask("PING")

    def take(self, frames):
        self.heard = time.monotonic()
        match frames[1]:
            case b"REC":
                sequence = int(frames[2])
                self.again += sequence <= self.confirmed
                self.got.setdefault(sequence, set()).add(hash(frames[4]))
                self.ask("CREDIT", 1, len(frames[4]))
                if sequence % self.ack_every == 0:
                    self.ask("ACK", sequence)
            case b"ACKED":
                self.confirmed = max(self.confirmed, int(frames[2]))
            case b"WELCOME":
                self.ask("CREDIT", 200, 1 << 20)
            case b"ERR" if frames[2] == b"busy":  # it said HELLO twice
                pass
            case b"ERR" if frames[2] == b"unknown":
                self.ask("HELLO", self.name, self.filter, "first")
            case b"PONG":
                pass
            case _:
                raise AssertionError(frames)


class Readers(threading.Thread):
    """A subscriber and named consumers, who stay while the daemon comes and goes."""

    def __init__(self, daemon, consumers=(("each", 1), ("tenth", 10), ("seldom", 97))):
        super().__init__(daemon=True)
        self.context = zmq.Context()
        self.pushed, self.running = {}, True
        self.socket = self.context.socket(zmq.SUB)
        self.socket.set_hwm(0)
        self.socket.set(zmq.RECONNECT_IVL, 10)
        self.socket.subscribe("all/")
        self.socket.connect(daemon.pub)
        pull = f"ipc://{daemon.dir}/pull.sock"
        self.consumers = [Consumer(self.context, pull, name, every) for name, every in consumers]

    def run(self):
        poller = zmq.Poller()
        for reader in [self, *self.consumers]:
            poller.register(reader.socket, zmq.POLLIN)
        by_socket = {reader.socket: reader for reader in [self, *self.consumers]}
        while self.running:
            for socket, _ in poller.poll(50):
                try:
                    for _ in range(200):
                        by_socket[socket].take(socket.recv_multipart(zmq.DONTWAIT))
                except zmq.Again:
                    pass
            for consumer in self.consumers:
                consumer.tend()

    def take(self, frames):
        sequence = int(re.search(rb'"sequence":"(\d+)"', frames[1])[1])
        self.pushed.setdefault(sequence, set()).add(hash(frames[1]))

    def end(self):
        self.running = False
        self.join()
        self.context.destroy(linger=0)


Ledger = collections.namedtuple("Ledger", "events lost doubled gaps foreign again incomplete unconfirmed", defaults=[0] * 7)


def events_of(path):
    """The log of a store: bodies by sequence."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {sequence: bytes(body) for sequence, body in store.execute("SELECT sequence, body FROM event ORDER BY sequence")}
    finally:
        store.close()


def acknowledged(path):
    """How far each named consumer is, in a store."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return dict(store.execute("SELECT name, acked FROM consumer"))
    finally:
        store.close()


def entry_of(body):
    """The entry that an event's body tells of, or None."""
    found = re.search(rb'"headline":"Entry (\d+-\d+-\d+) of the wire"', body)
    return found[1].decode() if found else None


def entries_of(path):
    """How often each entry is in the log of a store."""
    return collections.Counter(entry for body in events_of(path).values() if (entry := entry_of(body)))


def make_up(path, known, readers=None):
    """The account: what the world knows the daemon to have, what its log holds, and what was told of it."""
    log = events_of(path)
    entries = entries_of(path)
    seen = [readers.pushed, *(consumer.got for consumer in readers.consumers)] if readers else []
    kept = acknowledged(path)
    own = {sequence: {hash(body)} for sequence, body in log.items()}
    return Ledger(
        events=len(log), lost=len(known - entries.keys()), doubled=sum(times - 1 for times in entries.values()),
        gaps=sum(sequence != at for at, sequence in enumerate(log, 1)),
        foreign=sum(own.get(sequence) != bodies for one in seen for sequence, bodies in dict(one).items()),
        again=sum(consumer.again for consumer in readers.consumers) if readers else 0,
        incomplete=sum(len(log.keys() - set(consumer.got)) for consumer in readers.consumers) if readers else 0,
        unconfirmed=sum(kept.get(consumer.name, 0) < consumer.confirmed for consumer in readers.consumers) if readers else 0)


class Case(harness.Case):
    """A test over a Web of this room and a daemon that may end at any moment."""

    chain = ["headline", "neardup"]

    def world(self, feeds, entries, last=None):
        self.web.close()
        self.web = Web(feeds, entries, last)
        return self.web

    def make_daemon(self, folder=None, feeds=None, **options):
        daemon = harness.Daemon(folder or self.folder, self.web.feeds if feeds is None else feeds, **{
            "stages": {"dir": str(harness.STAGES), "chain": self.chain},
            "poll": {"min_interval": "100ms", "max_interval": "200ms", "default_interval": "100ms", "first_fetch": "publish-all"},
            "http": {"allow": ["127.0.0.0/8"], "spacing": "0s", "per_host": "8", "timeout": "10s"},
            "listen": {"pub": f"ipc://{folder or self.folder}/pub.sock", "control": str((folder or self.folder) / "control.sock")}, **options})
        return daemon

    def break_by(self, daemon, library, **environment):
        """From its next start on, one of this room's libraries stands between the daemon and libc."""
        daemon.environment = {"LD_PRELOAD": str(PRELOAD / f"{library}.so"), **{k: str(v) for k, v in environment.items()}}

    def mend(self, daemon):
        daemon.environment = {}

    def assert_whole(self, ledger):
        tell(f"{self._testMethodName}: {ledger}")
        self.assertEqual(ledger, Ledger(ledger.events))
