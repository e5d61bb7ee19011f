#!/usr/bin/python3
"""Duplicates and stories on the stream of articles: quality on what the models saw and under folds, speed and memory.

usage: stream.py [--articles N] [--no-folds]
    N: articles made for the memory of duplicates, for the cost of the last beside that of the first (default 3,000,000, which take some minutes)

The corpus, its generator and its scorer are bench/stream of the folder $WIREROOM_BENCH; where it is absent this says so and
ends with status 0.  "seen" is the stream that the weights were learned from, "draw 31" and "draw 32" have other copies of the
same articles.  The folds need python3-sklearn: each family of articles (copies, stories of one topic) is judged by weights
that never saw it.  Speed is CPU time in one process, beside a plain loop in Python that does the same kind of work."""
import argparse, importlib.util, json, os, pathlib, re, subprocess, sys, tempfile, time

from common import BENCH, BUILD, HERE, missed_any, target

CORPUS = BENCH / "stream"
WIREROOM = BUILD / "bin" / "wireroom"
STAGES = BUILD / "lib" / "wireroom" / "stages"
WINDOW = 72 * 3600


def draw(seed, folder):
    subprocess.run([sys.executable, CORPUS / "gen_neardup.py", "--base", CORPUS / "base" / "open.jsonl",
                    "--natural", CORPUS / "base" / "natural.json", "--undecided", CORPUS / "base" / "story_undecided.json",
                    "--seed", str(seed), "--out", folder, "--prefix", f"d{seed}"], check=True, stdout=subprocess.DEVNULL)
    return folder


def cut(folder, out, length=300):
    out.mkdir()
    with open(out / "documents.jsonl", "w") as file:
        for line in open(folder / "documents.jsonl"):
            article = json.loads(line)
            file.write(json.dumps(article | {"text": article["text"][:length]}) + "\n")
    (out / "truth.json").write_bytes((folder / "truth.json").read_bytes())
    return out


def score(folder, work):
    out = work / "score.json"
    subprocess.run([sys.executable, CORPUS / "score_stream.py", folder, "--json", out, "--", WIREROOM, "thread", "--batch",
                    "--stages", "neardup,story"], check=True, stdout=subprocess.DEVNULL)
    return json.loads(out.read_text())


def show_copies(name, s):
    target(f"{name}: pair F1", s["dup"]["f1"], least=.985)
    target(f"{name}: pair precision", s["dup"]["p"], least=.975)
    for kind, least in (("exact", 1.0), ("reprint", .99), ("update", .98), ("rewrite", .97)):
        target(f"{name}: recall of {kind}", s["recall_by_kind"].get(kind, [0])[0], least=least)
    target(f"{name}: recall of natural copies", s["recall_natural"][0], least=.97)
    target(f"{name}: pairs of a series joined", s["recurring_joined"][0], most=1)
    target(f"{name}: pairs of bots' reports joined", s["template_pairs_joined"][0], most=15)


def show_stories(name, s):
    s = s["stories_originals"]
    target(f"{name}: stories, pairwise F1", s["pairwise"]["f1"], least=.85)
    target(f"{name}: stories, B-cubed F1", s["bcubed"]["f1"], least=.90)
    target(f"{name}: groups a story lies in", s["fragmentation"], most=1.40)
    target(f"{name}: stories a group holds", s["mixing"], most=1.17)


def show_folds():
    if importlib.util.find_spec("sklearn") is None:
        print("folds: skipped, python3-sklearn is not installed")
        return
    out = subprocess.run([sys.executable, HERE / "stages/neardup/train/train.py", BUILD / "tests" / "neardup_features",
                          CORPUS / "open"], check=True, capture_output=True, text=True).stdout
    print(out, end="")
    target("folds: pair F1", float(re.search(r"whole, folds .* F1 ([\d.]+)", out)[1]), least=.985)
    target("folds: pair F1 of first 300 characters", float(re.search(r"first 300, folds .* F1 ([\d.]+)", out)[1]), least=.91)


def show_speed(work):
    def run(stages, rounds=3):
        out = subprocess.run([BUILD / "tests" / "bench_thread", CORPUS / "open" / "documents.jsonl", stages, str(rounds)], check=True,
                             capture_output=True, text=True, env=os.environ | {"WIREROOM_STAGES": str(STAGES)}).stdout
        return json.loads(out)

    loop = plain_loop(CORPUS / "open")
    print(f"a plain loop in Python: {loop:.0f} articles a CPU-second")
    for stages in ("neardup", "neardup,story"):
        got = run(stages)
        rate = got["articles"] / got["cpuSeconds"]
        target(f"{stages}: articles a CPU-second", rate, least=5000)
        target(f"{stages}: of the plain loop", rate / loop, least=7)


