"""How servers are talked to: HTTP/2 where they have it, IPv6, and one connection for all that a host is asked."""
import http.server, socket, ssl, struct, threading

import harness
from harness import Answer, Item, page, rss


class Http2(threading.Thread):
    """The least of HTTP/2 (RFC 9113): one body for every GET, and a count of what came. It has no HPACK: what is asked for it does not
    know, and says 200 in the static table's words."""

    def __init__(self, certs, body, protocols, fault=None):
        super().__init__(daemon=True)
        self.body, self.fault, self.connections, self.streams, self.http1, self.agreed = body, fault, 0, 0, 0, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certs / "server.pem", certs / "server.key")
        self.context.set_alpn_protocols(protocols)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls, tls.makefile("rwb") as stream:
                self.agreed.append(tls.selected_alpn_protocol())
                self.connections += 1
                if tls.selected_alpn_protocol() == "h2":
                    self.talk(stream)
                else:
                    self.talk_http1(stream)
        except (OSError, ssl.SSLError):
            pass

    def talk(self, stream):
        assert stream.read(24) == b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        self.send(stream, 4, 0, 0, b"")  # SETTINGS
        while len(head := stream.read(9)) == 9:
            length, kind, flags, number = int.from_bytes(head[:3], "big"), head[3], head[4], struct.unpack(">I", head[5:])[0]
            stream.read(length)
            if kind == 4 and not flags & 1:
                self.send(stream, 4, 1, 0, b"")
            elif kind == 1:  # HEADERS: :status 200, content-type without indexing
                self.streams += 1
                if self.fault is not None and self.fault(stream, number):
                    continue
                kind = b"application/rss+xml"
                self.send(stream, 1, 4, number, b"\x88\x0f\x10" + bytes([len(kind)]) + kind)
                self.send(stream, 0, 1, number, self.body)

    def talk_http1(self, stream):
        while stream.readline():
            while stream.readline().strip():
                pass
            self.http1 += 1
            stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(self.body) + self.body)
            stream.flush()

    @staticmethod
    def send(stream, kind, flags, number, payload):
        stream.write(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack(">I", number) + payload)
        stream.flush()


class Wire(harness.Case):
    def test_http_2_is_spoken_over_one_connection(self):
        certs = self.folder / "certs"
        certs.mkdir()
        harness.make_certificates(certs)
        self.web["/1"] = page("By HTTP/2", "The page came by HTTP/1.1.")
        server = Http2(certs, rss([Item("1", "By HTTP/2", self.web.url("/1"))]).body, ["h2", "http/1.1"])
        self.addCleanup(server.listener.close)
        server.start()
        urls = [f"https://127.0.0.1:{server.port}/{n}" for n in range(20)]
        self.start(urls, http={"ca_path": str(certs / "ca"), "per_host": "1"})
        self.subscriber.article("By HTTP/2")
        harness.until("each feed was asked twice", lambda: server.streams >= 2 * len(urls))
        self.assertEqual(server.agreed[0], "h2")
        self.assertEqual(server.connections, 1)
        self.assertTrue(all(f["state"] == "ok" for f in self.daemon.feeds().values()))

    def test_faults_of_http_2_are_not_seen(self):
        def refuse(stream, number):  # each second stream of a connection
            if number % 4 == 3:
                Http2.send(stream, 7, 0, 0, struct.pack(">II", number - 2, 0))  # GOAWAY
                Http2.send(stream, 3, 0, number, struct.pack(">I", 7))  # RST_STREAM: REFUSED_STREAM
            return number % 4 == 3

        def cut(stream, number):
            if number % 4 == 3:
                raise OSError("cut")
            return False

        def want_http1(stream, number):
            Http2.send(stream, 3, 0, number, struct.pack(">I", 13))  # RST_STREAM: HTTP_1_1_REQUIRED
            return True

        def begin_only(stream, number):  # an answer that breaks off within
            Http2.send(stream, 1, 4, number, b"\x88")
            Http2.send(stream, 0, 0, number, b"<rss")
            Http2.send(stream, 3, 0, number, struct.pack(">I", 2))  # RST_STREAM: INTERNAL_ERROR
            return True

        certs = self.folder / "certs"
        certs.mkdir()
        harness.make_certificates(certs)
        servers = {}
        for fault in (refuse, cut, want_http1, begin_only):
            body = rss([Item(fault.__name__, f"Through {fault.__name__}", self.web.url("/" + fault.__name__), summary="s")]).body
            servers[fault.__name__] = Http2(certs, body, ["h2", "http/1.1"], fault)
        for server in servers.values():
            self.addCleanup(server.listener.close)
            server.start()
        urls = {name: f"https://127.0.0.1:{server.port}/" for name, server in servers.items()}
        self.start(urls.values(), http={"ca_path": str(certs / "ca")}, page={"robots": "false"})
        for name in servers:
            self.subscriber.article(f"Through {name}")
        harness.until("each was asked often", lambda: all(s.streams + s.http1 >= 8 for s in servers.values()))
        self.assertEqual(servers["want_http1"].streams, 2)  # then it is known
        self.assertEqual(servers["begin_only"].streams, 2)
        for name in ("refuse", "cut", "want_http1"):
            polls = [line["poll"] for line in self.daemon.ask("feeds.history", feed=urls[name]) if "poll" in line]
            self.assertEqual([p for p in polls if "trouble" in p], [], name)

    def test_a_feed_and_a_page_come_to_who_brings_a_cookie_back(self):
        def want(path, good):
            check = "/check" + path
            self.web[path] = lambda request: good if "seen=1" in (request.headers.get("Cookie") or "") else Answer("", 302, headers={"Location": check})
            self.web[check] = Answer("", 302, headers={"Location": path, "Set-Cookie": "seen=1; Path=/"})

        want("/rss", rss([Item("1", "Behind a cookie", self.web.url("/1"), summary="Few words.")]))
        want("/1", page("Behind a cookie", "All of it behind a cookie."))
        self.start(["/rss"])
        self.assertIn("All of it behind a cookie.", self.subscriber.article("Behind a cookie")["data"]["text"])

    def test_feeds_and_pages_come_by_ipv6(self):
        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6

        answers = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                harness.Web.send(self, answers.get(self.path, harness.Answer("no", 404)))

            def log_message(self, *_):
                pass

        try:
            server = Server(("::1", 0), Handler)
        except OSError as trouble:
            self.skipTest(f"no IPv6 here: {trouble}")
        base = f"http://[::1]:{server.server_address[1]}"
        answers |= {"/rss": rss([Item("1", "By IPv6", base + "/1")]), "/1": page("By IPv6", "All of it by IPv6.")}
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.start([base + "/rss"], http={"allow": ["::1"]})
        self.assertIn("All of it by IPv6.", self.subscriber.article("By IPv6")["data"]["text"])

    def test_a_hosts_feeds_come_back_to_back_over_one_connection(self):
        connections = set()

        def feed(number):
            return rss([Item(f"{number}", f"Report {number}", self.web.url(f"/page/{number}"))])

        serve = self.web.serve
        self.web.serve = lambda handler: (connections.add(handler.client_address), serve(handler))
        paths = [f"/feed/{n}" for n in range(40)]
        for n, path in enumerate(paths):
            self.web[path] = feed(n)
            self.web[f"/page/{n}"] = page(f"Report {n}")
        self.start(paths, http={"per_host": "1"})
        for n in range(40):
            self.subscriber.article(f"Report {n}")
            self.web.wait(f"/feed/{n}", 2)
        self.assertEqual(len(connections), 1)


if __name__ == "__main__":
    harness.main()
