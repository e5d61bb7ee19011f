/* conf_yaml.c - libyaml's events made into a tree; what could surprise a reader of the file is
 * refused. */
#include "base/conf_yaml.h"

#include <yaml.h>

struct reader {
    struct arena *arena;
    const char *name;
    yaml_parser_t parser;
    size_t nodes;
    struct error *err;
};

enum { MEMBERS = 1000 }; /* of one map: each new key is compared with all before it */

static int refuse(struct reader *r, yaml_mark_t mark, const char *what)
{
    return fail(r->err, E_USAGE, "%s:%zu:%zu: %s", r->name, mark.line + 1, mark.column + 1, what);
}

static int next_event(struct reader *r, yaml_event_t *event)
{
    const char *problem;

    if (yaml_parser_parse(&r->parser, event) != 0)
        return OK;
    problem = r->parser.problem == NULL ? "cannot be read" : r->parser.problem;
    if (strstr(problem, "cannot start any token") !=
        NULL) /* section 6.1: tabs are no indentation */
        problem = "a tab, or a character that YAML keeps for itself: indent by spaces, and put the "
                  "value in quotes";
    return refuse(r, r->parser.problem_mark, problem);
}

static int check_plain(struct reader *r, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return refuse(r, event->start_mark, "aliases (*name) are not allowed");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor != NULL)
        return refuse(r, event->start_mark, "anchors (&name) are not allowed");
    if (tag != NULL)
        return refuse(r, event->start_mark, "tags (!name) are not allowed");
    return OK;
}

static int new_node(struct reader *r, const yaml_event_t *event, struct conf_node **ret_node)
{
    struct conf_node *node;

    if (++r->nodes > CONF_NODES)
        return refuse(r, event->start_mark, "too many values");
    node = arena_alloc(r->arena, sizeof(*node));
    node->line = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    *ret_node = node;
    return OK;
}

static int take_text(struct reader *r, const yaml_event_t *event, const char **ret_text)
{
    struct bytes text = {(const char *)event->data.scalar.value, event->data.scalar.length};

    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            return refuse(r, event->start_mark, "control characters are not allowed in a value");
    *ret_text = bytes_cstr(r->arena, text);
    return OK;
}

/* NOLINTBEGIN(misc-no-recursion): at most CONF_DEPTH deep */
static int read_node(struct reader *r, yaml_event_t *event, int depth, struct conf_node **ret_node);

static int read_items(struct reader *r, struct conf_node *list, int depth)
{
    struct conf_node **tail = &list->first;

    for (;;) {
        yaml_event_t event;
        int code = next_event(r, &event);

        if (code != OK)
            return code;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return OK;
        }
        code = read_node(r, &event, depth, tail);
        yaml_event_delete(&event);
        if (code != OK)
            return code;
        tail = &(*tail)->next;
    }
}

/* The key that event holds, which must be new to map. */
static int read_key(
    struct reader *r, const yaml_event_t *event, const struct conf_node *map, const char **ret_key)
{
    int code = check_plain(r, event);
    size_t count = 0;

    if (code != OK)
        return code;
    if (event->type != YAML_SCALAR_EVENT)
        return refuse(r, event->start_mark, "a key must be plain text");
    code = take_text(r, event, ret_key);
    for (const struct conf_node *m = map->first; m != NULL && code == OK; m = m->next) {
        if (strcmp(m->key, *ret_key) == 0)
            return fail(r->err, E_USAGE, "%s:%zu:%zu: %.60s is given twice, first in line %zu",
                r->name, event->start_mark.line + 1, event->start_mark.column + 1, *ret_key,
                m->key_line);
        if (++count >= MEMBERS)
            return refuse(r, event->start_mark, "too many keys");
    }
    return code;
}

static int read_member(
    struct reader *r, const yaml_mark_t mark, const char *key, int depth, struct conf_node **tail)
{
    yaml_event_t event;
    int code = next_event(r, &event);

