"""The clients for C, Python and Node on the daemon's own machine."""
import shutil, unittest

import clients, harness


class C(clients.C, clients.Client, harness.Case):
    pass


class Python(clients.Python, clients.Client, harness.Case):
    pass


@unittest.skipIf(shutil.which("node") is None, "there is no Node")
class Node(clients.Node, clients.Client, harness.Case):
    pass


if __name__ == "__main__":
    harness.main()
