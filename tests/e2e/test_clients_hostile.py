"""The clients for C (under sanitizers), Python and Node before daemons that are none, and in programs that are late, fail or fork."""
import concurrent.futures, json, pathlib, shutil, signal, socket, struct, subprocess, threading, time, unittest

import zmq

import clients, harness

HANDLERS = harness.SOURCE / "tests" / "e2e" / "handlers"
C_SOURCE = clients.CLIENTS / "c"
EPOCH = "0123456789abcdef0123456789abcdef"


class C(clients.C):
    name = "C"
    folder = None

    @classmethod
    def make(cls, folder):
        """The library in each program, as strict compilers have it."""
        cls.folder = folder
        words = ["cc", "-std=c11", "-D_GNU_SOURCE", "-g", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                 "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{C_SOURCE}", f"-I{harness.SOURCE / 'include'}"]
        library = [C_SOURCE / f"{name}.c" for name in ("wireroom", "reader", "connection")]
        for source in (C_SOURCE / "follow.c", C_SOURCE / "replay.c", HANDLERS / "handler.c"):
            subprocess.run([*words, source, *library, "-lzmq", "-o", folder / source.stem], check=True)

    def command(self, name="follow"):
        return [self.folder / name]


class Python(clients.Python):
    name = "Python"

    def command(self, name="follow"):
        if name != "handler":
            return super().command(name)
        return ["env", f"PYTHONPATH={clients.CLIENTS / 'python'}", "/usr/bin/python3", HANDLERS / "handler.py"]


class Node(clients.Node):
    name = "Node"

    def command(self, name="follow"):
        return super().command(name) if name != "handler" else ["env", f"WIREROOM_SOURCE={harness.SOURCE}", "node", HANDLERS / "handler.js"]


