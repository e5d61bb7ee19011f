"""The clients for C, Python and Node, and the tests that all of them have: they follow one log through everything that may happen to it."""
import os, random, subprocess, threading

import harness
from harness import Item, rss

CLIENTS = harness.SOURCE / "clients"


class Program:
    def __init__(self, command):
        self.lines = []
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def sequences(self):
        return [int(line) for line in self.lines[:]]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


class Client:
    """Mixed into a case with one of the clients below; command() is its program that prints the sequence of each event."""

    def setUp(self):
        super().setUp()
        self.published = 0
        self.web["/feed"] = lambda request: self.feed()
        self.limit = 36

    def begin(self):
        self.start(["/feed"])
        self.access = [f"ipc://{self.daemon.dir}/pull.sock"]

    def feed(self):
        self.published = min(self.published + 2, self.limit)
        return rss([Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), f"Summary {n}.")
                    for n in range(self.published, 0, -1)])

    def follow(self, name, filter=""):
        endpoint, *keys = self.access
        program = Program([*self.command(), name, endpoint, filter, *keys])
        self.addCleanup(program.end)
        return program

    def all_published(self):
        harness.until("all are published", lambda: sum("article.new" in e["type"] for e in self.daemon.events()) == self.limit)
        return [int(e["sequence"]) for e in self.daemon.events()]

    def has_all(self, program, wanted):
        harness.until("the client has all", lambda: set(program.sequences()) >= set(wanted))
        got = program.sequences()
        self.assertEqual(sorted(set(got)), wanted)
        return got

    def test_it_goes_on_when_the_daemon_is_killed(self):
        seed = int.from_bytes(os.urandom(4), "big")
        moments = random.Random(seed)
        print(f"\nseed {seed}", flush=True)
        self.begin()
        self.subscriber.strict = False
        program = self.follow("desk")
        for _ in range(3):
            self.subscriber.receive(moments.uniform(0.1, 0.5))
            self.daemon.kill()
            self.daemon.start()
        self.has_all(program, self.all_published())

    def test_it_goes_on_when_it_is_killed_itself(self):
        self.begin()
        got = []
        for count in (3, 8, 12):
            program = self.follow("desk")
            harness.until("some came", lambda: len(program.lines) > count // 2)
            program.end()
            got += program.sequences()
        log = self.all_published()
        program = self.follow("desk")
        harness.until("the newest came", lambda: program.sequences()[-1:] == log[-1:])
        self.assertEqual(sorted(set(got + program.sequences())), log)
        self.assertEqual(program.sequences(), sorted(program.sequences()))

    def test_a_new_log_is_followed_from_its_begin(self):
        self.begin()
        self.subscriber.strict = False
        program = self.follow("desk")
        harness.until("some came", lambda: len(program.lines) > 5)
        self.daemon.kill()
        for path in self.daemon.dir.glob("wireroom.db*"):
            path.unlink()
        program.lines.clear()
        self.daemon.start()
        self.has_all(program, self.all_published())

    def test_a_filter_leaves_out_what_nobody_wants(self):
        self.begin()
        program = self.follow("desk", "all/article.new/")
        self.all_published()
        self.has_all(program, [int(e["sequence"]) for e in self.daemon.events() if "article.new" in e["type"]])

    def test_the_first_of_two_says_that_it_has_lost_the_name(self):
        self.begin()
        first = self.follow("desk")
        harness.until("some came", lambda: len(first.lines) > 2)
        self.follow("desk")
        harness.until("the first has ended", lambda: first.process.poll() is not None)
        self.assertNotEqual(first.process.returncode, 0)
        self.assertIn("another client has the name", first.process.stderr.read())


class C:
    def command(self):
        return [harness.BIN.parent / "clients" / "follow"]


class Python:
    def command(self):
        return ["/usr/bin/python3", CLIENTS / "python" / "follow.py"]


class Node:
    def command(self):
        return ["node", CLIENTS / "node" / "follow.js"]
