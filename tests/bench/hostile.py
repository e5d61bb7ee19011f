#!/usr/bin/python3
"""Hostile documents, servers and feeds against wireroom: a bound on time and memory, an answer, and no loss elsewhere.

usage: hostile.py files [--only NAME]      every document through `wireroom parse|extract`: 1 s and 64 MiB each
       hostile.py paths [--seconds S]      every misbehaviour of the server as a feed, one good feed among them
       hostile.py feeds [--polls N]        every lying feed polled N times: distinct records, repeats

Documents and server are bench/hostile of the folder $WIREROOM_BENCH; where it is absent this says so and ends with status 0."""
import argparse, atexit, collections, json, os, pathlib, re, shutil, socket, sqlite3, subprocess, sys, tempfile, time, urllib.request

from common import BENCH, BUILD, Daemon, until

HOSTILE = BENCH / "hostile"
DISTINCT = {"ok": 10, "guid-churn": 10, "link-flap": 10, "reorder": 20, "shrink": 20, "body-churn": 10, "date-now": 10, "dup-guid": 10,
            "no-guid": 10, "guid-case": 10, "empty-sometimes": 10, "trunc-sometimes": 10, "title-edit": 10, "growing": None,
            "window?k=10": None, "replay-old": None, "future": 10, "flip-type": 5}
PATHS = {"304-changed": None, "etag-same-changed": None, "gzip-trunc-etag": 10, "half-etag": 10, "gzip-multi": 10, "gzip-junk-after": 10,
         "gzip-trunc": 0, "half": 0}


def measured(command):
    """Exit status, seconds, peak MiB of the largest process as the kernel accounts it, and output."""
    read, write = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        os.close(read)
        os.execv(command[0], command)
    os.close(write)
    out = b""
    with os.fdopen(read, "rb") as pipe:
        while chunk := pipe.read(65536):
            out += chunk if len(out) < 1 << 20 else b""
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - began, usage.ru_maxrss / 1024, out


def command_for(kind, path):
    wireroom = str(BUILD / "bin" / "wireroom")
    if kind == "page":
        return [wireroom, "extract", "--json", "--url", "http://example.org/a", str(path)]
    if kind == "opml":
        return [wireroom, "parse", "--opml", "--json", str(path)]
    return [wireroom, "parse", "--json", str(path)]


def files(a):
    idle = measured([str(BUILD / "bin" / "wireroom"), "parse", "--json", str(HOSTILE / "small" / "xml-entity-good.xml")])
    print(f"a good document: {idle[1] * 1000:.0f} ms, {idle[2]:.0f} MiB")
    worst_time, worst_memory, bad, count = ("", 0), ("", 0), 0, 0
    for line in (HOSTILE / "small" / "INDEX.tsv").read_text().splitlines()[1:]:
        name, kind, _, expected = line.split("\t")[:4]
        if kind not in ("feed", "page", "opml", "gzip") or (a.only and a.only not in name):
            continue
        code, seconds, memory, out = measured(command_for(kind, HOSTILE / "small" / name))
        count += 1
        wrong = []
        if code not in (0, 1):
            wrong.append(f"exit status {code}")
        if b"no such module" in out:
            wrong.append("a stage is not built")
        if seconds > 1:
            wrong.append(f"{seconds:.2f} s")
        if memory > 64:
            wrong.append(f"{memory:.0f} MiB")
        try:
            out.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append("output is not UTF-8")
        number = re.match(r"(?:parse|clean):(\d+)", expected)
        got = entries_in(out)
        if number and got != int(number.group(1)):
            wrong.append(f"{got} entries, expected {expected}")
        if expected.startswith("refuse") and code == 0:
            wrong.append("not refused")
        worst_time = max(worst_time, (name, seconds), key=lambda x: x[1])
        worst_memory = max(worst_memory, (name, memory), key=lambda x: x[1])
        bad += bool(wrong)
        if wrong or a.only:
            print(f"{name}: {'; '.join(wrong) or 'as it should'}  [{expected}] {out[:300] if a.only else out[:120]!r}")
    print(f"{count} documents, {bad} not as expected; slowest {worst_time[0]} {worst_time[1]:.2f} s, "
          f"largest {worst_memory[0]} {worst_memory[1]:.0f} MiB")
    return 1 if bad else 0


def entries_in(out):
    try:
        return len(json.loads(out.splitlines()[0]).get("entries", []))
    except (ValueError, IndexError, AttributeError):
        return 0


class Misbehaving:
    def __init__(self, work):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(work / "server.log", "w")
        self.process = subprocess.Popen([sys.executable, HOSTILE / "misbehave.py", "--port", str(self.port)], stdout=self.log,
                                        stderr=self.log)
        atexit.register(self.process.kill)
        self.base = f"http://127.0.0.1:{self.port}"
        until(lambda: self.ask("/feed/ok") is not None, 20, "the server does not start")

    def ask(self, path):
        try:
            with urllib.request.urlopen(self.base + path, timeout=5) as answer:
                return answer.read()
        except OSError:
            return None

    def asked(self):
        """How often, by path."""
        log = json.loads(self.ask("/log") or "[]")
        return collections.Counter(entry.get("path", "") if isinstance(entry, dict) else entry[1] for entry in log)

    def end(self):
        self.process.terminate()
        self.process.wait()


