/* budget.h - bytes on their way through the process: bodies, jobs, documents, records. Who takes
 * more in asks first; who only passes on what is there says what it holds and never waits, so that
 * there is always an end to waiting. */
#ifndef WIREROOM_BASE_BUDGET_H
#define WIREROOM_BASE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

struct budget {
    size_t limit, used;
};

/* A holder, whose *held this is, has so many bytes from now on. budget may be NULL. */
static inline void budget_hold(struct budget *budget, size_t *held, size_t bytes)
{
    if (budget != NULL)
        budget->used += bytes - *held;
    *held = bytes;
}

/* Whether so many bytes more may be taken in. */
static inline bool budget_has(const struct budget *budget, size_t more)
{
    return budget == NULL || (budget->used < budget->limit && more <= budget->limit - budget->used);
}

#endif
