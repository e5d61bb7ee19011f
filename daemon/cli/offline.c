/* offline.c - a queue of documents before a pool of workers on a private loop; answers leave it in
 * order. */
#include "cli/offline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/spread.h"
#include "pool/pool.h"
#include "text/url.h"

enum { READ_BLOCK = 1 << 16, DOC_ARENA = 192 << 20, AHEAD_PER_WORKER = 4, AHEAD_BYTES = 32 << 20 };

static const int64_t list_deadline = 120 * (int64_t)SECOND;

struct doc {
    struct batch *batch;
    struct doc *next; /* came after it */
    struct arena *arena;
    const char *source; /* file or address, for errors */
    void *ctx;
    size_t size;     /* of its line and request, for the bound on what is read ahead */
    uint64_t fetch;  /* under way, for it or for one of its stages; 0 */
    uint64_t ticket; /* of the stage that waits */
    bool done, failed;
    struct error refused;    /* by write_answer() */
    struct wr_record *plain; /* answer of the plain stages, waiting for the ordered ones */
    struct buf plain_bytes;
    struct buf out, beside; /* beside: of write_emitted() */
};

struct batch {
    const struct offline *offline;
    uv_loop_t loop;
    struct conf *conf;
    struct pool *pool;
    struct fetcher *fetcher;   /* NULL when nothing is fetched */
    struct doc *first, **last; /* waiting for their turn to be written */
    size_t docs, docs_most, bytes;
    struct buf input; /* read, not yet cut into lines */
    struct buf body;  /* of the file whose request is being made */
    size_t next_file;
    uv_fs_t read;
    char block[READ_BLOCK];
    bool reading, ended; /* of standard input, or no file left */
    bool stopped;        /* nobody reads the answers, or the input is none */
    bool closing, spread;
    int result;
};

void offline_write_failure(void *ctx, const struct error *err, struct buf *out)
{
    struct json_writer w = {.out = out};

    (void)ctx;
    json_begin_object(&w, NULL);
    json_cstr(&w, "error", err->text);
    json_cstr(&w, "code", code_name(err->code));
    json_end_object(&w);
}

/* A read of standard input that nobody waits for any more cannot be taken back. */
static void on_closed(void *ctx)
{
    struct batch *b = ctx;

    if (b->reading)
        uv_stop(&b->loop);
}

static void on_fetcher_closed(void *ctx)
{
    (void)ctx;
}

static void close_when_done(struct batch *b)
{
    if (b->closing || b->first != NULL || !(b->stopped || (b->ended && b->input.len == 0)))
        return;
    b->closing = true;
    if (b->offline->ended != NULL)
        b->offline->ended(b->offline, b->pool);
    if (b->fetcher != NULL)
        fetcher_close(b->fetcher, on_fetcher_closed, b);
    pool_close(b->pool, on_closed, b);
}

static void take_sources(struct batch *b);

static void write_doc(struct batch *b, struct doc *doc)
{
    struct buf spread = {0};

    if (b->stopped || (b->offline->next != NULL && doc->out.len == 0))
        return;
    if (doc->failed && b->offline->files != NULL) {
        b->result = cli_trouble("%s", buf_cstr(&doc->out));
        return;
    }
    if (b->spread)
        json_spread(buf_bytes(&doc->out), &spread);
    else
        buf_add(&spread, buf_bytes(&doc->out));
    buf_add_byte(&spread, '\n');
    if (b->offline->capture != NULL)
        buf_add(b->offline->capture, buf_bytes(&spread));
    else if (fwrite(spread.ptr, 1, spread.len, stdout) != spread.len || fflush(stdout) != 0) {
        b->stopped = true;
        b->result = EXIT_TROUBLE;
    }
    buf_done(&spread);
}

/* Write the answers whose turn it is, and take up what there is room for then. */
static void write_done(struct batch *b)
{
    while (b->first != NULL && b->first->done) {
        struct doc *doc = b->first;

        b->first = doc->next;
        if (b->first == NULL)
            b->last = &b->first;
        b->docs--;
        b->bytes -= doc->size;
        write_doc(b, doc);
        if (doc->fetch != 0)
            fetch_cancel(b->fetcher, doc->fetch);
        arena_free(doc->arena);
        buf_done(&doc->plain_bytes);
        buf_done(&doc->out);
        buf_done(&doc->beside);
        free(doc);
    }
}

