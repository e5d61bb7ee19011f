#!/usr/bin/python3
"""Four articles of one running story and their reprints, through the whole daemon.

usage: seeds.py [--keep]

Serves the seeds that lie beside the bench corpora ($WIREROOM_BENCH/../seeds) with their three feeds over loopback and holds what a
subscriber gets against truth.json: each article once, none of the lines that are not the article's, at least 0.97 of its words, the
right title, date and author. Where the seeds are absent this says so and ends with status 0."""
import argparse, collections, functools, http.server, json, pathlib, re, shutil, sys, tempfile, threading, time
from datetime import datetime

import zmq

from common import BENCH, Daemon

SEEDS = BENCH.parent / "seeds"
FEEDS = ("rss.xml", "atom.xml", "feed.json")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def words(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))


def receive(daemon, wanted, seconds):
    """Events until `wanted` articles came and three quiet seconds after them."""
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.subscribe("all/article.")
    socket.connect(daemon.pub)
    events, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        if socket.poll(3000):
            events.append(json.loads(socket.recv_multipart()[-1]))
        elif len(events) >= wanted:
            break
    return events


def check(article, events):
    """What is wrong with the events of one article, and the share of its words that came out."""
    if len(events) != 1:
        return [f"{len(events)} records"], 0.0
    data, wrong = events[0]["data"], []
    want, got = words(article["text"]), words(data.get("text", ""))
    share = sum((want & got).values()) / sum(want.values())
    surplus = 1 - sum((want & got).values()) / max(1, sum(got.values()))
    if share < 0.97:
        wrong.append(f"only {share:.3f} of its words")
    if surplus > 0.03:
        wrong.append(f"{surplus:.3f} of the text is not the article's")
    wrong += [f"has the line {line!r}" for line in article["mustnot"] if line in data.get("text", "").splitlines()]
    if data["headline"] != article["title"]:
        wrong.append(f"title {data['headline']!r}")
    when = data.get("published", "")
    if not when or datetime.fromisoformat(when.replace("Z", "+00:00")) != datetime.fromisoformat(article["published"]):
        wrong.append(f"published {when!r}, not {article['published']!r}")
    if [x["name"] for x in data.get("authors", [])] != article["authors"]:
        wrong.append(f"authors {data.get('authors')}, not {article['authors']}")
    return wrong, share


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true")
    a = parser.parse_args()
    if not SEEDS.is_dir():
        print(f"skipped: no seeds at {SEEDS}")
        return 0
    truth = json.loads((SEEDS / "truth.json").read_text())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 8099), functools.partial(Quiet, directory=SEEDS))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-seeds-"))
    (work / "feeds.opml").write_text('<opml version="2.0"><body>' + "".join(
        f'<outline type="rss" xmlUrl="http://127.0.0.1:8099/{name}"/>' for name in FEEDS) + "</body></opml>")
    daemon = Daemon(work)
    events = receive(daemon, len(truth), 30)
    status = daemon.end()
    server.shutdown()
    bad = 0
    for article in truth:
        mine = [e for e in events if e["data"]["url"] == article["url"]]
        wrong, share = check(article, mine)
        bad += bool(wrong)
        print(f"{article['id']:7} {'; '.join(wrong) or f'right, {share:.3f} of its words'}")
    print(f"{len(truth) - bad} of {len(truth)} right, {len(events)} records, daemon ended with {status}")
    if a.keep:
        (work / "events.json").write_text(json.dumps(events, indent=1))
        print(f"kept: {work}")
    else:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if bad or len(events) != len(truth) else 0


if __name__ == "__main__":
    sys.exit(main())
