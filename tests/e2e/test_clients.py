"""The clients for C, Python and Node on the daemon's own machine."""
import shutil, socket, subprocess, threading, unittest

import clients, harness


class Way:
    """The way to the daemon from elsewhere: it may lose what the daemon sends, and break."""

    def __init__(self, port):
        self.to, self.loses, self.ends = port, False, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listening.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.ends += [near, far]
            for ends in ((near, far, False), (far, near, True)):
                threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, sink, is_sent_by_daemon):
        try:
            while data := source.recv(65536):
                if not (is_sent_by_daemon and self.loses):
                    sink.sendall(data)
        except OSError:
            pass
        self.shut(source, sink)

    def shut(self, *ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def break_(self):
        ends, self.ends = self.ends, []
        self.shut(*ends)

    def close(self):
        self.listening.close()
        self.break_()


class Breaks(clients.Follows):
    def test_what_was_on_its_way_when_the_connection_broke_comes_again(self):
        """Also when the next event comes before anybody has noticed."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.limit = 0
        self.begin(listen={"pull": f"tcp://127.0.0.1:{port}"})
        way = Way(port)
        self.addCleanup(way.close)
        self.access = [way.endpoint]
        program = self.follow("desk")
        for _ in range(3):
            self.limit += 4
            self.has_all(program, self.all_published())
            way.loses = True
            self.limit += 4
            self.all_published()
            way.loses = False
            way.break_()
            harness.until("it comes again", lambda: len(way.ends) > 0)
        self.limit += 2
        self.has_all(program, self.all_published())


class C(clients.C, Breaks, harness.Case):
    pass


class Python(clients.Python, Breaks, harness.Case):
    pass


@unittest.skipIf(shutil.which("node") is None, "there is no Node")
class Node(clients.Node, Breaks, harness.Case):
    pass


class Library(unittest.TestCase):
    """What programs that were built with libwireroom rely on."""

    def test_it_exports_its_functions_and_nothing_else_under_one_soname(self):
        library = harness.BUILD / "lib" / "libwireroom.so"
        names = subprocess.run(["nm", "-D", "--defined-only", "--format=just-symbols", library], capture_output=True, text=True, check=True).stdout
        self.assertEqual(sorted(name for name in names.split() if not name.startswith("_")),
                         sorted(f"wireroom_{name}" for name in ("open", "replay", "next", "ack", "acked", "epoch", "error", "close")))
        self.assertIn("[libwireroom.so.0]", subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout)

    def test_its_header_is_plain_c_and_cpp(self):
        for words in (["cc", "-x", "c", "-std=c99"], ["c++", "-x", "c++", "-std=c++98", "-Wno-long-long"]):
            done = subprocess.run([*words, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{clients.CLIENTS / 'c'}", "-"],
                                  input="#include <wireroom.h>\nint f(void);\nint f(void) { return wireroom_next(0, 0, 0); }\n",
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    harness.main()
