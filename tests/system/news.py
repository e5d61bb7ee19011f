"""news.py PORT - a news site on loopback: /N.xml is a feed that has one item more each time it is asked for, /N/M its page,
/broken.xml no feed, and /slowN.xml a feed whose pages never come."""
import http.server, sys, threading

asked = {}
lock = threading.Lock()


class News(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/").removesuffix(".xml")
        if name == "robots.txt":
            self.answer(404, "")
        elif name.startswith("never"):
            threading.Event().wait(60)
        elif self.path.endswith(".xml") and name != "broken":
            self.answer(200, self.feed(name), "application/rss+xml")
        elif name == "broken":
            self.answer(200, "<html><p>No feed.</p></html>")
        else:
            text = "".join(f"<p>Part {n} of the report on {name} tells what was seen on the quay.</p>" for n in range(8))
            self.answer(200, f"<!DOCTYPE html><title>Report {name}</title><article><h1>Report {name}</h1>{text}</article>")

    def feed(self, name):
        with lock:
            count = asked[name] = asked.get(name, 0) + 1
        kind = "never" if name.startswith("slow") else name
        items = "".join(f"<item><guid>{name}-{n}</guid><title>Report {name} {n}</title><link>http://{self.headers['Host']}/{kind}/{n}</link></item>"
                        for n in range(max(1, count - 20), count + 1))
        return f'<rss version="2.0"><channel><title>News {name}</title>{items}</channel></rss>'

    def answer(self, status, body, kind="text/html"):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512

    def handle_error(self, *_):
        """Whoever hangs up is the test's daemon."""


server = Server(("127.0.0.1", int(sys.argv[1])), News)
print("up", flush=True)
server.serve_forever()
