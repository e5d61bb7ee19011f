/* lists.c - list files read: what is wrong in one costs a line, or that file, and no other. */
#include "lists/lists.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "feed/opml.h"
#include "store/store.h"
#include "text/tags.h"
#include "text/url.h"

enum {
    FILE_LIMIT = 256 << 20,
    LINE_MOST = 10000,
    LINE_MEMORY = 1 << 20,
    LARGE = 10,
    WARNING = 500
};

struct reading {
    struct arena *arena;
    struct feed_list *list;
    const char *path;
};

static void add(
    struct reading *r, struct bytes url, struct bytes title, struct bytes tags, struct bytes link)
{
    struct feed_list *list = r->list;

    if (list->count == list->cap)
        list->feeds = arena_grow(r->arena, list->feeds, &list->cap, sizeof(*list->feeds));
    list->feeds[list->count++] =
        (struct listed_feed){bytes_cstr(r->arena, url), bytes_cstr(r->arena, title),
            bytes_cstr(r->arena, tags), bytes_cstr(r->arena, link), r->path, NULL};
}

static int on_outline(void *ctx, const struct opml_feed *feed)
{
    struct reading *r = ctx;
    struct error err = {0};
    struct bytes url;

    if (url_feed(r->arena, feed->feed_url, &url, &err) == OK)
        add(r, url, feed->title,
            bytes_of(lists_tags(
                r->arena, bytes_cstr(r->arena, feed->category), bytes_cstr(r->arena, feed->tags))),
            feed->link);
    else
        lists_warn(&r->list->warnings, "%s: %s", r->path, err.text);
    return OK;
}

/* Where the title begins that stands behind an address: an address may have blanks in it ("/my
 * feed.xml"), and then goes on in the last word with what titles do not end with. */
static size_t find_title(struct bytes line)
{
    size_t end = 0, last = line.len;
    struct bytes word;

    while (end < line.len && !is_space(line.ptr[end]))
        end++;
    while (last > end && !is_space(line.ptr[last - 1]))
        last--;
    word = bytes_from(line, last);
    for (size_t i = 0; i < word.len; i++)
        if (strchr("/?=&%", word.ptr[i]) != NULL ||
            (word.ptr[i] == '.' && i > 0 && i + 1 < word.len && !is_digit(word.ptr[i + 1])))
            return line.len;
    return end;
}

/* "http://... # what it is" */
static struct bytes without_remark(struct bytes line)
{
    for (size_t i = 1; i < line.len; i++)
        if (line.ptr[i] == '#' && is_space(line.ptr[i - 1]))
            return bytes_trim(bytes_slice(line, 0, i));
    return line;
}

int lists_line(struct arena *arena, struct bytes line, struct bytes *ret_url,
    struct bytes *ret_title, struct error *err)
{
    struct bytes rest = without_remark(bytes_slice(bytes_trim(line), 0, LINE_MOST));
    size_t end = find_title(rest);
    bool titled = url_feed(arena, bytes_slice(rest, 0, end), ret_url, NULL) == OK;

    if (!titled && url_feed(arena, rest, ret_url, err) != OK)
        return err->code;
    *ret_title = titled ? bytes_trim(bytes_from(rest, end)) : (struct bytes){NULL, 0};
    return OK;
}

/* A bad line costs that line. */
static void read_lines(struct reading *r, struct bytes text)
{
    struct arena *scratch = arena_new(LINE_MEMORY);

    if (bytes_starts(text, LIT("\xef\xbb\xbf")))
        text = bytes_from(text, 3);
    for (size_t number = 1; text.len > 0; number++) {
        struct bytes line = bytes_trim(bytes_cut(&text, '\n'));
        struct bytes url = {NULL, 0}, title = {NULL, 0};
        struct error err = {0};

        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        arena_reset(scratch);
        if (lists_line(scratch, line, &url, &title, &err) == OK)
            add(r, url, title, (struct bytes){NULL, 0}, (struct bytes){NULL, 0});
        else
            lists_warn(&r->list->warnings, "%s:%zu: %s", r->path, number, err.text);
    }
    arena_free(scratch);
}

static int read_whole(
    struct arena *arena, const char *path, struct bytes *ret_text, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe that nobody writes to */
    struct stat st;
    size_t len = 0;
    char *text;
    int code = OK;

    if (fd < 0)
        return fail(err, E_SYSTEM, "open %s: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_LIMIT / 2) {
        code = fail(err, E_LIMIT, "%s is no file, or over %d bytes", path, FILE_LIMIT / 2);
        goto out;
    }
    text = arena_alloc(arena, (size_t)st.st_size + 1);
    while (len < (size_t)st.st_size) {
        ssize_t got = read(fd, text + len, (size_t)st.st_size - len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) { /* half a list would take away the feeds of the other half */
            code = fail(err, E_SYSTEM, "read %s: %s", path,
                got < 0 ? strerror(errno) : "it became shorter meanwhile");
            goto out;
        }
        len += (size_t)got;
    }
    *ret_text = (struct bytes){text, len};
out:
    close(fd);
    return code;
}

