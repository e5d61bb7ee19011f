/* conf_value.c - one option's value: checked against its type and bounds, and stored. */
#include <arpa/inet.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/stat.h>

#include "conf/conf_access.h"
#include "conf/conf_certs.h"
#include "conf/conf_table.h"
#include "conf/option.h"

enum { TEXT_MOST = 4096, LIST_MOST = 10000, STAGE_OPTIONS = 1000 };

/* The value being stored. */
struct target {
    struct conf *conf;
    const struct conf_key *key;
    const char *file;
    struct error *err;
};

static void *member_of(const struct target *t)
{
    return (char *)t->conf + t->key->offset;
}

/* "file:line:column: section.key: " before what is said already. */
static int at(const struct target *t, const struct conf_node *node, const struct error *cause)
{
    return fail(t->err, E_USAGE, "%s:%zu:%zu: %s%s%s: %s", t->file, node->line, node->column,
        t->key->section, t->key->section[0] == '\0' ? "" : ".", t->key->name, cause->text);
}

static int expect(const struct target *t, const struct conf_node *node, const char *what)
{
    struct error cause = {0};

    fail(&cause, E_USAGE, "expected %s", what);
    return at(t, node, &cause);
}

/* What was set by somebody is there; the default need not be. */
static int check_certs(const struct target *t, const struct conf_node *node)
{
    const char *file = t->conf->path;
    const char *slash = file == NULL ? NULL : strrchr(file, '/');
    struct error cause = {0};
    char path[PATH_MAX];

    if (file == NULL || strcmp(node->text, t->key->initial) == 0)
        return OK;
    if (node->text[0] == '/' || slash == NULL)
        snprintf(path, sizeof(path), "%s", node->text);
    else
        snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - file), file, node->text);
    return conf_certs_check(path, &cause) == OK ? OK : at(t, node, &cause);
}

static int number(const char *text, enum conf_type type, int64_t *ret_value, struct error *err)
{
    int64_t ignored;

    if (type == CONF_COUNT)
        return option_parse_int(text, ret_value, err);
    if (strcmp(text, "0") != 0 && bytes_to_int(bytes_of(text), &ignored))
        return type == CONF_DURATION
                   ? fail(err, E_USAGE, "'%s' has no unit; write %ss or %sm", text, text, text)
                   : fail(err, E_USAGE, "'%s' has no unit; write %sKiB or %sMiB", text, text, text);
    return type == CONF_DURATION ? option_parse_duration(text, ret_value, err)
                                 : option_parse_size(text, ret_value, err);
}

