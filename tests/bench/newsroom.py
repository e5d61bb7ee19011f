#!/usr/bin/python3
"""The whole daemon against a news world on loopback: losses, costs of a poll, costs of an article.

usage: newsroom.py audit [--faults RATE] [--seconds S] [--feeds N]   what was published against what a subscriber got
       newsroom.py polls [--feeds N] [--hosts N]         CPU of a poll answered 304 against the bare poller
       newsroom.py entry [--extract]                     CPU of a changed feed with one new entry, and the least it can be
       newsroom.py hosts                                 CPU of a poll with 50 hosts and with 12,000
       newsroom.py scale [--feeds N]                     CPU of a poll with 1,000 feeds and with N (100,000), memory, start

The world is bench/newsroom of the folder $WIREROOM_BENCH (default ../shared/bench beside the tree); where it
is absent this says so and ends with status 0. Programs are taken from build/ ($WIREROOM_BUILD)."""
import argparse, atexit, json, pathlib, re, shutil, sqlite3, subprocess, sys, tempfile, time, urllib.request

from common import BENCH, BUILD, Daemon, missed_any, target, until

FAULTS = "500 503 429 404 drip hang reset trunc short long gzbomb loop huge badutf8 entbomb xxe html empty".split()


class World:
    """The newsroom, built and started in a folder of its own."""

    def __init__(self, work, *options):
        self.work = work
        home = work / "newsroom"
        if not home.exists():
            shutil.copytree(BENCH / "newsroom", home)
            subprocess.run(["make", "-s", "-C", home], check=True)
        self.home = home
        self.process = subprocess.Popen([home / "newsroom", "--truth", work / "truth.jsonl", "--opml", work / "feeds.opml",
                                         "--list", work / "urls.txt", *map(str, options)], cwd=work,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.process.kill)
        until(lambda: self.ask("/stats") is not None, 120, "the newsroom does not answer")

    def ask(self, path):
        try:
            with urllib.request.urlopen("http://127.1.0.1:8400" + path, timeout=10) as answer:
                return answer.read()
        except OSError:
            return None

    def stats(self):
        return json.loads(self.ask("/stats"))

    def end(self):
        self.process.terminate()
        self.process.wait()


def identify_by_page(work):
    """The truth with the address of the page as identity. An RSS and an RDF feed of one site give one article two guids (rdf:about
    is the address); the auditor, which counts an article once by its guid, would call the second one lost."""
    with open(work / "truth.jsonl") as lines, open(work / "pages.jsonl", "w") as out:
        for line in lines:
            entry = json.loads(line)
            if entry["ev"] in ("entry", "left") and entry.get("page"):
                entry["guid"] = entry["page"]
            out.write(json.dumps(entry) + "\n")


def as_they_are_now(lines):
    """Articles as they came; the text is judged of the latest version of each, and of one whose page came later, that version stands
    in place of the one before."""
    found, at = [], {}
    for line in lines:
        record = json.loads(line)
        data = record["msg"]["data"]
        before = at.get(data["uri"])
        if before is not None and data.get("change", {}).get("cause") == "page":
            found[before] = record
            continue
        if before is not None:
            found[before]["msg"]["data"].pop("text", None)
        at[data["uri"]] = len(found)
        found.append(record)
    return (json.dumps(record) + "\n" for record in found)


