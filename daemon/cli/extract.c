/* extract.c - `wireroom extract`: article pages through the plain stages, as JSON. */
#include <stdlib.h>

#include "base/json.h"
#include "cli/explain.h"
#include "cli/offline.h"
#include "cli/verbs.h"
#include "text/familiar.h"

enum {
    OPT_BATCH,
    OPT_EXPLAIN,
    OPT_HTML,
    OPT_URL,
    OPT_SITE,
    OPT_HEADER,
    OPT_STAGES,
    OPT_JSON,
    OPT_CONFIG,
    OPT_WORKERS
};

static const struct cli_option options[] = {
    {"batch", NULL, CLI_TAKES_NOTHING,
        "answer lines of standard input: {\"file\": PATH, \"url\": URL}"},
    {"explain", NULL, CLI_TAKES_NOTHING,
        "tell why: the search for the body, what each rule cut, where each field stands"},
    {"html", NULL, CLI_TAKES_NOTHING, "the same as a page with kept, cut and doubtful coloured"},
    {"url", "URL", CLI_TAKES_OTHER, "where the page came from"},
    {"site", "FILE", CLI_TAKES_FILE,
        "another page of the same site: lines that three share are left out"},
    {"header", "'NAME: VALUE'", CLI_TAKES_OTHER,
        "a header it came with, such as Content-Type (may be repeated)"},
    {"stages", "NAMES", CLI_TAKES_STAGES,
        "stages to run, separated by commas, in place of the configured ones"},
    {"json", NULL, CLI_TAKES_NOTHING, "one line for each page, also on a terminal"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take limits and stages from"},
    {"workers", "N", CLI_TAKES_OTHER, "processes to work with"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

/* Fields of the answer. The first ones are always there, null when absent. */
static const struct {
    const char *name;
    int field;
    bool list, always;
} fields[] = {
    {"title", WR_TITLE, false, true},
    {"authors", WR_AUTHOR, true, true},
    {"published", WR_PUBLISHED, false, true},
    {"language", WR_LANGUAGE, false, true},
    {"text", WR_TEXT, false, true},
    {"image", WR_IMAGE, false, true},
    {"canonical", WR_CANONICAL, false, true},
    {"published_source", WR_PUBLISHED_SOURCE, false, false},
    {"published_precision", WR_PUBLISHED_PRECISION, false, false},
    {"modified", WR_MODIFIED, false, false},
    {"byline", WR_BYLINE, false, false},
    {"section", WR_SECTION, false, false},
    {"standfirst", WR_STANDFIRST, false, false},
    {"captions", WR_CAPTION, true, false},
    {"keywords", WR_KEYWORD, true, false},
    {"notices", WR_NOTICE, true, false},
    {"free", WR_FREE, false, false},
    {"status", WR_STATUS, false, false},
    {"method", WR_METHOD, false, false},
    {"confidence", WR_CONFIDENCE, false, false},
    {"reasons", WR_REASON, true, false},
    {"html", WR_HTML, false, false},
    {"notes", REC_NOTE, true, false},
};

/* Extras that are JSON. */
static const struct {
    const char *name, *extra;
} extras[] = {{"posts", "live.posts"}, {"trace", "extract.trace"}};

static int read_line(struct bytes line, struct offline_request *request, const char **ret_path,
    struct bytes *ret_url, struct error *err)
{
    struct json *asked;
    int code = json_parse(request->arena, line, &asked, err);

    if (code != OK)
        return code;
    if (json_get_text(asked, "file").len == 0)
        return fail(err, E_FORMAT, "no \"file\" in the line");
    *ret_path = bytes_cstr(request->arena, json_get_text(asked, "file"));
    *ret_url = json_get_text(asked, "url");
    return OK;
}

static void add_headers(const struct cli_args *args, const char *path, struct wr_record *rec)
{
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i].option == OPT_HEADER)
            record_add(rec, REC_PAGE_HEADER, bytes_of(args->given[i].value));
    if (bytes_ends(bytes_of(path), LIT(".gz")))
        record_add(rec, REC_PAGE_HEADER, LIT("content-encoding: gzip"));
}

static int read_source(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    struct bytes url = bytes_of(cli_value(offline->args, OPT_URL));
    const char *path = NULL;
    int code = OK;

    if (offline->files == NULL)
        code = read_line(source, request, &path, &url, err);
    else
        path = bytes_cstr(request->arena, source);
    if (code == OK)
        code = offline_read(path, request->body, err);
    if (code != OK)
        return code;
    request->ctx = (void *)path;
    add_headers(offline->args, path, request->record);
    record_set(request->record, WR_URL, url);
    record_set(request->record, WR_PAGE_URL, url);
    record_lend(request->record, REC_BODY, buf_bytes(request->body));
    return OK;
}

/* What the daemon sets on a record once its page came. */
static void set_fetched(const struct fetch_result *result, struct offline_request *request)
{
    struct wr_record *rec = request->record;
    struct bytes headers = result->headers;

    request->ctx = bytes_cstr(request->arena, bytes_of(result->url));
    record_set(rec, WR_URL, bytes_of(result->url));
    record_set(rec, WR_PAGE_URL, bytes_of(result->url));
    while (headers.len > 0)
        record_add(rec, REC_PAGE_HEADER, bytes_cut(&headers, '\n'));
    record_lend(rec, REC_BODY, result->body);
}

static void write_list(
    struct json_writer *w, const char *name, const struct wr_record *answer, int field)
{
    json_begin_array(w, name);
    for (size_t i = 0; i < wr_count(answer, field); i++)
        json_string(w, NULL, record_get_at(answer, field, i));
    json_end_array(w);
}

/* Pages in which there was no article: they are answered, and told by the exit status. */
static size_t failed;

static void count_failed(const struct wr_record *answer)
{
    failed += bytes_is(record_get(answer, WR_STATUS), "failed") ? 1 : 0;
}

static int write_answer(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json_writer w = {.out = out};

    (void)ctx;
    (void)err;
    count_failed(answer);
    json_begin_object(&w, NULL);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct bytes value = record_get(answer, fields[i].field);

        if (fields[i].list && (fields[i].always || value.len > 0))
            write_list(&w, fields[i].name, answer, fields[i].field);
        else if (value.len > 0 && fields[i].field == WR_CONFIDENCE)
            json_real(&w, fields[i].name, strtod(bytes_cstr(answer->arena, value), NULL), 2);
        else if (value.len > 0)
            json_string(&w, fields[i].name, value);
        else if (fields[i].always)
            json_null(&w, fields[i].name);
    }
    for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
        wr_str json = wr_get_extra(answer, extras[i].extra);

        if (json.len > 0)
            json_raw(&w, extras[i].name, (struct bytes){json.ptr, json.len});
    }
    json_end_object(&w);
    return OK;
}

