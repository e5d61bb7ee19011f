#!/usr/bin/python3
"""Train the weights of the neardup stage, and say how they do on topics they have not seen.

usage: train.py FEATURES STREAM [MORE ...] [--folds N] [--cut N] [--rounds N] [--write FILE]

FEATURES is build/tests/neardup_features; STREAM a folder with documents.jsonl and truth.json, as
README.md describes them; MORE are further draws of copies from the same articles, to learn from
only.  The articles are read twice, whole and cut to their first --cut characters, since many feeds
give no more.  What a model decides changes what later articles are compared with: in each round the
streams are read with the weights of the round before, and all rounds are learned from (DAgger: Ross
and others, 2011).  Pairs of one family (copies of one article, articles of one story or of stories
that cannot be told apart, in whatever draw) are in one fold.

Needs python3-sklearn (Debian)."""
import argparse, collections, json, os, random, subprocess, tempfile, time

import numpy as np
from sklearn.linear_model import LogisticRegression

PENALTY = 10  # C of the regression: of 1, 10 and 100 no other was better under folds
ACCEPT = 0.6  # PAIR_ACCEPT of pair.h
SERIES = {"title": 0.4, "numbers": 0.7, "weighted": 0.8, "none": 0.3, "known": 0.25}  # the rules of pair.c
CONTAINED, CONTAINED_ACCEPT = 0.9, 0.4
CUT_WEIGHT = 0.05  # of a pair of beginnings: at 1 whole articles lose .006 of F1, at 0 beginnings .007


class Groups:
    """Union-find."""

    def __init__(self, items=()):
        self.parent = {i: i for i in items}

    def find(self, x):
        self.parent.setdefault(x, x)
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def join(self, a, b):
        self.parent[self.find(a)] = self.find(b)

    def pairs(self, key):
        members = collections.defaultdict(list)
        for i in self.parent:
            members[self.find(i)].append(i)
        return {key(m[i], m[j]) for m in members.values() for i in range(len(m)) for j in range(i)}


