"""The real daemon in a folder of its own, a scripted web around it and a real subscriber, for end-to-end tests.

    class Feeds(harness.Case):
        def test_a_new_item_is_published(self):
            self.web["/rss"] = harness.rss([harness.Item("1", "A headline", self.web.url("/1"))])
            self.web["/1"] = harness.page("A headline", "Some text.")
            self.start(feeds=["/rss"])
            event = self.subscriber.article(headline="A headline")

Everything waits for something, with a bound, and nothing sleeps for luck. Each event that arrives is checked against the schema,
and its sequence and prevsequence against those before it. A daemon that ends badly, or whose sanitizers speak, fails the test."""
import collections, contextlib, email.utils, html, http.server, json, os, pathlib, shutil, signal, socket, sqlite3, struct, subprocess, sys
import tempfile, threading, time, unittest

import jsonschema, zmq

SOURCE = pathlib.Path(os.environ.get("WIREROOM_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("WIREROOM_BUILD", SOURCE / "build" / "dev"))
BIN = BUILD / "bin"
STAGES = BUILD / "lib" / "wireroom" / "stages"
SCHEMA = json.loads((SOURCE / "include" / "wireroom" / "event.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PATIENCE = float(os.environ.get("WIREROOM_PATIENCE", 30))  # seconds anything may take on a busy machine
SANITIZED = any(name in (BIN / "wireroomd").read_bytes()[:4 << 20] for name in (b"__asan_init", b"__tsan_init"))
STOPPING = 3 * PATIENCE if SANITIZED else PATIENCE  # what was given out is freed one by one, and looked through for leaks


def until(what, condition, patience=PATIENCE):
    """Call condition until it returns something true, and return that."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(0.01)


# The web ---------------------------------------------------------------------------------------------------------------

class Answer:
    """What a server says. raw: bytes sent as they are in place of an HTTP answer, before the connection is closed."""

    def __init__(self, body=b"", status=200, type="text/html; charset=utf-8", headers=None, raw=None):
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.type, self.headers, self.raw = status, type, headers or {}, raw


Request = collections.namedtuple("Request", "path headers at")


class Web:
    """A server on 127.0.0.1. web[path] = what: text, bytes, an Answer, or a function of the Request that returns one of them."""

    def __init__(self):
        self.answers, self.requests, self.changed = {}, [], threading.Condition()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                web.serve(self)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass  # the daemon hangs up when it has seen enough, or was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def __setitem__(self, path, answer):
        with self.changed:
            self.answers[path] = answer

    def serve(self, handler):
        request = Request(handler.path, handler.headers, time.monotonic())
        with self.changed:
            answer = self.answers.get(handler.path, self.answers.get(handler.path.split("?")[0], Answer("no such page", 404)))
        if callable(answer):
            answer = answer(request)
        if not isinstance(answer, Answer):
            answer = Answer(answer)
        self.send(handler, answer)
        with self.changed:  # after the answer: who waits for a request may rely on its having been answered
            self.requests.append(request)
            self.changed.notify_all()

    @staticmethod
    def send(handler, answer):
        if answer.raw is not None:
            handler.wfile.write(answer.raw)
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        headers = {"Content-Type": answer.type, "Content-Length": str(len(answer.body))} | answer.headers
        for name, value in headers.items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD" and answer.status != 304:
            handler.wfile.write(answer.body)

    def seen(self, path):
        with self.changed:
            return [r for r in self.requests if r.path == path]

    def wait(self, path, count=1, patience=PATIENCE):
        """Wait until path was asked for count times; returns these requests."""
        end = time.monotonic() + patience
        with self.changed:
            while True:
                seen = [r for r in self.requests if r.path == path]
                if len(seen) >= count:
                    return seen
                if not self.changed.wait(max(0, end - time.monotonic())):
                    raise AssertionError(f"{path} was asked for {len(seen)} times in {patience:.0f} s, not {count}")

    def more(self, path, count=1):
        """Wait for count further requests for path."""
        return self.wait(path, len(self.seen(path)) + count)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# Documents -------------------------------------------------------------------------------------------------------------

class Item:
    def __init__(self, guid, title, link, summary="", date=None, author=None):
        self.guid, self.title, self.link, self.summary, self.date, self.author = guid, title, link, summary, date, author


def rss(items, title="A feed", type="application/rss+xml", headers=None):
    def element(name, text, attributes=""):
        return f"<{name}{attributes}>{html.escape(str(text))}</{name}>" if text else ""

    body = "".join(
        "<item>" + element("title", i.title) + element("link", i.link) + element("guid", i.guid, ' isPermaLink="false"') +
        element("description", i.summary) + element("dc:creator", i.author) +
        element("pubDate", email.utils.formatdate(i.date, usegmt=True) if i.date else "") + "</item>\n" for i in items)
    return Answer('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                  f"<channel><title>{html.escape(title)}</title><link>http://127.0.0.1/</link>"
                  f"<description>of a test</description>\n{body}</channel></rss>\n", type=type, headers=headers)


def atom(items, title="An Atom feed"):
    body = "".join(
        f"<entry><id>{html.escape(i.guid)}</id><title>{html.escape(i.title)}</title><link href=\"{html.escape(i.link)}\"/>"
        f"<updated>{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(i.date or 1773480000))}</updated>"
        f"<summary>{html.escape(i.summary)}</summary></entry>\n" for i in items)
    return Answer('<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x-test:feed</id>'
                  f"<title>{html.escape(title)}</title><updated>2026-03-14T09:00:00Z</updated>\n{body}</feed>\n",
                  type="application/atom+xml")


FILLER = ("The ferry to the outer islands leaves from the old quay at seven and again at noon, and in winter only when the wind "
          "allows it, which the harbour master decides before breakfast.")


def page(title, *paragraphs, author=None, date=None, filler=4):
    """A plain article page; filler paragraphs make it long enough to be one."""
    text = list(paragraphs) + [f"{FILLER} This is part {n + 1} of the report." for n in range(filler)]
    byline = f'<meta name="author" content="{html.escape(author)}">' if author else ""
    stamp = f'<meta property="article:published_time" content="{date}">' if date else ""
    return Answer(f"<!DOCTYPE html><html lang=\"en\"><head><title>{html.escape(title)}</title>{byline}{stamp}</head><body>"
                  "<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
                  f"<article><h1>{html.escape(title)}</h1>" + "".join(f"<p>{html.escape(p)}</p>" for p in text) +
                  "</article><footer><p>All rights reserved.</p></footer></body></html>")


# Certificates -----------------------------------------------------------------------------------------------------------

def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def make_certificates(folder):
    """An authority in ca/ under its hash, and certificates of it for 127.0.0.1 and for the client newsdesk."""
    (folder / "ca").mkdir()
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Test CA",
            "-keyout", folder / "ca.key", "-out", folder / "ca" / "ca.pem")
    openssl("rehash", folder / "ca")
    for name, subject, extension in (("server", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1"), ("client", "/CN=newsdesk", "keyUsage=digitalSignature")):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
        (folder / f"{name}.ext").write_text(extension + "\n")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca" / "ca.pem", "-CAkey", folder / "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", folder / f"{name}.ext", "-out", folder / f"{name}.pem")


# The daemon ------------------------------------------------------------------------------------------------------------

class Clock:
    """A clock that is ahead of the system's by as much as the test says (base/clock.h)."""

    def __init__(self, path):
        self.path, self.offset, self.stepped = path, 0, 0
        path.write_bytes(struct.pack("=qq", 0, 0))

    def advance(self, seconds):
        self.offset += int(seconds * 1_000_000)
        self.write()

    def step(self, seconds):
        """Set the wall clock wrong, or right, by so much; the monotonic one goes on."""
        self.stepped += int(seconds * 1_000_000)
        self.write()

    def write(self):
        with open(self.path, "r+b") as file:  # written in place: the daemon has it mapped
            file.write(struct.pack("=qq", self.offset, self.stepped))


class Refused(Exception):
    """The daemon's answer to a command was an error."""


class Daemon:
    """wireroomd in a folder. Options are by section: poll={"first_fetch": "mark"}; further words go to its command line."""

    def __init__(self, folder, feeds, *words, **options):
        self.folder, self.words, self.process = folder, words, None
        self.under = ()  # the words of a program that runs it
        self.environment = {}  # beside the test's own
        self.status = None  # that it ended with
        self.dir = folder / "state"
        self.dir.mkdir(exist_ok=True)
        self.pub = f"ipc://{folder}/pub.sock"
        self.control = folder / "control.sock"
        self.config = folder / "wireroom.yaml"
        self.list = folder / "test.list"
        self.log_path = folder / "log"
        self.clock = Clock(folder / "clock")
        self.options = options
        self.configure(feeds)

    def configure(self, feeds=None, **options):
        """Write the configuration and the list of feeds; a daemon that runs reads it on reload()."""
        sections = {
            "instance": "test",
            "feeds": [str(self.list)],
            "http": {"allow": ["127.0.0.0/8"], "spacing": "0s", "per_host": "8", "timeout": "10s"},
            "poll": {"min_interval": "200ms", "max_interval": "500ms", "default_interval": "200ms", "first_fetch": "publish-all"},
            "workers": {"count": "1"},
            # Made articles are all alike: they would be one story, whose events nobody counts on.
            "stages": {"dir": str(STAGES), "chain": ["extract", "headline", "language", "origin", "lead", "names", "quotes", "neardup"]},
            "listen": {"pub": self.pub, "control": str(self.control)},
        }
        self.options = {**self.options, **options}
        for name, value in self.options.items():
            sections[name] = {**sections[name], **value} if isinstance(sections.get(name), dict) else value
        self.config.write_text(json.dumps(sections, indent=1) + "\n")
        if feeds is not None:
            self.list.write_text("".join(f"{url}\n" for url in feeds))

    def command(self, *words):
        return [*self.under, str(BIN / "wireroomd"), "--config", str(self.config), "--dir", str(self.dir), *words]

    def start(self, wait=True):
        environment = {k: v for k, v in os.environ.items() if k not in ("NOTIFY_SOCKET", "JOURNAL_STREAM", "http_proxy")} | self.environment
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command("--test-clock", str(self.clock.path), *self.words), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=environment)
        if wait:
            until("the daemon takes commands", self.is_up)

    def ended(self, patience):
        """The status that it ended with by itself, None when it still runs after so many seconds."""
        try:
            self.status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
        self.process = None
        return self.status

    def is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.process.returncode} at its start:\n{self.log()}")
        try:
            return self.ask("status")
        except OSError:
            return False

    def ask(self, name, **arguments):
        """A command on the control socket; the lines of its answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(self.control))
            connection.sendall(json.dumps({"cmd": name, "names": "new", **arguments}).encode() + b"\n")
            lines = []
            for line in connection.makefile():
                answer = json.loads(line)
                if isinstance(answer.get("error"), dict):
                    raise Refused(answer["error"]["text"])
                lines.append(answer)
                if answer.get("done"):
                    return lines
        raise OSError("the daemon hung up")

    def events(self, since=0):
        """What the event log holds after a sequence."""
        found = []
        while True:
            page = [line["event"] for line in self.ask("events", since=since) if "event" in line]
            if not page:
                return found
            found += page
            since = int(page[-1]["sequence"])

    def feeds(self):
        """All feeds as the daemon tells of them, by address."""
        return {line["feed"]["url"]: line["feed"] for line in self.ask("feeds.list") if "feed" in line}

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def stop(self, patience=STOPPING):
        """SIGTERM; returns the exit status."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the daemon did not end in {patience:.0f} s after SIGTERM:\n{self.log()[-4000:]}") from None
        finally:
            self.process = None

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def workers(self):
        """Process ids of the workers."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


# The subscriber --------------------------------------------------------------------------------------------------------

class Subscriber:
    """A ZeroMQ SUB socket that checks all it gets."""

    def __init__(self, endpoint, topic="all/", strict=True):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.SUB)
        self.socket.set_hwm(0)
        self.socket.set(zmq.RECONNECT_IVL, 20)
        self.socket.subscribe(topic)
        self.socket.subscribe("heartbeat/")
        self.socket.connect(endpoint)
        self.events, self.topics, self.frames, self.last, self.gaps, self.strict = [], [], [], {}, [], strict

    def ready(self):
        """Wait until the subscriptions hold: a beat gets through only after the one to heartbeat/, which was made last."""
        frames = []
        while len(frames) != 2 or frames[0] != b"heartbeat/":
            until("a heartbeat", lambda: self.socket.poll(100))
            frames = self.socket.recv_multipart()
        return json.loads(frames[1])

    def receive(self, patience):
        """One event more, or None; heartbeats do not count."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            if self.socket.poll(max(1, int(left * 1000))):
                frames = self.socket.recv_multipart()
                if not frames[0].startswith(b"heartbeat/"):
                    topic, body = (frame.decode() for frame in frames)
                    self.frames.append(frames)
                    return self.take(topic, json.loads(body))
        return None

    def take(self, topic, event):
        VALIDATOR.validate(event)
        kind = event["type"].removeprefix("wireroom.").removesuffix(".v1")
        assert topic.startswith(f"all/{kind}/") and topic.endswith("/") and len(topic) <= 128, topic
        before = self.last.get(topic)
        if before is not None and event["prevsequence"] != before:
            self.gaps.append((before, event["prevsequence"], topic))
            assert not self.strict, f"gap in {topic}: {event['prevsequence']} after {before}"
        self.last[topic] = event["sequence"]
        self.topics.append(topic)
        self.events.append(event)
        return event

    def wait(self, what, condition, patience=PATIENCE):
        """The first event, past or to come, for which condition holds."""
        at, end = 0, time.monotonic() + patience
        while True:
            while at < len(self.events):
                if condition(self.events[at]):
                    return self.events[at]
                at += 1
            if time.monotonic() > end or self.receive(max(0.001, end - time.monotonic())) is None:
                got = "\n".join(f"  {e['sequence']} {e['type']} {e['data'].get('headline', e['data'].get('state'))}" for e in self.events)
                raise AssertionError(f"no event in {patience:.0f} s: {what}; there were:\n{got}")

    def article(self, headline=None, url=None, version=None, patience=PATIENCE):
        return self.wait(f"article {headline or url} {version or ''}", lambda e: e["type"].startswith("wireroom.article.") and
                         headline in (None, e["data"].get("headline")) and url in (None, e["data"].get("url")) and
                         version in (None, e["data"].get("version")), patience)

    def drain(self):
        """Take what has already arrived."""
        while self.receive(0.05) is not None:
            pass
        return self.events

    def articles(self):
        return [e["data"] for e in self.events if e["type"].startswith("wireroom.article.")]

    def close(self):
        self.context.destroy(linger=0)


# The test case ---------------------------------------------------------------------------------------------------------

class Case(unittest.TestCase):
    """A web in self.web from the beginning; start() adds self.daemon and self.subscriber."""

    under = ()  # the words of a program that runs the daemon, such as valgrind

    def run(self, result=None):
        self.result = result
        return super().run(result)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.web = Web()
        self.addCleanup(self.web.close)
        self.daemon = self.subscriber = None
        self.addCleanup(self.end)

    def start(self, feeds, *words, **options):
        """Start the daemon and subscribe to everything; once that holds, let it follow these feeds (paths of self.web or whole
        addresses), so that no first event is pushed before anybody listens."""
        self.daemon = Daemon(self.folder, [], *words, **options)
        self.daemon.under = self.under
        self.subscriber = Subscriber(self.daemon.pub)
        self.daemon.start()
        self.subscriber.ready()
        self.daemon.configure([self.address(f) for f in feeds])
        self.daemon.ask("reload")
        return self.daemon

    def address(self, feed):
        return self.web.url(feed) if feed.startswith("/") else feed

    def end(self):
        daemon, self.daemon = self.daemon, None
        if self.subscriber is not None:
            self.subscriber.close()
        if daemon is None:
            return
        status = daemon.stop()
        log = daemon.log()
        if status != 0 or any(test is self for test, _ in self.result.failures + self.result.errors):
            print(f"\n--- log of {self.id()}\n{log[-6000:]}", file=sys.stderr)
        self.assertEqual(status, 0, "the daemon's exit status")
        self.check_counters(daemon)
        for sign in ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:"):
            self.assertNotIn(sign, log)

    def check_counters(self, daemon):
        """Every entry that was ever seen ended in one counted way, or is pending: the store's own numbers add up."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{daemon.dir}/wireroom.db?mode=ro", uri=True)) as db:
                count = collections.Counter(dict(db.execute("SELECT name, value FROM counter")))
                pending = db.execute("SELECT count(*) FROM pending WHERE cause IS NULL").fetchone()[0]
        except sqlite3.DatabaseError:  # there is none, or the test damaged it
            return
        entries = {name.removeprefix("entries."): value for name, value in count.items() if name.startswith("entries.")}

        def total(*names):
            return sum(entries.get(name, 0) for name in names)

        self.assertEqual(total("seen"), total("new", "changed", "known", "duplicate", "marked", "old"), entries)
        self.assertEqual(total("new", "changed", "rechecked"), total("published", "dropped", "quarantined") + pending, entries)
        self.assertEqual(total("dropped"), sum(value for name, value in count.items() if name.startswith("dropped.")), count)

    def check_log(self):
        """The event log is 1, 2, 3, ... and holds each version of each article once; returns its events."""
        events = self.daemon.events()
        self.assertEqual([int(e["sequence"]) for e in events], list(range(1, len(events) + 1)))
        versions = [(e["data"]["uri"], e["data"]["version"]) for e in events if e["type"].startswith("wireroom.article.")]
        self.assertEqual(len(versions), len(set(versions)), "an article's version was published twice")
        return events


def main():
    """Run the tests of the calling module; output is that of unittest."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    unittest.main(module="__main__")
