#!/usr/bin/python3
"""The whole daemon for an hour against a news world that fails: nothing lost, nothing doubled, memory flat, descriptors constant.

usage: soak.py [--seconds S] [--feeds N] [--rate ARTICLES] [--faults RATE] [--keep]

The world and its auditor are those of newsroom.py. Memory and descriptors of the daemon itself are looked at each five seconds while
the world publishes, and judged by their medians over the tenths of the last half: one look in a burst says nothing of an hour.
Workers are measured too, and not judged: what the ordered one keeps of the articles of the last days grows until days are over."""
import argparse, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

from common import BENCH, Daemon, missed_any, target
from newsroom import FAULTS, World, audit_of, wait_for_retries

LOOK = 5
PARTS = 10


def look(pid):
    """MiB that are resident, descriptors that are sockets, and others. Pages of files are the system's: it takes them back from whoever
    does not use them for a while."""
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    sockets = others = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            is_socket = os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:")
        except OSError:
            continue
        sockets, others = sockets + is_socket, others + (not is_socket)
    resident = int(fields["VmRSS"].split()[0]) - int(fields["RssFile"].split()[0])
    return resident / 1024, sockets, others


def watch(daemon, seconds):
    """What was seen, each time, until so many seconds have passed."""
    end, seen = time.monotonic() + seconds, []
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(LOOK, left))
        seen.append((*look(daemon.process.pid), daemon.resident()[1]))
        if len(seen) % 60 == 0:
            print("after {:5.0f} s: resident {:.1f} MiB, sockets {}, other descriptors {}; {:.0f} MiB with workers".format(
                seconds - end + time.monotonic(), *seen[-1]), flush=True)
    return seen


def medians(values):
    """Of the tenths of the last half."""
    half = values[len(values) // 2:]
    size = max(1, len(half) // PARTS)
    return [statistics.median(half[at:at + size]) for at in range(0, size * PARTS, size) if half[at:at + size]]


def judge(seen):
    memory, sockets, others = ([look[i] for look in seen] for i in range(3))
    print("resident over the last half, MiB: " + " ".join(f"{value:.1f}" for value in medians(memory)))
    target("resident memory over the last half, widest", max(medians(memory)) - min(medians(memory)), most=2, unit=" MiB")
    target("descriptors that are no sockets, widest", max(medians(others)) - min(medians(others)), most=0)
    # Connections come and go with hosts that hang; a leak would be as many as there were faults.
    target("sockets over the last half, widest", max(medians(sockets)) - min(medians(sockets)), most=max(10, 0.1 * max(sockets)))


def run(a, work):
    faults = ",".join(f"{kind}={a.faults}" for kind in FAULTS[:13])
    patience = 900  # pages that failed are asked for again after a minute and after five
    world = World(work, "--feeds", a.feeds, "--hosts", 50, "--rate", a.rate, "--duration", a.seconds, "--grace", patience + 60,
                  "--retry-after", 5, "--truth-text", "--faults", faults, "--page-faults", faults)
    daemon = Daemon(work, interval="4s", timeout="4s")
    recorder = subprocess.Popen([world.home / "record", daemon.pub, work / "got.jsonl", str(a.seconds + patience + 60)])
    seen = watch(daemon, a.seconds)
    wait_for_retries(daemon, patience)
    recorder.terminate()
    recorder.wait()
    print(f"daemon ended with {daemon.end()}")
    world.end()
    code = audit_of(work, world, 10)
    judge(seen)
    return code or missed_any()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--rate", type=float, default=4, help="articles a second")
    parser.add_argument("--faults", type=float, default=0.02, help="rate of each of 13 kinds")
    parser.add_argument("--keep", action="store_true", help="leave the folder with truth, records and log")
    a = parser.parse_args()
    if not (BENCH / "newsroom").is_dir():
        print(f"skipped: no bench corpus at {BENCH}")
        return 0
    work = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-soak-"))
    try:
        return run(a, work)
    finally:
        if a.keep:
            print(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
