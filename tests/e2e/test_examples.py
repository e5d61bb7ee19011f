"""Each example follows the real daemon, and says so when an event is missing."""
import http.server, json, shutil, socket, subprocess, threading, unittest

import zmq

import harness
from harness import Item, rss

EXAMPLES = harness.SOURCE / "examples"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Program:
    """An example that runs; its lines as they come."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, **options)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


class Examples(harness.Case):
    def setUp(self):
        super().setUp()
        self.count = 0
        self.web["/rss"] = self.feed

    def feed(self, request):
        """One item more each time that somebody asks."""
        self.count += 1
        return rss([Item(f"g{n}", f"Headline number {n}", self.web.url(f"/none/{n}"), f"Summary of {n}.")
                    for n in range(self.count, max(0, self.count - 20), -1)])

    def run_program(self, command, **options):
        program = Program(command, **options)
        self.addCleanup(program.end)
        return program

    def check_headlines(self, program):
        """What a program prints are headlines in their order, none left out."""
        harness.until("three headlines", lambda: len(program.lines) >= 3)
        lines = program.lines[:]
        first = int(lines[0].rsplit(" ", 1)[1])
        self.assertEqual(lines, [f"Headline number {n}" for n in range(first, first + len(lines))])

    def check_gap(self, send, program):
        """Of five events that the daemon published the third is kept back."""
        harness.until("five events", lambda: self.subscriber.receive(1) and len(self.subscriber.frames) >= 5)
        frames = self.subscriber.frames[:5]
        for i in (0, 1, 3, 4):
            send(frames[i])
        harness.until("five lines", lambda: len(program.lines) >= 5)
        headlines = [json.loads(body)["data"]["headline"] for _, body in frames]
        missing_after = int(json.loads(frames[1][1])["sequence"])
        self.assertEqual(program.lines, [headlines[0], headlines[1], f"gap: read on with wireroom tail --since {missing_after}",
                                         headlines[3], headlines[4]])

    def check_subscriber(self, *command):
        self.start(["/rss"], stages={"chain": []})
        self.check_headlines(self.run_program([*command, self.daemon.pub]))
        lossy = zmq.Context()
        self.addCleanup(lossy.term)
        socket = lossy.socket(zmq.XPUB)
        self.addCleanup(socket.close, 0)
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        program = self.run_program([*command, f"tcp://127.0.0.1:{port}"])
        self.assertTrue(socket.poll(int(harness.PATIENCE * 1000)), "the program does not subscribe")
        self.assertEqual(socket.recv(), b"\x01all/article.")
        self.check_gap(socket.send_multipart, program)

    def test_python(self):
        self.check_subscriber("/usr/bin/python3", EXAMPLES / "subscriber.py")

    def test_one_that_is_complete_reads_what_it_was_not_sent(self):
        """Each second event is kept back, and then the daemon is killed."""
        self.start(["/rss"], stages={"chain": []})
        context = zmq.Context()
        self.addCleanup(context.destroy, linger=0)
        source, lossy = context.socket(zmq.SUB), context.socket(zmq.XPUB)
        for one in (source, lossy):
            self.addCleanup(one.close, 0)
        source.connect(self.daemon.pub)
        source.subscribe("")
        lossy.bind(f"ipc://{self.folder}/lossy")

        def relay():
            count = 0
            while not ended.is_set():
                frames = source.recv_multipart() if source.poll(50) else [b""]
                count += frames[0].startswith(b"all/article.")
                if len(frames) == 2 and (frames[0] == b"heartbeat/" or count % 2):
                    lossy.send_multipart(frames)

        ended = threading.Event()
        thread = threading.Thread(target=relay)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)
        program = self.run_program(["env", f"PYTHONPATH={harness.SOURCE / 'clients' / 'python'}", "/usr/bin/python3", EXAMPLES / "complete.py",
                                    f"ipc://{self.folder}/lossy", f"ipc://{self.daemon.dir}/pull.sock"])
        self.subscriber.strict = False
        for count in (6, 12):
            harness.until("headlines", lambda: len(program.lines) >= count)
            self.daemon.kill()
            self.daemon.start()
        harness.until("headlines", lambda: len(program.lines) >= 15)
        self.check_headlines(program)

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_node(self):
        self.check_subscriber("node", EXAMPLES / "subscriber.js")

    def test_c(self):
        program = self.folder / "subscriber"
        subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", program, EXAMPLES / "subscriber.c", "-lzmq"], check=True)
        self.check_subscriber(program)

    def test_shell(self):
        self.start(["/rss"], stages={"chain": []})
        tail = subprocess.Popen([harness.BIN / "wireroom", "tail", "--json", "--dir", self.folder], stdout=subprocess.PIPE)
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.wait)
        self.addCleanup(tail.kill)
        self.check_headlines(self.run_program(["sh", EXAMPLES / "subscriber.sh"], stdin=tail.stdout))
        program = self.run_program(["sh", EXAMPLES / "subscriber.sh"], stdin=subprocess.PIPE)
        self.addCleanup(program.process.stdin.close)

        def send(frames):
            program.process.stdin.write(frames[1].decode() + "\n")
            program.process.stdin.flush()

        self.check_gap(send, program)

    def test_jq(self):
        self.start(["/rss"], stages={"chain": []})
        tail = subprocess.Popen([harness.BIN / "wireroom", "tail", "--json", "--dir", self.folder], stdout=subprocess.PIPE)
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.wait)
        self.addCleanup(tail.kill)
        program = self.run_program(["jq", "--unbuffered", "-rf", EXAMPLES / "pipelines" / "headlines.jq"], stdin=tail.stdout)
        harness.until("three headlines", lambda: len(program.lines) >= 3)
        self.assertEqual([line.split("\t")[0] for line in program.lines[:3]], ["A feed"] * 3)
        self.assertTrue(all(line.split("\t")[1].startswith("Headline number ") for line in program.lines))

    def test_what_is_posted(self):
        taken = []

        def take(handler):
            taken.append((handler.path, handler.headers["Content-Type"], json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))))
            handler.send_response(500 if len(taken) == 4 else 204)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        server = http.server.HTTPServer(("127.0.0.1", 0), type("Handler", (http.server.BaseHTTPRequestHandler,), {"do_POST": take, "log_message": lambda *_: None}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        base = f"http://127.0.0.1:{server.server_port}"
        article = {"specversion": "1.0", "type": "wireroom.article.new.v1", "sequence": "00000000000000000007",
                   "data": {"headline": "A & B <first>", "url": "http://a.example/1", "source": {"name": "Times"}}}

        def post(kind, url, *events):
            return subprocess.run(["sh", EXAMPLES / "pipelines" / "post.sh", kind, url], input="".join(json.dumps(e) + "\n" for e in events), capture_output=True, text=True)

        for kind, url in (("slack", f"{base}/services/x"), ("ntfy", f"{base}/desk"), ("hook", f"{base}/news")):
            done = post(kind, url, article)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(taken, [("/services/x", "application/json", {"text": "Times: <http://a.example/1|A &amp; B &lt;first&gt;>"}),
                                 ("/", "application/json", {"topic": "desk", "title": "Times", "message": "A & B <first>", "click": "http://a.example/1"}),
                                 ("/news", "application/cloudevents+json", article)])
        done = post("hook", f"{base}/news", article, article)
        self.assertEqual((done.returncode, len(taken)), (0, 6))  # one that fails in passing is tried again
        self.assertEqual(post("nope", base).returncode, 2)

    @unittest.skipUnless(shutil.which("go"), "go is not installed")
    def test_go(self):
        address = f"127.0.0.1:{free_port()}"
        self.start(["/rss"], stages={"chain": []}, listen={"http": address})
        program = self.folder / "subscriber"
        subprocess.run(["go", "build", "-o", program, EXAMPLES / "subscriber.go"], check=True)
        self.check_headlines(self.run_program([program, address]))


class Pipelines(unittest.TestCase):
    """What other programs say of the configurations that are for them, where they are installed."""

    def check(self, program, *words):
        if shutil.which(program) is None:
            self.skipTest(f"{program} is not installed")
        done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)

    def test_vector(self):
        self.check("vector", "validate", "--no-environment", EXAMPLES / "pipelines" / "vector.yaml")

    def test_redpanda_connect(self):
        self.check("redpanda-connect", "lint", EXAMPLES / "pipelines" / "connect.yaml")

    def test_fluent_bit(self):
        self.check("fluent-bit", "--dry-run", "-c", EXAMPLES / "pipelines" / "fluent-bit.conf")

    def test_prometheus(self):
        self.check("promtool", "check", "rules", EXAMPLES / "monitoring" / "alerts.yaml")

    def test_telegraf(self):
        self.check("telegraf", "config", "check", "--config", EXAMPLES / "pipelines" / "telegraf.conf")


if __name__ == "__main__":
    harness.main()
