/* listed.c - how a list of names is written, and which line has a name. */
#include "listed.h"

#include <stdio.h>
#include <stdlib.h>

#include "lexicon.h"
#include "text/text.h"

/* LEAST_SLOTS: of a short list. NAME_WORDS: 120 bytes have no more words, signs included. */
enum { LEAST_SLOTS = 1 << 8, NAME_WORDS = 64 };

struct slot {
    uint64_t hash;
    uint32_t line; /* where in its list */
    uint8_t list;
    uint8_t kind; /* enum listed_kind */
    bool begins;
    bool used;
};

struct listed {
    struct bytes lists[LISTED_LISTS];
    size_t list_count;
    struct slot *slots;
    size_t room, count; /* room is a power of two, and a quarter of it stays empty */
    char wrong[4300];   /* a path and what is wrong */
};

static const char *const kind_names[LISTED_KINDS] = {[LISTED_PERSON] = "person",
    [LISTED_ORGANISATION] = "organisation",
    [LISTED_PLACE] = "place",
    [LISTED_TOWN] = "town",
    [LISTED_NONE] = "none"};

struct listed *listed_new(void)
{
    struct listed *l = new_zeroed(sizeof(*l));

    l->room = LEAST_SLOTS;
    l->slots = new_zeroed(l->room * sizeof(struct slot));
    return l;
}

void listed_free(struct listed *l)
{
    if (l == NULL)
        return;
    free(l->slots);
    free(l);
}

static struct slot *slot_of(const struct listed *l, uint64_t hash)
{
    size_t at = hash & (l->room - 1);

    while (l->slots[at].used && l->slots[at].hash != hash)
        at = (at + 1) & (l->room - 1);
    return &l->slots[at];
}

static void grow(struct listed *l)
{
    struct slot *old = l->slots;
    size_t room = l->room;

    l->room *= 2;
    l->slots = new_zeroed(l->room * sizeof(struct slot));
    for (size_t i = 0; i < room; i++)
        if (old[i].used)
            *slot_of(l, old[i].hash) = old[i];
    free(old);
}

static struct slot *take_slot(struct listed *l, uint64_t hash)
{
    struct slot *slot = slot_of(l, hash);

    if (!slot->used && ++l->count > l->room / 4 * 3) {
        grow(l);
        slot = slot_of(l, hash);
    }
    slot->used = true;
    slot->hash = hash;
    return slot;
}

/* What one line says, and where its names stand. */
struct line {
    uint32_t at; /* in its list */
    enum listed_kind kind;
    struct bytes country, names;
};

static bool has_no_case(struct bytes name)
{
    size_t i = 0;
    uint32_t c = text_next(name, &i);

    return (c >= 0x0590 && c < 0x0E80) || c >= 0x3041;
}

static void add(struct listed *l, const struct line *line, struct bytes name)
{
    struct word at[NAME_WORDS];
    struct words words = {.at = at};
    struct slot *slot;

    words_read_into(name, NAME_WORDS, &words);
    if (words.count == 0)
        return;
    for (size_t i = 1; i < words.count && has_no_case(name); i++)
        take_slot(l, lexicon_hash(at, i))->begins = true;
    /* One sign is half of other words. */
    if (line->kind == LISTED_TOWN && words.count == 1 && at[0].kind == WORD_SIGN)
        return;
    slot = take_slot(l, lexicon_hash(at, words.count));
    if (slot->kind != LISTED_NOTHING)
        return;
    slot->kind = (uint8_t)line->kind;
    slot->line = line->at;
    slot->list = (uint8_t)(l->list_count - 1);
}

static enum listed_kind kind_of(struct bytes word)
{
    for (int kind = 1; kind < LISTED_KINDS; kind++)
        if (bytes_is(word, kind_names[kind]))
            return (enum listed_kind)kind;
    return LISTED_NOTHING;
}