/* A bound as an operator would write it. */
static const char *show(enum conf_type type, int64_t value, char text[32])
{
    static const struct {
        const char *name;
        int64_t factor;
    } durations[] = {{"d", 86400 * INT64_C(1000000)}, {"h", 3600 * INT64_C(1000000)},
        {"m", 60000000}, {"s", 1000000}, {"ms", 1000}, {"us", 1}},
      sizes[] = {{"TiB", INT64_C(1) << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
          {"B", 1}};
    size_t i = 0;

    if (type == CONF_COUNT || value == 0) {
        snprintf(text, 32, "%lld", (long long)value);
    } else if (type == CONF_DURATION) {
        while (value % durations[i].factor != 0)
            i++;
        snprintf(text, 32, "%lld%s", (long long)(value / durations[i].factor), durations[i].name);
    } else {
        while (value % sizes[i].factor != 0)
            i++;
        snprintf(text, 32, "%lld%s", (long long)(value / sizes[i].factor), sizes[i].name);
    }
    return text;
}

static int apply_number(const struct target *t, const struct conf_node *node)
{
    struct error cause = {0};
    enum conf_type type = t->key->type;
    char least[32];
    char most[32];
    int64_t value = 0;
    int code = number(node->text, type, &value, &cause);

    if (code == OK && (value < t->key->least || value > t->key->most))
        code = fail(&cause, E_USAGE, "%s is out of range, from %s to %s", node->text,
            show(type, t->key->least, least), show(type, t->key->most, most));
    if (code != OK)
        return at(t, node, &cause);
    *(int64_t *)member_of(t) = value;
    return OK;
}

static int apply_first_fetch(const struct target *t, const struct conf_node *node)
{
    static const char *const words[] = {"mark", "publish-last", "publish-all", NULL};
    struct bytes rest = bytes_of(node->text);
    struct bytes word = bytes_cut(&rest, ' ');
    struct error cause = {0};
    const char *meant;
    int64_t count = 0;

    if (bytes_is(word, "publish-last")) {
        if (!bytes_to_int(bytes_trim(rest), &count) || count < 1 || count > 100000)
            return expect(t, node, "publish-last N, with N from 1 to 100000");
        t->conf->poll.first_count = count;
        t->conf->poll.first_fetch = FIRST_PUBLISH_LAST;
        return OK;
    }
    if (bytes_is(bytes_of(node->text), "mark") || bytes_is(bytes_of(node->text), "publish-all")) {
        t->conf->poll.first_fetch = node->text[0] == 'm' ? FIRST_MARK : FIRST_PUBLISH_ALL;
        return OK;
    }
    meant = option_suggest(node->text, words);
    fail(&cause, E_USAGE, "'%.40s' is none of mark, publish-last N, publish-all%s%s%s", node->text,
        meant == NULL ? "" : "; did you mean ", meant == NULL ? "" : meant,
        meant == NULL ? "" : "?");
    return at(t, node, &cause);
}

/* What libzmq binds to: of the digits of a port it drops what is over 16 bits, and a name is that
 * of an interface to it. */
static bool is_tcp(const char *text)
{
    const char *colon = strrchr(text, ':');
    struct bytes port = bytes_of(colon == NULL ? "" : colon + 1);
    struct bytes host = bytes_slice(bytes_of(text), 0, colon == NULL ? 0 : (size_t)(colon - text));
    struct sockaddr_storage address;
    char with_port[INET6_ADDRSTRLEN + 10];
    char name[IF_NAMESIZE];
    int64_t number = 0;
    socklen_t len;

    if (!bytes_is(port, "*") && (!bytes_to_int(port, &number) || number < 0 || number > 65535))
        return false;
    snprintf(with_port, sizeof(with_port), "%.*s:1", FMT(bytes_slice(host, 0, INET6_ADDRSTRLEN)));
    snprintf(name, sizeof(name), "%.*s", FMT(bytes_slice(host, 0, sizeof(name) - 1)));
    return bytes_is(host, "*") || if_nametoindex(name) != 0 ||
           option_parse_address(with_port, &address, &len, NULL) == OK;
}

static int apply_endpoint(const struct target *t, const struct conf_node *node)
{
    struct bytes text = bytes_of(node->text);

    if (!bytes_starts(text, LIT("ipc://")) && !bytes_starts(text, LIT("tcp://")))
        return expect(t, node, "ipc://PATH or tcp://ADDRESS:PORT");
    if (text.len <= 6)
        return expect(t, node, "something after ://");
    if (bytes_starts(text, LIT("tcp://")) && !is_tcp(node->text + 6))
        return expect(t, node,
            "tcp://ADDRESS:PORT with an address of this machine in numbers, or *, and a port to "
            "65535");
    *(const char **)member_of(t) = bytes_cstr(t->conf->arena, text);
    return OK;
}

static int apply_address(const struct target *t, const struct conf_node *node)
{
    struct sockaddr_storage at_address;
    struct error cause = {0};
    socklen_t len;

    if (node->text[0] != '\0' && option_parse_address(node->text, &at_address, &len, &cause) != OK)
        return at(t, node, &cause);
    *(const char **)member_of(t) = bytes_cstr(t->conf->arena, bytes_of(node->text));
    return OK;
}

static int apply_url(const struct target *t, const struct conf_node *node)
{
    struct bytes text = bytes_of(node->text);
    size_t scheme = bytes_starts(text, LIT("https://"))  ? 8
                    : bytes_starts(text, LIT("http://")) ? 7
                                                         : 0;

    if (text.len > 0 && scheme == 0)
        return expect(t, node, "an address that begins with https:// or http://");
    if (text.len > 0 && strcspn(node->text + scheme, "/:?#") == 0)
        return expect(t, node, "an address with a host, such as https://news.example.org/push");
    if (strpbrk(node->text, "?# \t\"<>") != NULL)
        return expect(t, node, "an address without query, fragment and spaces");
    while (bytes_ends(text, LIT("/")))
        text.len--;
    *(const char **)member_of(t) = bytes_cstr(t->conf->arena, text);
    return OK;
}

static int apply_scalar(const struct target *t, const struct conf_node *node)
{
    struct error cause = {0};

    if (node->kind != CONF_SCALAR)
        return expect(t, node, "one value");
    if (strlen(node->text) > TEXT_MOST)
        return expect(t, node, "at most 4096 bytes");
    switch (t->key->type) {
    case CONF_BOOL:
        return option_parse_bool(node->text, member_of(t), &cause) == OK ? OK : at(t, node, &cause);
    case CONF_COUNT:
    case CONF_DURATION:
    case CONF_SIZE:
        return apply_number(t, node);
    case CONF_FIRST_FETCH:
        return apply_first_fetch(t, node);
    case CONF_ENDPOINT:
        return apply_endpoint(t, node);
    case CONF_ADDRESS:
        return apply_address(t, node);
    case CONF_URL:
        return apply_url(t, node);
    case CONF_PATH_CERTS:
        if (check_certs(t, node) != OK)
            return t->err->code;
        break;
    case CONF_PATH_STATE:
    case CONF_PATH_RUN:
        if (node->text[0] == '\0' || strstr(node->text, "://") != NULL)
            return expect(t, node, "a path");
        break;
    default:
        break;
    }
    *(const char **)member_of(t) = bytes_cstr(t->conf->arena, bytes_of(node->text));
    return OK;
}

/* "10.0.0.0/8", "::1" */
static bool is_network(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    struct bytes rest = bytes_of(text);
    struct bytes head = bytes_cut(&rest, '/');
    char host[INET6_ADDRSTRLEN];
    int64_t bits = 0;
    int64_t most;

    if (head.len >= sizeof(host))
        return false;
    snprintf(host, sizeof(host), "%.*s", FMT(head));
    most = inet_pton(AF_INET, host, address) == 1    ? 32
           : inet_pton(AF_INET6, host, address) == 1 ? 128
                                                     : -1;
    if (most < 0)
        return false;
    return strchr(text, '/') == NULL || (bytes_to_int(rest, &bits) && bits >= 0 && bits <= most);
}

static bool is_stage_name(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++)
        if (!is_alpha(text[i]) && !is_digit(text[i]) && strchr("-_", text[i]) == NULL)
            return false;
    return text[0] != '\0' && strlen(text) <= 64;
}

