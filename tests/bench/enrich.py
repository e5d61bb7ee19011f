#!/usr/bin/python3
"""The stages that read names, quotations, keywords, dates and leads out of texts: precision and recall on labelled sentences, and speed.

usage: enrich.py [--part dev|kept|all] [--only STAGE] [--errors]
    --part: the two thirds that were looked at while the stages were made, or the third that was kept back (default: both, each by itself)
    --only: one stage's figures, and no speed
    --errors: list what is wrong
    --places: a list of towns for the names stage; by default one that names-places makes, where libgeonames-common is installed

The sentences are stages/*/tests/data, our own, in a dozen languages. Speed is CPU time of one process
for an article of 400 words, made of the same sentences."""
import argparse, collections, json, os, pathlib, subprocess, sys, tempfile

from common import BUILD, HERE, missed_any, target

PROGRAM = BUILD / "tests" / "bench_enrich"
STAGES = BUILD / "lib" / "wireroom" / "stages"
KINDS = {"p": "person", "o": "organisation", "l": "place", "x": "other"}
UNCASED = ("ar", "he", "hi", "ja", "ko", "th", "zh")
WORDS = 400
RUNS = 5


def read(name):
    """Language, text, label of each sentence; every third one is kept back."""
    lines = (HERE / "stages" / name / "tests" / "data" / f"{name}.tsv").read_text("utf8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(*row, "kept" if i % 3 == 2 else "dev") for i, row in enumerate(rows)]


def run(stages, articles, places=None):
    lines = "".join(json.dumps(a) + "\n" for a in articles)
    done = subprocess.run([PROGRAM, STAGES, stages, *(["--speed", "0", places] if places else [])], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Score:
    def __init__(self):
        self.right = self.wrong = self.missing = 0

    def precision(self):
        return self.right / max(self.right + self.wrong, 1)

    def recall(self):
        return self.right / max(self.right + self.missing, 1)

    def f1(self):
        return 2 * self.right / max(2 * self.right + self.wrong + self.missing, 1)

    def __str__(self):
        return f"precision {self.precision():.3f}  recall {self.recall():.3f}  F1 {self.f1():.3f}  of {self.right + self.missing}"


def add(score, wanted, got):
    score.right += len(wanted & got)
    score.wrong += len(got - wanted)
    score.missing += len(wanted - got)


def names_of(label):
    """"p:Ana Lund l:Bergen": a kind begins each."""
    found, words = [], label.split()
    for word in words:
        if word[1:2] == ":" and word[0] in KINDS:
            found.append([KINDS[word[0]], word[2:]])
        else:
            found[-1][1] += " " + word
    return {(name, kind) for kind, name in found}


def read_places():
    """Of the names stage: its own list lies in another file."""
    lines = (HERE / "stages" / "names" / "tests" / "data" / "places.tsv").read_text("utf8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(*row, "kept" if i % 3 == 2 else "dev") for i, row in enumerate(rows)]


def score_places(part, errors, places):
    """Places alone, without and with a list of towns."""
    for name, rows in (("names", read("names")), ("places", read_places())):
        rows = [r for r in rows if r[3] == part]
        for label, file in (("without a list", None), ("with a list of towns", places)):
            if label != "without a list" and file is None:
                print(f"   places of {name}.tsv with a list of towns: skipped, there is none")
                continue
            answers, score, names = run("names", [{"text": text, "language": lang} for lang, text, _, _ in rows], file), Score(), Score()
            for (lang, text, wanted, _), answer in zip(rows, answers):
                wanted, got = names_of(wanted), {(e["name"], e["type"]) for e in answer.get("entities", [])}
                add(score, {n for n in wanted if n[1] == "place"}, {n for n in got if n[1] == "place"})
                add(names, {n for n, _ in wanted}, {n for n, _ in got})
                if errors and file and wanted != got:
                    print(f"  {lang} {text}\n     + {sorted(got - wanted)}\n     - {sorted(wanted - got)}")
            print(f"   places of {name}.tsv {label}, {part}: {score}; all names F1 {names.f1():.3f}")
            if file is not None:
                target(f"names F1 of {name}.tsv with a list of towns, {part}", names.f1(), least=.85)


def list_of_towns(folder):
    made = subprocess.run([sys.executable, HERE / "stages" / "names" / "gazetteer" / "names-places"], capture_output=True, check=False)
    if made.returncode != 0:
        return None
    path = pathlib.Path(folder) / "places.list"
    path.write_bytes(made.stdout)
    return path


def score_names(part, errors):
    rows = [r for r in read("names") if r[3] == part]
    answers = run("names", [{"text": text, "language": lang} for lang, text, _, _ in rows])
    total, kinds, uncased, by_lang = Score(), Score(), Score(), collections.defaultdict(Score)
    for (lang, text, label, _), answer in zip(rows, answers):
        wanted = names_of(label)
        got = {(e["name"], e["type"]) for e in answer.get("entities", [])}
        only = {n for n, _ in wanted}, {n for n, _ in got}
        add(total, *only)
        add(kinds, wanted, got)
        add(by_lang[lang], *only)
        if lang in UNCASED:
            add(uncased, *only)
        if errors and wanted != got:
            print(f"  {lang} {text}\n     + {sorted(got - wanted)}\n     - {sorted(wanted - got)}")
    print(f"names, {part}: {total}; with the right kind F1 {kinds.f1():.3f}")
    print("   " + "  ".join(f"{lang} {s.f1():.2f}" for lang, s in by_lang.items()))
    target(f"names F1, {part}", total.f1(), least=.9)
    print(f"   in scripts without capitals: {uncased}")
    target(f"names F1 without capitals, {part}", uncased.f1(), least=.9)


def quotes_of(label):
    """"Ana Lund=It is Per Holm=We do": a speaker's words go up to "=", and the words behind it up to the next speaker."""
    found = []
    for piece in label.split("=")[1:]:
        found.append(piece)
    speakers = label.split("=")
    quotes, speaker = [], speakers[0]
    for i, piece in enumerate(found):
        if i + 1 == len(found):
            quotes.append((speaker, piece))
            break
        for cut in range(len(piece)):
            if piece[cut] == " " and piece[cut + 1:] in (speaker, "?"):
                quotes.append((speaker, piece[:cut]))
                speaker = piece[cut + 1:]
                break
    return quotes


def score_quotes(part, errors):
    rows = [r for r in read("quotes") if r[3] == part]
    answers = run("names,quotes", [{"text": text, "language": lang} for lang, text, _, _ in rows])
    found, said = Score(), Score()
    by_lang = collections.defaultdict(Score)
    for (lang, text, label, _), answer in zip(rows, answers):
        wanted = quotes_of(label)
        got = [(q.get("speaker", "?"), q["text"]) for q in answer.get("quotes", [])]
        right = {(s, t) for s, t in wanted if any(g.startswith(t) for _, g in got)}
        found.right += len(right)
        found.missing += len(wanted) - len(right)
        found.wrong += sum(not any(g.startswith(t) for _, t in wanted) for _, g in got)
        named = [(s, g) for s, g in got if s != "?"]
        true = sum(any(s == ws and g.startswith(t) for ws, t in wanted) for s, g in named)
        for score in (said, by_lang[lang]):
            score.right += true
            score.wrong += len(named) - true
            score.missing += sum(s != "?" for s, _ in wanted) - true
        if errors and (true != len(named) or len(right) != len(wanted) or true < sum(s != "?" for s, _ in wanted)):
            print(f"  {lang} {text}\n     is {got}\n     wanted {wanted}")
    print(f"quotations, {part}: {found}\n   with their speaker: {said}")
    print("   " + "  ".join(f"{lang} {s.precision():.2f}/{s.recall():.2f}" for lang, s in by_lang.items()))
    target(f"right speakers among those told, {part}", said.precision(), least=.9)


PUBLISHED = "2026-03-14T09:25:00Z"


def tell(score, name, part, by_lang, least=.9):
    print(f"{name}, {part}: {score}")
    print("   " + "  ".join(f"{lang} {s.precision():.2f}/{s.recall():.2f}" for lang, s in by_lang.items()))
    target(f"{name} F1, {part}", score.f1(), least=least)


def score_dates(part, errors):
    rows = [r for r in read("dates") if r[3] == part]
    answers = run("dates", [{"text": text, "language": lang, "published": PUBLISHED} for lang, text, _, _ in rows])
    total, by_lang = Score(), collections.defaultdict(Score)
    for (lang, text, label, _), answer in zip(rows, answers):
        wanted, got = set(label.split()), {d["date"] for d in answer.get("dates", [])}
        for score in (total, by_lang[lang]):
            add(score, wanted, got)
        if errors and wanted != got:
            print(f"  {lang} {text}\n     + {sorted(got - wanted)}\n     - {sorted(wanted - got)}")
    tell(total, "dates", part, by_lang)


def score_lead(part, errors):
    """The label is where in the text it stands: "[[" and "]]" around it."""
    rows = [(lang, label.replace(r"\n", "\n"), kept) for lang, label, kept in read("lead") if kept == part]
    texts = [label.replace("[[", "").replace("]]", "") for _, label, _ in rows]
    answers = run("origin,lead", [{"text": text, "language": lang} for (lang, _, _), text in zip(rows, texts)])
    total, by_lang = Score(), collections.defaultdict(Score)
    for (lang, label, _), answer in zip(rows, answers):
        wanted = {label.split("[[")[1].split("]]")[0]} if "[[" in label else set()
        got = {answer["lead"]} if "lead" in answer else set()
        for score in (total, by_lang[lang]):
            add(score, wanted, got)
        if errors and wanted != got:
            print(f"  {lang} {label!r}\n     is {got}")
    tell(total, "lead", part, by_lang)


def score_keywords(part, errors):
    """What is told first, as much as is wanted; a word's other form counts as the word."""
    rows = [r for r in read("keywords") if r[-1] == part]
    answers = run("keywords", [{"headline": title, "text": text, "language": lang} for lang, title, text, _, _ in rows])
    total, by_lang = Score(), collections.defaultdict(Score)
    for (lang, title, text, label, _), answer in zip(rows, answers):
        wanted = label.split(";")
        got = [k["term"] for k in answer.get("keywords", [])][:len(wanted)]
        right = {w for w in wanted if any(is_form(g, w) for g in got)}
        wrong = [g for g in got if not any(is_form(g, w) for w in wanted)]
        for score in (total, by_lang[lang]):
            score.right += len(right)
            score.wrong += len(wrong)
            score.missing += len(wanted) - len(right)
        if errors and (wrong or len(right) < len(wanted)):
            print(f"  {lang} {title}\n     is {got}\n     + {wrong}\n     - {sorted(set(wanted) - right)}")
    tell(total, "keywords", part, by_lang, least=.8)  # which four words an article is about, two readers tell differently


def is_form(a, b):
    """"bridges" of "bridge": word by word alike but for an ending of up to three letters."""
    a, b = a.lower().split(), b.lower().split()
    return len(a) == len(b) and all(x == y or (len(os.path.commonprefix([x, y])) >= max(4, max(len(x), len(y)) - 3)) for x, y in zip(a, b))


def articles():
    """One of 400 words in each language."""
    texts = collections.defaultdict(list)
    for name in ("names", "quotes"):
        for lang, text, _, _ in read(name):
            texts[lang].append(text)
    for lang, sentences in texts.items():
        words, text, i = 0, [], 0
        while words < WORDS and lang not in ("ja", "th", "zh"):
            text.append(sentences[i % len(sentences)])
            words += len(text[-1].split())
            i += 1
        if text:
            yield {"language": lang, "headline": text[0], "text": "\n".join(text), "published": PUBLISHED}


def one_run(chain, lines, places=None):
    out = subprocess.run([PROGRAM, STAGES, chain, "--speed", "100", *([places] if places else [])], input=lines, capture_output=True, text=True, check=True).stdout
    return float(out.rsplit(":", 1)[1].split()[0])


def show_speed(stages, places):
    lines = "".join(json.dumps(a) + "\n" for a in articles())
    for chain in (*stages, ",".join(stages)):
        total = min(one_run(chain, lines) for _ in range(RUNS))  # what else runs on the machine only adds to it
        print(f"   {chain}: {total:.1f} us an article")
    if places:
        print(f"   names with a list of towns: {min(one_run('names', lines, places) for _ in range(RUNS)):.1f} us an article")
    target("all stages, an article of 400 words", total / 1000, most=.2, unit=" ms")


SCORES = {"names": score_names, "quotes": score_quotes, "keywords": score_keywords, "lead": score_lead, "dates": score_dates}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("dev", "kept", "all"), default="all")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--only", choices=SCORES)
    parser.add_argument("--places", type=pathlib.Path)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return show(a, a.places or list_of_towns(folder))


def show(a, places):
    for part in ("dev", "kept"):
        if a.part in (part, "all"):
            for name, score in SCORES.items():
                if a.only in (None, name) and (STAGES / f"{name}.so").exists():
                    score(part, a.errors)
            if a.only in (None, "names"):
                score_places(part, a.errors, places)
    if a.only is not None:
        return missed_any()
    show_speed([name for name in ("origin", "lead", "names", "quotes", "keywords", "dates") if (STAGES / f"{name}.so").exists()], places)
    return missed_any()


if __name__ == "__main__":
    sys.exit(main())
