/* extract_open.h - the extract stage as a fuzz target has it: with defaults, and either parser. */
#ifndef WIREROOM_FUZZ_EXTRACT_OPEN_H
#define WIREROOM_FUZZ_EXTRACT_OPEN_H

#include <stdlib.h>

#include "extract.h"

static inline struct extract *open_with(size_t parser)
{
    struct extract *extract = calloc(1, sizeof(*extract));

    if (extract == NULL)
        abort();
    extract->least_text = 200;
    extract->with_standfirst = true;
    extract->most_pages = 10;
    extract->filler = tree_fillers[parser];
    if (extract_open(extract) != 0)
        abort();
    return extract;
}

#endif
