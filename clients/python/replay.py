#!/usr/bin/env python3
"""Print the sequence of each event of a part of the log: replay.py FROM TO [ENDPOINT [FILTER [KEYS]]].

FROM, TO: a sequence, an event's id or a time such as 2026-11-29T06:00:00Z; an empty TO is the newest of now. KEYS: as for follow.py."""
import pathlib, sys

from wireroom import ENDPOINT, Keys, Trimmed, replay


def main(first, last, endpoint=ENDPOINT, filter="", keys=None):
    keys = keys and Keys(*pathlib.Path(keys).read_text().split())
    for event in replay(first, last or None, filter, endpoint, keys):
        if isinstance(event, Trimmed):
            print("trimmed", event.first, event.last, flush=True)
        else:
            print(event.sequence, flush=True)
    print("end")


if __name__ == "__main__":
    main(*sys.argv[1:])