def all_paths():
    text = subprocess.run([sys.executable, HOSTILE / "misbehave.py", "--list"], capture_output=True, text=True).stdout
    names = re.findall(r"(?<=\s)(/[a-z0-9][\w/-]*)", text[text.index("Transport"):])
    return [n for n in names if n not in ("/log", "/reset-log", "/status/CODE")] + ["/status/500", "/status/418", "/status/204"]


def opml(work, urls):
    from xml.sax.saxutils import quoteattr
    (work / "feeds.opml").write_text('<opml version="2.0"><body>' + "".join(f"<outline xmlUrl={quoteattr(u)}/>" for u in urls) + "</body></opml>")


def feeds_of(daemon):
    out = subprocess.run([BUILD / "bin" / "wireroom", "feeds", "list", "--json", "--dir", daemon.dir], capture_output=True, text=True)
    if out.returncode:
        print(out.stderr or out.stdout)
        return []
    return [json.loads(line) for line in out.stdout.splitlines()]


def all_answered(feeds, count):
    return len(feeds) == count and all(f.get("error") or f.get("httpStatus") for f in feeds)


def paths(a, work):
    server = Misbehaving(work)
    names = all_paths()
    opml(work, [server.base + n for n in names] + [server.base + "/feed/ok?n=3"])
    daemon = Daemon(work, stages="[]", interval="5s")
    until(lambda: all_answered(feeds_of(daemon), len(names) + 1), a.seconds, "some paths have neither status nor error")
    listed = {f["url"]: f for f in feeds_of(daemon)}
    silent = 0
    for name in names:
        feed = listed.get(server.base + name, {})
        said = feed.get("error") or ""
        print(f"{name:24} {feed.get('state', '?'):10} {feed.get('httpStatus', '')!s:4} {said[:150]}")
        silent += not feed
    good = listed.get(server.base + "/feed/ok?n=3", {})
    alive = daemon.process.poll() is None
    print(f"{len(names)} paths, {silent} without a state; daemon {'alive' if alive else 'DEAD'}; good feed: {good.get('state')} "
          f"last success {good.get('lastSuccess')}; resident {daemon.resident()[1]:.0f} MiB; ended with {daemon.end()}")
    server.end()
    return 0 if alive and good.get("state") == "ok" else 1


def lying(a, work):
    """Each feed has a daemon of its own: they all list the same articles."""
    server = Misbehaving(work)
    urls = {f"{server.base}/feed/{k}": v for k, v in DISTINCT.items()} | {f"{server.base}/{k}": v for k, v in PATHS.items()}
    bad = 0
    for half in (list(urls)[::2], list(urls)[1::2]):
        bad += lying_part(a, work, server, {url: urls[url] for url in half})
    server.end()
    print(f"{len(urls)} lying feeds, {bad} wrong")
    return 1 if bad else 0


def lying_part(a, work, server, urls):
    daemons = []
    for url in urls:
        own = work / os.urandom(4).hex()
        own.mkdir()
        opml(own, [url])
        daemons.append(Daemon(own, stages="[]", interval="1s"))
    names = [url[len(server.base):] for url in urls]
    until(lambda: all(server.asked()[name] >= a.polls for name in names), 5 * a.polls, "the feeds are not polled")
    new, updated = collections.defaultdict(list), collections.Counter()
    for url, daemon in zip(urls, daemons):
        daemon.end()
        store = sqlite3.connect(f"file:{daemon.dir}/wireroom.db?mode=ro", uri=True)
        for (body,) in store.execute("select body from event"):
            event = json.loads(body)
            if event["type"].startswith("wireroom.article.new"):
                new[url].append(event["data"]["uri"])
            updated[url] += event["type"].startswith("wireroom.article.updated")
        store.close()
    asked = server.asked()
    bad = 0
    for url, want in urls.items():
        got, distinct = len(new[url]), len(set(new[url]))
        name = url[len(server.base):]
        wrong = (want is not None and distinct != want) or got != distinct
        bad += wrong
        print(f"{name:24} polls {asked.get(name, 0):3}  new {got:3}  distinct {distinct:3}  expected "
              f"{want if want is not None else 'grows':>5}  updated {updated[url]:3} {'WRONG' if wrong else ''}")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("files", "paths", "feeds"))
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=int, default=90, help="paths: the longest to wait for all to be answered")
    parser.add_argument("--polls", type=int, default=20)
    a = parser.parse_args()
    if not HOSTILE.is_dir():
        print(f"skipped: no bench corpus at {HOSTILE}")
        return 0
    if a.what == "files":
        return files(a)
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-hostile-"))
    try:
        return {"paths": paths, "feeds": lying}[a.what](a, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
