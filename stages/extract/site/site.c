/* site.c - reads the file of site rules, and finds the rules for a page's host. */
#include "site/site.h"

#include <errno.h>
#include <stdio.h>

#include "base/conf_yaml.h"

static const char *const part_names[SITE_PARTS] = {"body", "title", "byline", "date", "strip"};

static int file_read(
    struct arena *arena, const char *path, struct bytes *ret_text, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    char *text;
    size_t len;

    if (file == NULL)
        return fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    text = arena_alloc(arena, SITE_FILE_LIMIT + 1);
    len = fread(text, 1, SITE_FILE_LIMIT + 1, file);
    fclose(file);
    if (len > SITE_FILE_LIMIT)
        return fail(err, E_LIMIT, "%s: over %d bytes", path, SITE_FILE_LIMIT);
    *ret_text = (struct bytes){text, len};
    return OK;
}

static int wrong(struct error *err, const char *path, size_t line, size_t column, const char *what)
{
    return fail(err, E_USAGE, "%s:%zu:%zu: %s", path, line, column, what);
}

/* A selector, or a list of them, as one; added to out. */
static int read_selector(struct sites *sites, const char *path, const struct conf_node *node,
    struct buf *out, struct error *err)
{
    const struct conf_node *one = node->kind == CONF_LIST ? node->first : node;

    if (node->kind == CONF_MAP || one == NULL)
        return wrong(err, path, node->line, node->column, "expected a selector or a list of them");
    for (; one != NULL; one = node->kind == CONF_LIST ? one->next : NULL) {
        if (one->kind != CONF_SCALAR ||
            sites->filler->compile(sites->parser, bytes_of(one->text)) == NULL)
            return wrong(err, path, one->line, one->column, "this is no CSS selector");
        buf_add_cstr(out, out->len > 0 ? ", " : "");
        buf_add_cstr(out, one->text);
    }
    return OK;
}

static int read_part(struct sites *sites, struct site *site, const char *path,
    const struct conf_node *node, struct error *err)
{
    for (int part = 0; part < SITE_PARTS; part++) {
        struct buf text = {.limit = (size_t)2 * SITE_FILE_LIMIT};
        int code;

        if (strcmp(node->key, part_names[part]) != 0)
            continue;
        code = read_selector(sites, path, node, &text, err);
        if (code == OK) {
            site->parts[part].text = bytes_copy(sites->arena, buf_bytes(&text));
            site->parts[part].selector =
                sites->filler->compile(sites->parser, site->parts[part].text);
        }
        buf_done(&text);
        return code;
    }
    return wrong(err, path, node->key_line, node->key_column,
        "no such part; there are body, title, byline, date and strip");
}

static int read_site(
    struct sites *sites, const char *path, const struct conf_node *node, struct error *err)
{
    struct site *site = arena_alloc(sites->arena, sizeof(*site));

    if (node->kind != CONF_MAP || strpbrk(node->key, "/:* ") != NULL)
        return wrong(err, path, node->key_line, node->key_column,
            "expected a host with its selectors, such as example.org: { body: div.story }");
    site->host = bytes_copy(sites->arena, bytes_of(node->key));
    for (const struct conf_node *part = node->first; part != NULL; part = part->next) {
        int code = read_part(sites, site, path, part, err);

        if (code != OK)
            return code;
    }
    site->next = sites->first;
    sites->first = site;
    return OK;
}

static int read_sites(struct sites *sites, const char *path, struct error *err)
{
    struct conf_node *root = NULL;
    struct bytes text = {NULL, 0};
    int code = file_read(sites->arena, path, &text, err);

    if (code == OK && sites->filler->compile == NULL)
        code =
            fail(err, E_REFUSED, "%s: site rules need the parser lexbor, and this is built with %s",
                path, sites->filler->name);
    if (code == OK)
        code = conf_yaml_parse(sites->arena, path, text, &root, err);
    if (code == OK && root->kind != CONF_MAP)
        code = wrong(err, path, root->line, root->column, "expected sites by host");
    if (code != OK)
        return code;
    for (const struct conf_node *node = root->first; node != NULL && code == OK; node = node->next)
        code = read_site(sites, path, node, err);
    return code;
}

int sites_load(const char *path, const struct filler *filler, void *parser,
    struct sites **ret_sites, struct error *err)
{
    struct arena *arena = arena_new(SITES_ARENA);
    struct sites *sites = arena_alloc(arena, sizeof(*sites));
    int code;

    *sites = (struct sites){.arena = arena, .filler = filler, .parser = parser};
    code = read_sites(sites, path, err);
    if (code == OK)
        *ret_sites = sites;
    else
        arena_free(arena);
    return code;
}

void sites_free(struct sites *sites)
{
    if (sites != NULL)
        arena_free(sites->arena);
}

static bool is_below(struct bytes host, struct bytes domain)
{
    return host.len > domain.len && host.ptr[host.len - domain.len - 1] == '.' &&
           bytes_equal_nocase(bytes_from(host, host.len - domain.len), domain);
}

struct site *sites_find(const struct sites *sites, struct bytes host)
{
    struct site *best = NULL;

    if (sites == NULL)
        return NULL;
    for (struct site *site = sites->first; site != NULL; site = site->next)
        if ((bytes_equal_nocase(host, site->host) || is_below(host, site->host)) &&
            (best == NULL || site->host.len > best->host.len))
            best = site;
    return best;
}

const char *site_part_name(enum site_part part)
{
    return part_names[part];
}
