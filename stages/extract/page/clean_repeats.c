/* clean_repeats.c - lines that stand there more than once. */
#include "base/hash.h"
#include "page/clean.h"

enum {
    REPEAT_SLOTS = 1024,
    REPEAT_CHARS = 40, /* shorter lines may stand there twice: answers, refrains */
    OFTEN = 3,
    REPEAT_PART = 3,    /* a text of which one part of so many is repeated is made that way, */
    MANY_LINES = 25,    /* unless it has more lines */
    RUN_LEAST = 3,      /* lines of a text that stands there twice as a whole, */
    RUN_PERCENT = 40,   /* and so many of its lines at least: a refrain is less; */
    RUN_GAP = 3,        /* short lines between them are not compared */
    SAID_REPEATED = 80, /* and one that stands there often */
};

static bool is_standing(const struct line *line)
{
    return line->cut == RULE_NONE;
}

struct repeat {
    uint32_t line; /* plus one */
    uint32_t count;
    uint32_t heads; /* new headings that stood before the last of them */
};

struct repeats {
    struct repeat slots[REPEAT_SLOTS];
    uint32_t heads; /* headings seen for the first time, */
    uint32_t above; /* and where the last of them stands: a node */
    uint32_t chars; /* of lines that repeat one */
    uint32_t run;   /* lines of the longest run that repeats another in order */
};

/* Note the line at index; the first of its like when it repeats one, or NULL. Under a heading of
 * its own, and beside it, a line may say again what stood under another: each day of a plan, each
 * of those asked. A box that is put there each time stands in an element of its own. */
static struct repeat *note_repeat(struct repeats *repeats, const struct page *page, uint32_t index)
{
    const struct node *nodes = page->tree->nodes;
    const struct line *lines = page->lines;
    struct repeat *slot = &repeats->slots[hash64(lines[index].text) % REPEAT_SLOTS];
    uint32_t around = nodes[lines[index].block].parent;

    if (slot->line == 0 || !bytes_equal(lines[slot->line - 1].text, lines[index].text)) {
        if (lines[index].kind == LINE_HEADING) {
            repeats->heads++;
            repeats->above = around;
        }
        *slot = (struct repeat){index + 1, 1, repeats->heads};
        return NULL;
    }
    if (slot->heads < repeats->heads && lines[index].n.link_chars == 0 &&
        (around == repeats->above ||
            (lines[index].kind == LINE_ITEM && nodes[around].parent == repeats->above))) {
        slot->heads = repeats->heads;
        repeats->chars += lines[index].n.chars;
        return NULL;
    }
    return lines[index].n.chars < REPEAT_CHARS ? NULL : slot;
}

static void count_repeats(
    const struct page *page, uint32_t from, uint32_t to, struct repeats *repeats, bool cut)
{
    struct line *lines = page->lines;
    uint32_t expected = 0; /* the line that would go on with a run */
    uint32_t run = 0;

    memset(repeats, 0, sizeof(*repeats));
    for (uint32_t i = from; i < to; i++) {
        struct repeat *slot;

        if (!is_standing(&lines[i]) || (slot = note_repeat(repeats, page, i)) == NULL)
            continue;
        repeats->chars += lines[i].n.chars;
        run = slot->line >= expected && slot->line <= expected + RUN_GAP ? run + 1 : 1;
        expected = slot->line + 1;
        repeats->run = run > repeats->run ? run : repeats->run;
        if (!cut)
            continue;
        lines[i].cut = RULE_REPEATED;
        if (++slot->count >= OFTEN && lines[slot->line - 1].said < SAID_REPEATED)
            lines[slot->line - 1].cut = RULE_REPEATED;
    }
}

/* Of what stands there twice the first is kept; what stands there more often is no article at all,
 * unless the whole text is made that way. A text that stands there twice as a whole is one for wide
 * and one for narrow screens. */
void clean_repeats(struct page *page, uint32_t from, uint32_t to)
{
    struct repeats *repeats = arena_alloc(page->arena, sizeof(*repeats));
    uint32_t standing = 0;
    uint32_t all = 0;

    count_repeats(page, from, to, repeats, false);
    for (uint32_t i = from; i < to; i++) {
        if (!is_standing(&page->lines[i]))
            continue;
        all += page->lines[i].n.chars;
        standing++;
    }
    if (repeats->chars > 0 &&
        (repeats->chars * REPEAT_PART < all || standing > MANY_LINES ||
            (repeats->run >= RUN_LEAST && repeats->run * 100 >= standing * RUN_PERCENT)))
        count_repeats(page, from, to, repeats, true);
}
