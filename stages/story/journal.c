/* journal.c - lengths first, then each array. */
#include "journal.h"

bool take_bytes(struct bytes *rest, void *into, size_t size)
{
    if (rest->len < size)
        return false;
    if (size > 0)
        memcpy(into, rest->ptr, size);
    *rest = bytes_from(*rest, size);
    return true;
}

static void add(struct buf *out, const void *ptr, size_t size)
{
    buf_add(out, (struct bytes){ptr, size});
}

void entry_write(const struct entry *e, struct buf *out)
{
    add(out, &e->head, sizeof(e->head));
    add(out, e->keys, e->head.terms * sizeof(e->keys[0]));
    add(out, e->info, e->head.terms * sizeof(e->info[0]));
    add(out, e->posted, e->head.posted * sizeof(e->posted[0]));
    add(out, e->counted, e->head.counted * sizeof(e->counted[0]));
    add(out, &e->story, sizeof(e->story));
    add(out, e->title, e->head.title);
    add(out, e->first, e->head.first);
    if (e->head.changed != CHANGE_NOTHING)
        add(out, &e->change, sizeof(e->change));
}

bool entry_read(struct bytes *rest, struct entry *e)
{
    return take_bytes(rest, &e->head, sizeof(e->head)) && e->head.terms <= SKETCH_TERMS &&
           e->head.posted <= ENTRY_POSTED && e->head.counted <= ENTRY_COUNTED &&
           e->head.title <= STORY_TITLE && e->head.first <= STORY_TITLE &&
           take_bytes(rest, e->keys, e->head.terms * sizeof(e->keys[0])) &&
           take_bytes(rest, e->info, e->head.terms * sizeof(e->info[0])) &&
           take_bytes(rest, e->posted, e->head.posted * sizeof(e->posted[0])) &&
           take_bytes(rest, e->counted, e->head.counted * sizeof(e->counted[0])) &&
           take_bytes(rest, &e->story, sizeof(e->story)) &&
           take_bytes(rest, e->title, e->head.title) && take_bytes(rest, e->first, e->head.first) &&
           (e->head.changed == CHANGE_NOTHING ||
               (e->head.changed <= CHANGE_MOVES &&
                   take_bytes(rest, &e->change, sizeof(e->change))));
}
