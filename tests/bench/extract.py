#!/usr/bin/python3
"""The extract stage on the page corpus: quality beside its targets, whether its confidence is worth its name and its html says
what its text says, speed and memory.

usage: extract.py [--pages DIR] [--folds N]
    DIR: where to unpack the pages (kept; default: a temporary folder)
    N: show each measure for N parts of the corpus, too, no host being in two of them: how far a figure depends on its sites,
       with targets of their own for text, invented authors and confidence

The corpus and its scorer are bench/extract of the folder $WIREROOM_BENCH; where it is absent this says so and ends with status 0.
Speed is that of one process without workers, in its own CPU time, beside the bare parse of the same bytes by the same parser."""
import argparse, importlib.util, json, pathlib, re, subprocess, sys, tempfile, urllib.parse, zlib

from common import BENCH, BUILD, missed_any, target

CORPUS = BENCH / "extract"
PROGRAM = BUILD / "tests" / "bench_extract"
BAD = 0.9  # a text whose F1 is below this is a bad result

# measure, source, group, key, target, best peer; a target below 0 is one that must not be exceeded
TARGETS = [
    ("text F1", "scrapinghub", "text", "f1", .975, .970),
    ("text F1", "fundus", "text", "f1", .975, .960),
    ("segment F1", "trafilatura", "segments", "f1", .935, .925),
    ("authors F1", "fundus", "authors", "f1", .92, .84),
    ("authors F1", "trafilatura", "authors", "f1", .75, .62),
    ("authors F1", "postlight", "authors", "f1", .85, .78),
    ("author invented", "ALL", "authors", "false", -.20, .34),
    ("date right", "fundus", "date", "acc", .99, .97),
    ("date right", "trafilatura", "date", "acc", .91, .87),
    ("date right", "htmldate", "date", "acc", .94, .90),
    ("date right, any zone", "postlight", "date", "near", .94, .91),
    ("title exact", "fundus", "title", "exact", .85, .81),
    ("title exact", "trafilatura", "title", "exact", .76, .72),
    ("title exact", "postlight", "title", "exact", .85, .75),
    ("language", "ALL", "lang", "acc", .99, .98),
    ("canonical", "ALL", "canonical", "acc", .98, .97),
    ("lead image", "ALL", "image", "acc", .97, .96),
]


def show_quality(scores):
    missed = 0
    print(f"{'measure':22} {'pages of':12} {'is':>6} {'target':>7} {'best peer':>10}")
    for name, source, group, key, wanted, peer in TARGETS:
        value = scores.get(source, {}).get(group, {}).get(key)
        if value is None:
            print(f"{name:22} {source:12} {'-':>6}")
            continue
        met = round(value, 3) <= -wanted if wanted < 0 else round(value, 3) >= wanted
        missed += not met
        print(f"{name:22} {source:12} {value:6.3f} {'<' if wanted < 0 else ' '}{abs(wanted):6.3f} {peer:10.3f}  {'' if met else 'missed'}")
    target("targets met", len(TARGETS) - missed, least=len(TARGETS))


def fold_of(page, count):
    host = urllib.parse.urlsplit(page.get("url") or "").hostname or ""
    return zlib.crc32((host.removeprefix("www.") if "." in host else page["id"]).encode()) % count


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# measure, source: what it has to be over the parts, and how far the worst part may be behind the whole
FOLD_TARGETS = {("text F1", "scrapinghub"): (.972, .03), ("text F1", "fundus"): (.972, .03), ("author invented", "ALL"): (-.22, .10)}


def show_folds(scores, answers, count):
    """The same measures of parts of the corpus that share no host: nothing is trained on a host, so what parts differ by is
    how far the rules depend on sites."""
    scorer = load("score_extract", CORPUS / "score_extract.py")
    truth = [json.loads(line) for line in open(CORPUS / "truth.jsonl", encoding="utf8")]
    print(f"by host, in {count} parts:")
    for name, source, group, key, _, _ in TARGETS:
        parts = [[] for _ in range(count)]
        for page in truth:
            if source in ("ALL", page["source"]):
                parts[fold_of(page, count)].append((page, answers.get(page["id"], {})))
        values = [scorer.score(rows, 0).get(group, {}).get(key) if rows else None for rows in parts]
        known = [v for v in values if v is not None]
        print(f"{name:22} {source:12} " + " ".join("     -" if v is None else f"{v:6.3f}" for v in values) +
              (f"   mean {sum(known) / len(known):.3f}" if known else ""))
        if known and (name, source) in FOLD_TARGETS:
            wanted, behind = FOLD_TARGETS[name, source]
            mean, whole = sum(known) / len(known), scores[source][group][key]
            target(f"{name} {source} over the parts", round(mean, 3), **({"most": -wanted} if wanted < 0 else {"least": wanted}))
            target("behind the whole at worst", round(max(known) - whole if wanted < 0 else whole - min(known), 3), most=behind)
    confidence_of_folds(scores, answers, truth, count)