static void on_answer(void *ctx, int kind, struct wr_record *answer)
{
    struct doc *doc = ctx;

    if (kind == ANSWER_RECORD && doc->batch->offline->then_ordered && doc->plain == NULL) {
        record_encode(answer, &doc->plain_bytes);
        record_decode(doc->arena, buf_bytes(&doc->plain_bytes), &doc->plain, NULL);
    } else if (kind == ANSWER_TEXT || kind == ANSWER_RECORD) {
        buf_clear(&doc->out);
        doc->batch->offline->write_answer(doc->ctx, answer, &doc->out, &doc->refused);
        buf_add(&doc->out, buf_bytes(&doc->beside));
        buf_clear(&doc->beside);
    } else if (kind == ANSWER_EMITTED && doc->batch->offline->write_emitted != NULL) {
        doc->batch->offline->write_emitted(doc->ctx, answer, &doc->beside);
    }
}

/* "line:column: ..." */
static bool has_place(const char *text)
{
    size_t line = strspn(text, "0123456789");

    return line > 0 && text[line] == ':' && is_digit(text[line + 1]);
}

/* Workers and decoders say nothing of the file. */
static void name_source(const struct doc *doc, const struct error *err, struct buf *out)
{
    if (!bytes_starts(bytes_of(err->text), bytes_of(doc->source)))
        buf_printf(out, "%s:%s", doc->source, has_place(err->text) ? "" : " ");
    buf_add_cstr(out, err->text);
}

static void finish(struct doc *doc, const struct error *err)
{
    const struct offline *offline = doc->batch->offline;

    doc->done = true;
    if (err == NULL)
        return;
    doc->failed = true;
    buf_clear(&doc->out);
    if (offline->files != NULL)
        name_source(doc, err, &doc->out);
    else
        offline->write_failure(doc->ctx, err, &doc->out);
}

static void on_done(void *ctx, const struct error *err)
{
    struct doc *doc = ctx;
    struct batch *b = doc->batch;

    finish(doc, err == NULL && doc->refused.code != OK ? &doc->refused : err);
    take_sources(b);
}

/* The plain stages are done; with then_ordered the record goes on. */
static void on_first_done(void *ctx, const struct error *err)
{
    struct doc *doc = ctx;
    const struct pool_job job = {.kind = JOB_ORDERED,
        .request = doc->plain,
        .on_answer = on_answer,
        .on_done = on_done,
        .ctx = doc};

    if (err == NULL && doc->plain != NULL)
        pool_submit(doc->batch->pool, &job);
    else
        on_done(ctx, err);
}

static struct doc *add_doc(struct batch *b)
{
    struct doc *doc = new_zeroed(sizeof(*doc));

    doc->batch = b;
    doc->arena = arena_new(DOC_ARENA);
    *b->last = doc;
    b->last = &doc->next;
    b->docs++;
    return doc;
}

static void on_stage_page(void *ctx, const struct fetch_result *result)
{
    struct doc *doc = ctx;

    doc->fetch = 0;
    pool_fetched(doc->batch->pool, doc->ticket, result->code == OK ? result->status : 0,
        fetch_header(result, "content-encoding"), result->body);
}

static void on_stage_fetch(void *ctx, struct bytes url, uint64_t ticket)
{
    struct doc *doc = ctx;
    struct fetch_request request = {.url = bytes_cstr(doc->arena, url)};

    doc->ticket = ticket;
    doc->fetch = fetch_start(doc->batch->fetcher, &request, on_stage_page, doc);
}

/* Only what was fetched itself may ask for more. */
static void submit(struct doc *doc, const struct offline_request *request, bool fetched)
{
    const struct pool_job job = {.kind = doc->batch->offline->job,
        .request = request->record,
        .on_answer = on_answer,
        .on_done = on_first_done,
        .on_fetch = fetched ? on_stage_fetch : NULL,
        .ctx = doc};

    doc->ctx = request->ctx;
    record_set(request->record, WR_SITE_LINES, doc->batch->offline->site_lines);
    pool_submit(doc->batch->pool, &job);
}

static void on_fetched(void *ctx, const struct fetch_result *result)
{
    struct doc *doc = ctx;
    struct offline_request request = {.arena = doc->arena, .record = record_new(doc->arena)};
    struct error err = {0};

    doc->fetch = 0;
    if (result->code != OK)
        fail(&err, result->code, "%s", result->error);
    else if (result->status != 200)
        fail(&err, E_NOT_FOUND, "%s: HTTP status %d", result->url, result->status);
    if (err.code == OK) {
        doc->batch->offline->fetched(result, &request);
        submit(doc, &request, true);
    } else {
        finish(doc, &err);
        take_sources(doc->batch);
    }
}

