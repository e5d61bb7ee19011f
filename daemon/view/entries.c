/* entries.c - what became of all entries that were ever seen, in numbers that add up. */
#include <string.h>

#include "view/view.h"

/* Where each counter of the store goes; those of one line of store_counters() are one sum. */
static const struct {
    const char *name;
    size_t at;
} members[] = {
    {"seen", offsetof(struct view_entries, seen)},
    {"new", offsetof(struct view_entries, fresh)},
    {"changed", offsetof(struct view_entries, changed)},
    {"known", offsetof(struct view_entries, known)},
    {"duplicate", offsetof(struct view_entries, duplicate)},
    {"marked", offsetof(struct view_entries, marked)},
    {"old", offsetof(struct view_entries, old)},
    {"rechecked", offsetof(struct view_entries, rechecked)},
    {"published", offsetof(struct view_entries, published)},
    {"dropped", offsetof(struct view_entries, dropped)},
    {"quarantined", offsetof(struct view_entries, quarantined)},
    {"pending", offsetof(struct view_entries, pending)},
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static int64_t *member(struct view_entries *entries, size_t i)
{
    return (int64_t *)(void *)((char *)entries + members[i].at);
}

static int take_counter(void *ctx, const char *name, uint64_t value)
{
    static const char family[] = "entries.";

    for (size_t i = 0; strncmp(name, family, strlen(family)) == 0 && i < MEMBERS; i++)
        if (strcmp(name + strlen(family), members[i].name) == 0)
            *member(ctx, i) = (int64_t)value;
    return 0;
}

struct view_entries view_entries(struct store *store)
{
    struct view_entries e = {0};

    store_counters(store, take_counter, &e, NULL);
    e.admitted = e.fresh + e.changed + e.rechecked;
    e.unaccounted = e.seen - e.fresh - e.changed - e.known - e.duplicate - e.marked - e.old;
    if (e.unaccounted == 0)
        e.unaccounted = e.admitted - e.published - e.dropped - e.quarantined - e.pending;
    return e;
}

void view_entries_write(struct store *store, struct json_writer *w)
{
    struct view_entries e = view_entries(store);

    json_begin_object(w, "entries");
    for (size_t i = 0; i < MEMBERS; i++)
        json_int(w, members[i].name, *member(&e, i));
    json_int(w, "unaccounted", e.unaccounted);
    json_end_object(w);
}

struct family {
    struct json_writer *w;
    const char *name;
};

static int write_counter(void *ctx, const char *name, uint64_t value)
{
    const struct family *family = ctx;
    size_t len = strlen(family->name);

    if (strncmp(name, family->name, len) == 0 && name[len] == '.')
        json_int(family->w, name + len + 1, (int64_t)value);
    return 0;
}

void view_counters_write(struct store *store, struct json_writer *w)
{
    static const char *const families[] = {"articles", "dropped", "events", "trimmed"};

    json_begin_object(w, "counters");
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        struct family family = {w, families[i]};

        json_begin_object(w, families[i]);
        store_counters(store, write_counter, &family, NULL);
        json_end_object(w);
    }
    json_end_object(w);
}