class Stream:
    def __init__(self, folder, number, families, first):
        self.truth = json.load(open(os.path.join(folder, "truth.json")))
        self.lines = open(os.path.join(folder, "documents.jsonl"), "rb").read()
        self.number = number
        documents = [json.loads(l) for l in self.lines.splitlines()]
        self.place = {d["id"]: i for i, d in enumerate(documents)}
        self.true = {self.key(a, b): kind for a, b, kind in self.truth["dup_pairs"]}
        self.ignored = {self.key(a, b) for a, b in self.truth.get("ignore", [])} - set(self.true)
        self.families = families
        self.join(documents, first)

    def key(self, a, b):
        return (a, b) if self.place[a] < self.place[b] else (b, a)

    def join(self, documents, first):
        """first: an article of each story and of each text, in whatever draw."""
        stories = {}
        for a, b, *_ in self.truth["dup_pairs"] + self.truth.get("ignore", []) + self.truth.get("recurring", []):
            self.families.join((self.number, a), (self.number, b))
        for d in documents:
            article, story = (self.number, d["id"]), self.truth["stories"].get(d["id"])
            self.families.join(article, first.setdefault(d["text"], article))
            if story:
                stories[story] = article
                self.families.join(article, first.setdefault((story,), article))
        for a, b in self.truth.get("story_undecided", []):
            if a in stories and b in stories:
                self.families.join(stories[a], stories[b])

    def features(self, program, cut, weights):
        out = subprocess.run([program, str(cut)] + ([weights] if weights else []), input=self.lines,
                             stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
        rows = [l.split() for l in out[1:]]
        rows = [r for r in rows if len(r) > 1]
        return out[0].split()[1:], [(r[0], r[1]) for r in rows], np.array([r[2:] for r in rows], float)

    def labels(self, pairs):
        return (np.array([self.key(a, b) in self.true for a, b in pairs]),
                np.array([self.key(a, b) not in self.ignored for a, b in pairs]))

    def folds(self, pairs, fold):
        return np.array([[fold[self.families.find((self.number, x))] for x in p] for p in pairs])

    def links(self, pairs, probabilities):
        best = {}
        for (new, old), p in zip(pairs, probabilities):
            if p >= ACCEPT and p > best.get(new, (0, None))[0]:
                best[new] = (p, old)
        return {new: old for new, (p, old) in best.items()}

    def report(self, name, links):
        groups = Groups(self.place)
        for new, old in links.items():
            groups.join(new, old)
        found = groups.pairs(self.key)
        right = {p for p in found if p in self.true}
        wrong = {p for p in found if p not in self.true and p not in self.ignored}
        precision, recall = len(right) / max(1, len(right) + len(wrong)), len(right) / len(self.true)
        kinds, hits = collections.Counter(self.true.values()), collections.Counter(self.true[p] for p in right)
        print("%-16s P %.4f R %.4f F1 %.4f  %s" % (name, precision, recall, 2 * precision * recall / (precision + recall),
              "  ".join("%s %.3f" % (k, hits[k] / kinds[k]) for k in sorted(kinds))))


def judge(model, rows):
    """pair_probability() of pair.c, with the model's weights."""
    at = {name: rows.x[:, i] for i, name in enumerate(rows.names)}
    found = model.predict_proba(rows.x)[:, 1]
    contained = (found >= CONTAINED_ACCEPT) & (at["words"] >= CONTAINED)
    none = (at["numbers"] < SERIES["none"]) & (at["known"] <= SERIES["known"])
    series = (at["figures"] > 0) & (at["title"] >= SERIES["title"]) & (at["numbers"] < SERIES["numbers"]) & (
        (at["weighted"] < SERIES["weighted"]) | none)
    return np.where(series, 0, np.where(contained, np.maximum(found, ACCEPT), found))


class Rows:
    """Pairs of one stream, read with one cut."""

    def __init__(self, stream, program, cut, weights, fold):
        self.stream, self.cut = stream, cut
        self.names, self.pairs, self.x = stream.features(program, cut, weights)
        self.true, self.counts = stream.labels(self.pairs)
        self.fold = stream.folds(self.pairs, fold)


def fit(rows, but=None):
    """A model of all rows but those with an article of that fold."""
    learn = [r.counts if but is None else r.counts & (r.fold != but).all(axis=1) for r in rows]
    weights = [np.full(l.sum(), CUT_WEIGHT if r.cut else 1) for r, l in zip(rows, learn)]
    return LogisticRegression(C=PENALTY, max_iter=5000).fit(
        np.vstack([r.x[l] for r, l in zip(rows, learn)]), np.hstack([r.true[l] for r, l in zip(rows, learn)]),
        sample_weight=np.hstack(weights))


def write(path, names, model, source):
    with open(path, "w") as f:
        f.write("/* Weights of the pair's features (pair.h): made by train/train.py on %s, see\n"
                " * train/README.md. Not to be edited by hand. */\n" % source)
        f.write("BIAS(%.4f)\n" % model.intercept_[0])
        for name, weight in zip(names, model.coef_[0]):
            f.write("WEIGHT(%s, %.4f)\n" % (name, weight))


def read_all(streams, args, weights, fold):
    return [Rows(s, args.features, cut, weights, fold) for s in streams for cut in (0, args.cut)]


def along(streams, args, fold, but, folder):
    """The weights learned without that fold, and the rows of the first stream along its decisions."""
    path = os.path.join(folder, "weights.def")
    rows = read_all(streams, args, None, fold)
    for _ in range(args.rounds):
        model = fit(rows, but)
        write(path, rows[0].names, model, "")
        last = read_all(streams, args, path, fold)
        rows += last
    model = fit(rows, but)
    write(path, rows[0].names, model, "")
    return model, read_all(streams[:1], args, path, fold)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("features")
    parser.add_argument("streams", nargs="+", metavar="stream")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cut", type=int, default=300)
    parser.add_argument("--write", metavar="FILE", help="where the weights go")
    parser.add_argument("--answers", metavar="FILE", help="where the links of unseen families go, as JSON lines")
    args = parser.parse_args()
    families, first = Groups(), {}
    streams = [Stream(s, n, families, first) for n, s in enumerate(args.streams)]
    roots = sorted({families.find(x) for x in list(families.parent)})
    random.Random(1).shuffle(roots)
    fold = {r: i % args.folds for i, r in enumerate(roots)}
    links = {0: {}, args.cut: {}}
    with tempfile.TemporaryDirectory() as folder:
        for k in range(args.folds):
            model, rows = along(streams, args, fold, k, folder)
            for r in rows:
                found = streams[0].links(r.pairs, judge(model, r))
                links[r.cut].update({a: b for a, b in found.items() if fold[families.find((0, a))] == k})
        model, rows = along(streams, args, fold, None, folder)
    for r in rows:
        name = "first %d" % r.cut if r.cut else "whole"
        streams[0].report(name + ", folds", links[r.cut])
        streams[0].report(name + ", seen", streams[0].links(r.pairs, judge(model, r)))
    if args.answers:
        with open(args.answers, "w") as f:
            for article in streams[0].place:
                f.write(json.dumps({"id": article, "duplicate_of": links[0].get(article)}) + "\n")
    if args.write:
        write(args.write, rows[0].names, model, "%d articles in %d draws, %s" % (
            sum(len(s.place) for s in streams), len(streams), time.strftime("%Y-%m-%d", time.gmtime())))


if __name__ == "__main__":
    main()
