/* conf_change.c - which options differ between two configurations, by the option table. */
#include <string.h>

#include "conf/conf_table.h"

static bool same_lists(const char *const *a, const char *const *b)
{
    while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool same_options(const struct conf *a, const struct conf *b)
{
    if (a->stages.options_count != b->stages.options_count)
        return false;
    for (size_t i = 0; i < a->stages.options_count; i++) {
        const struct conf_option *x = &a->stages.options[i];
        const struct conf_option *y = &b->stages.options[i];

        if (strcmp(x->stage, y->stage) != 0 || strcmp(x->name, y->name) != 0 ||
            strcmp(x->value, y->value) != 0 || x->state != y->state)
            return false;
    }
    return true;
}

static bool is_same(const struct conf *a, const struct conf *b, const struct conf_key *key)
{
    const void *x = (const char *)a + key->offset;
    const void *y = (const char *)b + key->offset;

    switch (key->type) {
    case CONF_COUNT:
    case CONF_DURATION:
    case CONF_SIZE:
        return *(const int64_t *)x == *(const int64_t *)y;
    case CONF_BOOL:
        return *(const bool *)x == *(const bool *)y;
    case CONF_FIRST_FETCH:
        return a->poll.first_fetch == b->poll.first_fetch &&
               a->poll.first_count == b->poll.first_count;
    case CONF_NAMES:
    case CONF_NETWORKS:
    case CONF_URLS:
    case CONF_GLOBS:
    case CONF_DIRS:
        return same_lists(*(const char *const *const *)x, *(const char *const *const *)y);
    case CONF_OPTIONS:
        return same_options(a, b);
    case CONF_ACCESS: /* secrets are looked at where they are used */
        return true;
    default:
        return strcmp(*(const char *const *)x, *(const char *const *)y) == 0;
    }
}

void conf_list_changed(
    const struct conf *before, const struct conf *now, enum conf_applied applied, struct buf *out)
{
    for (const struct conf_key *key = conf_keys; key->name != NULL; key++)
        if (key->applied == applied && !is_same(before, now, key))
            buf_printf(out, "%s%s%s%s", out->len > 0 ? ", " : "", key->section,
                key->section[0] == '\0' ? "" : ".", key->name);
}
