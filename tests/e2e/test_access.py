"""Feeds behind a password, a cookie, a header or a client certificate: who is told, who is not, and that nobody else hears of it."""
import http.server, json, ssl, threading

import harness
from harness import Answer, Item, page, rss

SECRETS = ["s3cret-password", "s3cret-cookie", "s3cret-header", "czNjcmV0LXBhc3N3b3Jk", "OnMzY3JldC1wYXNzd29yZA"]
TOLD = ("Authorization", "Cookie", "X-Member")


class Access(harness.Case):
    def guarded(self, answer):
        """answer for members, 401 for everybody else."""
        def respond(request):
            if request.headers.get("Authorization", "").startswith("Basic ") and request.headers.get("X-Member") == "s3cret-header":
                return answer
            return Answer("members only", 401)
        return respond

    def told(self, web, path):
        """Which of the secrets the requests for path carried."""
        return [[name for name in TOLD if r.headers.get(name)] for r in web.seen(path)]

    def configure(self, **entry):
        (self.folder / "password").write_text("s3cret-password\n")
        return {self.web.url("/members/"): {"user": "newsdesk", "password_file": str(self.folder / "password"),
                                            "cookie": "id=s3cret-cookie", "headers": ["X-Member: s3cret-header"], **entry}}

    def test_the_feed_and_the_pages_of_its_origin_are_told_and_nobody_else(self):
        other = harness.Web()
        self.addCleanup(other.close)
        other["/open/1"] = page("Told elsewhere")
        other["/moved"] = page("Told by a redirect")
        self.web["/members/rss"] = self.guarded(rss([
            Item("1", "Told at home", self.web.url("/home/1")), Item("2", "Told elsewhere", other.url("/open/1")),
            Item("3", "Told by a redirect", self.web.url("/home/3"))]))
        self.web["/home/1"] = self.guarded(page("Told at home", "Only members read this."))
        self.web["/home/3"] = Answer("", 302, headers={"Location": other.url("/moved")})
        self.web["/free"] = rss([Item("9", "From a free feed", self.web.url("/members/page"))])
        self.web["/members/page"] = page("From a free feed")
        self.start(["/members/rss", "/free"], access=self.configure())
        event = self.subscriber.article("Told at home")
        self.assertIn("Only members read this.", event["data"]["text"])
        for headline in ("Told elsewhere", "Told by a redirect", "From a free feed"):
            self.subscriber.article(headline)
        self.assertEqual(self.told(self.web, "/members/rss")[0], list(TOLD))
        self.assertEqual(self.told(self.web, "/home/3"), [list(TOLD)])
        self.assertEqual(self.told(other, "/open/1"), [[]])
        self.assertEqual(self.told(other, "/moved"), [[]])
        self.assertEqual(self.told(self.web, "/free")[0], [])
        self.assertEqual(self.told(self.web, "/members/page"), [[]], "another feed's link spends this feed's password")

    def test_secrets_are_in_no_log_no_answer_and_no_event(self):
        self.web["/members/rss"] = self.guarded(rss([Item("1", "For members", self.web.url("/members/1"))]))
        self.web["/members/1"] = self.guarded(page("For members"))
        self.web["/members/bad"] = Answer("no", 500)
        access = self.configure()
        self.start(["/members/rss", "/members/bad"], "--log-level", "debug", access=access)
        self.subscriber.article("For members")
        harness.until("the bad feed fails", lambda: self.daemon.feeds()[self.web.url("/members/bad")]["state"] == "failing")
        access[self.web.url("/members/")]["headers"] = ["s3cret-header"]
        self.daemon.configure(access=access)
        with self.assertRaises(harness.Refused) as refused:
            self.daemon.ask("reload")
        shown = [self.daemon.ask("feeds.show", feed=url) for url in self.daemon.feeds()]
        texts = {"log": self.daemon.log(), "refusal": str(refused.exception), "feeds": json.dumps(shown),
                 "list": json.dumps(self.daemon.ask("feeds.list")), "status": json.dumps(self.daemon.ask("status")),
                 "events": json.dumps(self.daemon.events())}
        for where, text in texts.items():
            for secret in SECRETS:
                self.assertNotIn(secret, text, where)

    def test_a_changed_password_counts_from_the_next_poll(self):
        self.web["/members/rss"] = self.guarded(rss([Item("1", "For members", self.web.url("/members/1"))]))
        self.start(["/members/rss"])
        harness.until("it is refused", lambda: self.daemon.feeds()[self.web.url("/members/rss")]["state"] == "blocked")
        self.daemon.configure(access=self.configure())
        self.daemon.ask("reload")
        self.subscriber.article("For members")
        harness.until("it is well", lambda: self.daemon.feeds()[self.web.url("/members/rss")]["state"] == "ok")

    def test_a_client_certificate_is_shown_to_its_server_only(self):
        certs = self.folder / "certs"
        certs.mkdir()
        harness.make_certificates(certs)
        answer = rss([Item("1", "By certificate", self.web.url("/1"))]).body
        server, seen = tls_server(certs, answer)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"https://127.0.0.1:{server.server_address[1]}"
        self.web["/1"] = page("By certificate")
        self.web["/hop"] = Answer("", 302, headers={"Location": url + "/hop"})
        self.start([url + "/feed", "/hop"], http={"ca_path": str(certs / "ca")},
                   access={url + "/feed": {"certificate": str(certs / "client.pem"), "key": str(certs / "client.key")},
                           self.web.url("/hop"): {"certificate": str(certs / "client.pem"), "key": str(certs / "client.key")}})
        self.subscriber.article("By certificate")
        harness.until("the redirect was followed", lambda: ("/hop", None) in seen)
        self.assertEqual({name for path, name in seen if path == "/feed"}, {"newsdesk"})
        self.assertEqual({name for path, name in seen if path == "/hop"}, {None})


def tls_server(certs, answer):
    """A server that asks for a certificate without insisting; the second value lists (path, name in the certificate or None)."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            subject = dict(pair for part in (self.connection.getpeercert() or {}).get("subject", ()) for pair in part)
            seen.append((self.path, subject.get("commonName")))
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certs / "server.pem", certs / "server.key")
    context.load_verify_locations(certs / "ca" / "ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, seen


if __name__ == "__main__":
    harness.main()
