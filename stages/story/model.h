/* model.h - the trees that say whether an article belongs to a story. */
#ifndef STORY_MODEL_H
#define STORY_MODEL_H

#include "base/error.h"
#include "base/str.h"

struct model;

/* Read the text of a model (train/README.md says how it is written). names: of the features, in the
 * order in which model_score() gets them. NULL, with err filled, when it makes no sense. */
struct model *model_read(
    struct bytes text, const char *const *names, size_t count, struct error *err);
void model_free(struct model *model);

float model_score(const struct model *model, const float *features); /* log odds */
float model_threshold(const struct model *model); /* from which an article joins */

#endif