static int check_item(const struct target *t, const struct conf_node *node)
{
    if (node->kind != CONF_SCALAR || node->text[0] == '\0' || strlen(node->text) > TEXT_MOST)
        return expect(t, node, "a list of plain values");
    if (t->key->type == CONF_NETWORKS && !is_network(node->text))
        return expect(t, node, "an address or a network such as 127.0.0.0/8, ::1 or 10.1.2.3");
    if (t->key->type == CONF_URLS && strncmp(node->text, "http://", 7) != 0 &&
        strncmp(node->text, "https://", 8) != 0)
        return expect(t, node, "an http or https address");
    if (t->key->type == CONF_URLS &&
        memchr(node->text, '@', 8 + strcspn(node->text + 8, "/?#")) != NULL)
        return expect(t, node, "an address without name and password, which everybody sees");
    if (t->key->type == CONF_GLOBS && strstr(node->text, "://") != NULL)
        return expect(t, node,
            "a file, which has one address a line or is OPML; addresses of OPML lists stand under "
            "subscriptions:");
    if (t->key->type == CONF_NAMES && !is_stage_name(node->text))
        return expect(t, node, "the name of a stage (letters, digits, '-' and '_')");
    return OK;
}

/* A value where a list may stand is a list of one; an empty one, of none. */
static const char **list_of_one(struct arena *arena, const char *text)
{
    const char **items = arena_alloc_array(arena, 2, sizeof(*items));

    items[0] = text[0] == '\0' ? NULL : bytes_cstr(arena, bytes_of(text));
    return items;
}

static const char *place_of(const struct target *t, const struct conf_node *node)
{
    return bytes_format(t->conf->arena, "%s:%zu:%zu", t->file, node->line, node->column).ptr;
}

static const char *const *places_of(
    const struct target *t, const struct conf_node *list, size_t count)
{
    const char **places = arena_alloc_array(t->conf->arena, count + 1, sizeof(*places));

    count = 0;
    for (const struct conf_node *n = list->first; n != NULL; n = n->next)
        places[count++] = place_of(t, n);
    return places;
}

