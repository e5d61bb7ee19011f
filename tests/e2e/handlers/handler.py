"""handler.py WHAT NAME ENDPOINT: prints the sequence of each event, and does with it what it is told to.

late, waits: acknowledges it once a line comes in. some: ends behind five. throws: the third does not get through. forks: at the first one.
flushes: behind each. ends, throws, flushes: there is nothing behind the newest one."""
import os, sys

from wireroom import Consumer, Trimmed

PATIENCE = 30  # seconds a sync may take on a busy machine


def follow(what, consumer):
    count = 0
    for event in consumer:
        print("trimmed" if isinstance(event, Trimmed) else event.sequence, flush=True)
        count += 1
        if what in ("late", "waits"):
            sys.stdin.readline()
        if what == "throws" and count == 3:
            raise ZeroDivisionError
        if what == "forks" and count == 1:
            fork(consumer)
        consumer.ack(event)
        if what == "flushes":
            assert consumer.flush(PATIENCE)
        if what in ("ends", "flushes") and event.last >= consumer.head:
            consumer.timeout = 0.1
        if what == "some" and count == 5:
            return


def fork(consumer):
    child = os.fork()
    if child == 0:
        try:
            next(iter(consumer))
        except RuntimeError:
            consumer.close()
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def main(what, name, endpoint):
    with Consumer(name, start="first", endpoint=endpoint) as consumer:
        try:
            follow(what, consumer)
        except ZeroDivisionError:
            print("thrown", flush=True)
            follow("ends", consumer)


main(*sys.argv[1:])
