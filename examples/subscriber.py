#!/usr/bin/python3
"""Print headlines as they are published: subscriber.py [ENDPOINT]. Needs python3-zmq."""
import json, sys, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "ipc:///run/wireroom/pub.sock")
socket.subscribe("all/article.")

last = {}  # the sequence of the newest event, by topic
while True:
    topic, body = socket.recv_multipart()
    event = json.loads(body)
    if event["prevsequence"] != last.get(topic, event["prevsequence"]):
        print(f"gap: read on with wireroom tail --since {int(last[topic])}", flush=True)
    last[topic] = event["sequence"]
    print(event["data"]["headline"], flush=True)