def wait_for_retries(daemon, most):
    """Until pages that failed were asked for again within page.patience and twice later (after 1 and 5 minutes); the later looks, for
    deployments and nights, are for hours. As many seconds at most."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        store = sqlite3.connect(f"file:{daemon.dir}/wireroom.db?mode=ro", uri=True)
        waiting, = store.execute("select (select count(*) from pending) + (select count(*) from recheck where tries < 2)").fetchone()
        store.close()
        if waiting == 0:
            return
        time.sleep(2)
    print(f"after {most} s {waiting} records still wait for their page")


def audit_of(work, world, tail):
    """What the auditor says of what was recorded; what the last seconds brought does not count. 0: nothing is lost, nothing doubled."""
    with open(work / "got.jsonl") as lines, open(work / "articles.jsonl", "w") as out:
        out.writelines(as_they_are_now(line for line in lines if '"wireroom.article.' in line))
    identify_by_page(work)
    result = subprocess.run([sys.executable, world.home / "audit.py", work / "pages.jsonl", work / "articles.jsonl", "--by", "article",
                             "--tail", str(tail), "--feed", "data.feed.url",
                             "--guid", "data.url", "--link", "data.feedUrl", "--title", "data.headlines.feed",
                             "--text", "data.text", "--author", "data.authors.0.name", "--dup", "data.duplicateOf.uri",
                             "--rev", "none"], stdout=subprocess.PIPE, text=True)
    print(result.stdout, end="", flush=True)
    recall = re.search(r"extracted text .* recall ([0-9.]+)", result.stdout)
    target("text recall", float(recall[1]) if recall else 0, least=0.97)
    return result.returncode


def audit(a, work):
    faults = ["--faults", ",".join(f"{k}={a.faults}" for k in FAULTS[:13]),
              "--page-faults", ",".join(f"{k}={a.faults}" for k in FAULTS[:13])] if a.faults else []
    most = 900 if a.faults else 12
    feeds = a.feeds or 1000
    world = World(work, "--feeds", feeds, "--hosts", 50, "--rate", feeds / 50, "--duration", a.seconds, "--grace", most + 30,
                  "--retry-after", 5, "--truth-text", *faults)
    # Of what hangs, each takes a connection for the whole timeout.
    daemon = Daemon(work, interval="4s", timeout="4s") if a.faults else Daemon(work)
    recorder = subprocess.Popen([world.home / "record", daemon.pub, work / "got.jsonl", str(a.seconds + most)])
    if a.faults:
        time.sleep(a.seconds + 12)
        wait_for_retries(daemon, most - 20)
        recorder.terminate()
    recorder.wait()
    resident = daemon.resident()
    status = daemon.end()
    world.end()
    print(f"daemon ended with {status}; resident {resident[0]:.0f} MiB itself, {resident[1]:.0f} MiB with its workers")
    return audit_of(work, world, 5 if not a.faults else 10) or missed_any()


def measure_polls(daemon, world, seconds):
    """CPU seconds per poll over some seconds, when all is warm."""
    before, polls = daemon.cpu(), world.stats()
    time.sleep(seconds)
    after, more = daemon.cpu(), world.stats()
    count = more["reqs"] - polls["reqs"]
    return (after - before) / max(1, count), count


def polls(a, work):
    feeds = a.feeds or 5000
    world = World(work, "--feeds", feeds, "--hosts", a.hosts, "--rate", 0, "--duration", 600, "--validators", "both")
    world.ask("/_ctl/render")
    daemon = Daemon(work, stages="[]", interval="1s")
    warm_up(world, feeds, daemon)
    burst, _ = daemon.resident()
    daemon.end()
    daemon.start()
    warm_up(world, feeds, daemon)
    cost, count = measure_polls(daemon, world, 10)
    own, all_of_it = daemon.resident()
    daemon.end()
    bare = bare_poller(work, count // 10)
    flat_out = bare_poller(work)
    world.end()
    print(f"{feeds} feeds, {a.hosts} hosts: {count} polls answered 304, {cost * 1e6:.1f} us CPU each; "
          f"bare poller at this rate {bare * 1e6:.1f} us; flat out {flat_out * 1e6:.1f} us: {cost / flat_out:.2f}x; "
          f"{all_of_it:.1f} MiB with workers; {burst:.1f} MiB right after the import of all entries")
    target("a poll against the bare poller's", cost / bare, most=1.4, unit="x")
    target("resident", own, most=40, unit=" MiB")
    return missed_any()


def warm_up(world, feeds, daemon):
    """Until every feed was asked three times and what was there at the start is published."""
    start = world.stats()["reqs"]
    until(lambda: world.stats()["reqs"] - start >= 3 * feeds, 180, "the feeds are not polled")
    until(lambda: is_quiet(daemon.dir / "wireroom.db"), 180, "the backlog is not worked off")


def is_quiet(path):
    """Nothing is pending."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    waiting = store.execute("select count(*) from pending where cause is null").fetchone()[0]
    store.close()
    return waiting == 0


def bare_poller(work, *rate):
    """CPU seconds per poll of the poller that does nothing else, at so many polls a second or as fast as they go. One that never
    sleeps finds all it needs in the processor's caches."""
    return run_poller(work, 10, *rate)["cpu_per_poll"]


def run_poller(work, seconds, *options, beside=lambda: None):
    """What bench_poller says of itself; beside is called while it runs."""
    poller = subprocess.Popen([BUILD / "tests" / "bench_poller", work / "urls.txt", str(seconds), *map(str, options)],
                              stdout=subprocess.PIPE, text=True)
    beside()
    out = poller.communicate()[0]
    if poller.returncode != 0:
        sys.exit("the bare poller failed")
    return json.loads(out.splitlines()[-1])


def floor(work, world, rows):
    """CPU seconds of a changed feed where one process does the least: libcurl, libxml2 and a row in SQLite, so many a transaction. It
    asks as the daemon does, all that is due within 200 ms together."""
    rate, bursts, rounds = 200, 5, 2

    def change():
        time.sleep(2 * 500 / rate + 1)  # it asks all twice before it counts
        for _ in range(rounds):
            world.ask("/_ctl/tick?n=1")
            time.sleep(500 / rate + 1)

    idle = run_poller(work, 5, rate, bursts)
    busy = run_poller(work, 8, rate, bursts, work / f"floor-{rows}.db", rows, beside=change)
    changed = busy["polls"] - busy["unchanged"]
    return (busy["cpu_per_poll"] * busy["polls"] - idle["cpu_per_poll"] * busy["unchanged"]) / max(1, changed)


