"""A server whose feeds each misbehave in one way, and how many articles there are to be had of each: the entries of a misbehaving feed
count only where its answer is whole and says what it is."""
import gzip, random, socket, threading, time, zlib


def feed(kind, n=3):
    items = "".join(f"<item><title>{kind} {i}</title><link>http://127.0.0.1/{kind}/{i}</link><guid isPermaLink='false'>{kind}-{i}</guid>"
                    f"<description>Words of {i}.</description></item>" for i in range(n))
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{kind}</title><link>http://127.0.0.1/</link>{items}</channel></rss>".encode()


def answer(body, *headers, status="200 OK", length=None):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Content-Type: application/rss+xml",
            "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def chunks(body, end=b"0\r\n\r\n", size=None):
    size = size or f"{len(body):x}"
    return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n" +
            size.encode() + b"\r\n" + body + b"\r\n" + end)


def drip(part, seconds):
    """Bytes one after the other, for so long."""
    def send(connection, kind):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.sendall(part)
            time.sleep(0.05)
    return send


def hang(connection, kind):
    connection.settimeout(60)
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass


def reset(connection, kind):
    connection.sendall(answer(feed(kind), length=100000))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def endless(block):
    def send(connection, kind):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n<rss version='2.0'><channel>")
        while True:
            connection.sendall(block)
    return send


def noise(connection, kind):
    connection.sendall(answer(random.Random(kind).randbytes(50000)))


BOMB = gzip.compress(b"<rss version='2.0'><channel>" + b"<item>" * (4 << 20))
ENTITIES = b"<!DOCTYPE r [<!ENTITY a '" + b"a" * 1000 + b"'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 20) for i in range(8)) + b"]>"

# kind: (what is sent - bytes of the kind, or a function of connection and kind -, articles to be had of it; None: some may be)
KINDS = {
    "closes-at-once": (lambda k: b"", 0),
    "hangs": (hang, 0),
    "drips-head": (drip(b"X-A: b\r\n", 60), 0),
    "drips-status": (drip(b"H", 60), 0),
    "drips-body": (lambda c, k: (c.sendall(answer(b"", length=1 << 20)), drip(b" ", 60)(c, k)), 0),
    "resets-within": (reset, 0),
    "cut-short": (lambda k: answer(feed(k), length=len(feed(k)) + 500), 0),
    "too-long": (lambda k: answer(feed(k) + b"<item><title>beyond</title></item>", length=len(feed(k))), 3),
    "length-is-no-number": (lambda k: answer(feed(k), length="many"), None),
    "two-lengths": (lambda k: answer(feed(k), "Content-Length: 7"), None),
    "negative-length": (lambda k: answer(feed(k), length=-1), None),
    "chunks-without-end": (lambda k: chunks(feed(k), end=b""), 0),
    "chunk-of-no-size": (lambda k: chunks(feed(k), size="zz"), 0),
    "huge-chunk": (lambda k: chunks(feed(k), size="ffffffffffffffff"), 0),
    "endless-spaces": (endless(b" " * 65536), 0),
    "endless-entries": (endless(b"<item><title>x</title><guid>x</guid></item>" * 1000), None),
    "endless-depth": (endless(b"<a>" * 20000), 0),
    "endless-head": (lambda c, k: (c.sendall(b"HTTP/1.1 200 OK\r\n"), [c.sendall(b"X-%d: %s\r\n" % (i, b"y" * 1000)) for i in range(100000)]), 0),
    "endless-informational": (lambda c, k: [c.sendall(b"HTTP/1.1 102 Processing\r\n\r\n") for _ in range(1000000)], 0),
    "status-000": (lambda k: answer(feed(k), status="000 Nothing"), 0),
    "status-999": (lambda k: answer(feed(k), status="999 Enough"), 0),
    "not-http": (lambda k: b"220 mail.example.org ESMTP\r\n", 0),
    "tls-alert": (lambda k: b"\x15\x03\x01\x00\x02\x02\x28", 0),
    "http-0.9": (lambda k: feed(k), 0),
    "gzip-cut": (lambda k: answer(gzip.compress(feed(k))[:-20], "Content-Encoding: gzip"), 0),
    "gzip-wrong-sum": (lambda k: answer(gzip.compress(feed(k))[:-8] + bytes(8), "Content-Encoding: gzip"), 0),
    "gzip-is-none": (lambda k: answer(b"\x00" * 100, "Content-Encoding: gzip"), 0),
    "gzip-bomb": (lambda k: answer(BOMB, "Content-Encoding: gzip"), 0),
    "gzip-nine-times": (lambda k: answer(nested(feed(k), 9), "Content-Encoding: " + ", ".join(["gzip"] * 9)), None),
    "deflate-raw": (lambda k: answer(raw_deflate(feed(k)), "Content-Encoding: deflate"), 3),
    "unknown-coding": (lambda k: answer(feed(k), "Content-Encoding: rot13"), None),
    "noise": (noise, 0),
    "entities": (lambda k: answer(feed(k).replace(b"<rss", ENTITIES + b"<rss", 1).replace(b"Words", b"&i;")), None),
    "outside-entity": (lambda k: answer(feed(k).replace(b"<rss", b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss", 1).replace(b"Words", b"&x;")), None),
    "to-itself": (lambda k: answer(b"", f"Location: /{k}", status="301 Moved"), 0),
    "to-a-file": (lambda k: answer(b"", "Location: file:///etc/passwd", status="302 Found"), 0),
    "to-nowhere": (lambda k: answer(b"", "Location: ", status="302 Found"), 0),
    "to-another-scheme": (lambda k: answer(b"", "Location: gopher://127.0.0.1:1/x", status="302 Found"), 0),
    "304-unasked": (lambda k: answer(b"", status="304 Not Modified"), 0),
    "200-of-nothing": (lambda k: answer(b""), 0),
    "nul-bytes": (lambda k: answer(feed(k).replace(b"Words", b"\0\0\0")), None),
    "utf-7": (lambda k: answer(feed(k).replace(b"version='1.0'", b"version='1.0' encoding='utf-7'", 1)), None),
    "retry-after-a-century": (lambda k: answer(b"", "Retry-After: 3153600000", status="503 Busy"), 0),
    "cookie-of-a-megabyte": (lambda k: answer(feed(k), "Set-Cookie: a=" + "b" * (1 << 20)), None),
    "date-of-1601": (lambda k: answer(feed(k), "Last-Modified: Mon, 01 Jan 1601 00:00:00 GMT", "ETag: " + '"' * 99), 3),
}


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def nested(body, times):
    for _ in range(times):
        body = gzip.compress(body)
    return body


class Server:
    """All kinds on one port of 127.0.0.1, by path; each connection in a thread of its own, ended by close()."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port, self.asked, self.connections = self.listener.getsockname()[1], {}, set()
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, kind):
        return f"http://127.0.0.1:{self.port}/{kind}"

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += (block := connection.recv(4096))
                    if not block:
                        return
                kind = head.split()[1].decode().lstrip("/").split("?")[0]
                self.asked[kind] = self.asked.get(kind, 0) + 1
                sends = KINDS.get(kind, (lambda k: answer(b"no such page", status="404 Not Found"), 0))[0]
                if sends.__code__.co_argcount == 1:
                    connection.sendall(sends(kind))
                else:
                    sends(connection, kind)
        except OSError:
            pass
        finally:
            self.connections.discard(connection)

    def close(self):
        self.listener.close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
