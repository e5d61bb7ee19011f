"""The clients for C, Python and Node by tcp, with keys, from an address that is not let in without."""
import json, shutil, socket, subprocess, unittest

import zmq

import clients, harness


class Keyed(clients.Client):

    def begin(self):
        folder = self.folder / "keys"
        for words in (["init"], ["new", "desk"]):
            done = subprocess.run([harness.BIN / "wireroom", "keys", *words, "--keys", folder, "--json"], capture_output=True, text=True, check=True)
        pair = json.loads(done.stdout)
        with socket.create_server((self.address_of_ours(), 0)) as listener:
            endpoint = "tcp://%s:%d" % listener.getsockname()
        self.start(["/feed"], listen={"pull": endpoint, "keys": str(folder)})
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

    def test_keys_that_nobody_allowed_and_another_daemon_are_none(self):
        self.begin()
        endpoint, ours = self.access
        without = [clients.Program([*self.command(), "desk", endpoint, "", *keys]) for keys in ([self.wrong], [], [self.strange])]
        for program in without:
            self.addCleanup(program.end)
        if endpoint.startswith("tcp://127."):
            without.pop()
        log = self.all_published()
        self.has_all(self.follow("other"), log)
        self.assertEqual([program.lines for program in without], [[]] * len(without))
        self.assertEqual([program.process.poll() for program in without], [None] * len(without))  # they may be allowed yet


class C(clients.C, Keyed, harness.Case):
    pass


class Python(clients.Python, Keyed, harness.Case):
    pass


@unittest.skipIf(shutil.which("node") is None, "there is no Node")
class Node(clients.Node, Keyed, harness.Case):
    pass


if __name__ == "__main__":
    harness.main()
