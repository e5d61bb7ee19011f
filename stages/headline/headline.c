/* headline.c - cuts the site's own name off the end of a headline: the smallest stage that is of
 * use. */
#include <string.h>

#include "wireroom/stage.h"

enum { KEY = 128, CUTS = 3 };

struct headline {
    int64_t max_suffix;
};

static const wr_option options[] = {
    {"max-suffix", WR_INT, offsetof(struct headline, max_suffix), "64",
        "longest site name to cut, in bytes"},
    {0},
};

/* What stands between a headline and the site's name, with spaces around it. */
static const char *const separators[] = {" - ", " | ", " \xe2\x80\x93 ", " \xe2\x80\x94 ",
    " :: ", " \xc2\xb7 ", " \xe2\x80\xa2 ", " \xc2\xbb ", " / ", NULL};

/* Letters and digits of a name, in lower case where they are ASCII: "The Example-Times" is
 * "exampletimes". */
static size_t make_key(wr_str name, char ret_key[KEY])
{
    size_t len = 0;

    if (name.len > 4 && strncasecmp(name.ptr, "the ", 4) == 0)
        name = (wr_str){name.ptr + 4, name.len - 4};
    for (size_t i = 0; i < name.len && len < KEY - 1; i++) {
        unsigned char c = (unsigned char)name.ptr[i];

        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 'a' - 'A');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            ret_key[len++] = (char)c;
    }
    ret_key[len] = '\0';
    return len;
}

/* Where the last separator begins, and its length; SIZE_MAX when there is none. */
static size_t find_last(wr_str text, size_t *ret_len)
{
    size_t found = SIZE_MAX;

    for (size_t s = 0; separators[s] != NULL; s++) {
        size_t len = strlen(separators[s]);

        for (size_t i = text.len < len ? 0 : text.len - len + 1; i > 0; i--) {
            if (memcmp(text.ptr + i - 1, separators[s], len) != 0)
                continue;
            if (found == SIZE_MAX || i - 1 > found) {
                found = i - 1;
                *ret_len = len;
            }
            break;
        }
    }
    return found;
}

/* Whether key is the feed's title or one of its parts: "World | The Example Times". */
static bool is_part_of_site(const char *key, wr_str site)
{
    char part[KEY];
    size_t len = 0;
    size_t at;

    make_key(site, part);
    while (strcmp(part, key) != 0) {
        at = find_last(site, &len);
        if (at == SIZE_MAX)
            return false;
        make_key((wr_str){site.ptr + at + len, site.len - at - len}, part);
        site.len = at;
        if (strcmp(part, key) == 0)
            break;
        make_key(site, part);
    }
    return true;
}

/* "www.example-times.co.uk" of an address. */
static wr_str host_of(wr_str url)
{
    const char *start = url.len == 0 ? NULL : memmem(url.ptr, url.len, "://", 3);
    size_t len = 0;
    size_t left;

    if (start == NULL)
        return (wr_str){"", 0};
    start += 3;
    left = url.len - (size_t)(start - url.ptr);
    while (len < left && strchr("/:?#", start[len]) == NULL)
        len++;
    return (wr_str){start, len};
}

/* What a site adds to its name: "BBC News" is at bbc.co.uk. */
static bool is_addition(const char *rest)
{
    static const char *const additions[] = {"", "news", "online", "com", "org", "net", NULL};

    for (size_t i = 0; additions[i] != NULL; i++)
        if (strcmp(rest, additions[i]) == 0)
            return true;
    return false;
}

/* Whether key is what the article's host is called: the host, or one of its labels but the last. */
static bool is_host(const char *key, wr_str url)
{
    wr_str host = host_of(url);
    char label[KEY];
    const char *dot;

    while (host.len > 0 && (dot = memchr(host.ptr, '.', host.len)) != NULL) {
        size_t len = (size_t)(dot - host.ptr);
        size_t known = make_key((wr_str){host.ptr, len}, label);

        if (known >= 3 && strncmp(key, label, known) == 0 && is_addition(key + known))
            return true;
        make_key(host, label);
        if (strcmp(label, key) == 0)
            return true;
        host = (wr_str){dot + 1, host.len - len - 1};
    }
    return false;
}

static bool has_space(wr_str text)
{
    return memchr(text.ptr, ' ', text.len) != NULL;
}

/* The headline without its last part, when that is the site's name; SIZE_MAX when it is not. */
static size_t find_suffix(const struct headline *h, const wr_record *rec, wr_str title)
{
    char key[KEY];
    size_t len = 0;
    size_t at = find_last(title, &len);
    wr_str suffix;

    if (at == SIZE_MAX || !has_space((wr_str){title.ptr, at}))
        return SIZE_MAX;
    suffix = (wr_str){title.ptr + at + len, title.len - at - len};
    if (suffix.len > (size_t)h->max_suffix || make_key(suffix, key) == 0)
        return SIZE_MAX;
    if (!is_part_of_site(key, wr_get(rec, WR_SITE)) && !is_host(key, wr_get(rec, WR_URL)))
        return SIZE_MAX;
    return at;
}

static int headline_process(void *self, wr_record *rec, const wr_event *event)
{
    const struct headline *h = self;

    (void)event;
    /* "Bridge closed | World | The Example Times" */
    for (int i = 0; i < CUTS; i++) {
        wr_str title = wr_get(rec, WR_TITLE);
        size_t end = title.len == 0 ? SIZE_MAX : find_suffix(h, rec, title);

        if (end == SIZE_MAX)
            break;
        wr_set(rec, WR_TITLE, (wr_str){title.ptr, end});
    }
    return WR_NEXT;
}

static int headline_open(void *self)
{
    const struct headline *h = self;

    if (h->max_suffix >= 0)
        return 0;
    wr_log(WR_ERROR, "max-suffix is negative");
    return -1;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "headline",
    .version = "1.0",
    .self_size = sizeof(struct headline),
    .options = options,
    .open = headline_open,
    .process = headline_process,
};
