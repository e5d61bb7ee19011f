#!/usr/bin/python3
"""How soon what a hub sends is a record: WebSub from the publisher's ping to the subscriber's event.

usage: push.py [--count N] [--chain]

Starts the daemon, a site and a hub on loopback, subscribes N feeds, has each publish one article, and measures the time from the
publisher's ping (the hub then fetches the feed and sends it on) to the event on the ZeroMQ socket. --chain runs the usual stages,
with the article's page; else records go out as the feed has them. The last line is JSON."""
import argparse, json, os, pathlib, statistics, sys, time, unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import common
os.environ.setdefault("WIREROOM_BUILD", str(common.BUILD))
import harness
import hub as hubs


class Bench(harness.Case):
    def runTest(self):
        options = self.options
        hub, listen = hubs.Hub(), hubs.free_address()
        self.addCleanup(hub.close)
        text = "The harbour of the town was closed in the night, and boats were sent back to the open sea. " * 12
        paths = [f"/feed/{n}" for n in range(options.count)]
        for n, path in enumerate(paths):
            self.serve(hub, path, [self.item(n, "old")])
            self.web[f"/page/{n}/new"] = harness.page(f"New article {n}", text)
        self.start(paths, poll={"min_interval": "1m", "default_interval": "1h", "max_interval": "6h"},
                   **({} if options.chain else {"stages": {"chain": []}}),
                   websub={"listen": listen, "public_url": f"http://{listen}/push"})
        for path in paths:
            hub.wait_active(self.web.url(path))
        took = []
        for n, path in enumerate(paths):
            self.serve(hub, path, [self.item(n, "new"), self.item(n, "old")])
            ping = time.monotonic()
            assert hub.publish(self.web.url(path)) == 200
            self.subscriber.article(f"New article {n}")
            took.append((time.monotonic() - ping) * 1000)
        took.sort()
        counters = self.daemon.ask("status")[0]["status"]["push"]
        result = {"feeds": options.count, "stages": options.chain, "p50_ms": round(statistics.median(took), 1),
                  "p95_ms": round(took[int(len(took) * 0.95)], 1), "worst_ms": round(took[-1], 1),
                  "taken": counters["taken"], "reliedOn": counters["reliedOn"]}
        print(f"from ping to event, {options.count} feeds, {'usual stages and page' if options.chain else 'no stages'}: "
              f"p50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms, worst {result['worst_ms']} ms")
        print(json.dumps(result))
        common.target("95 of 100 from ping to event", result["p95_ms"], most=1000, unit=" ms")

    def item(self, n, age):
        return harness.Item(f"{age}-{n}", f"{age.capitalize()} article {n}", self.web.url(f"/page/{n}/{age}"), "A summary.")

    def serve(self, hub, path, items):
        self.web[path] = harness.rss(items, headers={"Link": hub.links(self.web.url(path))})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--chain", action="store_true")
    Bench.options = parser.parse_args()
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(Bench())
    return common.missed_any() if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
