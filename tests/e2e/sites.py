"""Invented sites whose pages have furniture in the text, where no name and no known phrase gives it away.

    site = sites.SITES[0]
    page = site.page(7)  # .html, .title, .own (paragraphs of the article), .furniture (lines of the site)

Sentences are put together from words of four languages, so that no two articles have a paragraph in common but where a site says so."""
import collections, html, json, pathlib, random

Page = collections.namedtuple("Page", "html title own furniture")

TEXTS = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text())
WORDS, LINES = TEXTS["words"], TEXTS["lines"]


def prose(language, seed, sentences=3):
    """A paragraph of which there is no second."""
    words, chance = WORDS[language], random.Random(f"{language} {seed}")
    parts = [words[name] for name in ("who", "did", "what", "how")]
    return words["between"].join(words["order"].format(*map(chance.choice, parts)) for _ in range(sentences)) + words["end"]


class Site:
    """host: of its addresses; build(site, number, own) gives the body and the lines of furniture in it."""

    def __init__(self, host, language, build):
        self.host, self.language, self.build = host, language, build

    def own(self, number, paragraphs=None):
        return [prose(self.language, f"{self.host} {number} {n}") for n in range(paragraphs or 5 + number * 7 % 4)]

    def page(self, number):
        own = self.own(number)
        title = prose(self.language, f"{self.host} title {number}", 1).rstrip(".。")
        body, furniture = self.build(self, number, own)
        page = (f'<!DOCTYPE html><html lang="{self.language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
                f"<div class=w1><h1>{title}</h1>{body}</div></body></html>")
        return Page(page, title, own, furniture)

    def pages(self, count=12):
        return [self.page(number) for number in range(count)]


def p(lines, start="<p>", end="</p>"):
    return "".join(f"{start}{html.escape(line)}{end}" for line in lines)


def at(number, own):
    """Somewhere in the middle, elsewhere in each article."""
    return 1 + number * 5 % (len(own) - 2)


# Layouts ---------------------------------------------------------------------------------------------------------------

def tail(site, number, own):
    """Paragraphs like the article's own at its end."""
    lines = LINES["tail"]
    return f"<div class=w2>{p(own + lines)}</div>", lines


def head(site, number, own):
    """And at its beginning."""
    lines = LINES["head"]
    return f"<div class=w2>{p(lines + own)}</div>", lines


def box(site, number, own):
    """A box between two paragraphs, elsewhere in each article."""
    lines = LINES["box"]
    k = at(number, own)
    return f"<div class=w2>{p(own[:k])}<div class=q7><h3>{lines[0]}</h3><p>{lines[1]}</p></div>{p(own[k:])}</div>", lines


def loose(site, number, own):
    """A paragraph as the others, anywhere among them: known after half a dozen articles."""
    lines = LINES["loose"]
    k = at(number, own)
    return f"<div class=w2>{p(own[:k] + lines + own[k:])}</div>", lines


def broken(site, number, own):
    """No paragraphs, line breaks."""
    lines = LINES["broken"]
    return f"<div class=w2>{'<br><br>'.join(own + lines)}</div>", lines


def nested(site, number, own):
    """Each paragraph in boxes of its own, a list at the end."""
    lines = LINES["nested"]
    items = p(lines[1:], "<li>", "</li>")
    return f"<div class=w2>{p(own, '<div class=r><div class=t><p>', '</p></div></div>')}<div class=r><div class=u><h4>{lines[0]}</h4><ul>{items}</ul></div></div></div>", lines


def mixed(site, number, own):
    """At the end a line that is another each time stands among those that are not."""
    lines = LINES["mixed"]
    return f"<div class=w2>{p(own)}<p>{lines[0]}</p><p>{LINES['number'][0]} {number + 311}</p><p>{lines[1]}</p></div>", lines


def section(site, number, own):
    """Only the articles of one section of two have it, under a class of its own."""
    lines = LINES["section"] if number % 2 == 0 else []
    return f"<div class=w2>{p(own)}{p(lines, '<p class=z3>')}</div>", lines


SITES = [Site("scheune.example", "de", tail), Site("kitchens.example", "en", head), Site("domingo.example", "es", box),
         Site("ashi.example", "ja", loose), Site("island.example", "en", broken), Site("blatt.example", "de", nested),
         Site("hoja.example", "es", mixed), Site("suisan.example", "ja", section)]


# What is an article's own, however often it stands there ----------------------------------------------------------------

def series(site, number, own):
    """An introduction that a third of the articles have."""
    if number % 3 == 0:
        own.insert(0, LINES["series"][0])
    return f"<div class=w2>{p(own)}</div>", []


def opening(site, number, own):
    """And one under a class of its own."""
    if number % 3 == 0:
        own.insert(0, LINES["opening"][0])
        return f"<div class=w2><p class=k9>{own[0]}</p>{p(own[1:])}</div>", []
    return f"<div class=w2>{p(own)}</div>", []


def background(site, number, own):
    """A paragraph of background in the middle of every second article."""
    if number % 2 == 0:
        own.insert(at(number, own), LINES["background"][0])
    return f"<div class=w2>{p(own)}</div>", []


def afterword(site, number, own):
    """And one that ends half of them."""
    if number % 2 == 0:
        own.append(LINES["afterword"][0])
    return f"<div class=w2>{p(own)}</div>", []


def recipe(site, number, own):
    """Headings and parts of lists that all recipes share."""
    needed, how, counted, *parts = LINES["recipe"]
    parts.insert(2, counted.format(number + 2))
    shown = f"<div class=w2>{p(own[:2])}<h2>{needed}</h2><ul>{p(parts, '<li>', '</li>')}</ul><h2>{how}</h2>{p(own[2:])}</div>"
    own[2:2] = [needed, *parts, how]
    return shown, []


def copies(site, number, own):
    """Four times the same article under other addresses."""
    own[:] = site.own(number - number % 4, 5)
    return f"<div class=w2>{p(own)}</div>", []


OWN = [Site("letters.example", "en", series), Site("tayori.example", "ja", opening), Site("fluss.example", "de", background), Site("mole.example", "en", afterword),
       Site("cocina.example", "es", recipe),
       Site("utsushi.example", "ja", copies)]
