#!/usr/bin/python3
"""Train the weights of the neardup stage, and say how they do on topics they have not seen.

usage: train.py FEATURES STREAM [--folds N] [--cut N] [--write FILE] [--answers FILE]

FEATURES is build/tests/neardup_features; STREAM a folder with documents.jsonl and truth.json, as
README.md describes them.  The articles are read twice, whole and cut to their
first --cut characters, since many feeds give no more.  Pairs of one family (copies of one
article, articles of one story or of stories that cannot be told apart) are in one fold.

Needs python3-sklearn (Debian)."""
import argparse, collections, json, os, random, subprocess, time

import numpy as np
from sklearn.linear_model import LogisticRegression

PENALTY = 10  # C of the regression: of 1, 10 and 100 no other was better under folds
ACCEPT = 0.5  # as in neardup.c
CUT_WEIGHT = 0.05  # of a pair of beginnings: at 1 whole articles lose .006 of F1, at 0 beginnings .007


class Groups:
    """Union-find."""

    def __init__(self, items):
        self.parent = {i: i for i in items}

    def find(self, x):
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
    def __init__(self, folder):
        self.truth = json.load(open(os.path.join(folder, "truth.json")))
        self.lines = open(os.path.join(folder, "documents.jsonl"), "rb").read()
        self.place = {json.loads(l)["id"]: i for i, l in enumerate(self.lines.splitlines())}
        self.true = {self.key(a, b): kind for a, b, kind in self.truth["dup_pairs"]}
        self.ignored = {self.key(a, b) for a, b in self.truth.get("ignore", [])} - set(self.true)
        self.families = self.read_families()

    def key(self, a, b):
        return (a, b) if self.place[a] < self.place[b] else (b, a)

    def read_families(self):
        families = Groups(self.place)
        first = {}
        for a, b, *_ in self.truth["dup_pairs"] + self.truth.get("ignore", []) + self.truth.get("recurring", []):
            families.join(a, b)
        for article, story in self.truth["stories"].items():
            if story:
                families.join(article, first.setdefault(story, article))
        for a, b in self.truth.get("story_undecided", []):
            if a in first and b in first:
                families.join(first[a], first[b])
        return families

    def features(self, program, cut):
        out = subprocess.run([program] + ([str(cut)] if cut else []), input=self.lines,
                             stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
        rows = [l.split() for l in out[1:]]
        rows = [r for r in rows if len(r) > 1]
        return out[0].split()[1:], [(r[0], r[1]) for r in rows], np.array([r[2:] for r in rows], float)

    def labels(self, pairs):
        return (np.array([self.key(a, b) in self.true for a, b in pairs]),
                np.array([self.key(a, b) not in self.ignored for a, b in pairs]))

    def folds(self, pairs, count):
        roots = sorted({self.families.find(a) for a in self.place})
        random.Random(1).shuffle(roots)
        fold = {r: i % count for i, r in enumerate(roots)}
        return np.array([[fold[self.families.find(x)] for x in p] for p in pairs])

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


def fit(xs, ys):
    """xs, ys: of whole articles, then of beginnings."""
    weights = np.hstack([np.full(len(y), w) for y, w in zip(ys, (1, CUT_WEIGHT))])
    return LogisticRegression(C=PENALTY, max_iter=5000).fit(np.vstack(xs), np.hstack(ys), sample_weight=weights)


def out_of_fold(stream, sets, folds):
    """Probabilities of each set's pairs by models that saw none of their families."""
    answers = [np.zeros(len(s[1])) for s in sets]
    for k in range(folds):
        xs, ys = [], []
        for pairs, x, fold in sets:
            label, counts = stream.labels(pairs)
            learn = (fold != k).all(axis=1) & counts
            xs.append(x[learn])
            ys.append(label[learn])
        model = fit(xs, ys)
        for (pairs, x, fold), answer in zip(sets, answers):
            answer[fold[:, 0] == k] = model.predict_proba(x[fold[:, 0] == k])[:, 1]
    return answers


def write(path, names, model, source):
    with open(path, "w") as f:
        f.write("/* Weights of the pair's features (pair.h): made by train/train.py on %s, see\n"
                " * train/README.md. Not to be edited by hand. */\n" % source)
        f.write("BIAS(%.4f)\n" % model.intercept_[0])
        for name, weight in zip(names, model.coef_[0]):
            f.write("WEIGHT(%s, %.4f)\n" % (name, weight))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("features")
    parser.add_argument("stream")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--cut", type=int, default=300)
    parser.add_argument("--write", metavar="FILE", help="where the weights go")
    parser.add_argument("--answers", metavar="FILE", help="where the links of unseen families go, as JSON lines")
    args = parser.parse_args()
    stream = Stream(args.stream)
    sets = []
    for cut in (0, args.cut):
        names, pairs, x = stream.features(args.features, cut)
        sets.append((pairs, x, stream.folds(pairs, args.folds)))
    unseen = out_of_fold(stream, sets, args.folds)
    labels = [stream.labels(s[0]) for s in sets]
    model = fit([s[1][c] for s, (_, c) in zip(sets, labels)], [y[c] for y, c in labels])
    for (pairs, x, _), p, name in zip(sets, unseen, ("whole", "first %d" % args.cut)):
        stream.report(name + ", folds", stream.links(pairs, p))
        stream.report(name + ", seen", stream.links(pairs, model.predict_proba(x)[:, 1]))
    if args.answers:
        links = stream.links(sets[0][0], unseen[0])
        with open(args.answers, "w") as f:
            for article in stream.place:
                f.write(json.dumps({"id": article, "duplicate_of": links.get(article)}) + "\n")
    if args.write:
        write(args.write, names, model, "%d pairs of %d articles, %s" % (
            sum(len(s[0]) for s in sets), len(stream.place), time.strftime("%Y-%m-%d", time.gmtime())))


if __name__ == "__main__":
    main()
