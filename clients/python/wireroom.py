"""A consumer of wireroom's event log: every event that it wants, in order, at its own pace, across restarts of both sides.

    with Consumer("newsdesk", filter="all/article.new/") as consumer:
        for event in consumer:
            print(event.sequence, event.data["headline"])
            consumer.ack(event)            # done with all up to here

    for event in replay("2026-11-29T06:00:00Z", "2026-11-29T07:00:00Z"):   # a part of the log, without a name
        print(event)

The daemon keeps how far a name is (docs/subscribing.md, include/wireroom/pull.h), so a program that ends, however it ends, goes on
behind what it acknowledged. Needs pyzmq. One consumer is used by one thread of one process: after a fork the child opens its own."""
from __future__ import annotations

import collections
import json
import os
import time
from dataclasses import dataclass
from typing import Any, Iterator

from wireroom_connection import LINGER_SECONDS, WINDOW_BYTES, Connection, Fenced, Keys, Lost, Refused, Renewed, failure, number

__all__ = ["Consumer", "Event", "Keys", "Trimmed", "Fenced", "Lost", "Refused", "Renewed", "replay"]

ENDPOINT = "ipc:///run/wireroom/pull.sock"


@dataclass(frozen=True)
class Event:
    sequence: int
    topic: str
    body: bytes  # as it was published

    @property
    def first(self) -> int:
        return self.sequence

    last = first

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


def trimmed(first: bytes, last: bytes) -> Trimmed:
    found = Trimmed(number(first), number(last))
    if found.last < found.first:
        raise ValueError("no range")
    return found


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
        self._done = 0    # acknowledged, and perhaps not yet told
        self._handed = 0  # given to the program
        self._last = 0    # that came by this connection
        self._is_answered = False  # by it: what comes before is of one before it
        self._queue: collections.deque[Event | Trimmed] = collections.deque()
        self._connection = Connection(endpoint, keys, self._hello)

    def __enter__(self) -> Consumer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hello(self) -> tuple[object, ...]:
        self._last, self._is_answered = 0, False  # it goes on behind what was acknowledged
        self._queue.clear()
        return "HELLO", self.name, self.filter, self.start if self.epoch is None else f"again {self.epoch}"

    def __iter__(self) -> Iterator[Event | Trimmed]:
        since = time.monotonic()
        while self.timeout is None or time.monotonic() - since < self.timeout:
            found = self._next()
            if found is not None:
                yield found
                since = time.monotonic()
            else:
                self._step(0.5 if self.timeout is None else min(0.5, self.timeout))

    def _next(self) -> Event | Trimmed | None:
        while self._queue:
            found = self._queue.popleft()
            if isinstance(found, Event):
                self._connection.send("CREDIT", 1, len(found.body))
            elif found.first <= self._done < found.last:
                found = Trimmed(self._done + 1, found.last)
            if found.last > self._done:
                self._handed = max(self._handed, found.last)
                return found
            self._tell()  # it was acknowledged when the connection broke
        return None

    def _step(self, seconds: float) -> None:
        frames = self._connection.receive(seconds)
        try:
            self._take(frames or [])
        except ValueError:
            self._connection.drop()  # not of this protocol

    def _take(self, frames: list[bytes]) -> None:
        match frames:
            case [b"REC", *_] | [b"ERR", b"trimmed", *_] if not self._is_answered:
                pass
            case [b"WELCOME", epoch, _, head, acked, *_]:
                self._welcome(epoch.decode(), number(head), number(acked))
            case [b"REC", sequence, topic, body, *_]:
                self._add(Event(number(sequence), topic.decode(), body))
            case [b"ERR", b"trimmed", *_, first, last]:
                self._add(trimmed(first, last))
            case [b"ACKED", sequence, *_]:
                self.acked = number(sequence)
            case [b"PONG", head, *_]:
                self.head = number(head)
            case [b"ERR", b"unknown", *_]:
                self._connection.drop()
            case [b"ERR", code, *text] if code != b"trimmed":
                raise failure(code, b" ".join(text[:1]))
            case [b"WELCOME" | b"REC" | b"ACKED" | b"PONG" | b"ERR", *_]:
                raise ValueError("too short")

    def _welcome(self, epoch: str, head: int, acked: int) -> None:
        if epoch != self.epoch or acked < self.acked:  # another log, or an operator set it back
            self._done = self._handed = acked
        self._done, self._handed = max(self._done, acked), max(self._handed, acked)
        self.epoch, self.head, self.acked, self._last, self._is_answered = epoch, head, acked, acked, True
        self._connection.send("CREDIT", self.window, WINDOW_BYTES)

    def _add(self, found: Event | Trimmed) -> None:
        if found.last <= self._last or len(self._queue) > 2 * self.window:
            raise ValueError("not behind the one before it, or more than was asked for")
        self._last = found.last
        self._queue.append(found)

    def _tell(self) -> None:
        sequence = min(self._done, self._last)  # the daemon takes none that it did not send by this connection
        if sequence > self.acked:
            self._connection.send("ACK", sequence)

    def ack(self, event: Event | Trimmed | int) -> None:
        """Done with this event and all before it; the daemon confirms by and by (acked)."""
        sequence = event if isinstance(event, int) else event.last
        if self._done < sequence <= self._handed:
            self._done = sequence
            self._tell()

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until what was acknowledged is on the daemon's disk."""
        end = time.monotonic() + seconds
        while self.acked < self._done and time.monotonic() < end:
            self._step(0.1)
        return self.acked >= self._done

    def close(self) -> None:
        """Waits a second at most for what was acknowledged."""
        try:
            if not self._connection.is_closed and self._connection.process == os.getpid():
                self.flush(LINGER_SECONDS)
        except (Fenced, Lost, Refused):
            pass  # told to who reads on
        finally:
            self._connection.close()


