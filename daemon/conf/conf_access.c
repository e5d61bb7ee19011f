/* conf_access.c - the section `access` read, its secrets fetched from their files. */
#include "conf/conf_access.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum option {
    USER,
    PASSWORD,
    PASSWORD_FILE,
    HEADERS,
    HEADERS_FILE,
    COOKIE,
    COOKIE_FILE,
    CERTIFICATE,
    KEY,
    KEY_PASSWORD,
    KEY_PASSWORD_FILE,
    PROXY,
    PROXY_FILE,
    OPTIONS
};

const struct access_option access_options[OPTIONS + 1] = {
    [USER] = {"user", "Name for Basic authentication."},
    [PASSWORD] = {"password", "Password for it."},
    [PASSWORD_FILE] = {"password_file",
        "File with the password; a line end behind it is left out."},
    [HEADERS] = {"headers", "Own header lines, a list of 'Name: value'."},
    [HEADERS_FILE] = {"headers_file", "File with further ones, one a line."},
    [COOKIE] = {"cookie", "Value of a Cookie header."},
    [COOKIE_FILE] = {"cookie_file", "File with it."},
    [CERTIFICATE] = {"certificate", "Client certificate for TLS, a PEM file."},
    [KEY] = {"key",
        "Its private key, a PEM file. Without this option it is in the certificate's file."},
    [KEY_PASSWORD] = {"key_password", "Password of the private key."},
    [KEY_PASSWORD_FILE] = {"key_password_file", "File with it."},
    [PROXY] = {"proxy",
        "http://, https:// or socks5h:// address of a proxy, with NAME:PASSWORD@ before the "
        "host where it wants them. It resolves names and is the way to the feed, wherever "
        "that redirects to, and to the pages of its articles."},
    [PROXY_FILE] = {"proxy_file", "File with it."},
    [OPTIONS] = {NULL, NULL},
};

/* An entry while the configuration is read: values as written, lines in headers[]. */
struct conf_access_raw {
    const char *values[OPTIONS];
    const char *headers[ACCESS_HEADERS];
    size_t header_count;
};

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct conf_access *)a)->url, ((const struct conf_access *)b)->url);
}

/* ---- reading the section ---------------------------------------------------- */

static int check_url(const char *url, struct error *cause)
{
    struct bytes text = bytes_of(url);
    size_t scheme = bytes_starts(text, LIT("https://"))  ? 8
                    : bytes_starts(text, LIT("http://")) ? 7
                                                         : 0;

    if (scheme == 0 || text.len == scheme || strcspn(url + scheme, "/?#") == 0 || !is_plain(url))
        return fail(
            cause, E_USAGE, "expected addresses of feeds: \"https://host/path\": { user: ... }");
    if (memchr(url + scheme, '@', strcspn(url + scheme, "/?#")) != NULL)
        return fail(cause, E_USAGE, "an address without name and password; they are options");
    return OK;
}

/* With the host in lower case, as the addresses of feeds have it. */
static const char *copy_url(struct arena *arena, const char *key)
{
    char *url = bytes_cstr(arena, bytes_of(key));
    char *host = strstr(url, "//");

    for (char *c = host == NULL ? url + strlen(url) : host + 2;
         *c != '\0' && strchr("/?#", *c) == NULL; c++)
        *c = to_lower(*c);
    return url;
}

static int option_named(const char *name, int *ret_option, struct error *cause)
{
    for (int i = 0; i < OPTIONS; i++)
        if (strcmp(access_options[i].name, name) == 0) {
            *ret_option = i;
            return OK;
        }
    return fail(cause, E_USAGE, "%.60s: no such option of access", name);
}

static int take_headers(struct conf *conf, struct conf_access_raw *raw,
    const struct conf_node *node, struct error *cause)
{
    if (node->kind != CONF_LIST)
        return fail(cause, E_USAGE, "headers: expected a list: [\"Name: value\"]");
    raw->header_count = 0;
    for (const struct conf_node *n = node->first; n != NULL; n = n->next) {
        if (n->kind != CONF_SCALAR || raw->header_count == ACCESS_HEADERS)
            return fail(cause, E_USAGE, "headers: expected up to %d lines", ACCESS_HEADERS);
        raw->headers[raw->header_count++] = bytes_cstr(conf->arena, bytes_of(n->text));
    }
    return OK;
}

static int take_entry(struct conf *conf, struct conf_access_raw *raw, const struct conf_node *node,
    const struct conf_node **ret_where, struct error *cause)
{
    int option = 0;
    int code = OK;

    if (node->kind != CONF_MAP)
        return fail(
            cause, E_USAGE, "expected options, such as { user: NAME, password_file: PATH }");
    for (const struct conf_node *n = node->first; n != NULL && code == OK; n = n->next) {
        *ret_where = n;
        code = option_named(n->key, &option, cause);
        if (code == OK && option == HEADERS)
            code = take_headers(conf, raw, n, cause);
        else if (code == OK && (n->kind != CONF_SCALAR || strlen(n->text) > ACCESS_SECRET))
            code = fail(cause, E_USAGE, "%s: expected one value", n->key);
        else if (code == OK)
            raw->values[option] = bytes_cstr(conf->arena, bytes_of(n->text));
    }
    return code;
}

