/* shared.c - a place for each page by its hash; a later page takes it. */
#include "flow/shared.h"

#include "base/hash.h"

int shared_note(struct shared *shared, struct bytes feed, struct bytes link, struct bytes what)
{
    uint64_t page = hash64(what) ^ hash64(feed);
    uint64_t entry = hash64(link);
    size_t i = page % SHARED_PLACES;

    if (shared->places[i].page != page) {
        shared->places[i].page = page;
        shared->places[i].entry = entry;
        shared->places[i].others = 0;
    } else if (shared->places[i].entry != entry) {
        shared->places[i].entry = entry;
        shared->places[i].others++;
    }
    return shared->places[i].others;
}
