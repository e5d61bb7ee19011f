"""A consumer of wireroom's event log: every event that it wants, in order, at its own pace, across restarts of both sides.

    with Consumer("newsdesk", filter="all/article.new/") as consumer:
        for event in consumer:
            print(event.sequence, event.data["headline"])
            consumer.ack(event)            # done with all up to here

The daemon keeps how far a name is (docs/subscribing.md, include/wireroom/pull.h), so a program that ends, however it ends, goes on
behind what it acknowledged. Needs pyzmq."""
from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Iterator

import zmq

__all__ = ["Consumer", "Event", "Keys", "Trimmed", "Fenced", "Lost", "Refused", "replay"]

VERSION = b"WR1"
PING_SECONDS = 2.0    # the daemon forgets whoever is silent for ten
SILENCE_SECONDS = 6.0 # nothing heard: the connection is made anew
ENDPOINT = "ipc:///run/wireroom/pull.sock"


class Refused(Exception):
    """The daemon does not understand, or does not allow, what was asked."""


class Fenced(Exception):
    """Another client reads under the name now, or an operator set it to another place."""


class Lost(Exception):
    """An operator removed the consumer."""


@dataclass(frozen=True)
class Event:
    sequence: int
    topic: str
    body: bytes  # as it was published

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def data(self) -> dict[str, Any]:
        return self.json["data"]


@dataclass(frozen=True)
class Trimmed:
    """Sequences, both ends included, that left the log before they were read."""
    first: int
    last: int


@dataclass(frozen=True)
class Keys:
    """What a client on another machine brings (`wireroom keys new`), 40 characters each; server is the daemon's server.public."""
    server: str
    public: str
    secret: str


class Connection:
    """A socket that is made anew when nothing is heard on it."""

    def __init__(self, endpoint: str, keys: Keys | None = None):
        self.endpoint, self.keys = endpoint, keys
        self.socket: zmq.Socket | None = None
        self.open()

    def open(self) -> None:
        self.close()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        if self.keys is not None:
            self.socket.curve_serverkey = self.keys.server.encode()
            self.socket.curve_publickey = self.keys.public.encode()
            self.socket.curve_secretkey = self.keys.secret.encode()
        self.socket.connect(self.endpoint)
        self.heard = self.pinged = time.monotonic()

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def send(self, *frames: object) -> None:
        assert self.socket is not None, "it is closed"
        try:
            self.socket.send_multipart([VERSION, *(str(frame).encode() for frame in frames)], zmq.NOBLOCK)
        except zmq.Again:
            pass  # nobody is there: silence will tell

    def receive(self, seconds: float) -> list[bytes] | None:
        """A message; None after so many seconds, or when the socket is a new one: is_new tells."""
        assert self.socket is not None, "it is closed"
        now = time.monotonic()
        if now - self.heard > SILENCE_SECONDS:
            self.open()
            return []
        if now - self.pinged > PING_SECONDS:
            self.pinged = now
            self.send("PING")
        if not self.socket.poll(int(1000 * min(seconds, PING_SECONDS / 2))):
            return None
        self.heard = time.monotonic()
        return self.socket.recv_multipart()[1:]


class Consumer:
    """Iterate over it for Events, and Trimmed where events are lost for good.

    name: 1 to 64 letters, digits, '.', '_', '-'. filter: beginnings of topics with spaces between them, "" for what the name has.
    start: where a new name begins: "now", "first", "last", "seq N", "time T". window: events on their way at most.
    timeout: seconds without an event after which iteration ends; None: never."""

    def __init__(self, name: str, filter: str = "", start: str = "now", endpoint: str = ENDPOINT, window: int = 256,
                 timeout: float | None = None, keys: Keys | None = None):
        self.name, self.filter, self.start, self.window, self.timeout = name, filter, start, window, timeout
        self.epoch: str | None = None  # another one: the log was made anew, and sequences of before mean nothing
        self.acked = 0                 # on the daemon's disk
        self.head = 0
        self._wanted = 0
        self._connection = Connection(endpoint, keys)
        self._hello()

    def __enter__(self) -> Consumer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hello(self) -> None:
        self._last = 0 # handed out on this connection: after another HELLO it goes on behind what was acknowledged
        # A name that was known and is new again: the log was made anew, and all of it is news.
        self._connection.send("HELLO", self.name, self.filter, self.start if self.epoch is None else "first")

    def __iter__(self) -> Iterator[Event | Trimmed]:
        since = time.monotonic()
        while self.timeout is None or time.monotonic() - since < self.timeout:
            found = self._step(0.5 if self.timeout is None else min(0.5, self.timeout))
            if found is not None:
                yield found
                since = time.monotonic()

    def _step(self, seconds: float) -> Event | Trimmed | None:
        frames = self._connection.receive(seconds)
        if frames is None:
            return None
        match frames:
            case []:
                self._hello()
            case [b"WELCOME", epoch, _, head, acked]:
                self.epoch, self.head, self.acked = epoch.decode(), int(head), int(acked)
                self._wanted = self.acked
                self._connection.send("CREDIT", self.window, 64 << 20)
            case [b"REC", sequence, topic, body]:
                self._connection.send("CREDIT", 1, len(body))
                self._last = int(sequence)
                return Event(int(sequence), topic.decode(), body)
            case [b"ACKED", sequence]:
                self.acked = int(sequence)
            case [b"PONG", head]:
                self.head = int(head)
            case [b"ERR", b"trimmed", _, first, last]:
                return Trimmed(int(first), int(last))
            case [b"ERR", b"unknown", *_]:
                self._hello()
            case [b"ERR", code, text, *_]:
                error = {b"fenced": Fenced, b"lost": Lost}.get(code, Refused)
                raise error(text.decode())
        return None

    def ack(self, event: Event | int) -> None:
        """Done with this event and all before it; the daemon confirms by and by (acked)."""
        sequence = event if isinstance(event, int) else event.sequence
        if self._wanted < sequence <= self._last:
            self._wanted = sequence
            self._connection.send("ACK", sequence)

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until what was acknowledged is on the daemon's disk. Events that come meanwhile come again after the next HELLO."""
        end = time.monotonic() + seconds
        while self.acked < self._wanted and time.monotonic() < end:
            self._step(0.1)
        return self.acked >= self._wanted

    def close(self) -> None:
        self._connection.send("BYE")
        self._connection.close()


def replay(first: int = 1, last: int | None = None, filter: str = "", endpoint: str = ENDPOINT,
           keys: Keys | None = None) -> Iterator[Event | Trimmed]:
    """The events of these sequences, to the newest of now when last is None."""
    connection = Connection(endpoint, keys)
    done = first - 1
    connection.send("RANGE", first, "" if last is None else last, filter)
    try:
        while True:
            match connection.receive(0.5):
                case [b"LOG", _, _, head]:
                    last = min(int(head), int(head) if last is None else last)
                    connection.send("CREDIT", 1000, 64 << 20)
                case [b"REC", sequence, topic, body]:
                    done = int(sequence)
                    connection.send("CREDIT", 1, len(body))
                    yield Event(done, topic.decode(), body)
                case [b"ERR", b"trimmed", _, lost_from, lost_to]:
                    done = int(lost_to)
                    yield Trimmed(int(lost_from), done)
                case [] | [b"ERR", b"unknown", *_]: # the daemon was away: the rest
                    connection.send("RANGE", done + 1, "" if last is None else last, filter)
                case [b"END", *_]:
                    return
                case [b"ERR", _, text, *_]:
                    raise Refused(text.decode())
    finally:
        connection.send("BYE")
        connection.close()
