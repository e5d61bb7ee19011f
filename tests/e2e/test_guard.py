"""No connection to an address that is not public, whatever leads there: a feed's address, a redirect, a name whose answers change, the
link of an article, robots.txt or a hub. All addresses there are lie on the loopback of a network namespace, with a resolver of our own:
whoever is connected to is seen. Skipped where such a namespace cannot be made."""
import os, socket, struct, subprocess, sys, tempfile, threading

import harness
from harness import Item

INSIDE = "WIREROOM_TEST_NAMESPACE"
PUBLIC = "93.184.216.34"
RESOLVER = "93.184.216.53"
SECRET = "10.0.0.7"  # where the names lead that lie

# Ways to write an address that is not public, and names that lead to one.
FORMS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "0", "0.0.0.0",
    "localhost", "user@127.0.0.1", "public.test@127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0xa9fea9fe",
    "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:0:0:0:0:80ff:fffe]",
    "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "\u2460\u2461\u2466.0.0.1", "private.test", "private6.test", "mapped.test"]


class Resolver(threading.Thread):
    """DNS on UDP. rebind-N.test is public when it is first asked for and private ever after."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((RESOLVER, 53))
        self.asked = {}

    def addresses(self, name, kind):
        if kind == 28:
            return {"private6.test": ["::1"], "mapped.test": ["::ffff:10.0.0.7"]}.get(name, [])
        if name.startswith("rebind"):
            self.asked[name] = self.asked.get(name, 0) + 1
            return [PUBLIC if self.asked[name] == 1 else SECRET]
        return {"public.test": [PUBLIC], "private.test": [SECRET], "both.test": [SECRET, PUBLIC]}.get(name, [])

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(4096)
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode())
                at += question[at] + 1
            kind = struct.unpack(">H", question[at + 1:at + 3])[0]
            name = ".".join(labels).lower()
            family = socket.AF_INET6 if kind == 28 else socket.AF_INET
            records = [b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(packed)) + packed
                       for packed in (socket.inet_pton(family, a) for a in (self.addresses(name, kind) if kind in (1, 28) else []))]
            head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(records), 0, 0)
            self.socket.sendto(head + question[12:at + 5] + b"".join(records), sender)


class Net:
    """One web server at all addresses: answers by path, and remembers which addresses were connected to."""

    def __init__(self):
        self.answers, self.connected, self.requests = {}, [], []
        for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((address, 80))
            listener.listen(512)
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            self.connected.append(connection.getsockname()[0])
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.talk(connection)
        except ConnectionError:
            pass  # the daemon has hung up

    def talk(self, connection):
        with connection, connection.makefile("rb") as lines:
            while True:
                words = lines.readline().split()
                if len(words) < 3:
                    return
                while lines.readline() not in (b"\r\n", b"\n", b""):
                    pass
                path = words[1].decode()
                self.requests.append(path)
                status, headers, body = self.answers.get(path, ("404 Not Found", "", b""))
                connection.sendall(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def not_public(self):
        return sorted({a for a in self.connected if a != PUBLIC})


def feed(items, more=""):
    answer = harness.rss(items)
    return "200 OK", "Content-Type: application/rss+xml\r\n" + more, answer.body


class Guard(harness.Case):
    net = resolver = None

    def setUp(self):
        super().setUp()
        if Guard.net is None:
            Guard.net, Guard.resolver = Net(), Resolver()
            Guard.resolver.start()
        self.net.connected.clear()
        self.net.answers.clear()
        self.net.requests.clear()

    def url(self, path, host="public.test"):
        return f"http://{host}{path}"

    def follow(self, feeds, **http):
        self.start(feeds, http={"allow": [], "timeout": "5s", **http}, page={"robots": "no"})

    def all_failed(self, urls, times=2):
        """Each of these was asked for some times, in vain, but a few that cannot be an address."""
        def path(url):  # addresses are kept in one form
            return url.split("/", 3)[3]

        def done():
            feeds = {path(url): feed for url, feed in self.daemon.feeds().items()}
            taken = [path(url) for url in urls if path(url) in feeds]
            self.assertGreater(len(taken), len(urls) * 3 // 4)
            return all(feeds[name]["failures"] >= times for name in taken)
        harness.until("all were asked for", done, 60)

    def test_the_net_is_seen_where_it_is_allowed(self):
        self.net.answers["/feed"] = feed([])
        self.follow([self.url("/feed", host) for host in ("10.0.0.1", "[::1]", "2130706433", "private.test")], allow=["10.0.0.0/8", "::1", "127.0.0.0/8"])
        harness.until("four addresses", lambda: len(self.net.not_public()) == 4)
        self.assertEqual(self.net.not_public(), ["10.0.0.1", SECRET, "127.0.0.1", "::1"])

    def test_directly(self):
        urls = [self.url(f"/direct/{n}", form) for n, form in enumerate(FORMS)]
        self.follow(urls)
        self.all_failed(urls)
        self.assertEqual(self.net.not_public(), [])

    def test_by_a_redirect(self):
        urls = []
        for n, form in enumerate(FORMS):
            for status in ("301 Moved", "302 Found", "307 Temporary"):
                path = f"/redirect/{n}/{status[:3]}"
                self.net.answers[path] = status, f"Location: http://{form}/secret\r\n", b""
                urls.append(self.url(path))
        self.follow(urls)
        self.all_failed(urls)
        self.assertGreaterEqual(len(self.net.requests), 2 * len(urls))
        self.assertEqual(self.net.not_public(), [])

    def test_by_a_name_whose_answers_change(self):
        urls = [self.url("/feed", f"rebind-{n}.test") for n in range(20)]
        self.net.answers["/feed"] = "200 OK", "Content-Type: application/rss+xml\r\nConnection: close\r\n", feed([])[2]
        self.follow(urls + [self.url("/both", "both.test")])
        self.all_failed(urls)
        harness.until("each name was asked for twice",
                      lambda: all(self.resolver.asked[f"rebind-{n}.test"] >= 2 for n in range(20)), 60)
        self.assertEqual(self.net.not_public(), [])

    def test_by_the_links_of_articles(self):
        items, landing = [], self.url("/landing")
        for n, form in enumerate(FORMS):
            items.append(Item(f"d{n}", f"Direct {n}", self.url(f"/page/{n}", form), "In the feed."))
            self.net.answers[f"/go/{n}"] = "302 Found", f"Location: http://{form}/page\r\n", b""
            items.append(Item(f"r{n}", f"Redirected {n}", self.url(f"/go/{n}"), "In the feed."))
        self.net.answers["/rss"] = feed(items)
        self.follow([self.url("/rss")])
        for item in items:
            event = self.subscriber.article(item.title, patience=60)
            self.assertIn(event["data"]["extraction"]["status"], ("feed-only", "failed", "skipped"))
        self.assertEqual(self.net.not_public(), [])

    def test_by_robots_and_by_hubs(self):
        urls = []
        for n, form in enumerate(FORMS):
            path = f"/hub/{n}"
            hub = f"<{self.url('/hub', form)}>; rel=\"hub\", <{self.url(path)}>; rel=\"self\""
            try:
                header = f"Link: {hub}\r\n"
                header.encode("latin-1")
            except UnicodeEncodeError:
                header = ""
            self.net.answers[path] = feed([Item(f"h{n}", f"With a hub {n}", self.url(f"/article/{n}"), "In the feed.")], header)
            urls.append(self.url(path))
        # Whoever asks for robots.txt at the public host is sent round all of them in turn.
        turns = iter(FORMS * 1000)
        net = self.net

        class Turning(dict):
            def get(self, path, otherwise=None):
                if path == "/robots.txt":
                    return "302 Found", f"Location: http://{next(turns)}/robots.txt\r\n", b""
                return dict.get(self, path, otherwise)
        net.answers = Turning(net.answers)
        self.start(urls, http={"allow": [], "timeout": "5s"}, websub={"listen": "127.0.0.1:5580", "public_url": self.url("/push")})
        for n in range(len(FORMS)):
            self.subscriber.article(f"With a hub {n}", patience=60)

        def all_tried():
            push = self.daemon.ask("status")[0]["status"]["push"]
            return push["subscriptions"] > len(FORMS) * 3 // 4 and push["failed"] >= push["subscriptions"]
        harness.until("all hubs were tried", all_tried, 60)
        self.assertIn("/robots.txt", net.requests)
        self.assertEqual(net.not_public(), [])
        net.answers = {}


def enter():
    """Start this program again in a network of its own; says why not and ends well where that cannot be."""
    setup = ("ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && mount --bind {} /etc/resolv.conf")
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolv:
        resolv.write(f"nameserver {RESOLVER}\n")
        resolv.flush()
        os.chmod(resolv.name, 0o644)
        inside = ["unshare", "--user", "--map-root-user", "--net", "--mount", "sh", "-c"]
        try:
            tried = subprocess.run(inside + [setup.format(resolv.name)], capture_output=True, text=True)
        except FileNotFoundError:
            tried = None
        if tried is None or tried.returncode != 0:
            print("skipped: no network namespace here:", "no unshare" if tried is None else tried.stderr.strip(), file=sys.stderr)
            return 0
        command = [sys.executable, os.path.abspath(__file__), *sys.argv[1:]]
        return subprocess.run(inside + [setup.format(resolv.name) + ' && exec "$0" "$@"', *command], env={**os.environ, INSIDE: "1"}).returncode


if __name__ == "__main__":
    if INSIDE in os.environ:
        harness.main()
    else:
        sys.exit(enter())
