"""Parts of the log as the clients for C, Python and Node read them: on the daemon's own machine, and by tcp with keys."""
import shutil, unittest

import clients, harness, test_clients_keys

NODE = unittest.skipIf(shutil.which("node") is None, "there is no Node")


class Keyed(test_clients_keys.Keyed, clients.Replays):
    pass


class C(clients.C, clients.Replays, harness.Case):
    pass


class CWithKeys(clients.C, Keyed, harness.Case):
    pass


class Python(clients.Python, clients.Replays, harness.Case):
    pass


class PythonWithKeys(clients.Python, Keyed, harness.Case):
    pass


@NODE
class Node(clients.Node, clients.Replays, harness.Case):
    pass


@NODE
class NodeWithKeys(clients.Node, Keyed, harness.Case):
    pass


if __name__ == "__main__":
    harness.main()
