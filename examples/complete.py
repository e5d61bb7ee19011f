#!/usr/bin/python3
"""Print headlines as they are pushed, with none left out: complete.py [PUB [PULL]].

What a subscriber misses it can read from the log: by each event's prevsequence and by the heartbeats it knows what, and replay() of
clients/python (which has to be installed, as has python3-zmq) reads it. It begins with what is published from now on."""
import json, sys, zmq
from wireroom import Renewed, Trimmed, replay

TOPIC = "all/article."
SILENCE = 3000  # milliseconds without a heartbeat: connect again


class Complete:
    def __init__(self, pub, pull):
        self.pub, self.pull = pub, pull
        self.epoch, self.last = None, {}  # the newest sequence that was handled, by topic

    def subscribe(self):
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.linger = 0
        socket.connect(self.pub)
        socket.subscribe(TOPIC)
        socket.subscribe("heartbeat/")
        return socket

    def run(self):
        while True:
            with self.subscribe() as socket:
                while socket.poll(SILENCE):
                    topic, *rest = socket.recv_multipart()
                    if topic == b"heartbeat/" and rest:  # the first in two frames: the subscription holds
                        self.on_beat(json.loads(rest[0]))
                    elif self.epoch is not None and topic.startswith(TOPIC.encode()):
                        self.on_event(topic.decode(), json.loads(rest[0]))

    def on_beat(self, beat):
        topics = {topic: int(last) for topic, last in beat["topics"].items() if topic.startswith(TOPIC)}
        if self.epoch is None:
            self.epoch, self.last = beat["epoch"], topics
        self.go_on_in(beat["epoch"])
        for topic, last in topics.items():
            self.fill(topic, last)

    def go_on_in(self, epoch):
        if self.epoch != epoch:
            self.epoch, self.last = epoch, {}  # the log was made anew: all of it is news

    def on_event(self, topic, event):
        self.go_on_in(event["id"].rpartition("-")[0])
        self.fill(topic, int(event["prevsequence"]))
        self.handle(topic, event)

    def fill(self, topic, last):
        first = self.last.get(topic, 0) + 1
        try:
            for event in replay(first, last, topic, self.pull) if first <= last else ():
                if isinstance(event, Trimmed):
                    print(f"events {event.first} to {event.last} are no longer in the log", file=sys.stderr)
                else:
                    self.handle(topic, event.json)
        except Renewed:
            pass  # meanwhile; the next beat or event is of the new one

    def handle(self, topic, event):
        if int(event["sequence"]) > self.last.get(topic, 0):
            self.last[topic] = int(event["sequence"])
            print(event["data"]["headline"], flush=True)


if __name__ == "__main__":
    Complete(*(sys.argv[1:] + ["ipc:///run/wireroom/pub.sock", "ipc:///run/wireroom/pull.sock"][len(sys.argv) - 1:])).run()
