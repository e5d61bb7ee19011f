"""The HTTP interface of the real daemon: streams, pages of the log, metrics, and who may ask."""
import http.client, importlib.util, json, re, socket, subprocess, urllib.error, urllib.parse, urllib.request

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
        self.published = 0
        self.web["/feed"] = lambda request: self.feed()

    def feed(self):
        self.published = min(self.published + 2, 40)
        return rss([Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), f"Summary {n}.")
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
        wrong = json.loads(self.ask("/v1/nothing")[2])
        jsonschema.Draft202012Validator(document["components"]["schemas"]["error"]).validate(wrong)

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
                name, number = re.fullmatch(r'([a-z_]+(?:\{[a-z]+="(?:[^"\\]|\\.)*"\})?) (\S+)', line).groups()
                self.assertEqual(name.split("{")[0], family + {"counter": "_total", "info": "_info"}.get(kind, ""))
                samples[name] = float(number)
        self.assertEqual(samples['wireroom_entries_total{disposition="published"}'], 40)
        self.assertGreaterEqual(samples['wireroom_consumer_lag{consumer="desk"}'], 40)
        self.assertEqual(samples['wireroom_feeds{state="ok"}'], 1)
        families = {name.split("{")[0] for name in samples}
        for example in (harness.SOURCE / "examples" / "monitoring").iterdir():
            named = set(re.findall(r"wireroom_[a-z_]+", example.read_text()))
            self.assertEqual(named - families, set(), example.name)
            self.assertGreater(len(named), 5)
        if importlib.util.find_spec("prometheus_client") is not None:
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            self.assertGreater(len(list(text_string_to_metric_families(text))), 20)

    def test_who_has_no_token_gets_nothing(self):
        tokens = self.folder / "tokens"
        tokens.write_text(f"# of the desk\n{TOKEN}\n")
        self.begin(tokens=str(tokens))
        self.assertEqual(self.ask("/v1/events")[0], 401)
        self.assertEqual(self.ask("/v1/events")[1]["WWW-Authenticate"], "Bearer")
        self.assertEqual(self.ask("/v1/events", Authorization=f"Bearer {TOKEN[:-1]}x")[0], 401)
        self.assertEqual(self.ask("/v1/events", Authorization=f"Basic {TOKEN}")[0], 401)
        self.assertEqual(self.ask("/v1/events", Authorization=f"Bearer {TOKEN}", Host="news.example")[0], 200)

    def test_a_page_of_another_name_reads_nothing_of_this_machine(self):
        self.begin()
        self.assertEqual(self.ask("/v1/events", Host="evil.example:80")[0], 403)
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