static int apply_list(const struct target *t, const struct conf_node *node)
{
    const char **items;
    size_t count = 0;

    if (t->key->type == CONF_DIRS && node->kind == CONF_SCALAR && strlen(node->text) <= TEXT_MOST) {
        *(const char *const **)member_of(t) = list_of_one(t->conf->arena, node->text);
        return OK;
    }
    if (node->kind != CONF_LIST)
        return expect(t, node, "a list: [one, two]");
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        int code = check_item(t, n);

        if (code != OK)
            return code;
        if (++count > LIST_MOST)
            return expect(t, n, "at most 10000 values");
    }
    items = arena_alloc_array(t->conf->arena, count + 1, sizeof(*items));
    count = 0;
    for (const struct conf_node *n = node->first; n != NULL; n = n->next)
        items[count++] = bytes_cstr(t->conf->arena, bytes_of(n->text));
    *(const char *const **)member_of(t) = items;
    if (t->key->type == CONF_NAMES)
        t->conf->stages.where = places_of(t, node, count);
    return OK;
}

/* Time and size: a stage that reads a file is opened again once that has changed. */
static int64_t file_state(const char *path)
{
    struct stat st;

    if (path[0] != '/' || stat(path, &st) != 0)
        return 0;
    return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec + (int64_t)st.st_size;
}

/* Options of one stage; values stay text until the module that knows their types is loaded. */
static int apply_stage(const struct target *t, const struct conf_node *stage,
    struct conf_option *options, size_t *count)
{
    struct arena *arena = t->conf->arena;

    if (stage->kind != CONF_MAP)
        return expect(t, stage, "options of a stage, such as headline: { max-suffix: 30 }");
    for (const struct conf_node *n = stage->first; n != NULL; n = n->next) {
        size_t i = 0;

        if (n->kind != CONF_SCALAR)
            return expect(t, n, "one value");
        while (i < *count &&
               (strcmp(options[i].stage, stage->key) != 0 || strcmp(options[i].name, n->key) != 0))
            i++;
        if (i == STAGE_OPTIONS)
            return expect(t, n, "at most 1000 options");
        options[i] = (struct conf_option){.stage = bytes_cstr(arena, bytes_of(stage->key)),
            .name = bytes_cstr(arena, bytes_of(n->key)),
            .value = bytes_cstr(arena, bytes_of(n->text)),
            .where = place_of(t, n),
            .state = file_state(n->text)};
        *count += i == *count ? 1 : 0;
    }
    return OK;
}

static int apply_options(const struct target *t, const struct conf_node *node)
{
    struct conf *conf = t->conf;
    struct conf_option *options = arena_alloc_array(conf->arena, STAGE_OPTIONS, sizeof(*options));
    size_t count = conf->stages.options_count;

    if (node->kind != CONF_MAP)
        return expect(t, node, "options by stage, such as headline: { max-suffix: 30 }");
    if (count > 0)
        memcpy(options, conf->stages.options, count * sizeof(*options));
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        int code = apply_stage(t, n, options, &count);

        if (code != OK)
            return code;
    }
    conf->stages.options = options;
    conf->stages.options_count = count;
    return OK;
}

static int apply_access(const struct target *t, const struct conf_node *node)
{
    const struct conf_node *where = node;
    struct error cause = {0};

    return access_apply(t->conf, node, &where, &cause) == OK ? OK : at(t, where, &cause);
}

static int apply(const struct target *t, const struct conf_node *node)
{
    switch (t->key->type) {
    case CONF_NAMES:
    case CONF_NETWORKS:
    case CONF_URLS:
    case CONF_GLOBS:
    case CONF_DIRS:
        return apply_list(t, node);
    case CONF_OPTIONS:
        return apply_options(t, node);
    case CONF_ACCESS:
        return apply_access(t, node);
    default:
        return apply_scalar(t, node);
    }
}

static void keep_place(const struct target *t, const struct conf_node *node)
{
    struct conf *conf = t->conf;
    size_t rows = 0;

    while (conf_keys[rows].name != NULL)
        rows++;
    if (conf->set_at == NULL)
        conf->set_at = arena_alloc_array(conf->arena, rows, sizeof(*conf->set_at));
    conf->set_at[t->key - conf_keys] = place_of(t, node);
}

int conf_apply(struct conf *conf, const struct conf_key *key, const struct conf_node *node,
    const char *file, struct error *err)
{
    struct target t = {.conf = conf, .key = key, .file = file, .err = err};
    int code = apply(&t, node);

    if (code == OK)
        keep_place(&t, node);
    return code;
}
