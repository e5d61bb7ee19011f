#!/usr/bin/python3
"""Write town_words.def: words of a language, as its dictionary has them in small letters, that are towns' names, too.

usage: gazetteer/town_words.py ROOT >town_words.def

ROOT is a folder into which Debian's libgeonames-common, wamerican, wngerman, wfrench, wspanish, witalian, wdutch, wpolish,
wportuguese, wswedish, hunspell-ru and hunspell-tr were unpacked (dpkg-deb -x)."""
import collections, gettext, pathlib, sys

DICTIONARIES = {"de": "dict/ngerman", "en": "dict/american-english", "es": "dict/spanish", "fr": "dict/french", "it": "dict/italian",
                "nl": "dict/dutch", "pl": "dict/polish", "pt": "dict/portuguese", "ru": "hunspell/ru_RU.dic", "sv": "dict/swedish",
                "tr": "hunspell/tr_TR.dic"}
WIDE = 110


def towns(share):
    """Single words, as the languages of the dictionaries write them."""
    for language in DICTIONARIES:
        with open(share / "locale" / language / "LC_MESSAGES" / "geonames.mo", "rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog
        yield from (name for key, name in catalog.items() if str(key).isdigit() and name.isalpha())


def words(path):
    data = path.read_bytes()
    for encoding in ("utf-8", "koi8-r" if "ru_" in path.name else "latin-1"):
        try:
            return {word.split("/")[0] for word in data.decode(encoding).split()}
        except UnicodeDecodeError:
            continue


def main():
    share = pathlib.Path(sys.argv[1]) / "usr" / "share"
    names = {name.lower() for name in towns(share)}
    print("/* Written by gazetteer/town_words.py: words of each language that are towns' names, too. */")
    for language, dictionary in DICTIONARIES.items():
        lines = [""]
        for word in sorted(names & words(share / dictionary)):
            if len((lines[-1] + word).encode()) > WIDE:
                lines.append("")
            lines[-1] += word + " "
        print(f'TOWN_WORDS("{language}", ' + "\n    ".join(f'"{line}"' for line in lines) + ")")


if __name__ == "__main__":
    main()
