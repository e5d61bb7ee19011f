/* conf_yaml.h - a YAML file as a small tree with positions, in the plain subset that a
 * configuration needs. */
#ifndef WIREROOM_BASE_CONF_YAML_H
#define WIREROOM_BASE_CONF_YAML_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum { CONF_FILE_LIMIT = 1 << 20, CONF_DEPTH = 8, CONF_NODES = 50000, CONF_TREE_LIMIT = 64 << 20 };

enum conf_kind { CONF_SCALAR, CONF_LIST, CONF_MAP };

/* Lines and columns count from 1. A scalar is text, whatever YAML would make of it. */
struct conf_node {
    enum conf_kind kind;
    const char *key;  /* of a member of a map, else NULL */
    const char *text; /* of a scalar */
    size_t key_line, key_column;
    size_t line, column;
    struct conf_node *first, *next;
};

/* Parse the bytes of one file, called `name` in errors. An empty document is an empty map. Aliases,
 * anchors, tags, duplicate keys, a second document and whatever is beyond the limits are E_USAGE
 * with "name:line:column: what". arena has room for CONF_TREE_LIMIT. */
int conf_yaml_parse(struct arena *arena, const char *name, struct bytes text,
    struct conf_node **ret_root, struct error *err);

#endif
