"""The clients for C, Python and Node on the daemon's own machine."""
import shutil, subprocess, unittest

import clients, harness


class C(clients.C, clients.Follows, harness.Case):
    pass


class Python(clients.Python, clients.Follows, harness.Case):
    pass


@unittest.skipIf(shutil.which("node") is None, "there is no Node")
class Node(clients.Node, clients.Follows, harness.Case):
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
