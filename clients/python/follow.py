#!/usr/bin/env python3
"""Print the sequence of each event of the log, and acknowledge it: follow.py NAME [ENDPOINT [FILTER]]."""
import sys

from wireroom import ENDPOINT, Consumer, Trimmed


def main(name, endpoint=ENDPOINT, filter=""):
    with Consumer(name, filter=filter, start="first", endpoint=endpoint) as consumer:
        for event in consumer:
            if isinstance(event, Trimmed):
                print("trimmed", event.first, event.last, flush=True)
                continue
            print(event.sequence, flush=True)
            consumer.ack(event)


if __name__ == "__main__":
    main(*sys.argv[1:])