def replay(first: int | str = 1, last: int | str | None = None, filter: str = "", endpoint: str = ENDPOINT,
           keys: Keys | None = None) -> Iterator[Event | Trimmed]:
    """The events from first to last, both included, and Trimmed where they are lost for good. Each is a sequence; an event's id; or a
    time (RFC 3339): the events since first, those before last. None: the newest of now. A daemon that is away is waited for. Renewed
    is raised when the log is not the one that an id, or what came before an outage, was of."""
    epoch, end, done, is_answered = "", 0, 0, False

    def ask() -> tuple[object, ...]:
        nonlocal is_answered
        is_answered = False
        return "RANGE", first if done == 0 else f"{epoch}-{done + 1:020}", "" if last is None else last, filter

    connection = Connection(endpoint, keys, ask)
    try:
        while True:
            try:
                match connection.receive(0.5):
                    case [b"REC" | b"END", *_] | [b"ERR", b"trimmed", *_] if not is_answered:
                        continue  # of a connection before this one
                    case [b"LOG", log, _, head, *_]:
                        if done == 0:  # else it is the same epoch, or an error would have come
                            epoch, end = log.decode(), number(head)
                        is_answered = True
                        connection.send("CREDIT", 256, WINDOW_BYTES)
                        continue
                    case [b"REC", sequence, topic, body, *_]:
                        found = Event(number(sequence), topic.decode(), body)
                        connection.send("CREDIT", 1, len(body))
                    case [b"ERR", b"trimmed", *_, lost_from, lost_to]:
                        found = trimmed(lost_from, lost_to)
                    case [b"END", *_]:
                        return
                    case [b"ERR", b"unknown", *_]:  # the daemon was away: the rest
                        connection.drop()
                        continue
                    case [b"ERR", code, *text] if code != b"trimmed":
                        raise failure(code, b" ".join(text[:1]))
                    case [b"LOG" | b"REC" | b"ERR", *_]:
                        raise ValueError("too short")
                    case _:
                        continue
                if found.first <= done:
                    raise ValueError("not behind the one before it")
            except ValueError:
                connection.drop()  # not of this protocol
                continue
            if found.first > end:
                return  # newer than the first answer: it was asked again after an outage
            if found.last > end:
                found = Trimmed(found.first, end)
            done = found.last
            yield found
    finally:
        connection.close()