static void take_source(struct batch *b, struct bytes source)
{
    struct doc *doc = add_doc(b);
    struct offline_request request = {
        .arena = doc->arena, .record = record_new(doc->arena), .body = &b->body};
    struct fetch_request page = {.accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"};
    struct error err = {0};

    buf_clear(&b->body);
    doc->source = bytes_cstr(doc->arena, source);
    if (b->fetcher != NULL && url_is_http(source)) {
        page.url = doc->source;
        doc->fetch = fetch_start(b->fetcher, &page, on_fetched, doc);
    } else if (b->offline->read(b->offline, source, &request, &err) == OK) {
        submit(doc, &request, false);
    } else {
        finish(doc, &err);
    }
    doc->size = source.len + b->body.len;
    b->bytes += doc->size;
}

static bool has_room(const struct batch *b)
{
    return b->docs < b->docs_most && b->bytes < AHEAD_BYTES && !b->stopped;
}

static void take_files(struct batch *b)
{
    while (has_room(b) && !b->ended) {
        take_source(b, bytes_of(b->offline->files[b->next_file++]));
        b->ended = b->offline->files[b->next_file] == NULL;
    }
}

static void take_next(struct batch *b)
{
    struct error err = {0};
    int code = 1;

    while (has_room(b) && !b->ended && code == 1) {
        buf_clear(&b->input);
        code = b->offline->next(b->offline, &b->input, &err);
        if (code == 1)
            take_source(b, buf_bytes(&b->input));
    }
    buf_clear(&b->input);
    b->ended = b->ended || code != 1;
    if (code < 0)
        b->result = cli_trouble("%s", err.text);
}

static void start_reading(struct batch *b);

static void take_lines(struct batch *b)
{
    size_t used = 0;

    while (has_room(b)) {
        struct bytes rest = bytes_from(buf_bytes(&b->input), used);
        size_t end = bytes_find_byte(rest, '\n');

        if (end == SIZE_MAX && (!b->ended || rest.len == 0))
            break;
        rest.len = end == SIZE_MAX ? rest.len : end;
        used += rest.len + (end == SIZE_MAX ? 0 : 1);
        if (bytes_trim(rest).len > 0)
            take_source(b, rest);
    }
    buf_drop(&b->input, used);
    if (has_room(b))
        start_reading(b);
}

/* Write what is done, then make requests as long as few enough documents are on their way;
 * documents that fail at once are done again at once. */
static void take_sources(struct batch *b)
{
    size_t before;

    do {
        write_done(b);
        before = b->docs;
        if (b->offline->files != NULL)
            take_files(b);
        else if (b->offline->next != NULL)
            take_next(b);
        else
            take_lines(b);
    } while (b->docs != before && b->first != NULL && b->first->done);
    close_when_done(b);
}

static void on_read(uv_fs_t *req)
{
    struct batch *b = req->data;
    ssize_t got = req->result;

    uv_fs_req_cleanup(req);
    b->reading = false;
    if (got <= 0)
        b->ended = true;
    else
        buf_add(&b->input, (struct bytes){b->block, (size_t)got});
    if (b->input.over) {
        b->result = cli_trouble("a line of the input is over %d bytes", OFFLINE_LINE);
        b->stopped = true;
    }
    take_sources(b);
}

static void start_reading(struct batch *b)
{
    uv_buf_t block = uv_buf_init(b->block, sizeof(b->block));

    if (b->reading || b->ended || b->stopped)
        return;
    b->reading = true;
    b->read.data = b;
    uv_fs_read(&b->loop, &b->read, STDIN_FILENO, &block, 1, -1, on_read);
}

/* "extract,language" as the chain. */
static void set_chain(struct conf *conf, const char *stages)
{
    struct bytes rest = bytes_of(stages);
    const char **names = arena_alloc_array(conf->arena, rest.len + 2, sizeof(*names));
    size_t count = 0;

    while (rest.len > 0) {
        struct bytes name = bytes_trim(bytes_cut(&rest, ','));

        if (name.len > 0)
            names[count++] = bytes_cstr(conf->arena, name);
    }
    conf->stages.names = names;
}

static void look_here_first(struct conf *conf, const char *dir)
{
    const char *const *dirs = conf->stages.dirs;
    const char **all;
    size_t count = 0;

    while (dirs[count] != NULL)
        count++;
    all = arena_alloc_array(conf->arena, count + 2, sizeof(*all));
    all[0] = dir;
    memcpy(all + 1, dirs, count * sizeof(*all));
    conf->stages.dirs = all;
}

/* Options of the verb behind the configured ones: the last one counts. */
static void add_options(struct conf *conf, const struct offline *offline)
{
    size_t count = conf->stages.options_count;
    struct conf_option *options =
        arena_alloc_array(conf->arena, count + offline->options_count, sizeof(*options));

    if (count > 0)
        memcpy(options, conf->stages.options, count * sizeof(*options));
    memcpy(options + count, offline->options, offline->options_count * sizeof(*options));
    conf->stages.options = options;
    conf->stages.options_count = count + offline->options_count;
}

static bool has_addresses(const struct offline *offline)
{
    for (char **file = offline->files; file != NULL && *file != NULL; file++)
        if (url_is_http(bytes_of(*file)))
            return true;
    return false;
}

static int open_workers(struct batch *b, struct error *err)
{
    struct pool_options options = {.ordered = b->offline->ordered, .conf = b->conf};
    char program[4096];
    int code;

    if (b->offline->fetched != NULL && has_addresses(b->offline)) {
        code = fetcher_open(&b->loop, b->conf, &b->fetcher, err);
        if (code != OK)
            return code;
    }
    options.program = cli_daemon_program(program);
    code = pool_open(&b->loop, &options, &b->pool, err);
    if (code != OK && b->fetcher != NULL) {
        fetcher_close(b->fetcher, on_fetcher_closed, b);
        uv_run(&b->loop, UV_RUN_DEFAULT);
    }
    return code;
}

static int open_batch(struct batch *b, const struct offline *offline, struct error *err)
{
    int code = conf_load(offline->config, NULL, &b->conf, err);

    if (code != OK)
        return code;
    b->offline = offline;
    b->last = &b->first;
    b->input.limit = OFFLINE_LINE;
    if (offline->workers > 0)
        b->conf->workers.count = offline->workers;
    if (offline->stages != NULL)
        set_chain(b->conf, offline->stages);
    if (offline->stage_dir != NULL)
        look_here_first(b->conf, offline->stage_dir);
    if (offline->options_count > 0)
        add_options(b->conf, offline);
    /* The operator's own list may be long, and the machine slow. */
    if (offline->job == JOB_OPML_JSON && b->conf->workers.deadline < list_deadline)
        b->conf->workers.deadline = list_deadline;
    b->spread = !offline->one_line && offline->capture == NULL && isatty(STDOUT_FILENO);
    b->docs_most = AHEAD_PER_WORKER * (b->conf->workers.count > 0 ? (size_t)b->conf->workers.count
                                                                  : uv_available_parallelism());
    if (uv_loop_init(&b->loop) != 0) {
        conf_free(b->conf);
        return fail(err, E_SYSTEM, "no event loop");
    }
    code = open_workers(b, err);
    if (code != OK) {
        uv_loop_close(&b->loop);
        conf_free(b->conf);
    }
    return code;
}

int offline_run(const struct offline *offline)
{
    struct batch *b = new_zeroed(sizeof(*b));
    struct error err = {0};
    int result;

    if (open_batch(b, offline, &err) != OK) {
        free(b);
        return cli_trouble("%s", err.text);
    }
    take_sources(b);
    uv_run(&b->loop, UV_RUN_DEFAULT);
    result = b->result;
    if (b->reading) /* exit() would wait for the thread that reads */
        _exit(result);
    uv_loop_close(&b->loop);
    buf_done(&b->input);
    buf_done(&b->body);
    conf_free(b->conf);
    free(b);
    return result;
}

int offline_read(const char *path, struct buf *out, struct error *err)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int code = OK;
    ssize_t got;

    if (fd < 0)
        return fail(err, errno == ENOENT ? E_NOT_FOUND : E_SYSTEM, "%s: %s", path, strerror(errno));
    out->limit = OFFLINE_FILE;
    do {
        char block[READ_BLOCK];

        got = read(fd, block, sizeof(block));
        if (got > 0)
            buf_add(out, (struct bytes){block, (size_t)got});
    } while ((got > 0 || (got < 0 && errno == EINTR)) && !out->over);
    if (got < 0)
        code = fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    else if (out->over)
        code = fail(err, E_LIMIT, "%s: over %d MiB", path, OFFLINE_FILE >> 20);
    if (fd != STDIN_FILENO)
        close(fd);
    return code;
}
