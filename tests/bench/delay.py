#!/usr/bin/python3
"""Articles as they come, text from the feed and no page, through the store to a subscriber: how soon, and how many.

usage: delay.py [--seconds S]

First 200 articles a second: the time from the last byte of a feed's answer to the event at the subscriber, a process of its own. Then
2,000 a second, through the store with synchronous=FULL: all must be published as fast as they come, so that the last is out within a
second."""
import argparse, json, multiprocessing, os, pathlib, socketserver, sys, tempfile, shutil, threading, time

import zmq

import common

FEEDS, POLLS, SHOWN = 20, 2.5, 3  # feeds, polls of each a second (asked for are twice as many), polls that an entry is still shown
HOSTS = [f"127.0.0.{n}" for n in range(2, 12)]  # none is asked more than 20 times a second
TEXT = "The council met late into the night over the harbour, and the bridge stays closed until the spring. " * 8


class Feeds:
    """Feeds of a process that serves and does nothing else; entries are made while rate is not 0."""

    def __init__(self, port):
        self.port, self.pipe = port, multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.serve, daemon=True)
        self.process.start()

    def ask(self, what):
        self.pipe[0].send(what)
        return self.pipe[0].recv()

    def serve(self):
        each, made, sent = 0, [0] * FEEDS, {}

        def entry(feed, n):
            return (f"<item><title>Report {feed} {n}</title><link>http://127.0.0.1/{feed}/{n}</link><guid isPermaLink='false'>{feed}-{n}"
                    f"</guid><description>{feed} {n}: {TEXT}</description></item>")

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self):
                while line := self.rfile.readline():
                    while self.rfile.readline().strip():
                        pass
                    self.answer(int(line.split()[1].strip(b"/")))

            def answer(self, feed):
                first, made[feed] = made[feed] + 1, made[feed] + each
                last = made[feed]
                items = "".join(entry(feed, n) for n in range(last, max(0, last - SHOWN * each), -1))
                body = f"<rss version='2.0'><channel><title>{feed}</title><link>http://127.0.0.1/</link>{items}</channel></rss>".encode()
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                now = time.time()
                sent.update((f"{feed}-{n}", now) for n in range(first, last + 1))

        for host in HOSTS:
            server = socketserver.ThreadingTCPServer((host, self.port), Handler, bind_and_activate=False)
            server.allow_reuse_address = server.daemon_threads = True
            server.server_bind()
            server.server_activate()
            threading.Thread(target=server.serve_forever, daemon=True).start()
        while True:
            what = self.pipe[1].recv()
            if what == "sent":
                self.pipe[1].send(sent)
                sent = {}
            else:
                each = int(what / FEEDS / POLLS)
                self.pipe[1].send(None)


def listen(endpoint, pipe):
    """When each article came, by its guid."""
    sub = zmq.Context().socket(zmq.SUB)
    sub.set_hwm(0)
    sub.subscribe("all/article.new/")
    sub.connect(endpoint)
    came = {}
    while True:
        while sub.poll(20):
            event = json.loads(sub.recv_multipart()[1])
            came[event["data"]["headline"].removeprefix("Report ").replace(" ", "-")] = time.time()
        if pipe.poll():
            pipe.recv()
            pipe.send(came)
            came = {}


def measure(feeds, heard, daemon, rate, seconds):
    cpu, begun = daemon.cpu(), time.monotonic()
    feeds.ask(rate)
    time.sleep(seconds)
    feeds.ask(0)
    took = time.monotonic() - begun
    sent = feeds.ask("sent")

    end, got = time.monotonic() + 60, {}
    while not sent.keys() <= got.keys() and time.monotonic() < end:
        time.sleep(0.1)
        heard.send(None)
        got.update(heard.recv())
    delays = sorted((got[name] - at) * 1000 for name, at in sent.items() if name in got)
    p50, p99, last = delays[len(delays) // 2], delays[len(delays) * 99 // 100], delays[-1]
    print(f"{len(sent) / took:.0f} articles a second: p50 {p50:.1f} ms, p99 {p99:.1f} ms, last {last:.0f} ms; "
          f"{(daemon.cpu() - cpu) / len(sent) * 1e6:.0f} us of CPU each over all processes; {len(sent) - len(delays)} did not come", flush=True)
    return len(sent) / took, p50, p99, last, len(sent) - len(delays)


def run(a, work):
    port = 8455
    feeds = Feeds(port)
    (work / "feeds.opml").write_text('<opml version="2.0"><body>' + "".join(
        f'<outline xmlUrl="http://{HOSTS[n % len(HOSTS)]}:{port}/{n}"/>' for n in range(FEEDS)) + "</body></opml>")
    daemon = common.Daemon(work, stages="[]", interval="200ms")
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=listen, args=(daemon.pub, theirs), daemon=True).start()
    time.sleep(2)
    _, p50, p99, _, lost = measure(feeds, ours, daemon, 200, a.seconds)
    rate, _, _, last, lost_too = measure(feeds, ours, daemon, 2000, a.seconds)
    print(f"ended with {daemon.end()}")
    common.target("p50 at 200 a second", p50, most=25, unit=" ms")
    common.target("p99 at 200 a second", p99, most=100, unit=" ms")
    common.target("articles a second", rate, least=1900)  # as polls fall
    common.target("the last of them", last, most=1000, unit=" ms")
    common.target("articles that did not come", lost + lost_too, most=0)
    return common.missed_any()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-delay-"))
    try:
        return run(parser.parse_args(), work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
