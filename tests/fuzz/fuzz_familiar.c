/* fuzz_familiar.c - what is kept of a host's pages, damaged, and lines that a stage made up: the
 * first byte says how much is the model. */
#include <assert.h>

#include "text/familiar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {(const char *)data, size};
    size_t split = size == 0 ? 0 : 1 + (size - 1) * data[0] / 255;
    struct buf model = {0};
    struct buf list = {0};

    buf_add(&model, bytes_slice(text, size == 0 ? 0 : 1, split == 0 ? 0 : split - 1));
    for (int i = 0; i < 4; i++)
        if (familiar_learn(bytes_from(text, split), &model))
            assert(model.len <= FAMILIAR_MODEL);
    familiar_list(buf_bytes(&model), &list);
    assert(list.len <= FAMILIAR_KNOWN * FAMILIAR_GRADE);
    familiar_grade(buf_bytes(&list), size);
    familiar_grade(text, size);
    buf_done(&model);
    buf_done(&list);
    return 0;
}
