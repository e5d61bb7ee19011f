#!/usr/bin/env python3
"""Print the sequence of each event of the log, and acknowledge it: follow.py NAME [ENDPOINT [FILTER [KEYS]]].

KEYS: a file with the daemon's public key, our own and our secret one."""
import pathlib, sys

from wireroom import ENDPOINT, Consumer, Keys, Trimmed


def main(name, endpoint=ENDPOINT, filter="", keys=None):
    keys = keys and Keys(*pathlib.Path(keys).read_text().split())
    with Consumer(name, filter=filter, start="first", endpoint=endpoint, keys=keys) as consumer:
        for event in consumer:
            if isinstance(event, Trimmed):
                print("trimmed", event.first, event.last, flush=True)
            else:
                print(event.sequence, flush=True)
            consumer.ack(event)


if __name__ == "__main__":
    main(*sys.argv[1:])