static bool is_country(struct bytes text)
{
    return text.len == 2 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' && text.ptr[1] >= 'A' &&
           text.ptr[1] <= 'Z';
}

/* "place NO: Bergen; Bergen in Norwegen". NULL, or what is wrong with it from *ret_at on. */
static const char *read_head(struct bytes text, struct line *ret_line, struct bytes *ret_at)
{
    struct bytes rest = text;
    struct bytes head = bytes_cut(&rest, ':');
    struct bytes country = head;
    struct bytes kind = bytes_cut(&country, ' ');

    *ret_at = text;
    ret_line->kind = kind_of(kind);
    if (ret_line->kind == LISTED_NOTHING)
        return "expected person, organisation, place, town or none, such as \"person: Ana Lund\"";
    *ret_at = (struct bytes){text.ptr + kind.len, text.len - kind.len};
    if (head.len == text.len)
        return "expected ':' behind the kind";
    if (country.len > 0 && !is_country(country))
        return "expected a country of two letters, such as \"place NO: Bergen\"";
    ret_line->country = country;
    ret_line->names = rest;
    *ret_at = (struct bytes){text.ptr + head.len + 1, rest.len};
    return bytes_trim(rest).len == 0 ? "expected a name behind ':'" : NULL;
}

static const char *read_line(
    struct listed *l, struct bytes text, struct line *line, struct bytes *ret_at)
{
    const char *wrong = read_head(text, line, ret_at);
    struct bytes rest = line->names;

    while (wrong == NULL && rest.len > 0) {
        struct bytes name = bytes_trim(bytes_cut(&rest, ';'));

        *ret_at = name;
        if (!text_is_utf8(name))
            wrong = "this is not UTF-8";
        else if (name.len > LISTED_LONGEST)
            wrong = "a name has at most 120 bytes";
        else if (l->count >= LISTED_NAMES)
            wrong = "the lists have over a million names";
        else
            add(l, line, name);
    }
    return wrong;
}

const char *listed_read(struct listed *l, const char *path, struct bytes text)
{
    struct bytes rest = text;

    if (text.ptr == NULL || l->list_count == LISTED_LISTS)
        return NULL;
    l->lists[l->list_count++] = text;
    for (size_t number = 1; rest.len > 0; number++) {
        struct bytes whole = bytes_cut(&rest, '\n');
        struct bytes line = bytes_trim(whole);
        struct line read = {.at = (uint32_t)(line.ptr - text.ptr)};
        struct bytes at = line;
        const char *wrong = NULL;

        if (line.len > 0 && line.ptr[0] != '#')
            wrong = read_line(l, line, &read, &at);
        if (wrong == NULL)
            continue;
        snprintf(l->wrong, sizeof(l->wrong), "%s:%zu:%zu: %s", path, number,
            (size_t)(at.ptr - whole.ptr) + 1, wrong);
        return l->wrong;
    }
    return NULL;
}

enum listed_kind listed_kind(const struct listed *l, uint64_t hash, bool *ret_begins)
{
    const struct slot *slot = l == NULL ? NULL : slot_of(l, hash);
    bool used = slot != NULL && slot->used;

    if (ret_begins != NULL)
        *ret_begins = used && slot->begins;
    return used ? (enum listed_kind)slot->kind : LISTED_NOTHING;
}

bool listed_form(
    const struct listed *l, uint64_t hash, struct bytes *ret_form, struct bytes *ret_country)
{
    const struct slot *slot = l == NULL ? NULL : slot_of(l, hash);
    struct line line = {0};
    struct bytes text, at;

    if (slot == NULL || !slot->used || slot->kind == LISTED_NOTHING)
        return false;
    text = bytes_from(l->lists[slot->list], slot->line);
    text = bytes_trim(bytes_cut(&text, '\n'));
    read_head(text, &line, &at);
    *ret_form = bytes_trim(bytes_cut(&line.names, ';'));
    *ret_country = line.country;
    return true;
}
