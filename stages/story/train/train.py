#!/usr/bin/env python3
"""Train the model of the story stage, and say how good it is on topics it was not trained on.

usage: train.py DIR DUMP COMMON [--out MODEL] [--work DIR] [--quick]

DIR holds articles whose stories are known (README.md says how), DUMP is the program story_dump, COMMON the word
counts that are built in. Needs numpy and scikit-learn.
"""
import argparse
import collections
import datetime
import json
import pathlib
import random
import subprocess

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5
OTHER = 6  # streams of other times that are measured
HEAD = 4  # columns of a row before its features: article, same, near, folds
# Chosen by the folds: 8 leaves and 150 trees are as good as 250 smaller or 120 larger ones.
FIRST = dict(max_iter=80, max_leaf_nodes=8, learning_rate=0.1, min_samples_leaf=30, l2_regularization=10)
FINAL = dict(max_iter=150, max_leaf_nodes=8, learning_rate=0.08, min_samples_leaf=60, l2_regularization=10)
THRESHOLD = 0.6  # a false merge is worse than a miss: the higher one of those with the best sum of both F1
SYLLABLES = "ba cor del fen gal hor jin kel lum mor nar pol qua rin sor tav ul ven wex zan".split()
SERIES = ["The {} briefing", "{} live updates", "News in brief from {}", "{}: what we know", "Letter from {}", "{} today", "Video {}"]


