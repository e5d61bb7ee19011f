/* names.c - names of people, organisations and places in an article's text, with how often each is
 * named. */
#include <stdio.h>
#include <stdlib.h>

#include "entity.h"
#include "listed.h"
#include "wireroom/stage.h"

enum { NAME_MOST = 120 }; /* bytes; what is longer is no name */

struct names {
    int64_t most;
    wr_file list, places;
    struct listed *listed; /* NULL without them */
    struct finder *finder;
    struct entities *entities;
};

static const wr_option options[] = {
    {"most", WR_INT, offsetof(struct names, most), "50",
        "most names of one article; those named most often are kept"},
    {"list", WR_FILE, offsetof(struct names, list), "",
        "file of names of people, organisations and places that are to be known"},
    {"places", WR_FILE, offsetof(struct names, places), "",
        "a second one: a gazetteer, such as names-places writes"},
    {0},
};

static const char *const kinds[] = {
    [NAME_OTHER] = "other",
    [NAME_PERSON] = "person",
    [NAME_ORGANISATION] = "organisation",
    [NAME_PLACE] = "place",
};

static struct bytes get(const wr_record *rec, int field)
{
    wr_str value = wr_get(rec, field);

    return (struct bytes){value.ptr, value.len};
}

/* The lists, where there are any. */
static int read_lists(struct names *n)
{
    const wr_file *files[] = {&n->list, &n->places};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const char *wrong;

        if (files[i]->text.ptr == NULL)
            continue;
        if (n->listed == NULL)
            n->listed = listed_new();
        wrong = listed_read(
            n->listed, files[i]->path, (struct bytes){files[i]->text.ptr, files[i]->text.len});
        if (wrong != NULL) {
            wr_log(WR_ERROR, "%s", wrong);
            listed_free(n->listed);
            return -1;
        }
    }
    return 0;
}

static int names_open(void *self)
{
    struct names *n = self;

    if (n->most < 1 || n->most > ENTITIES) {
        wr_log(WR_ERROR, "most is 1 to %d", ENTITIES);
        return -1;
    }
    if (read_lists(n) != 0)
        return -1;
    n->finder = finder_new(n->listed);
    n->entities = new_zeroed(sizeof(*n->entities));
    return 0;
}

static void names_close(void *self)
{
    struct names *n = self;

    finder_free(n->finder);
    listed_free(n->listed);
    free(n->entities);
}

static void add_name(wr_record *rec, const struct entity *e)
{
    char text[NAME_MOST + 64];
    int len;

    if (e->name.len > NAME_MOST)
        return;
    len = snprintf(text, sizeof(text), "%s\t%u\t%.*s", kinds[e->kind], e->count, FMT(e->name));
    wr_add(rec, WR_NAME, (wr_str){text, (size_t)len});
}

/* What the lists call it first, and its country. */
static void add_listed(const struct names *n, wr_record *rec, const struct entity *e)
{
    char text[2 * NAME_MOST + 64];
    struct bytes form, country;
    int len;

    if (e->name.len > NAME_MOST || !listed_form(n->listed, e->whole, &form, &country))
        return;
    len = snprintf(text, sizeof(text), "%.*s\t%.*s\t%.*s", FMT(e->name), FMT(country), FMT(form));
    wr_add(rec, WR_LISTED, (wr_str){text, (size_t)len});
}

static int names_process(void *self, wr_record *rec, const wr_event *event)
{
    struct names *n = self;
    struct bytes text = get(rec, WR_TEXT);

    (void)event;
    text = text.len > 0 ? text : get(rec, WR_SUMMARY);
    wr_set(rec, WR_NAME, (wr_str){"", 0});
    wr_set(rec, WR_LISTED, (wr_str){"", 0});
    finder_read(n->finder, text, get(rec, WR_LANGUAGE));
    entities_collect(n->finder, n->entities);
    for (size_t i = 0; i < n->entities->count && i < (size_t)n->most; i++)
        add_name(rec, &n->entities->at[i]);
    for (size_t i = 0; i < n->entities->count && i < (size_t)n->most; i++)
        add_listed(n, rec, &n->entities->at[i]);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "names",
    .version = "1.0",
    .self_size = sizeof(struct names),
    .options = options,
    .open = names_open,
    .close = names_close,
    .process = names_process,
};
