"""The clients for C, Python and Node, and the tests that all of them have: they follow one log through everything that may happen to it,
and read parts of it again."""
import fcntl, os, random, struct, subprocess, termios, threading

import harness
from harness import Item, rss

CLIENTS = harness.SOURCE / "clients"


class Program:
    """One that runs, and its lines as they come. is_held: it can say no more than a pipe of 4 KiB takes until go_on()."""

    def __init__(self, command, is_held=False):
        self.lines = []
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        if is_held:
            fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        else:
            self.go_on()

    def go_on(self):
        self.reader.start()

    def is_full(self):
        return struct.unpack("i", fcntl.ioctl(self.process.stdout, termios.FIONREAD, bytes(4)))[0] > 4000

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def sequences(self):
        return [int(line) for line in self.lines[:]]

    def whole(self):
        """Its lines, once it has ended well."""
        harness.until("it has ended", lambda: self.process.poll() is not None)
        self.reader.join()
        assert self.process.returncode == 0, self.process.stderr.read()
        return self.lines

    def end(self):
        self.process.kill()
        self.process.wait()
        if self.reader.ident is not None:
            self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()


class Client:
    """Mixed into a case, as Follows or Replays, with one of the clients below; command() is its program that prints the sequence of each
    event."""

    def setUp(self):
        super().setUp()
        self.published = 0
        self.web["/feed"] = lambda request: self.feed()
        self.limit, self.step = 36, 2

    def begin(self, **options):
        self.start(["/feed"], **options)
        self.access = [f"ipc://{self.daemon.dir}/pull.sock"]

    def feed(self):
        self.published = min(self.published + self.step, self.limit)
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


class Follows(Client):
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
        got, self.limit = [], 0
        self.begin()
        for count in (2, 5, 7):
            self.limit += 12  # none of which the one before can have acknowledged
            program = self.follow("desk")
            harness.until("some came", lambda: len(program.lines) >= count)
            program.end()
            got += program.sequences()
        self.limit += 12
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


class Replays(Client):
    def replay(self, first, last, filter="", **options):
        endpoint, *keys = self.access
        program = Program([*self.command("replay"), first, last, endpoint, filter, *keys], **options)
        self.addCleanup(program.end)
        return program

    def test_parts_of_the_log_are_read_again(self):
        self.step = 6
        self.begin(store={"keep": "7d"})
        log = self.all_published()
        events = {int(e["sequence"]): e for e in self.daemon.events()}
        new = [n for n in log if "article.new" in events[n]["type"]]
        times = [events[n]["recordedtime"] for n in (log[7], log[20])]
        since, before = ([n for n in log if events[n]["recordedtime"] >= time] for time in times)
        until = [n for n in since if n not in before]
        parts = [
            (["3", "9"], "", log[2:9]),
            ([events[5]["id"], events[6]["id"]], "", [5, 6]),
            (["4", str(log[-1])], "all/article.new/", [n for n in new if n >= 4]),
            ([times[0], str(log[-1])], "", since),
            (times, "all/article.new/", [n for n in until if n in new]),
            ([str(log[-1]), "99999"], "", log[-1:]),
            (["99998", "99999"], "", []),
            (["9", "3"], "", []),
            (["1", "3"], "all/no.such/", []),
            (["2000-01-01T00:00:00Z", "2000-01-02"], "", []),
        ]
        programs = [self.replay(*bounds, filter) for bounds, filter, _ in parts]
        wrong = [self.replay("noon", ""), self.replay("1", "9", "all/\x01"), self.replay(f"{'0' * 32}-{1:020}", "")]
        for program, (bounds, filter, wanted) in zip(programs, parts):
            self.assertEqual(program.whole(), [*map(str, wanted), "end"], (bounds, filter))
        for program, words in zip(wrong, ("an event's id or a time was expected", "filter", "the log was made anew")):
            harness.until("it has ended", lambda: program.process.poll() is not None)
            self.assertEqual((program.process.returncode, program.lines), (1, []))
            self.assertIn(words, program.process.stderr.read())
        self.daemon.clock.advance(8 * 86400)
        first = harness.until("they are trimmed", lambda: int(self.daemon.events()[0]["sequence"]) > 20 and int(self.daemon.events()[0]["sequence"]))
        last = str(first + 2)
        there = [str(e) for e in (int(e["sequence"]) for e in self.daemon.events()) if e <= first + 2]
        parts = [(["5", last], [f"trimmed 5 {first - 1}", *there]),
                 ([times[0], last], [f"trimmed 1 {first - 1}", *there]),
                 (["5", "9"], ["trimmed 5 9"])]
        programs = [self.replay(*bounds) for bounds, _ in parts]
        for program, (bounds, wanted) in zip(programs, parts):
            self.assertEqual(program.whole(), [*wanted, "end"], bounds)

    def test_a_long_part_is_read_to_its_end_whatever_happens_to_the_daemon(self):
        """No more than 1,000 numbers of four digits, with what the daemon has sent by then, is on the way of 2,500."""
        self.limit = self.step = 2500
        self.begin(stages={"chain": []})
        self.subscriber.strict = False
        log = self.all_published()
        through, into_another = (self.replay("1", "", is_held=True) for _ in range(2))
        harness.until("they are on their way", lambda: through.is_full() and into_another.is_full())
        self.daemon.kill()
        self.daemon.start()
        through.go_on()
        self.assertEqual(through.whole(), [*map(str, log), "end"])
        self.daemon.kill()
        for path in self.daemon.dir.glob("wireroom.db*"):
            path.unlink()
        self.daemon.start()
        into_another.go_on()
        harness.until("it has ended", lambda: into_another.process.poll() is not None)
        self.assertEqual(into_another.process.returncode, 1)
        self.assertIn("the log was made anew", into_another.process.stderr.read())
        into_another.reader.join()
        self.assertEqual(into_another.sequences(), log[:len(into_another.lines)])
        self.assertLess(len(into_another.lines), len(log))


class C:
    def command(self, name="follow"):
        return [harness.BIN.parent / "clients" / name]


class Python:
    def command(self, name="follow"):
        return ["/usr/bin/python3", CLIENTS / "python" / f"{name}.py"]


class Node:
    def command(self, name="follow"):
        return ["node", CLIENTS / "node" / f"{name}.js"]