class Fake:
    """A daemon that says what the test tells it to."""

    def __init__(self, path):
        self.endpoint = f"ipc://{path}"
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.set(zmq.LINGER, 0)
        self.socket.set(zmq.ROUTER_HANDOVER, 1)
        self.socket.set(zmq.RCVTIMEO, int(1000 * harness.PATIENCE))
        self.socket.bind(self.endpoint)
        self.heard, self.peer, self.answers = [], None, True

    def take(self, seconds):
        if not self.socket.poll(int(1000 * seconds)):
            return None
        self.peer, version, *frames = self.socket.recv_multipart()
        assert version == b"WR1", version
        words = [frame.decode() for frame in frames]
        if words[0] == "PING" and self.answers:
            self.say("PONG", 9)
        self.heard.append(words)
        return words

    def await_(self, command, seconds=harness.PATIENCE):
        """Its arguments; what else comes is passed over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            words = self.take(max(0, min(0.1, end - time.monotonic())))
            if words is not None and words[0] == command:
                return words[1:]
        return None

    def say(self, *frames):
        self.socket.send_multipart([self.peer, b"WR1", *(frame if isinstance(frame, bytes) else str(frame).encode() for frame in frames)])

    def record(self, sequence, body=b"{}"):
        self.say("REC", sequence, "all/article.new/en/", body)

    def welcome(self, acked=0):
        hello = self.await_("HELLO")
        assert hello is not None, f"no HELLO; {self.heard[-5:]}"
        self.say("WELCOME", EPOCH, 1, 9, acked)
        return hello

    def is_left(self):
        """HELLO's arguments, of another connection: behind a few PINGs, one a second by the client's own time. One that was held up may
        wait anew."""
        self.answers, pings, at = False, 0, time.monotonic()
        while (words := self.take(harness.PATIENCE)) is not None and words[0] != "HELLO":
            pings = pings + 1 if time.monotonic() - at < 2 else 1
            assert pings < 9, "it is not left"
            at = time.monotonic()
        self.answers = True
        return words and words[1:]

    def gets_through(self, sequence):
        """By whatever connection the client has when it is done with what came before."""
        def is_acknowledged():
            words = self.take(0.1)
            if words is not None and words[0] == "HELLO":
                self.say("WELCOME", EPOCH, 1, 9, 0)
                self.record(sequence)
            return words == ["ACK", str(sequence)]
        self.record(sequence)
        harness.until(f"{sequence} is acknowledged", is_acknowledged)

    def close(self):
        self.context.destroy(linger=0)


class Case(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.clients = [C(), Python()] + ([Node()] if shutil.which("node") else [])
        cls.made = pathlib.Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
        cls.addClassCleanup(shutil.rmtree, cls.made)
        C.make(cls.made)

    def each(self, scenario, but=()):
        """With each client, all at once."""
        wanted = [client for client in self.clients if client.name not in but]
        with concurrent.futures.ThreadPoolExecutor(len(wanted)) as pool:
            for client, future in [(client, pool.submit(scenario, client)) for client in wanted]:
                with self.subTest(client.name):
                    future.result()

    def run_program(self, client, name, *words, **options):
        program = clients.Program([*client.command(name), *words], **options)
        self.addCleanup(program.end)
        return program

    def fake(self, client):
        fake = Fake(self.folder / f"{client.name}.sock")
        self.addCleanup(fake.close)
        return fake

    def has(self, program, lines):
        harness.until(f"{lines} of {program.lines}", lambda: program.lines[:] == lines or program.process.poll() is not None)
        self.assertEqual((program.lines, program.process.poll()), (lines, None), "" if program.process.poll() is None else program.process.stderr.read())


class Daemons(Case):
    def test_what_comes_before_the_answer_is_of_the_connection_before(self):
        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "follow", "desk", fake.endpoint, "")
            fake.welcome()
            fake.record(1)
            fake.await_("ACK")
            fake.say("ACKED", 1)
            fake.say("ERR", "unknown", "who is that?")
            self.assertIsNotNone(fake.await_("HELLO"))
            fake.record(5)
            fake.say("ERR", "trimmed", "gone", 2, 3)
            fake.say("WELCOME", EPOCH, 1, 9, 1)
            for sequence in range(2, 6):
                fake.record(sequence)
            self.has(program, ["1", "2", "3", "4", "5"])

        self.each(scenario)

    @unittest.skipIf(shutil.which("node") is None, "there is no Node")
    def test_a_name_that_was_lost_is_not_asked_for_again(self):
        """Node reads on while the program is at an event."""
        fake = self.fake(Node())
        program = self.run_program(Node(), "handler", "waits", "desk", fake.endpoint)
        fake.welcome()
        fake.record(1)
        self.has(program, ["1"])
        fake.say("ERR", "fenced", "another has the name")
        said = [(fake.take(2.5) or ["nothing"])[0] for _ in range(3)]
        self.assertLessEqual(set(said), {"CREDIT", "BYE", "nothing"})

    @unittest.skipIf(shutil.which("node") is None, "there is no Node")
    def test_a_replay_that_is_left_after_an_error_is_over(self):
        fake = self.fake(Node())
        script = f"""const {{ replay }} = require({json.dumps(str(clients.CLIENTS / 'node' / 'wireroom.js'))});
        (async () => {{
          for await (const event of replay(1, null, {{ endpoint: {json.dumps(fake.endpoint)} }})) {{
            console.log(event.sequence);
            await new Promise((resolve) => process.stdin.once("data", resolve));
            break;
          }}
          process.stdin.destroy();
        }})();"""
        program = clients.Program(["node", "-e", script])
        self.addCleanup(program.end)
        self.assertIsNotNone(fake.await_("RANGE"))
        fake.say("LOG", EPOCH, 1, 6)
        fake.record(1)
        harness.until("it came", lambda: program.lines == ["1"])
        fake.say("ERR", "bad", "no more of this")
        fake.take(0.5)
        program.process.stdin.write("go on\n")
        program.process.stdin.flush()
        self.assertEqual(program.whole(), ["1"])

    def test_a_replay_knows_what_was_asked_for_before(self):
        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "replay", "1", "", fake.endpoint, "")
            self.assertIsNotNone(fake.await_("RANGE"))
            fake.say("LOG", EPOCH, 1, 6)
            fake.record(1)
            harness.until("it came", lambda: program.lines == ["1"])
            fake.say("ERR", "unknown", "who is that?")
            self.assertEqual(fake.await_("RANGE")[0], f"{EPOCH}-{2:020}")
            fake.record(5)
            fake.say("END", 6)
            fake.say("LOG", EPOCH, 1, 6)
            for sequence in range(2, 7):
                fake.record(sequence)
            fake.say("END", 6)
            self.assertEqual(program.whole(), ["1", "2", "3", "4", "5", "6", "end"])

        self.each(scenario)

    def test_one_that_is_silent_is_left_for_another_connection(self):
        """No welcome in six seconds; then no answer in three. And ten behind which the daemon has forgotten a program that took so long
        for one event: it says so before it takes the next one."""
        def scenario(client):
            slow = Fake(self.folder / f"{client.name}.slow")
            self.addCleanup(slow.close)
            late = self.run_program(client, "handler", "late", "desk", slow.endpoint)
            slow.welcome()
            slow.record(1)
            slow.record(2)
            self.has(late, ["1"])
            begin = time.monotonic()
            fake = self.fake(client)
            program = self.run_program(client, "follow", "desk", fake.endpoint)
            fake.answers = False
            self.assertEqual(fake.await_("HELLO"), ["desk", "", "first"])
            peer = fake.peer
            self.assertEqual(fake.await_("HELLO"), ["desk", "", "first"])
            self.assertGreater(time.monotonic() - begin, 5.9)
            fake.answers = True
            fake.say("WELCOME", EPOCH, 1, 9, 0)
            fake.record(1)
            self.has(program, ["1"])
            self.assertEqual(fake.await_("ACK"), ["1"])
            self.assertEqual(fake.is_left(), ["desk", "", f"again {EPOCH}"])
            self.assertEqual(fake.peer, peer)
            fake.say("WELCOME", EPOCH, 1, 9, 1)
            fake.record(2)
            self.has(program, ["1", "2"])
            time.sleep(max(0, begin + 10.5 - time.monotonic()))
            late.process.stdin.write("\n")
            late.process.stdin.flush()
            self.assertEqual(slow.welcome(), ["desk", "", f"again {EPOCH}"])
            self.assertEqual(late.lines, ["1"])
            slow.record(1)
            slow.record(2)
            self.has(late, ["1", "2"])
        self.each(scenario)

    def test_what_was_acknowledged_when_the_connection_broke_does_not_come_again(self):
        """It had not reached the daemon, which sends it once more, with one that is new; what was set back does come again."""
        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "follow", "desk", fake.endpoint)
            fake.welcome()
            fake.record(1)
            fake.record(3)
            self.has(program, ["1", "3"])
            self.assertEqual(fake.await_("ACK"), ["1"])
            self.assertEqual(fake.await_("ACK"), ["3"])
            for _ in range(3):  # as many commands were kept back by an outage; a second HELLO would be one too many
                fake.say("ERR", "unknown", "who is it?")
            fake.welcome()
            for sequence in (1, 3, 5):
                fake.record(sequence)
            harness.until("5 is acknowledged", lambda: fake.await_("ACK") == ["5"])
            self.assertEqual(sum(words[0] == "HELLO" for words in fake.heard), 2)
            self.has(program, ["1", "3", "5"])
            fake.say("ACKED", 5)
            fake.say("ERR", "unknown", "who is it?")
            fake.welcome(3)
            fake.record(5)
            self.has(program, ["1", "3", "5", "5"])
            fake.say("ERR", "unknown", "who is it?")
            fake.welcome(3)
            fake.say("ERR", "trimmed", "gone", 4, 7)  # of which 5 was read
            fake.record(8)
            self.has(program, ["1", "3", "5", "5", "trimmed 6 7", "8"])
        self.each(scenario)

    def test_one_that_closes_waits_a_second_for_what_it_acknowledged(self):
        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "handler", "some", "desk", fake.endpoint)
            fake.welcome()
            since = time.monotonic()
            for n in range(1, 6):
                fake.record(n)
            self.assertIsNotNone(fake.await_("BYE"))
            self.assertGreater(time.monotonic() - since, 0.99)
            self.assertEqual(program.whole(), ["1", "2", "3", "4", "5"])
        self.each(scenario)

    def test_nonsense_is_passed_over_or_ends_the_connection_and_nothing_else(self):
        nonsense = [[], [b""], ["WHAT", "else"], ["REC"], ["REC", 1], ["REC", 1, "all/"], ["REC", "x", "all/", b"{}"], ["REC", "", "all/", b"{}"],
                    ["REC", -1, "all/", b"{}"], ["REC", "1" * 40, "all/", b"{}"], ["REC", 0, "all/", b"{}"], ["REC", " 1", "all/", b"{}"],
                    ["WELCOME"], ["WELCOME", EPOCH, 1, 2, "x"], ["ACKED"], ["ACKED", "one"], ["PONG"], ["ERR"], ["ERR", "trimmed"],
                    ["ERR", "trimmed", "gone", "a", "b"], ["ERR", "trimmed", "gone", 9, 3], ["WHAT", *[b"x"] * 300], [b"\x00\xff" * 100]]

        def has_ended(replay, again):
            words = replay.take(0.1)
            if words is not None and words[0] == "RANGE":
                replay.say("LOG", EPOCH, 1, 4)
                if words[1] == "1":
                    replay.record(2)
                replay.say("END", 4)
            return again.process.poll() is not None

        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "follow", "desk", fake.endpoint)
            replay = Fake(self.folder / f"{client.name}.replay")
            self.addCleanup(replay.close)
            again = self.run_program(client, "replay", 1, "", replay.endpoint)
            fake.welcome()
            self.assertEqual(replay.await_("RANGE"), ["1", "", ""])
            replay.say("LOG", EPOCH, 1, 4)
            for frames in nonsense:
                fake.say(*frames)
                replay.say(*frames)
                if fake.await_("HELLO", 0.5) is not None:
                    fake.say("WELCOME", EPOCH, 1, 9, 0)
                if replay.await_("RANGE", 0.1) is not None:
                    replay.say("LOG", EPOCH, 1, 4)
            fake.gets_through(1)
            fake.gets_through(4)
            self.has(program, ["1", "4"])
            fake.record(4)  # again, and then an older one: the connection has lost its senses
            fake.welcome(4)
            fake.record(5)
            self.has(program, ["1", "4", "5"])
            replay.record(2)
            replay.say("END", 4)
            harness.until("the replay has ended", lambda: has_ended(replay, again))
            self.assertEqual(again.whole(), ["2", "end"])
        self.each(scenario)

    def test_a_replay_goes_on_where_it_was_and_ends_where_it_began_to_end(self):
        def scenario(client):
            fake = self.fake(client)
            program = self.run_program(client, "replay", "2026-11-29T06:00:00Z", "", fake.endpoint, "all/")
            self.assertEqual(fake.await_("RANGE"), ["2026-11-29T06:00:00Z", "", "all/"])
            fake.say("ERR", "unknown", "who is it?")
            self.assertEqual(fake.await_("RANGE"), ["2026-11-29T06:00:00Z", "", "all/"])
            fake.say("LOG", EPOCH, 3, 8)
            fake.say("ERR", "trimmed", "gone", 1, 2)
            fake.record(4)
            self.has(program, ["trimmed 1 2", "4"])
            fake.say("ERR", "unknown", "who is it?")
            self.assertEqual(fake.await_("RANGE"), [f"{EPOCH}-{5:020}", "", "all/"])
            fake.say("LOG", EPOCH, 3, 20)
            fake.say("ERR", "trimmed", "gone", 6, 10)
            fake.record(11)
            self.assertEqual(program.whole(), ["trimmed 1 2", "4", "trimmed 6 8", "end"])
        self.each(scenario)

    def test_one_that_is_no_daemon_takes_no_memory(self):
        """Frames, greetings and floods of somebody else, to a client that never gets to its second event."""
        head = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL".ljust(55, b"\0")
        ready = b"\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER"
        ready = b"\x04" + bytes([len(ready)]) + ready
        welcome = b"".join(bytes([frame is not end, len(frame)]) + frame for end in [b"0"] for frame in [b"WR1", b"WELCOME", b"e", b"1", b"9", end])
        kinds = [
            (None, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" * 1000),
            (b"\x02" + struct.pack(">Q", 1 << 60), b"x" * 60000),
            (b"\x02" + struct.pack(">Q", 1 << 24 | 1), b"x" * 60000),
            (b"", b"\x00\x00" * 30000),
            (welcome, "records"),
        ]

        def serve(listener, begin, flood, ends):
            sequence = 0
            while time.monotonic() < ends:
                try:
                    listener.settimeout(0.2)
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    try:
                        if begin is not None:
                            connection.sendall(head + ready)
                            got = b""
                            while b"READY" not in got:
                                got += connection.recv(4096)
                            connection.sendall(begin)
                        while time.monotonic() < ends:
                            if flood == "records":
                                sequence += 1
                                frames = [b"WR1", b"REC", str(sequence).encode(), b"all/", b"x" * (1 << 20)]
                                flat = b"".join(struct.pack(">BQ", 2 | (n < 4), len(frame)) + frame for n, frame in enumerate(frames))
                                connection.sendall(flat)
                            else:
                                connection.sendall(flood)
                    except OSError:
                        pass

        def scenario(client):
            programs, ends = [], time.monotonic() + 5
            with concurrent.futures.ThreadPoolExecutor(len(kinds)) as pool:
                for n, (begin, flood) in enumerate(kinds):
                    path = self.folder / f"{client.name}.{n}"
                    listener = socket.socket(socket.AF_UNIX)
                    self.addCleanup(listener.close)
                    listener.bind(str(path))
                    listener.listen()
                    pool.submit(serve, listener, begin, flood, ends)
                    programs.append(self.run_program(client, "handler", "waits", "desk", f"ipc://{path}"))
                harness.until("it is over", lambda: time.monotonic() > ends)
                for program in programs:
                    self.assertIsNone(program.process.poll())
                    status = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
                    peak = int(status.split("VmHWM:")[1].split()[0]) >> 10
                    self.assertLess(peak, 256, f"MiB, kind {programs.index(program)}")
        self.each(scenario)


    def test_half_of_the_keys_is_not_taken_for_none(self):
        """Nobody talks in the clear who meant not to."""
        public, secret = (key.decode() for key in zmq.curve_keypair())

        def scenario(client):
            fake = self.fake(client)
            for n, keys in enumerate(([public, secret], [public[:-1], public, secret], [public, public, secret + "x"], None)):
                path = self.folder / f"{client.name}.{n}.keys"
                if keys is not None:
                    path.write_text("\n".join(keys))
                for name, words in (("follow", ["desk"]), ("replay", [1, ""])):
                    program = self.run_program(client, name, *words, fake.endpoint, "", path)
                    harness.until("it has ended", lambda: program.process.poll() is not None)
                    self.assertEqual((program.process.returncode, program.lines), (1, []), keys)
            self.assertIsNone(fake.take(0))
        self.each(scenario)


class Programs(Case):
    """They read from a daemon that publishes a handful."""

    def setUp(self):
        super().setUp()
        self.web["/feed"] = harness.rss([harness.Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), "Words.") for n in range(12)])
        self.start(["/feed"], stages={"chain": []})
        harness.until("all are published", lambda: sum("article.new" in e["type"] for e in self.daemon.events()) == 12)
        self.log = [e["sequence"].lstrip("0") for e in self.daemon.events()]
        self.endpoint = f"ipc://{self.daemon.dir}/pull.sock"

    def handle(self, client, what, **options):
        return self.run_program(client, "handler", what, client.name, self.endpoint, **options)

    def consumer(self, name):
        return {line["consumer"]["name"]: line["consumer"] for line in self.daemon.ask("consumers.list") if "consumer" in line}[name]

    def test_one_that_is_slower_than_the_daemon_waits_gets_on(self):
        """It is forgotten at each of four events, and what it acknowledges then is none that the daemon sent it."""
        turns = threading.Barrier(len(self.clients), lambda: self.daemon.clock.advance(11))

        def scenario(client):
            program = self.handle(client, "late")
            for n in range(1, 5):
                self.has(program, self.log[:n])
                turns.wait(harness.PATIENCE)
                harness.until("nobody is known", lambda: not self.consumer(client.name)["connected"])
                turns.wait(harness.PATIENCE)
                program.process.stdin.write("\n")
                program.process.stdin.flush()
            program.process.stdin.close()
            harness.until("it is on the disk", lambda: self.consumer(client.name)["acknowledged"] >= int(self.log[-1]))
            self.assertEqual(program.lines, [str(n) for n in range(1, len(program.lines) + 1)])
        self.each(scenario)

    def test_what_one_acknowledged_before_it_ended_does_not_come_again(self):
        def scenario(client):
            for n in (5, 10):
                self.assertEqual(self.handle(client, "some").whole(), self.log[n - 5:n])
                harness.until("it is on the disk", lambda: self.consumer(client.name)["acknowledged"] == int(self.log[n - 1]))
        self.each(scenario)

    def test_one_that_throws_goes_on_behind_what_it_threw_at_and_ends(self):
        def scenario(client):
            self.assertEqual(self.handle(client, "throws").whole(), [*self.log[:3], "thrown", *self.log[3:]])
        self.each(scenario, but=["C"])

    def test_one_that_waits_for_each_acknowledgement_misses_nothing(self):
        def scenario(client):
            self.assertEqual(self.handle(client, "flushes").whole(), self.log)
        self.each(scenario, but=["C"])

    def test_a_child_of_one_is_told_to_open_its_own_and_its_parent_reads_on(self):
        def scenario(client):
            self.has(self.handle(client, "forks"), self.log)
        self.each(scenario, but=["Node"])

    def test_one_that_was_away_does_not_take_its_name_back(self):
        """Neither from another that has it now, nor from the operator who removed it."""
        def scenario(client):
            first, removed = self.handle(client, "follow"), self.run_program(client, "handler", "follow", f"{client.name}-2", self.endpoint)
            self.has(first, self.log)
            self.has(removed, self.log)
            for name in (client.name, f"{client.name}-2"):  # it says so behind its line, and would be stopped between
                harness.until("it is on the disk", lambda: self.consumer(name)["acknowledged"] >= int(self.log[-1]))
            for program in (first, removed):
                program.process.send_signal(signal.SIGSTOP)
            turns.wait(harness.PATIENCE)
            second = self.handle(client, "follow")
            harness.until("the second has it", lambda: self.consumer(client.name)["connected"])
            subprocess.run([harness.BIN / "wireroom", "consumers", "rm", f"{client.name}-2", "--socket", self.daemon.control], check=True)
            for program, words in ((first, "another client has the name"), (removed, "the consumer was removed")):
                program.process.send_signal(signal.SIGCONT)
                harness.until("it has ended", lambda: program.process.poll() is not None)
                self.assertIn(words, program.process.stderr.read())
            self.assertEqual((second.lines, second.process.poll()), ([], None))
        turns = threading.Barrier(len(self.clients), lambda: self.daemon.clock.advance(11))
        self.each(scenario)


if __name__ == "__main__":
    harness.main()
