"""Attacks on each limit of the sockets: memory stays small, nobody else loses anything, and the processor is idle again afterwards."""
import socket, subprocess, time, unittest

import zmq

import attack, harness
from attack import LONG, frame, is_ended, pour


class Subscriptions(attack.Case):
    def test_subscriptions_without_end(self):
        """Each connection stays below what one may have: all together do not."""
        self.begin()
        count = 100 if LONG else 40
        with self.attacked():
            greedy = []
            for n in range(count):
                greedy.append(self.dial(self.pub, b"SUB"))
                topics = (f"{n:04}/{i:04}/".ljust(31, "x").encode() for i in range(2000))
                pour(greedy[-1], b"".join(frame(b"\x01" + t) for t in topics), 1)
            harness.until("most of them are sent away", lambda: sum(map(is_ended, greedy)) >= count - 15)
        self.judge()

    def test_one_that_subscribes_to_200000_topics(self):
        self.begin()
        with self.attacked():
            greedy = self.dial(self.pub, b"SUB")
            topics = (f"{i:06}/".ljust(200, "x").encode() for i in range(200000))
            self.assertLess(pour(greedy, b"".join(frame(b"\x01" + t) for t in topics), 1), 20 << 20)
            harness.until("it is sent away", lambda: is_ended(greedy))
        self.judge()

    def test_a_topic_of_20_megabytes(self):
        self.begin()
        with self.attacked():
            for endpoint, kind in ((self.pub, b"SUB"), (self.pull, b"DEALER")):
                for _ in range(50 if LONG else 10):
                    greedy = self.dial(endpoint, kind)
                    pour(greedy, frame(b"\x01" + bytes(20 << 20)), 1)
                    harness.until("it is sent away", lambda: is_ended(greedy))
        self.judge()

    def test_messages_of_frames_without_end(self):
        """A message is handed over when its last frame is there: what has none is in libzmq's memory until then."""
        self.begin()
        with self.attacked():
            for endpoint, kind in ((self.pub, b"SUB"), (self.pull, b"DEALER")):
                for body in (b"", b"x", bytes(200)):
                    greedy = self.dial(endpoint, kind)
                    sent = pour(greedy, frame(body, 1) * 2000, (400 if LONG else 60) << 20)
                    self.assertLess(sent, 50 << 20, f"nobody stopped it: {kind} {len(body)}")
                    harness.until("it is sent away", lambda: is_ended(greedy))
        self.judge()


class Connections(attack.Case):
    def test_connections_that_never_say_who_they_are(self):
        """None says a word, half the greeting, or all but the last."""
        limit = attack.many_descriptors()
        count = min(10000, limit // 4) if LONG else 1000
        said = [b"", attack.GREETING[:10], attack.GREETING, attack.GREETING + attack.ready(b"SUB")[:-1]]
        self.begin()
        with self.attacked():
            silent = []
            for n in range(count):
                silent.append(self.dial((self.pub, self.pull)[n % 2]))
                silent[-1].sendall(said[n // 2 % len(said)])
            harness.until("they are sent away", lambda: all(map(is_ended, silent)))
        self.judge()

    def test_storms_of_connections(self):
        self.begin()
        rounds, count = (60, 500) if LONG else (2, 500)
        with self.attacked():
            for n in range(rounds):
                storm = [self.dial((self.pub, self.pull)[i % 2], (b"SUB", b"DEALER")[i % 2] if n % 2 else None) for i in range(count)]
                for connection in storm:
                    connection.close()
        self.judge()

    def test_requests_a_byte_at_a_time(self):
        """An HTTP request that never ends, from more than may connect; streams that read nothing."""
        self.begin()
        host, port = self.http.split(":")
        count = 2000 if LONG else 300
        attack.many_descriptors()
        with self.attacked():
            slow = [socket.create_connection((host, int(port))) for _ in range(count)]
            for byte in b"GET /v1/stream?since=0 HTT":
                for connection in slow:
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        pass
            deaf = [socket.create_connection((host, int(port))) for _ in range(20)]
            for connection in deaf:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                connection.sendall(b"GET /v1/stream?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.daemon.clock.advance(40)
            harness.until("they are sent away", lambda: all(map(is_ended, slow)))
            with socket.create_connection((host, int(port)), timeout=harness.PATIENCE) as asks:
                asks.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                self.assertTrue(asks.recv(4096).startswith(b"HTTP/1.1 200"))
        self.judge()

    def test_clients_of_the_pull_socket_that_say_nonsense(self):
        """More of them than may be known, each with a window that it never reads."""
        self.begin()
        count = 3000 if LONG else 300
        attack.many_descriptors()
        with self.attacked():
            mad = [self.dial(self.pull, b"DEALER") for _ in range(count)]
            for n, connection in enumerate(mad):
                say = [b"WR1", b"RANGE", b"1", b"", b""] if n % 3 else [b"WR1"] * (n % 40 + 1)
                pour(connection, b"".join(frame(part, i + 1 < len(say)) for i, part in enumerate(say)), 1)
                pour(connection, b"".join(frame(part, i < 3) for i, part in enumerate([b"WR1", b"CREDIT", b"100000", b"67108864"])), 1)
        self.judge()


@unittest.skipUnless(zmq.has("curve"), "this libzmq has no keys")
class Keys(attack.Case):
    def test_wrong_keys_in_storms(self):
        """A handshake costs curves: who has no key is refused, and who has one goes on."""
        folder = self.folder / "keys"
        subprocess.run([harness.BIN / "wireroom", "keys", "init", "--keys", folder], check=True, capture_output=True)
        server = (folder / "server.public").read_text().strip().encode()
        self.keys = (server, *zmq.curve_keypair())
        self.begin(listen={"keys": str(folder)})
        count = 500 if LONG else 60
        context = zmq.Context(io_threads=1)
        context.set(zmq.MAX_SOCKETS, 4 * count)
        end = time.monotonic() + (30 if LONG else 3)
        with self.attacked():
            wrong = []
            for n in range(count):
                wrong.append(context.socket((zmq.SUB, zmq.DEALER)[n % 2]))
                if n % 4 < 3:  # of another daemon; the rest have none
                    attack.show(wrong[-1], (zmq.curve_keypair()[0], *zmq.curve_keypair()))
                wrong[-1].set(zmq.RECONNECT_IVL, 10)
                wrong[-1].connect((self.pub, self.pull)[n % 2])
            harness.until("the storm is over", lambda: time.monotonic() > end)
        context.destroy(linger=0)
        self.judge()


if __name__ == "__main__":
    harness.main()
