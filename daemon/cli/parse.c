/* parse.c - `wireroom parse`: feeds, pages that name feeds, and OPML as JSON. */
#include "base/json.h"
#include "cli/offline.h"
#include "cli/verbs.h"

enum { OPT_BATCH, OPT_DISCOVER, OPT_OPML, OPT_URL, OPT_HEADER, OPT_JSON, OPT_CONFIG, OPT_WORKERS };

static const struct cli_option options[] = {
    {"batch", NULL, CLI_TAKES_NOTHING,
        "answer lines of standard input: PATH<TAB>URL{<TAB>Header: value}"},
    {"discover", NULL, CLI_TAKES_NOTHING, "the files are pages: list the feeds they name"},
    {"opml", NULL, CLI_TAKES_NOTHING, "the files are OPML: list the feeds in them"},
    {"url", "URL", CLI_TAKES_OTHER, "where the file came from, for relative addresses"},
    {"header", "'NAME: VALUE'", CLI_TAKES_OTHER,
        "a header it came with, such as Content-Type (may be repeated)"},
    {"json", NULL, CLI_TAKES_NOTHING, "one line for each file, also on a terminal"},
    {"config", "FILE", CLI_TAKES_FILE, "configuration to take limits from"},
    {"workers", "N", CLI_TAKES_OTHER, "processes to work with"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int read_line(struct bytes line, struct offline_request *request, struct error *err)
{
    struct bytes path = bytes_cut(&line, '\t');
    struct bytes url = bytes_cut(&line, '\t');

    record_set(request->record, REC_URL, url);
    while (line.len > 0)
        record_add(request->record, REC_HEADER, bytes_cut(&line, '\t'));
    return offline_read(bytes_cstr(request->arena, path), request->body, err);
}

static int read_file(const struct cli_args *args, struct bytes path,
    struct offline_request *request, struct error *err)
{
    record_set(request->record, REC_URL, bytes_of(cli_value(args, OPT_URL)));
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i].option == OPT_HEADER)
            record_add(request->record, REC_HEADER, bytes_of(args->given[i].value));
    if (bytes_ends(path, LIT(".gz")))
        record_add(request->record, REC_HEADER, LIT("content-encoding: gzip"));
    request->ctx = bytes_cstr(request->arena, path);
    return offline_read(request->ctx, request->body, err);
}

static int read_source(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    int code = offline->files == NULL ? read_line(source, request, err)
                                      : read_file(offline->args, source, request, err);

    if (code == OK)
        record_lend(request->record, REC_BODY, buf_bytes(request->body));
    return code;
}

/* What cannot be read comes as {"error": "line:column: what"}. */
static int write_answer(void *ctx, struct wr_record *answer, struct buf *out, struct error *err)
{
    struct bytes text = record_get(answer, REC_TEXT);
    struct json *refused = NULL;
    int code = OK;

    if (!bytes_starts(text, LIT("{\"error\":"))) {
        buf_add(out, text);
        return OK;
    }
    if (json_parse(answer->arena, text, &refused, err) == OK)
        code = fail(err, E_FORMAT, "%s%s%.*s", ctx == NULL ? "" : (const char *)ctx,
            ctx == NULL ? "" : ":", FMT(json_get_text(refused, "error")));
    return code;
}

static int read_plain(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    int code;

    (void)offline;
    request->ctx = bytes_cstr(request->arena, source);
    code = offline_read(request->ctx, request->body, err);
    if (code == OK)
        record_lend(request->record, REC_BODY, buf_bytes(request->body));
    return code;
}

int parse_opml(const char *path, struct buf *ret_json)
{
    char *files[] = {(char *)path, NULL};
    const struct offline offline = {.job = JOB_OPML_JSON,
        .stages = "",
        .workers = 1,
        .files = files,
        .capture = ret_json,
        .read = read_plain,
        .write_answer = write_answer,
        .write_failure = offline_write_failure};

    return offline_run(&offline);
}

static int read_report(const struct offline *offline, struct bytes source,
    struct offline_request *request, struct error *err)
{
    record_set(request->record, REC_URL, bytes_of(offline->url));
    return read_plain(offline, source, request, err);
}

int parse_report(const char *path, const char *url, struct buf *ret_json)
{
    char *files[] = {(char *)path, NULL};
    const struct offline offline = {.job = JOB_FEED_REPORT,
        .stages = "",
        .workers = 1,
        .files = files,
        .url = url,
        .capture = ret_json,
        .read = read_report,
        .write_answer = write_answer,
        .write_failure = offline_write_failure};

    return offline_run(&offline);
}

static int run(const struct cli_args *args)
{
    struct offline offline = {.job = JOB_FEED_JSON,
        .config = cli_value(args, OPT_CONFIG),
        .stages = "",
        .one_line = cli_given(args, OPT_JSON),
        .args = args,
        .read = read_source,
        .write_answer = write_answer,
        .write_failure = offline_write_failure};
    static char *standard_input[] = {(char *)"-", NULL};

    if (!cli_number(args, OPT_WORKERS, 1, 256, 0, &offline.workers))
        return EXIT_USAGE;
    if (cli_given(args, OPT_DISCOVER) && cli_given(args, OPT_OPML))
        return cli_usage(args, "--discover and --opml exclude each other");
    if (cli_given(args, OPT_BATCH) && args->words_count > 0)
        return cli_usage(args, "--batch reads standard input, not files");
    for (size_t i = 0; i < args->words_count; i++)
        if (strstr(args->words[i], "://") != NULL)
            return cli_usage(args, "%s is an address, and files are read here: wireroom feeds test",
                args->words[i]);
    if (cli_given(args, OPT_DISCOVER))
        offline.job = JOB_DISCOVER_JSON;
    if (cli_given(args, OPT_OPML))
        offline.job = JOB_OPML_JSON;
    if (!cli_given(args, OPT_BATCH))
        offline.files = args->words_count > 0 ? args->words : standard_input;
    return offline_run(&offline);
}

const struct cli_verb cli_parse_verb = {
    .name = "parse",
    .words = "[FILE ...]",
    .summary = "Read feeds from files and print them as JSON.",
    .text = "Without a file, standard input is read. Files named .gz are unpacked. Each file is "
            "read in a\n"
            "sandboxed worker, as the daemon would read it.",
    .examples = "wireroom parse feed.xml\twhat the daemon would see\n"
                "wireroom parse --url https://www.example.org/ --discover page.html\tthe feeds "
                "that a page names\n"
                "wireroom parse --opml subscriptions.opml\n"
                "ls *.xml | wireroom parse --batch\tone answer a line\n",
    .options = options,
    .most = SIZE_MAX,
    .takes = CLI_TAKES_FILE,
    .run = run,
};
