"""The clients for C, Python and Node by tcp, with keys, from an address that is not let in without."""
import json, shutil, socket, subprocess, time, unittest

import zmq

import clients, harness

PULL_SILENCE = 10  # include/wireroom/pull.h


class Keyed:
    """Mixed in before what begin() is wanted of."""

    def begin(self, **options):
        folder = self.folder / "keys"
        for words in (["init"], ["new", "desk"]):
            done = subprocess.run([harness.BIN / "wireroom", "keys", *words, "--keys", folder, "--json"], capture_output=True, text=True, check=True)
        pair = json.loads(done.stdout)
        with socket.create_server((self.address_of_ours(), 0)) as listener:
            endpoint = "tcp://%s:%d" % listener.getsockname()
        self.start(["/feed"], **options, listen={"pull": endpoint, "keys": str(folder)})
        server = (folder / "server.public").read_text().strip()
        self.access = [endpoint, self.file("ours", server, pair["public"], pair["secret"])]
        self.strange = self.file("strange", server, *map(bytes.decode, zmq.curve_keypair()))
        self.wrong = self.file("wrong", zmq.curve_keypair()[0].decode(), pair["public"], pair["secret"])

    def file(self, name, *keys):
        (self.folder / name).write_text("".join(f"{key}\n" for key in keys))
        return str(self.folder / name)

    def address_of_ours(self):
        """Connections between addresses of one machine are its own; those from 127.* need no key of theirs."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))
            except OSError:
                return "127.0.0.1"
            return probe.getsockname()[0]


class Keys(Keyed, clients.Follows):
    def test_keys_that_nobody_allowed_and_another_daemon_are_none(self):
        self.begin()
        endpoint, ours = self.access
        without = [clients.Program([*self.command(name), *words, endpoint, "", *keys])
                   for keys in ([self.wrong], [], [self.strange]) for name, words in (("follow", ["desk"]), ("replay", ["1", ""]))]
        for program in without:
            self.addCleanup(program.end)
        if endpoint.startswith("tcp://127."):
            del without[-2:]
        log = self.all_published()
        self.has_all(self.follow("other"), log)
        self.assertEqual([program.lines for program in without], [[]] * len(without))
        self.assertEqual([program.process.poll() for program in without], [None] * len(without))  # they may be allowed yet


class C(clients.C, Keys, harness.Case):
    pass


class Python(clients.Python, Keys, harness.Case):
    pass


@unittest.skipIf(shutil.which("node") is None, "there is no Node")
class Node(clients.Node, Keys, harness.Case):
    pass


class Revoked(harness.Case):
    def setUp(self):
        super().setUp()
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, linger=0)
        self.count = 0
        self.web["/feed"] = lambda request: harness.rss([harness.Item(f"g{n}", f"Headline {n}", self.web.url(f"/none/{n}"), "A summary.")
                                                         for n in range(self.count, 0, -1)])

    def wireroom(self, *words):
        subprocess.run([harness.BIN / "wireroom", "keys", *words, "--keys", self.folder / "keys"], check=True, capture_output=True)

    def connect(self, kind, endpoint, name):
        public, secret = self.keys[name]
        one = self.context.socket(kind)
        one.curve_serverkey, one.curve_publickey, one.curve_secretkey = (self.folder / "keys" / "server.public").read_bytes().strip(), public, secret
        one.connect(endpoint)
        return one

    def ask(self, dealer, *words):
        dealer.send_multipart([b"WR1", *(word.encode() for word in words)])
        return dealer.recv_multipart()[1:] if dealer.poll(1000 * harness.PATIENCE) else []

    def hears(self, subscriber, topic):
        harness.until(topic, lambda: subscriber.poll(1000) and subscriber.recv_multipart()[0].startswith(topic.encode()))

    def test_who_came_with_a_key_that_is_revoked_is_cut_off_and_nobody_else(self):
        ours, self.keys = Keyed.address_of_ours(self), {name: zmq.curve_keypair() for name in ("desk", "archive")}
        with socket.create_server((ours, 0)) as one, socket.create_server((ours, 0)) as two:
            pub, pull = ("tcp://%s:%d" % listener.getsockname() for listener in (one, two))
        self.wireroom("init")
        for name, (public, _) in self.keys.items():
            self.wireroom("allow", public.decode(), name)
        daemon = self.daemon = harness.Daemon(self.folder, [], listen={"pub": pub, "pull": pull, "keys": str(self.folder / "keys")})
        daemon.start()
        subscribers, dealers = ({name: self.connect(kind, endpoint, name) for name in self.keys} for kind, endpoint in ((zmq.SUB, pub), (zmq.DEALER, pull)))
        heard = time.monotonic()
        for name in self.keys:
            self.assertEqual(self.ask(dealers[name], "HELLO", name, "", "")[0], b"WELCOME")
            subscribers[name].subscribe("all/")
            subscribers[name].subscribe("heartbeat/")
            self.hears(subscribers[name], "heartbeat/")
        self.count = 1
        daemon.configure([self.web.url("/feed")])
        daemon.ask("reload")
        for one in subscribers.values():
            self.hears(one, "all/article.new/")
        monitors = {name: [one.get_monitor_socket(zmq.EVENT_DISCONNECTED) for one in (subscribers[name], dealers[name])] for name in subscribers}
        self.wireroom("revoke", "desk")
        daemon.ask("reload")
        for monitor in monitors["desk"]:
            self.assertTrue(monitor.poll(1000 * harness.PATIENCE), "it is still connected")
        self.count = 2
        self.hears(subscribers["archive"], "all/article.new/")
        answer = self.ask(dealers["archive"], "PING")[0]
        if time.monotonic() - heard < PULL_SILENCE:  # else it may be forgotten, and is answered all the same
            self.assertEqual(answer, b"PONG")
        self.assertFalse(any(monitor.poll(0) for monitor in monitors["archive"]), "it was cut off, too")
        if not ours.startswith("127."):
            self.assertFalse(any(b"Headline 2" in event for _, event in iter(lambda: subscribers["desk"].poll(0) and subscribers["desk"].recv_multipart(), 0)))


if __name__ == "__main__":
    harness.main()
