/* select_lexbor.c - compiles selectors and finds what they match. */
#ifdef EXTRACT_LEXBOR

#include "html/select_lexbor.h"

#include <lexbor/css/css.h>
#include <lexbor/selectors/selectors.h>
#include <stdlib.h>

struct css {
    lxb_css_memory_t *memory;
    lxb_css_parser_t *parser;
    lxb_selectors_t *engine;
};

struct css *css_open(void)
{
    struct css *css = calloc(1, sizeof(*css));

    if (css == NULL)
        return NULL;
    css->memory = lxb_css_memory_create();
    css->parser = lxb_css_parser_create();
    css->engine = lxb_selectors_create();
    if (lxb_css_memory_init(css->memory, 128) != LXB_STATUS_OK ||
        lxb_css_parser_init(css->parser, NULL) != LXB_STATUS_OK ||
        lxb_selectors_init(css->engine) != LXB_STATUS_OK) {
        css_close(css);
        return NULL;
    }
    lxb_css_parser_memory_set(css->parser, css->memory);
    lxb_selectors_opt_set(css->engine, LXB_SELECTORS_OPT_MATCH_FIRST);
    return css;
}

void css_close(struct css *css)
{
    if (css == NULL)
        return;
    lxb_selectors_destroy(css->engine, true);
    lxb_css_parser_destroy(css->parser, true);
    lxb_css_memory_destroy(css->memory, true);
    free(css);
}

void *css_compile(struct css *css, struct bytes text)
{
    return lxb_css_selectors_parse(css->parser, (const lxb_char_t *)text.ptr, text.len);
}

struct found {
    uint32_t *nodes;
    size_t count, room;
};

static lxb_status_t on_found(lxb_dom_node_t *node, lxb_css_selector_specificity_t spec, void *ctx)
{
    struct found *found = ctx;

    (void)spec;
    if (found->count == found->room)
        return LXB_STATUS_STOP;
    if (node->user != NULL)
        found->nodes[found->count++] = (uint32_t)(uintptr_t)node->user;
    return LXB_STATUS_OK;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

size_t css_select(
    struct css *css, lxb_dom_node_t *root, const void *selector, uint32_t *ret_nodes, size_t room)
{
    struct found found = {ret_nodes, 0, room};

    lxb_selectors_find(css->engine, root, selector, on_found, &found);
    qsort(ret_nodes, found.count, sizeof(*ret_nodes), by_number);
    return found.count;
}

#endif
