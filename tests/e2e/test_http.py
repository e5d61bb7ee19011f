"""The HTTP interface of the real daemon: streams, pages of the log, metrics, and who may ask."""
import http.client, importlib.util, json, os, re, socket, subprocess, sys, time, urllib.error, urllib.parse, urllib.request

import jsonschema

import harness
from harness import Item, rss

TOKEN = "c2VjcmV0LXNlY3JldC1zZWNyZXQ"


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


class Stream:
    """Lines of /v1/stream as they come."""

    def __init__(self, case, path, **headers):
        host, port = case.http.split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=harness.PATIENCE)
        self.connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        self.answer = self.connection.getresponse()

    def lines(self, count):
        got = []
        while len(got) < count:
            line = self.answer.readline().decode()
            assert line, "the stream ended"
            if line.strip():
                got.append(line.rstrip("\n"))
        return got

    def close(self):
        self.answer.close()
        self.connection.close()


class Http(harness.Case):
    def setUp(self):
        super().setUp()
        self.http = free_address()
        self.published, self.dated = 0, int(time.time()) - 40
        self.web["/feed"] = lambda request: self.feed()

    def feed(self):
        self.published = min(self.published + 2, 40)
        return rss([Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), f"Summary {n}.", date=self.dated)
                    for n in range(self.published, 0, -1)])

    def begin(self, **listen):
        self.start(["/feed"], listen={"http": self.http, **listen})
        self.subscriber.article("Headline 2")

    def ask(self, path, **headers):
        request = urllib.request.Request(f"http://{self.http}{path}", headers={name.replace("_", "-"): v for name, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=harness.PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def get(self, path):
        status, _, body = self.ask(path)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def all_published(self):
        harness.until("all are published", lambda: sum("article.new" in e["type"] for e in self.daemon.events()) == 40)
        return [int(e["sequence"]) for e in self.daemon.events()]

    def test_a_stream_has_every_event_from_where_it_was_left(self):
        self.begin()
        stream = Stream(self, "/v1/stream?since=0")
        self.addCleanup(stream.close)
        self.assertEqual(stream.answer.headers["Content-Type"], "application/x-ndjson")
        log = self.all_published()
        self.assertEqual([int(json.loads(line)["sequence"]) for line in stream.lines(len(log))], log)
        sse = Stream(self, "/v1/stream?filter=all/article.new/", Accept="text/event-stream", Last_Event_ID=f"{self.get('/v1/events')['epoch']}-{5:020}")
        self.addCleanup(sse.close)
        self.assertEqual(sse.answer.headers["Content-Type"], "text/event-stream")
        lines = sse.lines(2 + 2 * 10)
        self.assertTrue(lines[0].startswith("retry: "))
        events = [json.loads(line[len("data: "):]) for line in lines[2:] if line.startswith("data: ")]
        ids = [line[len("id: "):] for line in lines[2:] if line.startswith("id: ")]
        self.assertEqual([e["id"] for e in events], ids)
        self.assertTrue(all("article.new" in e["type"] and int(e["sequence"]) > 5 for e in events))

    def test_what_is_new_comes_at_once_to_many(self):
        self.begin()
        streams = [Stream(self, "/v1/stream", Accept="text/event-stream") for _ in range(50)]
        for stream in streams:
            self.addCleanup(stream.close)
        heard = [stream.lines(4)[-1] for stream in streams]
        self.assertTrue(all(line.startswith("data: {") for line in heard), heard)

    def test_numbers_of_another_log_mean_nothing(self):
        self.begin()
        stream = Stream(self, "/v1/stream", Accept="text/event-stream", Last_Event_ID=f"{'0' * 32}-{999999:020}")
        self.addCleanup(stream.close)
        lines = stream.lines(6)
        self.assertEqual(lines[2], "event: epoch")
        self.assertEqual(json.loads(lines[5][len("data: "):])["sequence"], f"{1:020}")
        self.assertEqual(self.ask("/v1/stream?since=999999")[0], 404)
        self.assertEqual(self.ask("/v1/stream?since=noon")[0], 400)

    def test_pages_of_the_log_an_article_and_its_story(self):
        self.begin()
        log = self.all_published()
        first = self.get("/v1/events?limit=3")
        self.assertEqual(([int(e["sequence"]) for e in first["events"]], first["more"]), ([1, 2, 3], True))
        self.assertEqual(int(self.get(f"/v1/events?since={first['next']}&limit=1")["events"][0]["sequence"]), 4)
        articles = self.get("/v1/events?filter=all/article.new/&limit=500")["events"]
        self.assertEqual(len(articles), 40)
        one = articles[7]
        for name in (one["data"]["uri"], one["data"]["url"]):
            self.assertEqual(self.get("/v1/articles/" + urllib.parse.quote(name, safe=""))["events"][0]["id"], one["id"])
        self.assertEqual(self.ask("/v1/articles/urn:uuid:nobody")[0], 404)
        self.assertEqual(self.get("/v1/stories")["stories"], [])
        self.subscriber.drain()
        newest = {topic: max(int(e["sequence"]) for t, e in zip(self.subscriber.topics, self.subscriber.events) if t == topic)
                  for topic in set(self.subscriber.topics)}
        topics = self.get("/v1/topics")
        self.assertEqual((topics["topics"], topics["head"]), (newest, log[-1]))
        self.assertEqual(self.ask("/v1/events?since=99999")[0], 404)
        self.assertEqual(self.ask("/v1/events?limit=none")[0], 400)
        self.assertEqual(self.get("/v1/events?from=last")["events"][0]["sequence"], f"{log[-1]:020}")

    def test_what_the_document_says_is_what_is_answered(self):
        self.begin()
        document = self.get("/v1/openapi.json")
        self.assertEqual(document["openapi"], "3.1.0")
        events = self.get("/v1/schema")
        for path, item in document["paths"].items():
            if path in ("/v1/stream", "/metrics", "/healthz", "/readyz") or "{id}" in path:
                continue
            schema = item["get"]["responses"]["200"]["content"]
            self.assertEqual(list(schema), [self.ask(path)[1]["Content-Type"]], path)
            schema = json.dumps(next(iter(schema.values()))["schema"])
            while "#/components/schemas/" in schema:
                schema = re.sub(r'\{"\$ref": "#/components/schemas/(\w+)"\}', lambda m: json.dumps(document["components"]["schemas"][m[1]]), schema)
            schema = json.loads(schema.replace('{"$ref": "/v1/schema"}', "{}"))
            jsonschema.Draft202012Validator(schema).validate(self.get(path))
        for event in self.get("/v1/events")["events"]:
            jsonschema.Draft202012Validator(events).validate(event)
        error = jsonschema.Draft202012Validator(document["components"]["schemas"]["error"])
        error.validate(json.loads(self.ask("/v1/nothing")[2]))
        for path, operation in ((path, item["get"]) for path, item in document["paths"].items()):
            wrong = [f"{p['name']}={value}" for p in operation.get("parameters", []) if p["in"] == "query" for value in ("-1", "9999999")]
            for query, host in [(query, self.http) for query in wrong if query[:6] != "filter"] + [("", "evil.example")]:
                status, _, body = self.ask(path.replace("{id}", "none") + "?" + query, Host=host)
                self.assertIn(str(status), operation["responses"], (path, query))
                if status >= 400:
                    error.validate(json.loads(body))

    def test_metrics_are_openmetrics(self):
        self.begin()
        self.all_published()
        subprocess.run([str(harness.BIN / "wireroom"), "consumers", "add", "desk", "--from", "first", "--socket", str(self.daemon.control)],
                       check=True, stdout=subprocess.DEVNULL)
        status, headers, body = self.ask("/metrics")
        self.assertEqual((status, headers["Content-Type"].split(";")[0]), (200, "application/openmetrics-text"))
        text = body.decode()
        self.assertTrue(text.endswith("# EOF\n"))
        family, samples = None, {}
        for line in text.splitlines()[:-1]:
            if line.startswith("# TYPE "):
                family, kind = line.split(" ")[2:]
            elif not line.startswith("# HELP "):
                name, number = re.fullmatch(r'([a-z_]+(?:\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})?) (\S+)', line).groups()
                endings = {"counter": ["_total"], "info": ["_info"], "histogram": ["_bucket", "_sum", "_count"]}
                self.assertIn(name.split("{")[0].removeprefix(family), endings.get(kind, [""]))
                self.assertNotIn(name, samples)
                samples[name] = float(number)
        self.assertEqual(samples['wireroom_entries_total{disposition="published"}'], 40)
        self.assertGreaterEqual(samples['wireroom_consumer_lag{consumer="desk"}'], 40)
        self.assertEqual(samples['wireroom_feeds{state="ok"}'], 1)
        self.check_numbers(samples, text)
        families = {name.split("{")[0] for name in samples}
        for example in (harness.SOURCE / "examples" / "monitoring").iterdir():
            named = set(re.findall(r"wireroom_[a-z_]+", example.read_text()))
            self.assertEqual(named - families, set(), example.name)
            self.assertGreater(len(named), 5)
        if importlib.util.find_spec("prometheus_client") is not None:
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            self.assertGreater(len(list(text_string_to_metric_families(text))), 20)

    def test_changes_of_articles_are_counted(self):
        self.web["/feed"] = lambda request: rss([Item("g", title, self.web.url("/none"), "A summary.")])
        title = "A headline"
        self.start(["/feed"], listen={"http": self.http})
        self.subscriber.article(title)
        title = "Another headline"
        self.subscriber.article(title, version=2)
        counted = [line for line in self.ask("/metrics")[2].decode().splitlines() if line.startswith("wireroom_edits_total") and line[-2:] != " 0"]
        self.assertEqual(counted, ['wireroom_edits_total{severity="major",silent="true"} 1'])

    def check_numbers(self, samples, text):
        """What operators are promised by name, and that it adds up."""
        told = set(re.findall(r"^# TYPE (wireroom_[a-z_]+) ", text, re.M))
        self.assertEqual({f"wireroom_{name}" for name in (
            "feeds polls poll_lateness_seconds publish_to_record_seconds items stage_seconds stage_errors stories edits out_events out_dropped "
            "consumer_lag log_bytes hub_leases extract_status").split()} - told, set())

        def total(family):
            return sum(value for name, value in samples.items() if name.startswith(family + "_total{"))
        entries = self.get("/v1/status")["entries"]
        self.assertEqual(total("wireroom_items") + samples["wireroom_entries_pending"], entries["seen"] + entries["rechecked"])
        self.assertEqual(samples['wireroom_items_total{disposition="published"}'], 40)
        self.assertEqual(total("wireroom_extract_status"), 40)
        self.assertEqual(samples["wireroom_publish_to_record_seconds_count"], 40)
        self.assertGreater(samples["wireroom_publish_to_record_seconds_sum"], 40 * 40)
        self.assertGreater(samples["wireroom_poll_lateness_seconds_count"], 10)
        for family in ("poll_lateness", "publish_to_record"):
            buckets = [value for name, value in samples.items() if name.startswith(f"wireroom_{family}_seconds_bucket")]
            self.assertEqual(buckets, sorted(buckets))
            self.assertEqual(buckets[-1], samples[f"wireroom_{family}_seconds_count"])

    def test_who_has_no_token_gets_nothing(self):
        tokens = self.folder / "tokens"
        tokens.write_text(f"# of the desk\n{TOKEN}\n")
        self.begin(tokens=str(tokens))
        tokens.chmod(0o666)
        self.daemon.ask("reload")
        self.assertIn("anybody may write it", self.daemon.log())
        self.assertEqual(self.ask("/v1/events")[0], 401)
        self.assertEqual(self.ask("/v1/events")[1]["WWW-Authenticate"], "Bearer")
        self.assertEqual(self.ask("/v1/events", Authorization=f"Bearer {TOKEN[:-1]}x")[0], 401)
        self.assertEqual(self.ask("/v1/events", Authorization=f"Basic {TOKEN}")[0], 401)
        self.assertEqual(self.ask("/v1/events", Authorization=f"Bearer {TOKEN}", Host="news.example")[0], 200)

    def test_whoever_connects_leaves_descriptors_for_the_work(self):
        self.under = ("prlimit", "--nofile=512:512")
        self.begin()
        folder = f"/proc/{self.daemon.process.pid}/fd"
        before = len(os.listdir(folder))
        host, port = self.http.split(":")
        for _ in range(600):
            connection = socket.socket()
            self.addCleanup(connection.close)
            connection.setblocking(False)
            connection.connect_ex((host, int(port)))
        harness.until("all that may be are let in", lambda: len(os.listdir(folder)) >= before + 512 // 8)
        self.all_published()

    def test_a_token_that_is_taken_back_ends_its_streams_and_no_others(self):
        tokens, other = self.folder / "tokens", TOKEN[::-1] * 100  # as long as those that are signed
        tokens.write_text(f"{TOKEN}\n{other}\n")
        self.begin(tokens=str(tokens))
        streams = [Stream(self, "/v1/stream?since=0", Authorization=f"Bearer {token}") for token in (TOKEN, other, TOKEN)]
        for stream in streams:
            self.addCleanup(stream.close)
        log = self.all_published()
        for stream in streams[:2]:  # the third reads nothing
            stream.lines(len(log))
        tokens.write_text(f"{other}\n")
        self.daemon.ask("reload")
        self.assertEqual(streams[0].answer.readline(), b"")
        self.assertEqual([self.ask("/v1/events", Authorization=f"Bearer {token}")[0] for token in (TOKEN, other)], [401, 200])
        self.web["/feed"] = rss([Item("new", "One more headline", self.web.url("/none"), "A summary.")])
        self.assertIn("One more headline", streams[1].lines(1)[0])

    def test_a_token_that_is_taken_back_begins_nothing(self):
        tokens = self.folder / "tokens"
        tokens.write_text(f"{TOKEN}\n")
        self.begin(tokens=str(tokens))
        host, port = self.http.split(":")
        with socket.create_connection((host, int(port)), timeout=harness.PATIENCE) as connection:
            connection.sendall(f"GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 5\r\n\r\nhe".encode())
            self.assertEqual(self.ask("/v1/events", Authorization=f"Bearer {TOKEN}")[0], 200)  # the one before was looked at, too
            tokens.write_text(f"{TOKEN[::-1]}\n")
            self.daemon.ask("reload")
            connection.sendall(b"llo")
            self.assertIn(b" 401 ", connection.recv(100))

    def test_no_request_is_more_than_the_daemon_holds(self):
        tokens = self.folder / "tokens"
        tokens.write_text(f"{TOKEN}\n")
        self.begin(tokens=str(tokens))
        for size in (*range(500, 30000, 500), 16340, 16380):
            most = min(8100, 31000 - size)
            for path, query, spaces in ((f"/v1/articles/{'A' * size}", f"since={'0' * most}", 1), ("/v1/events", f"filter={'x' * most}", size),
                                        ("/v1/events", f"since={'0' * (most // 2)}&filter={'x' * (most // 2)}", size)):
                status = self.ask(f"{path}?{query}", Authorization=f"Bearer{' ' * spaces}{TOKEN}", Accept="a" * min(1000, 31500 - size - most))[0]
                self.assertIn(status, (200, 400, 404), (size, path[:20]))
        self.assertEqual(self.ask("/v1/events?filter=" + "x" * 8192, Authorization=f"Bearer {TOKEN}")[0], 414)

    def raw(self, text):
        """What comes back for these bytes, until the connection is closed."""
        host, port = self.http.split(":")
        with socket.create_connection((host, int(port)), timeout=harness.PATIENCE) as connection:
            connection.sendall(text.encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    def test_what_is_no_place_in_the_log_is_refused(self):
        self.begin()
        self.all_published()
        one = self.get("/v1/events?limit=1")["events"][0]
        other = f"{'0' * 32}-{1:020}"
        for path in ("/v1/stream?since=", "/v1/events?since=", f"/v1/articles/{one['data']['uri']}?since=", "/v1/stories?before="):
            for since in ("-5", "abc-5", "2026-11-29T12:00:00Z", "1.5", "%2B1", str(2 ** 64), one["id"] + "0-", "%ff"):
                status, _, body = self.ask(path + since)
                self.assertEqual((status, json.loads(body)["error"]["code"]), (400, "usage"), path + since)
            if "stream" not in path:
                self.assertEqual([self.ask(path + since)[0] for since in ("999999", other)], [404, 404], path)
        self.assertEqual(self.get(f"/v1/events?limit=1&since={one['id']}")["next"], 2)
        last = self.get("/v1/events")["head"]
        self.assertEqual(self.get(f"/v1/articles/{one['data']['uri']}?since={last}"), {"events": [], "next": last, "more": False})

    def test_an_id_is_of_one_kind_of_thing_whatever_it_holds(self):
        def feed(request):
            return rss([Item("g1", "A headline", self.web.url("/a+b%20c"), "A summary.")])

        self.web["/feed"] = feed
        self.start(["/feed"], listen={"http": self.http})
        data = self.subscriber.article("A headline")["data"]
        for name in (data["uri"], urllib.parse.quote(data["url"], safe=""), urllib.parse.quote(data["url"], safe=":/+")):
            self.assertEqual(self.get("/v1/articles/" + name)["events"][0]["data"]["uri"], data["uri"], name)
        self.assertEqual(self.ask(f"/v1/stories/{data['uri']}")[0], 404)
        self.assertEqual(json.loads(self.ask("/v1/nothing")[2])["error"]["code"], "not-found")

    def test_a_head_is_all_that_head_is_answered(self):
        self.begin()
        asked = ["/v1/stream", "/v1/stream?since=0", "/v1/events", "/healthz", "/v1/nothing"]
        told = self.raw("".join(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in asked) +
                        f"GET http://{self.http}/healthz HTTP/1.1\r\nHost: whoever.example\r\nConnection: close\r\n\r\n")
        heads = told.split("\r\n\r\n")
        self.assertEqual([head.split(" ")[:2] for head in heads[:-1]], [["HTTP/1.1", s] for s in "200 200 200 200 404 200".split()], told)
        self.assertEqual(heads[-1], "ok\n")

    def test_a_socket_that_systemd_hands_over_is_looked_at(self):
        daemon = self.daemon = harness.Daemon(self.folder, [])
        kinds = {"everybody": "s = socket.create_server(('0.0.0.0', 0))", "nothing listens": "s = socket.socket(); s.bind(('127.0.0.1', 0))",
                 "datagrams": "s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))", "a file": "s = open('/dev/null')"}
        for kind, made in kinds.items():
            daemon.under = [sys.executable, "-c", f"import os, socket, sys; {made}; fd = os.dup(s.fileno()); os.dup2(fd, 3); "
                            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[1], sys.argv[1:])"]
            daemon.start(wait=False)
            self.assertEqual(daemon.ended(harness.PATIENCE), 1, kind)
        self.assertIn("anybody could read all", daemon.log())
        self.assertEqual(daemon.log().count("no stream socket that listens"), 3)

    def test_a_page_of_another_name_reads_nothing_of_this_machine(self):
        self.begin()
        for name in ("evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example:5580", "127.evil.example", "localhost:1@evil.example",
                     "[::1].evil.example", "localhosts"):
            self.assertEqual(self.ask("/v1/events", Host=name)[0], 403, name)
        for name in ("LocalHost:5580", "127.3.2.1", "[::1]:80", "localhost"):
            self.assertEqual(self.ask("/v1/events", Host=name)[0], 200, name)
        self.assertEqual(self.ask("/healthz")[2], b"ok\n")
        self.assertEqual(self.ask("/readyz")[0], 200)
        host, port = self.http.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=harness.PATIENCE)
        connection.request("POST", "/v1/events", body=b"{}")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD"))
        connection.close()

    def test_beyond_this_machine_there_must_be_tokens(self):
        done = self.check_config({"listen": {"http": "0.0.0.0:5580"}})
        self.assertEqual(done.returncode, 1)
        self.assertIn("anybody could read all", done.stderr)

    def check_config(self, sections):
        config = self.folder / "wireroom.yaml"
        config.write_text(json.dumps(sections))
        return subprocess.run([str(harness.BIN / "wireroom"), "check-config", str(config)], capture_output=True, text=True)


if __name__ == "__main__":
    harness.main()