static int read_opml(struct reading *r, struct arena *scratch, struct bytes text, struct error *err)
{
    const struct opml_sink sink = {.on_feed = on_outline, .ctx = r};
    struct opml_summary summary = {0};
    int code = opml_read(scratch, text, &sink, &summary, err);

    if (code == OK && !summary.complete)
        code = fail(err, E_FORMAT, "it ends before its last element is closed");
    if (code == OK && summary.skipped > 0)
        lists_warn(&r->list->warnings, "%s: %zu outlines without an http address", r->path,
            summary.skipped);
    return code;
}

/* The feeds of a file, or none of them and why. */
static void read_list(struct reading *r)
{
    struct bytes path = bytes_of(r->path);
    struct arena *scratch = arena_new(FILE_LIMIT);
    struct bytes text = {NULL, 0};
    size_t before = r->list->count;
    uint64_t look = again_look(r->path);
    struct error err = {0};
    int code = read_whole(scratch, r->path, &text, &err);

    if (code == OK && (bytes_ends(path, LIT(".opml")) || bytes_ends(path, LIT(".xml"))))
        code = read_opml(r, scratch, text, &err);
    else if (code == OK)
        read_lines(r, text);
    if (code != OK) {
        r->list->count = before;
        /* A file that can be opened and not read looks the same when it can be. */
        again_note(&r->list->unread, r->path, code == E_SYSTEM && look != 0 ? AGAIN_ALWAYS : look);
        lists_warn(&r->list->warnings, "%s: %s", r->path, err.text);
    }
    arena_free(scratch);
}

int lists_compare(const void *a, const void *b)
{
    return strcmp(((const struct listed_feed *)a)->url, ((const struct listed_feed *)b)->url);
}

static bool has_tag(struct bytes tags, struct bytes tag)
{
    while (tags.len > 0)
        if (bytes_equal(tags_cut(&tags), tag))
            return true;
    return tag.len == 0;
}

const char *lists_tags(struct arena *arena, const char *first, const char *second)
{
    struct bytes tags = bytes_of(first), more = bytes_of(second);

    if (tags.len + more.len >= STORE_TAGS)
        return first;
    while (more.len > 0) {
        struct bytes tag = tags_cut(&more);

        if (!has_tag(tags, tag))
            tags = bytes_format(arena, "%.*s%s%.*s", FMT(tags), tags.len > 0 ? "," : "", FMT(tag));
    }
    return bytes_cstr(arena, tags);
}

/* qsort() is not stable, and what is read twice shall be the same: what stands in several places is
 * in the order of its tags, then its titles. */
static int compare_whole(const void *a, const void *b)
{
    const struct listed_feed *one = a, *other = b;
    int order = lists_compare(a, b);

    if (order == 0)
        order = strcmp(one->tags, other->tags);
    return order != 0 ? order : strcmp(one->title, other->title);
}

/* A feed in two folders has the tags of both. */
void lists_sort(struct arena *arena, struct feed_list *list)
{
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->feeds, list->count, sizeof(*list->feeds), compare_whole);
    for (size_t i = 1; i < list->count; i++) {
        struct listed_feed *last = &list->feeds[kept], *feed = &list->feeds[i];

        if (lists_compare(last, feed) != 0) {
            list->feeds[++kept] = *feed;
            continue;
        }
        last->tags = lists_tags(arena, last->tags, feed->tags);
        if (last->title[0] == '\0')
            last->title = feed->title;
    }
    list->count = kept + 1;
}

/* glob() gives its caller nothing to know them by. */
static struct feed_list *globbed;

static int on_folder(const char *path, int number)
{
    if (number == ENOENT || number == ENOTDIR)
        return 0;
    lists_warn(&globbed->warnings, "%s: %s", path, strerror(number));
    again_note(&globbed->unread, path, again_look(path) == 0 ? 0 : AGAIN_ALWAYS);
    return 0;
}

void lists_read(struct arena *arena, const char *const *patterns, struct feed_list *list)
{
    globbed = list;
    for (size_t i = 0; patterns[i] != NULL; i++) {
        glob_t found = {0};

        if (glob(patterns[i], 0, on_folder, &found) != 0 && strpbrk(patterns[i], "*?[") == NULL) {
            lists_warn(&list->warnings, "%s: there is no such list", patterns[i]);
            again_note(&list->unread, patterns[i], 0);
        }
        for (size_t n = 0; n < found.gl_pathc; n++) {
            struct reading r = {arena, list, bytes_cstr(arena, bytes_of(found.gl_pathv[n]))};

            read_list(&r);
        }
        globfree(&found);
    }
    lists_sort(arena, list);
}

bool lists_is_large(size_t going, size_t of)
{
    return going > LARGE && going > of / 2;
}

void lists_warn(struct buf *warnings, const char *format, ...)
{
    char line[WARNING];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (warnings->len + sizeof(line) < LISTS_WARNINGS)
        buf_printf(warnings, "%s\n", line);
}

void lists_log(const struct buf *warnings)
{
    for (struct bytes rest = buf_bytes(warnings); rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        log_warning("%.*s", FMT(line));
    }
}
