/* bench_feed.c - the speed and memory of reading feeds.
 *
 *     bench_feed [FILE...]           MB/s and entries/s of feed_parse(), and of a bare libxml2 SAX2
 *                                    parse, over the files or one made feed
 *     bench_feed --many ITEMS        a made feed of ITEMS items: time, and memory beyond the
 * document bench_feed --batch [KIND]      answers "PATH<TAB>URL{<TAB>Header: value}" with a line of
 * JSON */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "feed/discover.h"
#include "feed/feed.h"
#include "feed/opml.h"
#include "target.h"
#include "text/encoding.h"

enum { ROUNDS = 15, ARENA = 512 << 20, FIELDS = 32, LINE = 64 << 10, MADE_ITEMS = 20000 };

static const double LEAST_SHARE = 0.35; /* libmrss reaches .18 of SAX2's speed, sfeed .41 */

static struct bytes read_file(const char *path)
{
    struct buf data = {0};
    FILE *file = fopen(path, "rb");
    char *space;
    size_t got;

    if (file == NULL)
        return (struct bytes){NULL, 0};
    while (
        (space = buf_reserve(&data, 1 << 16)) != NULL && (got = fread(space, 1, 1 << 16, file)) > 0)
        data.len += got;
    fclose(file);
    return buf_bytes(&data);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int count_entry(void *ctx, const struct entry *entry)
{
    (void)entry;
    ++*(size_t *)ctx;
    return OK;
}

static size_t parse(struct bytes document, struct error *err)
{
    struct arena *arena = arena_new(ARENA);
    struct feed_source source = {.url = LIT("http://example.org/feed")};
    size_t entries = 0;
    struct feed_sink sink = {.on_entry = count_entry, .ctx = &entries};
    struct feed feed;

    if (feed_parse(arena, document, &source, &sink, &feed, err) != OK)
        entries = 0;
    arena_free(arena);
    return entries;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **list, int attributes, int defaulted, const xmlChar **values)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)list, (void)attributes,
        (void)defaulted;
    (void)values;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)ctx, (void)name, (void)prefix, (void)uri;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    (void)ctx, (void)text, (void)len;
}

static void parse_bare(struct bytes document)
{
    xmlSAXHandler callbacks = {.initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text};
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&callbacks, NULL, NULL, 0, NULL);

    for (size_t i = 0; i < document.len; i += 1 << 16)
        xmlParseChunk(parser, document.ptr + i,
            (int)(document.len - i < 1 << 16 ? document.len - i : 1 << 16), 0);
    xmlParseChunk(parser, NULL, 0, 1);
    xmlFreeParserCtxt(parser);
}

static int measure(int count, const struct bytes *documents)
{
    double bare = 1e9, ours = 1e9, total = 0;
    size_t entries = 0;

    for (int i = 0; i < count; i++)
        total += (double)documents[i].len / 1e6;
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds(), time;
        struct error err = {0};

        for (int i = 0; i < count; i++)
            parse_bare(documents[i]);
        time = seconds() - start;
        bare = time < bare ? time : bare;
        start = seconds();
        entries = 0;
        for (int i = 0; i < count; i++)
            entries += parse(documents[i], &err);
        time = seconds() - start;
        ours = time < ours ? time : ours;
    }
    printf("%d documents, %.2f MB, %zu entries\n", count, total, entries);
    printf("bare SAX2 %.1f MB/s\nfeed_parse %.1f MB/s, %.0f entries/s\n", total / bare,
        total / ours, (double)entries / ours);
    target("share of SAX2's speed", bare / ours, false, LEAST_SHARE);
    return entries > 0 && targets_missed == 0 ? 0 : 1;
}

static int measure_files(int count, char **paths)
{
    struct bytes *documents = calloc((size_t)count, sizeof(*documents));

    if (documents == NULL)
        return 1;
    for (int i = 0; i < count; i++)
        documents[i] = read_file(paths[i]);
    return measure(count, documents);
}

static long resident(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static struct bytes make_feed(long items)
{
    struct buf document = {0};

    buf_add_cstr(
        &document, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Many</title>");
    for (long i = 0; i < items; i++)
        buf_printf(&document,
            "<item><title>Item number %ld of "
            "many</title><link>http://example.org/%ld</link><guid>%ld"
            "</guid><pubDate>Mon, 02 Jan 2006 15:04:05 "
            "GMT</pubDate><description>&lt;p&gt;%0300ld&lt;/p&gt;</description></item>\n",
            i, i, i, i);
    buf_add_cstr(&document, "</channel></rss>");
    return buf_bytes(&document);
}

static int many(long items)
{
    struct bytes document = make_feed(items);
    struct error err = {0};
    long before = resident();
    double start = seconds();
    size_t entries = parse(document, &err);

    printf("%.1f MB, %zu entries in %.2f s, %.1f MiB beyond the document\n",
        (double)document.len / 1e6, entries, seconds() - start,
        (double)(resident() - before) / 1024);
    free((char *)document.ptr);
    return entries == (size_t)items ? 0 : 1;
}

static void answer(struct bytes line, const char *kind)
{
    struct arena *arena = arena_new(ARENA);
    struct feed_source source = {.headers = NULL};
    struct bytes headers[FIELDS], document;
    struct buf out = {0};
    struct error err = {0};
    const char *path = bytes_cstr(arena, bytes_cut(&line, '\t'));

    source.url = bytes_cut(&line, '\t');
    source.headers = headers;
    while (line.len > 0 && source.header_count < FIELDS)
        headers[source.header_count++] = bytes_cut(&line, '\t');
    document = read_file(path);
    if (strcmp(kind, "discovery") == 0)
        discover_json(arena, document, &source, &out);
    else if (strcmp(kind, "opml") == 0)
        opml_json(arena, document, &out, &err);
    else
        feed_parse_json(arena, document, &source, &out, &err);
    fwrite(out.ptr, 1, out.len, stdout);
    putchar('\n');
    fflush(stdout);
    buf_done(&out);
    free((char *)document.ptr);
    arena_free(arena);
}

static int batch(const char *kind)
{
    static char line[LINE];

    encoding_warm_up();
    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        answer(bytes_of(line), kind);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct bytes made;

    if (argc > 1 && strcmp(argv[1], "--batch") == 0)
        return batch(argc > 2 ? argv[2] : "feed");
    if (argc > 2 && strcmp(argv[1], "--many") == 0)
        return many(strtol(argv[2], NULL, 10));
    if (argc > 1 && argv[1][0] == '-') {
        fprintf(stderr,
            "usage: bench_feed [FILE...] | --many ITEMS | --batch [feed|discovery|opml]\n"
            "Without files a feed of %d items is made and read.\n",
            MADE_ITEMS);
        return 2;
    }
    if (argc > 1)
        return measure_files(argc - 1, argv + 1);
    made = make_feed(MADE_ITEMS);
    return measure(1, &made);
}