def show_growth(articles):
    def run(*args):
        return [json.loads(line) for line in subprocess.run([BUILD / "tests" / "neardup_speed", *map(str, args)], check=True,
                                                            capture_output=True, text=True).stdout.splitlines()]

    rows = run(articles)
    for row in rows:
        print(f"{row['articles']:>9} articles: {row['indexUs']:6.1f} us to compare and keep, slowest {row['slowestMs']:.2f} ms, "
              f"save {row['saveMs']:.2f} ms, {row['bytesPerArticle'] - row['mapped']:.0f} bytes each, and {row['mapped']:.0f} "
              "of a file")
    target("duplicates' memory: articles a CPU-second", 1e6 / rows[-1]["indexUs"], least=50000)
    target("cost of the last, of the first", rows[-1]["indexUs"] / rows[0]["indexUs"], most=1.3)
    target("bytes an article", rows[-1]["bytesPerArticle"], most=1200)
    month = articles // 2  # so many are kept, a tenth of them known by all their runs, and as many are forgotten
    last = run(articles, month, month * 86400 // 10 // 1000000)[-1]
    print(f"{month:>9} of them kept, three days of thirty as a whole: {last['indexUs']:.1f} us, "
          f"{last['bytesPerArticle'] - last['mapped']:.0f} bytes each, and {last['mapped']:.0f} of a file")
    target("longest pause of expiry, ms", max(last["slowestMs"], rows[-1]["slowestMs"]), most=5)
    target("longest pause of a save, ms", max(last["saveMs"], rows[-1]["saveMs"]), most=5)


def show_stories_growth(articles):
    """As told on, and as none is: then the tables that find them are all that grows."""
    for name, args in (("told on", (articles // 10,)), ("alone", (articles, articles, 36, "alone"))):
        rows = [json.loads(line) for line in subprocess.run([BUILD / "tests" / "story_speed", *map(str, args)], check=True,
                                                            capture_output=True, text=True).stdout.splitlines()]
        for row in rows:
            print(f"{row['articles']:>9} articles, {name}: {row['articleUs']:6.1f} us to find their story, slowest "
                  f"{row['slowestMs'][0]:.2f} ms, save {row['saveMs']:.2f} ms, {row['bytesPerArticle'] - row['mapped']:.0f} bytes each, "
                  f"and {row['mapped']:.0f} of a file")
        target(f"stories, {name}: longest pause, ms", max(rows[-1]["slowestMs"][0], rows[-1]["saveMs"]), most=5)
        target(f"stories, {name}: cost of the last, of the first", rows[-1]["articleUs"] / rows[0]["articleUs"], most=1.3)


def plain_loop(folder):
    """Articles a CPU-second of what one would write first: sampled runs of four words, and centroids of tf*idf."""
    articles = [json.loads(line) for line in open(folder / "documents.jsonl")]
    start = time.process_time()
    postings, kept, counts, stories, by_term = {}, [], {}, [], {}
    for article in articles:
        words = re.findall(r"\w+", (article["title"] + " " + article["text"]).lower())
        runs = {h for h in map(hash, zip(words, words[1:], words[2:], words[3:])) if h % 4 == 0}
        shared = {}
        for run in runs:
            for other in postings.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
        best = max(shared, key=shared.get, default=None)
        copy = best is not None and shared[best] >= .5 * min(len(runs), len(kept[best]))
        for run in runs:
            postings.setdefault(run, []).append(len(kept))
        kept.append(runs)
        for word in set(words):
            counts[word] = counts.get(word, 0) + 1
        if copy:
            continue
        terms = sorted(set(words), key=counts.get)[:60]
        near = {}
        for term in terms:
            for story in by_term.get(term, ()):
                near[story] = near.get(story, 0) + 1 / counts[term]
        story = max(near, key=near.get, default=None)
        if story is None or near[story] < 2:
            story = len(stories)
            stories.append(set())
        for term in terms:
            if term not in stories[story]:
                stories[story].add(term)
                by_term.setdefault(term, []).append(story)
    return len(articles) / (time.process_time() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=3000000)
    parser.add_argument("--no-folds", action="store_true")
    args = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"stream: skipped, there is no {CORPUS}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        seen = score(CORPUS / "open", work)
        show_copies("seen", seen)
        show_stories("seen", seen)
        for seed in (31, 32):
            got = score(draw(seed, work / str(seed)), work)
            show_copies(f"draw {seed}", got)
        short = score(cut(CORPUS / "open", work / "cut"), work)
        target("first 300 characters: pair F1", short["dup"]["f1"], least=.91)
        if not args.no_folds:
            show_folds()
        show_speed(work)
        show_growth(args.articles)
        show_stories_growth(args.articles // 3)
    return missed_any()


if __name__ == "__main__":
    sys.exit(main())