class Articles:
    """The articles, what is known of them, and in which fold each is."""

    def __init__(self, folder):
        self.docs = [json.loads(line) for line in open(folder / "documents.jsonl", encoding="utf-8")]
        self.truth = json.load(open(folder / "truth.json", encoding="utf-8"))
        self.place = {doc["id"]: i for i, doc in enumerate(self.docs)}
        self.story = [self.truth["stories"].get(doc["id"]) or "" for doc in self.docs]
        self.source = [self.truth["source"].get(doc["id"], "") for doc in self.docs]
        self.near = collections.defaultdict(set)
        for a, b in self.truth["story_undecided"]:
            self.near[a].add(b)
            self.near[b].add(a)
        self.original = {}
        for a, b, _ in self.truth["dup_pairs"]:
            a, b = sorted((self.place[a], self.place[b]))
            self.original[b] = min(a, self.original.get(b, a))
        self.time = [datetime.datetime.fromisoformat(doc["published"].replace("Z", "+00:00")).timestamp() for doc in self.docs]
        self.fold = self.folds()

    def topic(self, story):
        """Sister events of one topic, "e12a" and "e12b", belong together."""
        return story[:-1] if story[:1] == "e" and story[-1:].isalpha() and story[1:2].isdigit() else story

    def folds(self):
        parent = {}

        def find(x):
            parent.setdefault(x, x)
            while parent[x] != x:
                x = parent[x]
            return x

        def join(a, b):
            parent[find(a)] = find(b)

        def label(i):
            return self.story[i] or f"alone {i}"

        for i in range(len(self.docs)):
            join(label(i), "topic " + self.topic(label(i)))
        for a, b in self.truth["story_undecided"]:
            join(a, b)
        for a, b, *_ in self.truth["dup_pairs"] + self.truth["ignore"]:
            join(label(self.place[a]), label(self.place[b]))
        group = [find(label(i)) for i in range(len(self.docs))]
        size = collections.Counter(group)
        first = {}
        for i, name in enumerate(group):
            first.setdefault(name, self.story[i][:1])
        load, fold = collections.defaultdict(lambda: [0] * FOLDS), {}
        for name in sorted(size, key=lambda g: (-size[g], g)):
            kind = load[first[name]]
            fold[name] = min(range(FOLDS), key=lambda k: (kind[k], k))
            kind[fold[name]] += size[name]
        return [fold[name] for name in group]

    def line(self, i, **changes):
        doc = dict(self.docs[i], story=self.story[i], fold=str(self.fold[i]), near=" ".join(sorted(self.near[self.story[i]])))
        if i in self.original:
            doc["copy_of"] = self.docs[self.original[i]]["id"]
        doc.update(changes)
        return json.dumps(doc, ensure_ascii=False)

    def write(self, path, which=None):
        path.write_text("".join(self.line(i) + "\n" for i in range(len(self.docs)) if which is None or which(i)), encoding="utf-8")

    def times(self, rand):
        """Made times, drawn again: sister events of a topic begin within three days."""
        times, starts, members = list(self.time), {}, collections.defaultdict(list)
        for i, story in enumerate(self.story):
            if self.source[i] in ("ecb+", "basil"):
                members[story].append(i)
        for story, own in members.items():
            start = starts.setdefault(self.topic(story), rand.uniform(self.time[0], self.time[-1])) + 72 * 3600 * rand.random()
            for i in own:
                times[i] = start + (rand.expovariate(1 / 72000) if self.source[i] == "ecb+" else self.time[i] - self.time[own[0]])
        return times

    def change(self, i, rand, series):
        """Some bear the headline of a series, some have none, some no more text than feeds give."""
        luck, change = rand.random(), {}
        if luck < .04:
            change["title"] = rand.choice(series)
        elif luck < .08:
            change["title"] = ""
        elif luck < .16:
            change["text"] = self.docs[i]["text"][:300]
        if luck < .08:
            change["url"] = "https://news.example/%d" % i
        return change

    def write_other(self, path, seed, keep=.8, changed=True):
        """The same articles as another stream, a fifth left out; one in eight streams has no capitals, as most scripts."""
        rand = random.Random(seed)
        times = self.times(rand)
        series = [rand.choice(SERIES).format("".join(rand.choices(SYLLABLES, k=3)).title()) for _ in range(12)]
        with open(path, "w", encoding="utf-8") as out:
            for i in sorted(range(len(self.docs)), key=lambda i: times[i]):
                if i in self.original or rand.random() >= keep:
                    continue
                change = self.change(i, rand, series) if changed else {}
                change["published"] = datetime.datetime.fromtimestamp(times[i], datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
                if changed and seed % 8 == 7:
                    change["text"] = change.get("text", self.docs[i]["text"]).lower()
                    change["title"] = change.get("title", self.docs[i]["title"] or "").lower()
                out.write(self.line(i, **change) + "\n")


class Trainer:
    def __init__(self, args):
        self.args, self.work = args, args.work
        self.names = []

    def dump(self, stream, *options, rows=False):
        """Answers (id -> story), and the rows of features."""
        options = [f"common={self.args.common}", *options]
        path = self.work / "rows"
        if rows:
            options.append(f"rows={path}")
        done = subprocess.run([self.args.dump, *options], stdin=open(stream, "rb"), capture_output=True, check=True)
        answers = {o["id"]: o["story"] for o in map(json.loads, done.stdout.splitlines())}
        if not rows:
            return answers, None
        self.names = done.stderr.decode().splitlines()[-1].split()
        table = numpy.fromfile(path, numpy.float32).reshape(-1, HEAD + len(self.names))
        path.unlink()
        return answers, table

    def models(self, stem):
        return [f"model{k}={self.work}/{stem}{k}.txt" for k in range(FOLDS)]

    def fit(self, rows, path, without=None, **how):
        """A pair that may be the same story counts less as a false one, and so does a story of mixed members."""
        if without is not None:
            rows = rows[(rows[:, 3].astype(int) >> without & 1) == 0]
        same, near = rows[:, 1], rows[:, 2]
        weight = numpy.where((same < .5) & (near > 0), .4, numpy.where((same == 0) | (same == 1), 1, .5))
        model = HistGradientBoostingClassifier(early_stopping=False, random_state=0, **how)
        model.fit(rows[:, HEAD:], same >= .5, sample_weight=weight)
        path.write_text(self.text(model), encoding="ascii")

    def text(self, model):
        lines = ["# Boosted trees, written by train/train.py: feature:limit:not above:above, or :value of a leaf.",
                 "bias %.6g" % float(numpy.ravel(model._baseline_prediction)[0]), "threshold %g" % THRESHOLD]
        for (tree,) in model._predictors:
            lines.append("tree " + " ".join(
                ":%.5g" % n["value"] if n["is_leaf"] else "%s:%.6g:%d:%d" % (self.names[n["feature_idx"]], n["num_threshold"], n["left"], n["right"])
                for n in tree.nodes))
        return "\n".join(lines) + "\n"

    def fit_folds(self, rows, stem, **how):
        for k in range(FOLDS):
            self.fit(rows, self.work / f"{stem}{k}.txt", k, **how)


def pairs(n):
    return n * (n - 1) // 2


def scores(articles, answers, which):
    """Pairwise F1, B-cubed F1, mean groups a story lies in, mean stories a group holds."""
    own = [i for i in range(len(articles.docs)) if articles.story[i] and which(i) and articles.docs[i]["id"] in answers]
    cell = collections.Counter((articles.story[i], answers[articles.docs[i]["id"]]) for i in own)
    true, found = collections.Counter(), collections.Counter()
    groups, stories = collections.Counter(), collections.Counter()
    for (t, f), n in cell.items():
        true[t] += n
        found[f] += n
        groups[t] += 1
        stories[f] += 1
    hit = sum(map(pairs, cell.values()))
    p, r = hit / max(1, sum(map(pairs, found.values()))), hit / max(1, sum(map(pairs, true.values())))
    bp = sum(n * n / found[f] for (t, f), n in cell.items()) / len(own)
    br = sum(n * n / true[t] for (t, f), n in cell.items()) / len(own)
    big, bigger = [t for t in true if true[t] > 1], [f for f in found if found[f] > 1]
    return dict(p=p, r=r, f1=2 * p * r / max(1e-9, p + r), b3=2 * bp * br / (bp + br), frag=sum(groups[t] for t in big) / max(1, len(big)),
                mix=sum(stories[f] for f in bigger) / max(1, len(bigger)))


def show(name, articles, runs):
    for kind in ("originals", "all"):
        got = [scores(articles, answers, lambda i: which(i) and (kind == "all" or i not in articles.original)) for answers, which in runs]
        print(f"{name:28} {kind:9} " + "  ".join(f"{key} {numpy.mean([g[key] for g in got]):.3f}" for key in got[0]), flush=True)


def found_candidates(articles, table):
    """Of the articles whose story was begun before, how many had it among their candidates, by the rows of a taught run."""
    best, seen, due = collections.defaultdict(float), {}, []
    for number, same in table[:, :2]:
        best[int(number)] = max(best[int(number)], same)
    for i, story in enumerate(articles.story):
        if story and i not in articles.original:
            if story in seen and articles.time[i] - seen[story] < 14 * 86400:
                due.append(best[i] > 0)
            seen[story] = articles.time[i]
    print(f"candidates hold the story of {numpy.mean(due):.4f} of {len(due)} articles")


def measure(trainer, articles, stem):
    work = trainer.work
    for threshold in (0, .25, .5, .75):
        answers, _ = trainer.dump(work / "open.jsonl", *trainer.models(stem), f"threshold={threshold}")
        show(f"folds, whole stream, {threshold}", articles, [(answers, lambda i: True)])
        # One large topic more or less mixed moves a single figure by hundredths.
        runs = [(trainer.dump(work / f"times{n}.jsonl", *trainer.models(stem), f"threshold={threshold}")[0], lambda i: True) for n in range(OTHER)]
        show(f"folds, other times, {threshold}", articles, runs)
    runs = []
    for k in range(FOLDS):
        answers, _ = trainer.dump(work / f"fold{k}.jsonl", *trainer.models(stem), f"threshold={THRESHOLD}")
        runs.append((answers, lambda i, k=k: articles.fold[i] == k))
    show(f"folds, apart, {THRESHOLD}", articles, runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("dump")
    parser.add_argument("common")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("work"))
    parser.add_argument("--streams", type=int, default=8)
    parser.add_argument("--plain", action="store_true", help="the further streams keep their headlines and texts")
    args = parser.parse_args()
    args.work.mkdir(exist_ok=True)
    articles, trainer = Articles(args.dir), Trainer(args)
    articles.write(args.work / "open.jsonl")
    for k in range(FOLDS):
        articles.write(args.work / f"fold{k}.jsonl", lambda i, k=k: articles.fold[i] == k)
    for n in range(OTHER):
        articles.write_other(args.work / f"times{n}.jsonl", 1000 + n, keep=1, changed=False)
    # Taught: every decision is the right one. Then along the stream's own decisions, right and wrong.
    _, table = trainer.dump(args.work / "open.jsonl", "teacher", rows=True)
    found_candidates(articles, table)
    tables = [table]
    trainer.fit_folds(table, "first", **FIRST)
    tables.append(trainer.dump(args.work / "open.jsonl", *trainer.models("first"), rows=True)[1])
    trainer.fit_folds(numpy.vstack(tables), "second", **FIRST)
    for seed in range(args.streams):
        articles.write_other(args.work / "other.jsonl", seed, changed=not args.plain)
        taught = ["teacher"] if seed % 2 == 0 else []
        tables.append(trainer.dump(args.work / "other.jsonl", *trainer.models("second"), *taught, rows=True)[1])
    rows = numpy.vstack(tables)
    trainer.fit_folds(rows, "final", **FINAL)
    measure(trainer, articles, "final")
    if args.out:
        trainer.fit(rows, args.out, **FINAL)
        answers, _ = trainer.dump(args.work / "open.jsonl", f"model={args.out}")
        show("trained on all of it", articles, [(answers, lambda i: True)])


if __name__ == "__main__":
    main()
