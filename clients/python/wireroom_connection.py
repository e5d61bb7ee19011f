"""The socket under wireroom.py: one connection after another to the daemon's pull socket, and what may be wrong with it."""
from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from typing import Callable

import zmq

VERSION = b"WR1"
PING_SECONDS = 1.0
FORGOTTEN_SECONDS = 10.0 # whoever is silent for so long is not known to the daemon any more
SILENCE_SECONDS = 3.0  # no answer: the connection is made anew, as after three beats that a subscriber missed
JOIN_SECONDS = 6.0     # a handshake with keys takes longer: the daemon gives it five
RETRY_SECONDS = 0.2    # between connections that lead to nothing
LINGER_SECONDS = 1.0   # what close() waits for an acknowledgement to be confirmed
MESSAGE_MOST = 16 << 20  # bytes: an event has 8 MiB, and what is around it
WAITING_MOST = 64        # messages in the socket: one who sends without credit has us hold no more
WINDOW_BYTES = 64 << 20  # as much as the daemon grants


class Refused(Exception):
    """The daemon does not understand, or does not allow, what was asked."""


class Fenced(Exception):
    """Another client reads under the name now, or an operator set it to another place."""


class Lost(Exception):
    """An operator removed the consumer."""


class Renewed(Exception):
    """The log was made anew, and the sequences that were asked for are not of this one."""


@dataclass(frozen=True)
class Keys:
    """What a client on another machine brings (`wireroom keys new`), 40 characters each; server is the daemon's server.public."""
    server: str
    public: str
    secret: str


def number(frame: bytes) -> int:
    if not frame.isdigit() or len(frame) > 20:
        raise ValueError("no number")
    return int(frame)


def failure(code: bytes, text: bytes) -> Exception:
    kinds = {b"fenced": Fenced, b"lost": Lost, b"epoch": Renewed}
    return kinds.get(code, Refused)(text.decode(errors="replace"))


class Connection:
    """A socket that is made anew when nothing is heard on it, or nonsense; hello: the frames that each begins with."""

    def __init__(self, endpoint: str, keys: Keys | None, hello: Callable[[], tuple[object, ...]]):
        self.endpoint, self.keys, self.hello = endpoint, keys, hello
        self.process = os.getpid()
        self.identity = b"C" + os.urandom(16)  # the daemon's word for us, across connections
        self.socket: zmq.Socket | None = None
        self.watch: zmq.Socket | None = None  # tells that the connection is no more
        self.opens = 0
        self.is_closed = False
        self.open()

    def open(self) -> None:
        self.drop()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.routing_id = self.identity
        self.socket.reconnect_ivl = -1  # a socket is one connection: made again by itself it would go on as if nothing was missed
        self.opens += 1
        name = f"inproc://wireroom-{self.identity.hex()}-{self.opens}"
        self.socket.monitor(name, zmq.EVENT_CLOSED | zmq.EVENT_DISCONNECTED)
        self.watch = zmq.Context.instance().socket(zmq.PAIR)
        self.watch.linger = 0
        self.watch.connect(name)
        self.socket.maxmsgsize, self.socket.rcvhwm = MESSAGE_MOST, WAITING_MOST
        if self.keys is not None:
            self.socket.curve_serverkey = self.keys.server.encode()
            self.socket.curve_publickey = self.keys.public.encode()
            self.socket.curve_secretkey = self.keys.secret.encode()
        self.socket.connect(self.endpoint)
        self.opened = self.pinged = time.monotonic()
        self.due = self.opened + JOIN_SECONDS  # when something has to be heard
        self.send(*self.hello())

    def drop(self) -> None:
        """Another one is made by and by."""
        if self.socket is not None and self.watch is not None:
            self.watch.close()
            self.socket.close()
        self.socket = self.watch = None

    def close(self) -> None:
        if self.socket is not None and self.process == os.getpid():
            self.send("BYE")
            self.socket.linger = int(1000 * LINGER_SECONDS)
            self.drop()
        self.socket, self.is_closed = None, True

    def send(self, *frames: object) -> None:
        try:
            if self.socket is not None:
                self.socket.send_multipart([VERSION, *(str(frame).encode() for frame in frames)], zmq.NOBLOCK)
        except zmq.Again:
            pass  # nobody is there: silence will tell

    def receive(self, seconds: float) -> list[bytes] | None:
        """The frames of a message; None after so many seconds."""
        if self.is_closed or self.process != os.getpid():
            raise RuntimeError("it is closed" if self.is_closed else "it is another process's: open one of your own")
        now = time.monotonic()
        if self.socket is not None and now - self.pinged > FORGOTTEN_SECONDS:
            self.drop()  # what the program took so long for can be told by another connection alone
        if self.socket is None:
            time.sleep(max(0.0, min(seconds, self.opened + RETRY_SECONDS - now)))
            if time.monotonic() >= self.opened + RETRY_SECONDS:
                self.open()
            return None
        if now - self.pinged > PING_SECONDS:
            self.pinged = now
            self.send("PING")
            self.due = now + SILENCE_SECONDS if self.due == math.inf else self.due
        # What came while nobody looked counts as heard.
        ready, _, _ = zmq.select([self.socket, self.watch], [], [], 0 if now > self.due else min(seconds, PING_SECONDS / 2))
        if self.socket not in ready:
            if self.watch in ready or now > self.due:
                self.drop()
            return None
        self.due = math.inf
        return self.socket.recv_multipart()[1:]