int access_apply(struct conf *conf, const struct conf_node *node,
    const struct conf_node **ret_where, struct error *cause)
{
    struct conf_access *items;
    size_t count = conf->access_count;
    size_t more = 0;
    int code = OK;

    *ret_where = node;
    if (node->kind == CONF_SCALAR && node->text[0] == '\0')
        return OK;
    if (node->kind != CONF_MAP)
        return fail(
            cause, E_USAGE, "expected addresses of feeds: \"https://host/path\": { user: ... }");
    for (const struct conf_node *n = node->first; n != NULL; n = n->next)
        more++;
    if (more == 0)
        return OK;
    items = arena_alloc_array(conf->arena, count + more, sizeof(*items));
    if (count > 0)
        memcpy(items, conf->access, count * sizeof(*items));
    for (const struct conf_node *n = node->first; n != NULL && code == OK; n = n->next) {
        const char *url;
        size_t i = 0;

        *ret_where = n;
        code = check_url(n->key, cause);
        url = copy_url(conf->arena, n->key);
        while (i < count && strcmp(items[i].url, url) != 0)
            i++;
        if (code == OK && i == ACCESS_MOST)
            code = fail(cause, E_USAGE, "at most %d addresses", ACCESS_MOST);
        if (code != OK)
            break;
        items[i] = (struct conf_access){
            .url = url, .raw = arena_alloc(conf->arena, sizeof(struct conf_access_raw))};
        count += i == count;
        code = take_entry(conf, items[i].raw, n, ret_where, cause);
    }
    conf->access = items;
    conf->access_count = count;
    return code;
}

/* ---- making what is sent ---------------------------------------------------- */

/* An entry being finished. */
struct finishing {
    struct arena *arena;
    const char *dir;
    const struct conf_access_raw *raw;
    struct conf_access *entry;
    const char *lines[ACCESS_HEADERS + 1];
    size_t count;
    struct error *err;
};

static const char *path_of(const struct finishing *f, const char *path)
{
    return path[0] == '/' ? path : bytes_format(f->arena, "%s/%s", f->dir, path).ptr;
}

/* The value of an option, or of the file that the option behind it names; NULL for neither. */
static int value_of(struct finishing *f, enum option option, const char **ret_value)
{
    const char *path = f->raw->values[option + 1];
    char text[ACCESS_SECRET + 1];
    FILE *file;
    size_t len;

    *ret_value = f->raw->values[option];
    if (path == NULL)
        return OK;
    if (*ret_value != NULL)
        return fail(f->err, E_USAGE, "%s and %s exclude each other", access_options[option].name,
            access_options[option + 1].name);
    path = path_of(f, path);
    file = fopen(path, "re");
    if (file == NULL)
        return fail(f->err, E_USAGE, "%s: %s", path, strerror(errno));
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    if (len > ACCESS_SECRET || memchr(text, '\0', len) != NULL)
        return fail(f->err, E_USAGE, "%s: no text of up to %d bytes", path, ACCESS_SECRET);
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    *ret_value = bytes_cstr(f->arena, (struct bytes){text, len});
    explicit_bzero(text, sizeof(text));
    return OK;
}

/* What is the daemon's own to say. */
static bool is_reserved(struct bytes name)
{
    static const char *const names[] = {"host", "connection", "content-length", "transfer-encoding",
        "accept-encoding", "if-none-match", "if-modified-since", "upgrade", "te", "expect"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes_equal_nocase(name, bytes_of(names[i])))
            return true;
    return false;
}

/* RFC 9110 section 5.6.2: token */
static bool is_token(struct bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && !is_digit(name.ptr[i]) &&
            strchr("!#$%&'*+-.^_`|~", name.ptr[i]) == NULL)
            return false;
    return name.len > 0;
}

static int add_header(struct finishing *f, const char *line)
{
    struct bytes rest = bytes_of(line);
    struct bytes name = bytes_cut(&rest, ':');

    if (!is_plain(line) || strchr(line, ':') == NULL || !is_token(name))
        return fail(f->err, E_USAGE, "a header is no 'Name: value'");
    if (is_reserved(name))
        return fail(f->err, E_USAGE, "%.*s: this header is not for you to set", FMT(name));
    if (f->count == ACCESS_HEADERS)
        return fail(f->err, E_USAGE, "over %d header lines", ACCESS_HEADERS);
    f->lines[f->count++] = line;
    return OK;
}

/* RFC 4648 section 4 */
static const char *base64(struct arena *arena, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = strlen(text);
    char *out = arena_alloc(arena, (len + 2) / 3 * 4 + 1);
    char *at = out;

    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t group = (uint32_t)(unsigned char)text[i] << 16;

        group |= left > 1 ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)(unsigned char)text[i + 2] : 0;
        *at++ = digits[group >> 18];
        *at++ = digits[group >> 12 & 63];
        *at++ = (char)(left > 1 ? digits[group >> 6 & 63] : '=');
        *at++ = (char)(left > 2 ? digits[group & 63] : '=');
    }
    *at = '\0';
    return out;
}