static int write_text(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    (void)ctx;
    count_failed(answer);
    return explain_text(answer, out, err);
}

static int write_page(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    (void)ctx;
    count_failed(answer);
    return explain_html(answer, out, err);
}

/* The trace, and who writes it: JSON has it among the fields. */
static void ask_why(const struct cli_args *args, struct offline *offline)
{
    static const struct conf_option explain = {
        .stage = "extract", .name = "explain", .value = "true"};
    bool html = cli_given(args, OPT_HTML);

    offline->options = &explain;
    offline->options_count = 1;
    if (cli_given(args, OPT_JSON) || cli_given(args, OPT_BATCH))
        return;
    offline->write_answer = html ? write_page : write_text;
    offline->one_line = true;
}

/* ---- neighbours: what the pages have in common, before any is answered -------- */

enum { HEX_BYTE = 2 };

/* A line of hexadecimal digits for each page, in their order. */
static int write_told(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct bytes told = record_get(answer, WR_PAGE_LINES);

    (void)ctx;
    (void)err;
    for (size_t i = 0; i < told.len; i++)
        buf_printf(out, "%02x", (unsigned char)told.ptr[i]);
    return OK;
}

static unsigned digit_of(char hex)
{
    return is_digit(hex) ? (unsigned)(hex - '0') : (unsigned)(hex - 'a') + 10;
}

