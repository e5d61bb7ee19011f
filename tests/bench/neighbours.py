#!/usr/bin/python3
"""Good feeds beside bad ones: whether they keep their interval.

usage: neighbours.py [--feeds N] [--interval S] [--seconds S] [--alone]

N good feeds on a hundred hosts are followed first alone, then with one bad feed of each hostile kind: every path of
bench/hostile/misbehave.py, and every document of its small folder as a feed or as the page of an article. A good feed keeps its
interval when its mean lies within 10 % of what is configured. The folder is $WIREROOM_BENCH's; where it is absent this says so and ends
with status 0. --alone leaves the bad ones out."""
import argparse, asyncio, collections, pathlib, shutil, statistics, sys, tempfile, threading, time

from common import Daemon
from hostile import HOSTILE, Misbehaving, all_paths, opml

HOSTS = 100


class Good:
    """One server at many loopback addresses; a feed has something new each fifth poll, and its articles have pages."""

    def __init__(self, files):
        self.polls, self.files, self.port = collections.defaultdict(list), files, 0
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        first = await asyncio.start_server(self.talk, self.host(0), 0)
        self.port = first.sockets[0].getsockname()[1]
        others = [await asyncio.start_server(self.talk, self.host(n), self.port) for n in range(1, HOSTS)]
        others += [await asyncio.start_server(self.talk, self.bad_host(n), self.port) for n in range(len(self.files))]
        ready.set()
        await asyncio.gather(*(s.serve_forever() for s in [first, *others]))

    @staticmethod
    def host(number):
        return f"127.1.0.{number % HOSTS + 1}"

    @staticmethod
    def bad_host(number):
        return f"127.2.0.{number + 1}"

    def url(self, number):
        return f"http://{self.host(number)}:{self.port}/feed/{number}"

    def bad_urls(self):
        """Feeds are served as they are; of a page there is a feed with an article that has it."""
        return [f"http://{self.bad_host(n)}:{self.port}/{'of' if kind == 'page' else 'file'}/{n}" for n, (kind, _) in enumerate(self.files)]

    async def talk(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                body, more = self.answer(path, head)
                status = "304 Not Modified" if body is None else "200 OK" if body else "404 Not Found"
                writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body or b'')}\r\n\r\n".encode() + (body or b""))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.close()

    def answer(self, path, head):
        what, _, number = path.strip("/").partition("/")
        if what == "feed":
            self.polls[number].append(time.monotonic())
            issue = len(self.polls[number]) // 5
            tag = f'"{number}-{issue}"'
            if f"if-none-match: {tag}" in head.lower():
                return None, f"ETag: {tag}\r\n"
            host = self.host(int(number))
            return self.rss(host, [f"/page/{number}-{i}" for i in range(issue, issue - 10, -1)]), f"ETag: {tag}\r\n"
        if what == "page":
            return f"<html><title>{number}</title><article><p>{'The ferry leaves at noon. ' * 60}</p></article>".encode(), ""
        if what == "of":
            return self.rss(self.bad_host(int(number)), [f"/file/{number}?{time.time():.0f}"]), ""
        number = number.partition("?")[0]
        if what == "file" and number.isdigit():
            kind, path = self.files[int(number)]
            return path.read_bytes(), "Content-Encoding: gzip\r\n" if kind == "gzip" else ""
        return b"", ""

    def rss(self, host, paths):
        items = "".join(f"<item><title>Report {p}</title><link>http://{host}:{self.port}{p}</link><guid>{host}{p}</guid></item>" for p in paths)
        return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()


def measure(a, good, urls, work):
    """Mean interval of each good feed over the time measured; a poll that is still to come counts from now."""
    opml(work, urls)
    daemon = Daemon(work, interval=f"{a.interval}s")
    time.sleep(2 * a.interval)
    began, cpu = time.monotonic(), daemon.cpu()
    time.sleep(a.seconds)
    end, cpu = time.monotonic(), daemon.cpu() - cpu
    means = []
    for number in range(a.feeds):
        polls = [t for t in good.polls[str(number)] if began <= t <= end]
        gaps = [b - x for x, b in zip(polls, polls[1:])] if len(polls) > 1 else [a.seconds]
        means.append(max(statistics.mean(gaps), end - polls[-1] if polls else a.seconds))
    alive = daemon.process.poll() is None
    resident = daemon.resident()[1]
    status = daemon.end()
    return means, cpu / a.seconds, resident, alive and status == 0


def report(a, name, result):
    means, cpu, resident, well = result
    late = sum(abs(m - a.interval) > a.interval / 10 for m in means)
    means.sort()
    print(f"{name:34} mean {statistics.mean(means):6.2f} s  95 % under {means[int(len(means) * 0.95)]:6.2f}  worst {means[-1]:6.2f}  "
          f"off by over 10 %: {late:3} of {len(means)}  CPU {cpu * 100:4.0f} %  {resident:4.0f} MiB{'' if well else '  DAEMON ENDED BADLY'}", flush=True)
    return late == 0 and well


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=999)
    parser.add_argument("--interval", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=150)
    parser.add_argument("--alone", action="store_true")
    a = parser.parse_args()
    if not HOSTILE.is_dir():
        print(f"skipped: no bench corpus at {HOSTILE}")
        return 0
    rows = [line.split("\t") for line in (HOSTILE / "small" / "INDEX.tsv").read_text().splitlines()[1:]]
    files = [(row[1], HOSTILE / "small" / row[0]) for row in rows if row[1] in ("feed", "page", "opml", "gzip")]
    root = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-neighbours-"))
    well = True
    try:
        for name in ("alone", "with bad ones")[:1 if a.alone else 2]:
            work = root / name.replace(" ", "-")
            work.mkdir()
            good = Good(files)
            urls = [good.url(n) for n in range(a.feeds)]
            server = Misbehaving(work) if name != "alone" else None
            if server is not None:
                bad = [server.base + path for path in all_paths()] + good.bad_urls()
                urls = [u for pair in zip(urls, bad) for u in pair] + urls[len(bad):]
                name = f"beside {len(bad)} bad ones"
            well = report(a, f"{a.feeds} good feeds {name}", measure(a, good, urls, work)) and well
            if server is not None:
                server.end()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