def confidence_of_folds(scores, answers, truth, count):
    """The limit of confidence that marks a tenth of all other parts, put to each part."""
    part_of = {page["id"]: fold_of(page, count) for page in truth}
    pages = [(part_of[page], confidence, is_bad) for page, confidence, is_bad in rated(scores, answers)]
    marked = []
    for part in range(count):
        others = sorted(confidence for at, confidence, _ in pages if at != part)
        limit = others[len(others) // 10] if others else 0
        marked += [is_bad for at, confidence, is_bad in pages if at == part and confidence < limit]
    bad = sum(is_bad for _, _, is_bad in pages)
    print(f"confidence: limits of the other parts mark {len(marked)} of {len(pages)} texts, {sum(marked)} of the {bad} bad ones")
    target("bad ones below the others' limit", 100 * sum(marked) / max(bad, 1), least=60, unit=" %")


def f1(true, extra, missing):
    return 2 * true / (2 * true + extra + missing) if true else 0.0


def rated(scores, answers):
    """Page, confidence and whether its text is bad, of each page with a true text."""
    return [(page, float(answers[page].get("confidence") or 0), f1(*row) < BAD)
            for source, s in scores.items() if source != "ALL"
            for page, row in s.get("text", {}).get("per_page", {}).items() if page in answers]


def show_confidence(scores, answers):
    """How many of the bad results the lowest tenth by confidence holds."""
    pages = sorted((confidence, is_bad) for _, confidence, is_bad in rated(scores, answers))
    bad = sum(is_bad for _, is_bad in pages)
    tenth = sum(is_bad for _, is_bad in pages[:len(pages) // 10])
    print(f"confidence: the lowest tenth of {len(pages)} texts holds {tenth} of the {bad} bad ones (F1 below {BAD}), 10 % by chance")
    target("bad ones in the lowest tenth", 100 * tenth / max(bad, 1), least=50, unit=" %")


def show_same(folder):
    out = subprocess.run([PROGRAM, "--same", folder], capture_output=True, text=True, errors="replace", check=True).stdout
    print(out, end="")
    target("pages whose html and text differ", int(re.search(r"differ on (\d+) of", out).group(1)), most=0)


def show_speed(folder):
    out = subprocess.run([PROGRAM, "--speed", folder], capture_output=True, text=True, check=True).stdout
    print(out, end="")
    rates = [int(n) for n in re.findall(r"(\d+) pages/CPU-s", out)]
    worst = float(re.search(r"max +([\d.]+) ms", out).group(1))
    least = 330 if "libxml2" in out else 1000
    target("pages a CPU-second", rates[0], least=least)
    target("against a bare parse", rates[1] / rates[0], most=2, unit="x")
    target("worst page", worst, most=50, unit=" ms")
    print(subprocess.run([PROGRAM, "--memory", folder], capture_output=True, text=True, check=True).stdout, end="")


def measure(folder, folds):
    with tempfile.TemporaryDirectory() as work:
        scores, answers = pathlib.Path(work) / "scores.json", pathlib.Path(work) / "answers.jsonl"
        done = subprocess.run([sys.executable, CORPUS / "score_extract.py", "--work", folder, "--json", scores, "--save", answers,
                               "--bootstrap", "20", "--", PROGRAM, "--batch"], capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stdout + done.stderr)
            return 1
        scores = json.loads(scores.read_text())["scores"]
        answers = {a["id"]: a for a in map(json.loads, answers.read_text().strip().split("\n"))}
    show_quality(scores)
    if folds > 1:
        show_folds(scores, answers, folds)
    show_confidence(scores, answers)
    show_same(folder)
    show_speed(folder)
    return missed_any()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages")
    parser.add_argument("--folds", type=int, default=0)
    a = parser.parse_args()
    if not (CORPUS / "score_extract.py").exists():
        print(f"no page corpus in {CORPUS}: nothing measured")
        return 0
    if a.pages:
        return measure(a.pages, a.folds)
    with tempfile.TemporaryDirectory() as folder:
        return measure(folder, a.folds)


if __name__ == "__main__":
    sys.exit(main())