def entry(a, work):
    feeds = 500
    world = World(work, "--feeds", feeds, "--hosts", 50, "--rate", 0, "--duration", 600, "--page-kb", 60, "--window", 20,
                  "--backlog", 20, "--full", 0)
    world.ask("/_ctl/render")
    daemon = Daemon(work, stages="[extract]" if a.extract else "[]", interval="2s")
    warm_up(world, feeds, daemon)
    idle, _ = measure_polls(daemon, world, 6)
    recorder = subprocess.Popen([world.home / "record", daemon.pub, work / "got.jsonl", "3600"])
    time.sleep(1)
    before, asked = daemon.cpu(), world.stats()["r304"]
    rounds = 6
    for _ in range(rounds):
        world.ask("/_ctl/tick?n=1")
        time.sleep(4)
    used, unchanged = daemon.cpu() - before, world.stats()["r304"] - asked
    recorder.terminate()
    recorder.wait()
    got = sum('"wireroom.article.' in line for line in open(work / "got.jsonl"))
    daemon.end()
    each = (used - unchanged * idle) / max(1, got)
    if not a.extract:
        alone, together = floor(work, world, 1), floor(work, world, 16)
        print(f"curl, libxml2 and a row of SQLite in one process: {alone * 1e6:.0f} us with a commit each, {together * 1e6:.0f} us with "
              f"one for 16: a changed feed is {each / alone:.2f}x and {each / together:.2f}x")
    world.end()
    print(f"{got} new entries ({'page of 60 KB extracted' if a.extract else 'stages off'}), over all processes; a 304 beside it {idle * 1e6:.1f} us")
    target("CPU of each", each * 1e6, most=4000 if a.extract else 200, unit=" us")
    return missed_any()


def hosts(a, work):
    costs = []
    for count in (50, 12000):
        part = work / str(count)
        part.mkdir()
        shutil.copytree(work / "newsroom", part / "newsroom") if (work / "newsroom").exists() else None
        world = World(part, "--feeds", 12000, "--hosts", count, "--rate", 0, "--duration", 900, "--validators", "both",
                      "--keepalive", 60)
        world.ask("/_ctl/render")
        daemon = Daemon(part, stages="[]", interval="5s")
        warm_up(world, 12000, daemon)
        cost, polled = measure_polls(daemon, world, 12)
        costs.append(cost)
        print(f"{count} hosts: {polled} polls, {cost * 1e6:.1f} us CPU each")
        daemon.end()
        world.end()
    target("12,000 hosts against 50", costs[1] / costs[0], most=3, unit="x")
    return missed_any()


def asked_so_far(world):
    """Feeds asked for; 0 while the world is too busy to tell."""
    stats = json.loads(world.ask("/stats") or "{}")
    return stats.get("r200", 0) + stats.get("r304", 0)


def scale(a, work):
    """The same polls a second over few feeds and over many; how soon the first is asked after a start."""
    costs = []
    most = a.feeds or 100000
    for feeds in (1000, most):
        part = work / str(feeds)
        part.mkdir()
        world = World(part, "--feeds", feeds, "--hosts", min(feeds, 6000), "--rate", 0, "--duration", 3600, "--validators", "both",
                      "--keepalive", 300, "--window", 3, "--backlog", 3)
        world.ask("/_ctl/render")
        until(lambda: world.ask("/stats"), 120, "the feeds are not rendered")
        daemon = Daemon(part, stages="[]", interval=f"{feeds // 1000}s", first_fetch="mark")
        until(lambda: asked_so_far(world) >= 2 * feeds, 900, "the feeds are not polled")
        daemon.end()
        asked, begun = asked_so_far(world), time.monotonic()
        daemon.start()
        until(lambda: asked_so_far(world) > asked, 60, "no feed is polled after a start")
        first = time.monotonic() - begun
        until(lambda: asked_so_far(world) >= asked + 1.2 * feeds, 900, "the feeds are not polled")
        # One interval: what is asked in waves after a start is measured with the calm between them.
        cost, polled = measure_polls(daemon, world, max(20, feeds // 1000))
        costs.append(cost)
        own, all_of_it = daemon.resident()
        print(f"{feeds} feeds: {polled} polls, {cost * 1e6:.1f} us CPU each; resident {own:.1f} MiB, {all_of_it:.1f} MiB with workers; "
              f"first poll {first:.2f} s after the start", flush=True)
        daemon.end()
        world.end()
    target(f"{most} feeds against 1000", costs[1] / costs[0], most=1.5, unit="x")
    return missed_any()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("audit", "polls", "entry", "hosts", "scale"))
    parser.add_argument("--faults", type=float, default=0, help="rate of each of 13 kinds of faults")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--extract", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the folder with truth, records and log")
    a = parser.parse_args()
    if not (BENCH / "newsroom").is_dir():
        print(f"skipped: no bench corpus at {BENCH}")
        return 0
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-bench-"))
    try:
        return {"audit": audit, "polls": polls, "entry": entry, "hosts": hosts, "scale": scale}[a.what](a, work)
    finally:
        if a.keep:
            print(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