    if (code != OK)
        return code;
    code = read_node(r, &event, depth, tail);
    yaml_event_delete(&event);
    if (code != OK)
        return code;
    (*tail)->key = key;
    (*tail)->key_line = mark.line + 1;
    (*tail)->key_column = mark.column + 1;
    return OK;
}

static int read_members(struct reader *r, struct conf_node *map, int depth)
{
    struct conf_node **tail = &map->first;

    for (;;) {
        const char *key = NULL;
        yaml_event_t event;
        yaml_mark_t mark;
        bool end;
        int code = next_event(r, &event);

        if (code != OK)
            return code;
        end = event.type == YAML_MAPPING_END_EVENT;
        mark = event.start_mark;
        if (!end)
            code = read_key(r, &event, map, &key);
        yaml_event_delete(&event);
        if (end || code != OK)
            return code;
        code = read_member(r, mark, key, depth, tail);
        if (code != OK)
            return code;
        tail = &(*tail)->next;
    }
}

static int read_node(struct reader *r, yaml_event_t *event, int depth, struct conf_node **ret_node)
{
    struct conf_node *node = NULL;
    int code = check_plain(r, event);

    if (code == OK && depth >= CONF_DEPTH)
        code = refuse(r, event->start_mark, "nested too deeply");
    if (code == OK)
        code = new_node(r, event, &node);
    if (node == NULL)
        return code;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node->kind = CONF_SCALAR;
        code = take_text(r, event, &node->text);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node->kind = CONF_LIST;
        code = read_items(r, node, depth + 1);
        break;
    default:
        node->kind = CONF_MAP;
        code = read_members(r, node, depth + 1);
        break;
    }
    *ret_node = node;
    return code;
}

/* NOLINTEND(misc-no-recursion) */

static int read_document(struct reader *r, yaml_event_t *event, struct conf_node **ret_root)
{
    yaml_mark_t mark;
    int code;

    if (event->type == YAML_STREAM_END_EVENT) {
        *ret_root = arena_alloc(r->arena, sizeof(**ret_root));
        **ret_root = (struct conf_node){.kind = CONF_MAP, .line = 1, .column = 1};
        return OK;
    }
    yaml_event_delete(event); /* document start */
    code = next_event(r, event);
    if (code != OK)
        return code;
    mark = event->start_mark;
    code = read_node(r, event, 0, ret_root);
    if (code != OK || *ret_root == NULL)
        return code;
    if ((*ret_root)->kind == CONF_SCALAR && (*ret_root)->text[0] == '\0')
        (*ret_root)->kind = CONF_MAP;
    if ((*ret_root)->kind != CONF_MAP)
        return refuse(r, mark, "expected sections like 'http:'");
    yaml_event_delete(event);
    code = next_event(r, event); /* document end */
    if (code != OK)
        return code;
    yaml_event_delete(event);
    code = next_event(r, event);
    if (code == OK && event->type != YAML_STREAM_END_EVENT)
        code = refuse(r, event->start_mark, "a file holds one document; this is the second");
    return code;
}

int conf_yaml_parse(struct arena *arena, const char *name, struct bytes text,
    struct conf_node **ret_root, struct error *err)
{
    struct reader r = {.arena = arena, .name = name, .err = err};
    struct conf_node *root = NULL;
    yaml_event_t event = {0};
    int code;

    if (text.len > CONF_FILE_LIMIT)
        return fail(err, E_USAGE, "%s: over %d bytes", name, CONF_FILE_LIMIT);
    if (yaml_parser_initialize(&r.parser) == 0)
        arena_out_of_memory(sizeof(r.parser));
    yaml_parser_set_input_string(
        &r.parser, (const unsigned char *)(text.len > 0 ? text.ptr : ""), text.len);
    code = next_event(&r, &event); /* stream start */
    if (code == OK) {
        yaml_event_delete(&event);
        code = next_event(&r, &event);
    }
    if (code == OK)
        code = read_document(&r, &event, &root);
    yaml_event_delete(&event);
    yaml_parser_delete(&r.parser);
    if (code == OK)
        *ret_root = root;
    return code;
}
