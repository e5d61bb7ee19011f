#!/usr/bin/python3
"""Write places.def, or places_uncased.def, from Debian's iso-codes: countries in some languages, and the states and provinces of
some countries.

usage: gazetteer/make.py >places.def
       gazetteer/make.py --uncased >places_uncased.def

iso-codes 4.15 and its translations were used. Names that are also common words or given names in some language are left out: they
would make names of these."""
import gettext, json, re, sys

LANGUAGES = "cs da de el es fi fr hr hu id it nb nl pl pt ro ru sk sl sv tr uk bg".split()
UNCASED = "ar fa he hi ja ko th zh_CN zh_TW".split()
PARTS_OF = "AR AT AU BE BR CA CH CN DE ES FR GB IN IT JP MX NL PL US ZA".split()
AMBIGUOUS = """Central Western Eastern Northern Southern North South East West Capital Federal Ain Aube Cher Eure Gers Jura Lot Nord
Orne Tarn Var Est Sud Ouest Centre Loire Union Rio Sal Male Kent Bath Reading Ards Acre Para Pará Maria Martin Marta Francisco Washington
Santa San Man Jersey Sark Chad Jordan Georgia Virginia Dolores Victoria Salvador Moray Down Fife Angus Derry City Bury Poole Torres Luzern
Bern Zug Jon Come Bari Lodi Asti Como Prato Terni Rieti Alba Nuevo Baden Hidalgo Guerrero Morelos Durango Colima Negro Cruz Rosa Nova
Valle Capri Lecco Rovigo Varese Salt Peace Po Of The""".split()
KEPT = "Georgia Jordan Chad Virginia Victoria Washington Jersey Bern Luzern Bari Kent Bath Fife Loire Reading Salvador".split()


def plain(name):
    """The name people write: "Bolivia, Plurinational State of" is Bolivia, "Bihār" Bihar."""
    name = re.sub(r"\s*[\[(].*?[\])]", "", name).split(",")[0].strip(" *")
    return name


def uncased():
    """In scripts without capitals; also parts of countries, where their names are translated."""
    for code, key, fields in (("iso_3166-1", "3166-1", ("name", "common_name")), ("iso_3166-2", "3166-2", ("name",))):
        entries = json.load(open(f"/usr/share/iso-codes/json/{code}.json", encoding="utf8"))[key]
        for language in UNCASED:
            translate = gettext.translation(code, "/usr/share/locale", [language], fallback=True).gettext
            for e in entries:
                if key == "3166-2" and e["code"][:2] not in ("CN", "JP", "KR", "IN", "TH", "US", "SA", "EG", "IL"):
                    continue
                yield from (plain(translate(e[f])) for f in fields if f in e and not translate(e[f]).isascii())


def is_uncased(name):
    return 2 <= len(name) <= 24 and name.count(" ") <= 3 and name.lower() == name.upper() and ";" not in name


def countries():
    entries = json.load(open("/usr/share/iso-codes/json/iso_3166-1.json", encoding="utf8"))["3166-1"]
    texts = [e.get(key) for e in entries for key in ("name", "common_name") if e.get(key)]
    for text in texts:
        yield plain(text)
    for language in LANGUAGES:
        translate = gettext.translation("iso_3166-1", "/usr/share/locale", [language]).gettext
        for text in texts:
            yield plain(translate(text))


def parts():
    entries = json.load(open("/usr/share/iso-codes/json/iso_3166-2.json", encoding="utf8"))["3166-2"]
    for e in entries:
        if e["code"][:2] in PARTS_OF:
            name = re.sub(r" (Sheng|Shi|City|Zizhiqu|Ken)$", "", plain(e["name"]))
            yield name
            yield name.translate(str.maketrans("āīūē", "aiue"))


def main():
    if sys.argv[1:] == ["--uncased"]:
        print("/* Written by gazetteer/make.py --uncased from iso-codes: countries and parts of countries. */")
        for line in chunks(sorted({n for n in uncased() if is_uncased(n)})):
            print(f'PLACES("{line}")')
        return
    names = {n for n in [*countries(), *parts()]
             if 2 < len(n) <= 32 and n[0].isupper() and (n in KEPT or n not in AMBIGUOUS) and '"' not in n and ";" not in n}
    print("/* Written by gazetteer/make.py from iso-codes: countries and parts of countries. */")
    for line in chunks(sorted(names)):
        print(f'PLACES("{line}")')


def chunks(names):
    line = ""
    for name in names:
        if len(line.encode()) + len(name.encode()) > 88 and line:
            yield line
            line = ""
        line += (";" if line else "") + name
    yield line


if __name__ == "__main__":
    main()
