/* text.c - the files are taken into the module as they are, so that no path can be wrong. */
#include "trained/model_text.h"

/* TRAINED: their folder, from stage.cmake. */
#define TAKE(name, file)                                                                           \
    __asm__(".pushsection .rodata\n" name ":\n.incbin \"" TRAINED "/" file "\"\n" name             \
            "_end:\n.byte 0\n.popsection\n")

TAKE("story_model_text", "model.txt");
TAKE("story_common_text", "common.words");

extern const char story_model_text[] __attribute__((visibility("hidden")));
extern const char story_model_text_end[] __attribute__((visibility("hidden")));
extern const char story_common_text[] __attribute__((visibility("hidden")));
extern const char story_common_text_end[] __attribute__((visibility("hidden")));

struct bytes model_text(void)
{
    return (struct bytes){story_model_text, (size_t)(story_model_text_end - story_model_text)};
}

struct bytes common_text(void)
{
    return (struct bytes){story_common_text, (size_t)(story_common_text_end - story_common_text)};
}