/* RFC 7617 */
static int add_basic(struct finishing *f)
{
    const char *user = f->raw->values[USER];
    const char *password;
    int code = value_of(f, PASSWORD, &password);

    if (code != OK || (user == NULL && password == NULL))
        return code;
    if (user == NULL || password == NULL)
        return fail(f->err, E_USAGE, "user and password go together");
    if (strchr(user, ':') != NULL || !is_plain(user) || !is_plain(password))
        return fail(f->err, E_USAGE, "user or password has characters that cannot be sent");
    return add_header(f, bytes_format(f->arena, "Authorization: Basic %s",
                             base64(f->arena, bytes_format(f->arena, "%s:%s", user, password).ptr))
                             .ptr);
}

static int add_headers(struct finishing *f)
{
    const char *cookie = NULL;
    const char *path = f->raw->values[HEADERS_FILE];
    const char *more = NULL;
    struct bytes rest;
    int code = value_of(f, COOKIE, &cookie);

    if (code == OK && cookie != NULL)
        code = add_header(f, bytes_format(f->arena, "Cookie: %s", cookie).ptr);
    for (size_t i = 0; i < f->raw->header_count && code == OK; i++)
        code = add_header(f, f->raw->headers[i]);
    if (code == OK && path != NULL)
        code = value_of(f, HEADERS, &more); /* HEADERS itself has no one value */
    for (rest = bytes_of(more); rest.len > 0 && code == OK;) {
        struct bytes line = bytes_trim(bytes_cut(&rest, '\n'));

        if (line.len > 0)
            code = add_header(f, bytes_cstr(f->arena, line));
    }
    return code;
}

static int add_certificate(struct finishing *f)
{
    const char *const *values = f->raw->values;
    int code = value_of(f, KEY_PASSWORD, &f->entry->key_password);

    if (code != OK)
        return code;
    if (values[CERTIFICATE] == NULL && (values[KEY] != NULL || f->entry->key_password != NULL))
        return fail(f->err, E_USAGE, "a key without a certificate");
    if (values[CERTIFICATE] == NULL)
        return OK;
    f->entry->certificate = path_of(f, values[CERTIFICATE]);
    f->entry->key = path_of(f, values[values[KEY] == NULL ? CERTIFICATE : KEY]);
    return OK;
}

static int add_proxy(struct finishing *f)
{
    static const char *const schemes[] = {"http://", "https://", "socks5h://"};
    int code = value_of(f, PROXY, &f->entry->proxy);

    if (code != OK || f->entry->proxy == NULL)
        return code;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (bytes_starts(bytes_of(f->entry->proxy), bytes_of(schemes[i])) &&
            f->entry->proxy[strlen(schemes[i])] != '\0' && is_plain(f->entry->proxy))
            return OK;
    return fail(f->err, E_USAGE, "expected a proxy at http://, https:// or socks5h://");
}

static int finish_entry(struct finishing *f)
{
    const char **lines;
    int code = add_basic(f);

    if (code == OK)
        code = add_headers(f);
    if (code == OK)
        code = add_certificate(f);
    if (code == OK)
        code = add_proxy(f);
    lines = arena_alloc_array(f->arena, f->count + 1, sizeof(*lines));
    memcpy(lines, f->lines, f->count * sizeof(*lines));
    f->entry->lines = lines;
    f->entry->raw = NULL;
    return code;
}

int access_finish(struct conf *conf, const char *dir, struct error *err)
{
    struct conf_access *items = arena_alloc_array(conf->arena, conf->access_count, sizeof(*items));

    if (conf->access_count == 0)
        return OK;
    memcpy(items, conf->access, conf->access_count * sizeof(*items));
    qsort(items, conf->access_count, sizeof(*items), compare_entries);
    for (size_t i = 0; i < conf->access_count; i++) {
        struct finishing f = {
            .arena = conf->arena, .dir = dir, .raw = items[i].raw, .entry = &items[i], .err = err};

        if (finish_entry(&f) != OK)
            return fail_in(err, "%s: access: %.200s", conf->path == NULL ? "defaults" : conf->path,
                items[i].url);
    }
    conf->access = items;
    return OK;
}

/* ---- finding ---------------------------------------------------------------- */

static int compare_key(const void *key, const void *item)
{
    struct bytes url = *(const struct bytes *)key;
    const char *entry = ((const struct conf_access *)item)->url;
    int order = strncmp(url.ptr, entry, url.len);

    return order != 0 ? order : entry[url.len] == '\0' ? 0 : -1;
}

const struct conf_access *access_find(const struct conf *conf, const char *url)
{
    struct bytes text = bytes_of(url);
    const struct conf_access *found = NULL;

    if (conf->access_count == 0)
        return NULL;
    for (struct bytes key = text; key.len > 8 && found == NULL; key.len--)
        if (key.len == text.len || key.ptr[key.len - 1] == '/')
            found = bsearch(&key, conf->access, conf->access_count, sizeof(*found), compare_key);
    return found;
}
