/* demo_text.c - how templates become sentences. */
#include "cli/demo_text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const places[] = {"Port Ellary", "Marrowby", "Tarn Helling", "Kesselport",
    "Oxhaven", "Brannoch", "Saltreath", "Little Corvey", "Dunmarrow", "Eskmouth", "Hallowick",
    "Penmarten"};
static const char *const regions[] = {"Vesterland", "Upper Marl", "Cairnshire", "the Tarn Valley",
    "West Orrin", "the Heugh", "Lower Quell"};
static const char *const waters[] = {
    "the Sound of Brae", "Ellary Bay", "the Marrow estuary", "Corvey Reach", "the Esk Narrows"};
static const char *const firms[] = {"Aldgrave Partners", "the Orrin Institute", "Northmarl Works",
    "Quell & Daughters", "the Heugh Trust", "Brae Engineering", "Tidewell"};
static const char *const women[] = {
    "Ines", "Maud", "Sorcha", "Petra", "Oona", "Thea", "Wanda", "Elspeth", "Noor"};
static const char *const men[] = {
    "Aurel", "Tobias", "Fergus", "Imre", "Colm", "Anders", "Kofi", "Lorcan", "Silas"};
static const char *const surnames[] = {"Harrowgate", "Vale", "Okonjo", "Lindqvist", "Marsh",
    "Petrescu", "Brandreth", "Tulloch", "Achterberg", "Sorley", "Quist", "Dunmore", "Ferrant",
    "Wetherall", "Iqbal"};

static const char *const german_places[] = {
    "Altensiel", "Norderhörn", "Wiekum", "Grotendiek", "Süderwarf", "Hammrich"};
static const char *const german_regions[] = {"Osterharde", "Wiedinggau", "Norderland"};
static const char *const german_waters[] = {"die Wiek", "die Alte Harle"};
static const char *const german_firms[] = {
    "dem Küsteninstitut Wiekum", "der Ingenieurgruppe Harle", "dem Deichbauamt"};
static const char *const german_women[] = {"Antje", "Wiebke", "Frauke", "Silke", "Hedda"};
static const char *const german_men[] = {"Onno", "Hinrich", "Jörg", "Tjark", "Enno"};
static const char *const german_surnames[] = {
    "Petersen", "Harms", "Claasen", "Wübben", "Janßen", "Eilers", "Behrends"};

static const char *const weekdays[2][7] = {
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    {"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}};

uint64_t demo_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15ULL;
    return demo_mix(*state, 0);
}

uint64_t demo_mix(uint64_t a, uint64_t b)
{
    uint64_t z = a ^ (b * 0xd1342543de82ef95ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static const char *pick(uint64_t *random, const char *const *list, size_t count, const char *but)
{
    size_t i = demo_random(random) % count;

    return list[i] == but ? list[(i + 1) % count] : list[i];
}

#define PICK(list, but) pick(&random, list, COUNT(list), but)

static void choose_numbers(struct cast *cast, uint64_t *random)
{
    cast->n1 = 3 + (int)(demo_random(random) % 7);
    cast->n2 = 12 + (int)(demo_random(random) % 37);
    cast->n3 = 110 + (int)(demo_random(random) % 781);
    cast->n4 = 20 + (int)(demo_random(random) % 180);
}

void cast_choose(struct cast *cast, const struct storyline *line, uint64_t seed)
{
    bool german = strcmp(line->language, "de") == 0;
    uint64_t random = seed;
    size_t family = demo_random(&random);

    cast->place = german ? PICK(german_places, NULL) : PICK(places, NULL);
    cast->other = german ? PICK(german_places, cast->place) : PICK(places, cast->place);
    cast->region = german ? PICK(german_regions, NULL) : PICK(regions, NULL);
    cast->water = german ? PICK(german_waters, NULL) : PICK(waters, NULL);
    cast->org = german ? PICK(german_firms, NULL) : PICK(firms, NULL);
    for (int i = 0; i < 3; i++) {
        bool woman = line->cast[i] == 'f';

        if (german)
            cast->first[i] = woman ? PICK(german_women, NULL) : PICK(german_men, NULL);
        else
            cast->first[i] = woman ? PICK(women, NULL) : PICK(men, NULL);
        cast->last[i] = german ? german_surnames[(family + (size_t)i) % COUNT(german_surnames)]
                               : surnames[(family + (size_t)i) % COUNT(surnames)];
    }
    choose_numbers(cast, &random);
}

static void add_sentence_start(struct buf *out, const char *text)
{
    bool starts = out->len == 0 || out->ptr[out->len - 1] == '\n' ||
                  (out->len > 1 && out->ptr[out->len - 1] == ' ' &&
                      strchr(".!?\"", out->ptr[out->len - 2]) != NULL);

    if (starts && *text >= 'a' && *text <= 'z')
        buf_add_byte(out, (char)(*text++ - ('a' - 'A')));
    buf_add_cstr(out, text);
}

/* Add the variable whose name starts at name; returns the length of the name. */
static size_t add_variable(
    struct buf *out, const char *name, const struct cast *cast, bool german, int wday)
{
    const struct {
        const char *name, *value;
    } texts[] = {{"place", cast->place}, {"other", cast->other}, {"region", cast->region},
        {"water", cast->water}, {"org", cast->org}, {"day", weekdays[german][wday]},
        {"s1", cast->last[0]}, {"s2", cast->last[1]}, {"s3", cast->last[2]}};
    const int numbers[] = {cast->n1, cast->n2, cast->n3};

    for (size_t i = 0; i < COUNT(texts); i++) {
        if (strncmp(name, texts[i].name, strlen(texts[i].name)) == 0) {
            add_sentence_start(out, texts[i].value);
            return strlen(texts[i].name);
        }
    }
    if (name[0] == 'p')
        buf_printf(out, "%s %s", cast->first[name[1] - '1'], cast->last[name[1] - '1']);
    else if (name[1] == '4')
        buf_printf(out, "%d%c%d", cast->n4 / 10, german ? ',' : '.', cast->n4 % 10);
    else
        buf_printf(out, "%d", numbers[name[1] - '1']);
    return 2;
}

/* The place of choice number which in the alternatives after an opening brace. */
static const char *find_choice(const char *at, uint64_t which)
{
    for (; which > 0; at++) {
        if (*at == '|')
            which--;
    }
    return at;
}

void demo_expand(struct buf *out, const char *template, const struct cast *cast,
    const char *language, int wday, uint64_t seed)
{
    bool german = strcmp(language, "de") == 0;
    uint64_t random = seed;

    for (const char *at = template; *at != '\0'; at++) {
        size_t length = strcspn(at + 1, "}");
        uint64_t choices = 1;

        switch (*at) {
        case '{':
            for (size_t i = 1; i <= length; i++)
                choices += at[i] == '|';
            at = find_choice(at + 1, demo_random(&random) % choices) - 1;
            break;
        case '|': /* the end of the choice that was taken */
            at = strchr(at, '}');
            break;
        case '}':
            break;
        case '$':
            at += add_variable(out, at + 1, cast, german, wday);
            break;
        default:
            buf_add_byte(out, *at);
        }
    }
}