static void learn(struct bytes hex, struct buf *model)
{
    struct buf told = {0};

    for (size_t i = 0; i + HEX_BYTE <= hex.len; i += HEX_BYTE)
        buf_add_byte(&told, (char)(digit_of(hex.ptr[i]) << 4 | digit_of(hex.ptr[i + 1])));
    familiar_learn(buf_bytes(&told), model);
    buf_done(&told);
}

/* Those of --site and those to be answered, ended by NULL; on the heap. */
static char **all_pages(const struct offline *offline)
{
    const struct cli_args *args = offline->args;
    char **pages = calloc(args->given_count + args->words_count + 1, sizeof(*pages));
    size_t count = 0;

    if (pages == NULL)
        arena_out_of_memory(sizeof(*pages));
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i].option == OPT_SITE)
            pages[count++] = (char *)args->given[i].value;
    for (size_t i = 0; i < args->words_count; i++)
        if (strcmp(args->words[i], "-") != 0)
            pages[count++] = args->words[i];
    return pages;
}

/* Standard input is read once: it is not among them. */
static int learn_site(const struct offline *offline, struct buf *ret_list)
{
    struct offline neighbours = *offline;
    struct buf lines = {0};
    struct buf model = {0};
    struct bytes rest;
    int result;

    neighbours.files = all_pages(offline);
    neighbours.capture = &lines;
    neighbours.write_answer = write_told;
    result = offline_run(&neighbours);
    free(neighbours.files);
    rest = buf_bytes(&lines);
    while (rest.len > 0)
        learn(bytes_cut(&rest, '\n'), &model);
    familiar_list(buf_bytes(&model), ret_list);
    buf_done(&model);
    buf_done(&lines);
    return result;
}

static int run(const struct cli_args *args)
{
    struct buf list = {0};
    int result = EXIT_OK;
    struct offline offline = {.job = JOB_RECORD,
        .config = cli_value(args, OPT_CONFIG),
        .stages = cli_value(args, OPT_STAGES),
        .one_line = cli_given(args, OPT_JSON),
        .args = args,
        .read = read_source,
        .fetched = set_fetched,
        .write_answer = write_answer,
        .write_failure = offline_write_failure};
    static char *standard_input[] = {(char *)"-", NULL};

    if (!cli_number(args, OPT_WORKERS, 1, 256, 0, &offline.workers))
        return EXIT_USAGE;
    if (cli_given(args, OPT_BATCH) && args->words_count > 0)
        return cli_usage(args, "--batch reads standard input, not files");
    if (cli_given(args, OPT_HTML) && args->words_count > 1)
        return cli_usage(args, "--html explains one page");
    if (cli_given(args, OPT_EXPLAIN) || cli_given(args, OPT_HTML))
        ask_why(args, &offline);
    if (!cli_given(args, OPT_BATCH))
        offline.files = args->words_count > 0 ? args->words : standard_input;
    if (cli_given(args, OPT_SITE))
        result = learn_site(&offline, &list);
    offline.site_lines = buf_bytes(&list);
    if (result == EXIT_OK)
        result = offline_run(&offline);
    if (result == EXIT_OK && failed > 0 && !cli_given(args, OPT_BATCH))
        result = cli_trouble("%s",
            failed == 1 ? "no article was found in it" : "no article was found in some of them");
    buf_done(&list);
    return result;
}

const struct cli_verb cli_extract_verb = {
    .name = "extract",
    .words = "[FILE|URL ...]",
    .summary = "Take the articles out of pages and print them as JSON.",
    .text = "Without a file, standard input is read. Files named .gz are unpacked. Addresses are "
            "fetched as the\n"
            "daemon would. Each page goes through the configured stages in a sandboxed worker.\n"
            "With --site the pages named are taken as one site's: lines that they share are left "
            "out.",
    .examples = "wireroom extract https://www.example.org/news/1.html\n"
                "wireroom extract --url https://www.example.org/news/1.html page.html\n"
                "wireroom extract --explain page.html\twhat was cut by which rule\n"
                "wireroom extract --site monday.html --site tuesday.html "
                "wednesday.html\tpages of one site\n"
                "wireroom extract --html page.html > why.html\tthe same for a browser\n"
                "wireroom extract --stages extract --batch < pages.jsonl\tone answer a line\n",
    .options = options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
