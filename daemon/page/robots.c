/* robots.c - robots.txt of each host: when it is fetched, how long it holds, who waits for it. */
#include "page/robots.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/due.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/table.h"
#include "text/robots.h"

enum {
    ORIGINS = 8192,         /* kept at a time, */
    RULES_BYTES = 16 << 20, /* with so many bytes of rules over all */
    KEPT = 86400,           /* seconds: RFC 9309 section 2.4 */
    KEPT_LEAST = 3600,      /* whatever Cache-Control says */
    GIVEN_UP = 30 * 86400,  /* section 2.3.1.4: an unreachable file is then taken for none */
    DELAYED = 300,          /* seconds a page waits for its turn at most */
    REDIRECTS_FOLLOWED = 5  /* section 2.3.1.2: behind more of them there is no file */
};

/* Seconds to the next try after so many that failed: as the pages that wait for it (page_step.c),
 * then farther and farther apart. */
static const int64_t pauses[] = {2, 10, 30, 60, 300, 600};
enum { PAUSES = sizeof(pauses) / sizeof(pauses[0]) };

enum state { UNKNOWN, ASKING, KNOWN, UNREACHABLE };

struct origin {
    struct robots *robots;
    TAILQ_ENTRY(origin) link; /* least recently asked about first */
    enum state state;
    char *rules;
    size_t rules_len;
    bool has_rules; /* of an answer, however old */
    int64_t crawl_delay;
    int64_t expires_at, next_at; /* mono */
    int64_t failing_since;       /* mono; 0: it is not */
    int failures;                /* tries since */
    int64_t max_age;             /* of the answer being read */
    uint64_t ticket;
    struct robots_question *first, **end; /* waiting for the file */
    char key[];
};

struct robots {
    uv_loop_t *loop;
    struct fetcher *fetcher;
    struct pool *pool;
    struct table by_key;
    TAILQ_HEAD(, origin) origins;
    size_t count, bytes;
    struct due due; /* questions that wait for their turn */
    char token[64];
    bool stopping;
};

static int64_t seconds(int64_t count)
{
    return count * SECOND;
}

const char *robots_text(enum robots_verdict verdict)
{
    switch (verdict) {
    case ROBOTS_DISALLOWED:
        return "not asked for: the site's robots.txt does not allow it";
    case ROBOTS_UNREACHABLE:
        return "not asked for: the site's robots.txt cannot be had";
    case ROBOTS_LATER:
        return "not asked for: with the Crawl-delay of the site's robots.txt it would be minutes";
    default:
        return "the daemon stops";
    }
}

/* ---- origins ---------------------------------------------------------------- */

static bool is_key(const void *item, const void *key)
{
    return strcmp(((const struct origin *)item)->key, key) == 0;
}

static void set_rules(struct origin *origin, struct bytes rules)
{
    struct robots *robots = origin->robots;

    free(origin->rules);
    robots->bytes -= origin->rules_len;
    origin->rules = NULL;
    origin->rules_len = rules.len;
    robots->bytes += rules.len;
    if (rules.len == 0)
        return;
    origin->rules = malloc(rules.len);
    if (origin->rules == NULL)
        arena_out_of_memory(rules.len);
    memcpy(origin->rules, rules.ptr, rules.len);
}

static void origin_free(struct origin *origin)
{
    struct robots *robots = origin->robots;

    set_rules(origin, (struct bytes){NULL, 0});
    TAILQ_REMOVE(&robots->origins, origin, link);
    table_remove(&robots->by_key, hash64(bytes_of(origin->key)), origin);
    robots->count--;
    free(origin);
}

/* Away with those nobody has asked about for longest. */
static void make_room(struct robots *robots)
{
    struct origin *origin = TAILQ_FIRST(&robots->origins);
    int64_t now = clock_mono();

    while (origin != NULL && (robots->count > ORIGINS || robots->bytes > RULES_BYTES)) {
        struct origin *next = TAILQ_NEXT(origin, link);

        if (origin->state != ASKING && origin->next_at <= now)
            origin_free(origin);
        origin = next;
    }
}

static struct origin *origin_get(struct robots *robots, const char *key)
{
    uint64_t hash = hash64(bytes_of(key));
    struct origin *origin = table_find(&robots->by_key, hash, is_key, key);
    size_t len = strlen(key) + 1;

    if (origin != NULL) {
        TAILQ_REMOVE(&robots->origins, origin, link);
        TAILQ_INSERT_TAIL(&robots->origins, origin, link);
        return origin;
    }
    make_room(robots);
    origin = new_zeroed(sizeof(*origin) + len);
    origin->robots = robots;
    memcpy(origin->key, key, len);
    table_add(&robots->by_key, hash, origin);
    TAILQ_INSERT_TAIL(&robots->origins, origin, link);
    robots->count++;
    return origin;
}

/* ---- verdicts --------------------------------------------------------------- */

/* Whoever it is the turn of until then. */
static void answer_due(struct robots *robots, int64_t until, enum robots_verdict verdict)
{
    struct heap_node *node;

    while ((node = due_first(&robots->due, until)) != NULL) {
        struct robots_question *q = HEAP_ITEM(node, struct robots_question, due);

        heap_remove(&robots->due.heap, node);
        q->on_verdict(q->ctx, verdict);
    }
}

static void on_time(void *ctx)
{
    struct robots *robots = ctx;

    answer_due(robots, clock_mono(), ROBOTS_ALLOWED);
    due_arm(&robots->due);
}

/* What the file says, and when it is this page's turn. */
static enum robots_verdict decide(struct origin *origin, struct robots_question *q)
{
    struct robots *robots = origin->robots;
    int64_t now = clock_mono();
    int64_t at = origin->next_at > now ? origin->next_at : now;

    q->later = -1;
    if (robots->stopping)
        return ROBOTS_STOPPED;
    if (origin->state == UNREACHABLE && now - origin->failing_since < seconds(GIVEN_UP)) {
        q->later = origin->expires_at > now ? origin->expires_at - now : 0;
        return ROBOTS_UNREACHABLE;
    }
    if (!robots_allow((struct bytes){origin->rules, origin->rules_len}, bytes_of(q->url)))
        return ROBOTS_DISALLOWED;
    if (origin->crawl_delay == 0)
        return ROBOTS_ALLOWED;
    if (at - now > seconds(DELAYED)) {
        q->later = seconds(DELAYED);
        return ROBOTS_LATER;
    }
    origin->next_at = at + origin->crawl_delay;
    if (at <= now)
        return ROBOTS_ALLOWED;
    heap_put(&robots->due.heap, &q->due, at);
    due_arm(&robots->due);
    return ROBOTS_WAIT;
}

/* Everybody who waited for the file. */
static void answer_all(struct origin *origin)
{
    struct robots_question *q;

    while ((q = origin->first) != NULL) {
        enum robots_verdict verdict;

        origin->first = q->next;
        q->origin = NULL;
        verdict = decide(origin, q);
        if (verdict != ROBOTS_WAIT)
            q->on_verdict(q->ctx, verdict);
    }
}

/* ---- the file --------------------------------------------------------------- */

static void known(struct origin *origin, struct bytes rules, int64_t crawl_delay)
{
    int64_t kept = origin->max_age < 0 ? seconds(KEPT) : origin->max_age;

    kept = kept > seconds(KEPT) ? seconds(KEPT) : kept;
    kept = kept < seconds(KEPT_LEAST) ? seconds(KEPT_LEAST) : kept;
    set_rules(origin, rules);
    origin->crawl_delay = crawl_delay;
    origin->has_rules = true;
    origin->failing_since = 0;
    origin->failures = 0;
    origin->state = KNOWN;
    origin->expires_at = clock_mono() + kept;
}

/* An older copy holds as long as there is no newer one (section 2.4). What was not asked at all is
 * no failure. */
static void unreachable(struct origin *origin, const struct fetch_result *result, const char *cause)
{
    int64_t now = clock_mono();
    int64_t retry_after = result == NULL ? -1 : result->retry_after;
    int64_t pause = seconds(pauses[origin->failures < PAUSES ? origin->failures : PAUSES - 1]);

    if (retry_after > pause)
        pause = retry_after < seconds(KEPT) ? retry_after : seconds(KEPT);
    if (origin->failing_since == 0)
        origin->failing_since = now;
    origin->failures += origin->failures < PAUSES && (result == NULL || !result->held);
    origin->state = origin->has_rules ? KNOWN : UNREACHABLE;
    origin->expires_at = now + pause;
    log_debug("robots.txt not to be had: host=%s cause=\"%s\"", origin->key, cause);
}

static void on_rules(void *ctx, int kind, struct wr_record *answer)
{
    struct origin *origin = ctx;
    int64_t delay = record_get_int(answer, REC_CRAWL_DELAY, 0);

    if (kind == ANSWER_RECORD)
        known(origin, bytes_slice(record_get(answer, REC_RULES), 0, ROBOTS_RULES),
            delay < 0 || delay > seconds(ROBOTS_DELAY) ? 0 : delay);
}

static void on_read(void *ctx, const struct error *err)
{
    struct origin *origin = ctx;

    if (err != NULL)
        unreachable(origin, NULL, err->text);
    answer_all(origin);
}

static void read_rules(struct origin *origin, const struct fetch_result *result)
{
    struct arena *arena = arena_new(1 << 20);
    struct wr_record *request = job_of_answer(arena, result->url, result->headers, result->body);

    record_set(request, REC_AGENT, bytes_of(origin->robots->token));
    pool_submit(origin->robots->pool, &(struct pool_job){.kind = JOB_ROBOTS,
                                          .request = request,
                                          .on_answer = on_rules,
                                          .on_done = on_read,
                                          .ctx = origin});
    arena_free(arena);
}

/* Its redirects lead nowhere: in a circle, to no address, or on and on. */
static bool is_lost(const struct fetch_result *result)
{
    bool leads_nowhere = (result->code == E_FORMAT || result->code == E_LIMIT) &&
                         result->status >= 300 && result->status < 400;

    return result->code != OK && (leads_nowhere || result->redirects >= REDIRECTS_FOLLOWED);
}

static void on_file(void *ctx, const struct fetch_result *result)
{
    struct origin *origin = ctx;
    int status = result->status;

    origin->ticket = 0;
    origin->max_age = result->max_age;
    if (result->code == OK && status == 200) {
        read_rules(origin, result);
        return;
    }
    /* Section 2.3.1.3: there is none. 429 is no such word, but one to wait for. */
    if (is_lost(result) || (result->code == OK && status != 429 && status >= 201 && status < 500))
        known(origin, (struct bytes){NULL, 0}, 0);
    else
        unreachable(origin, result, result->code == OK ? "status of the server" : result->error);
    answer_all(origin);
}

static void ask_file(struct origin *origin, const struct robots_question *question)
{
    char url[FETCH_ORIGIN + 16];
    const struct fetch_request request = {.url = url,
        .accept = "text/plain, */*;q=0.1",
        .feed = question->feed,
        .max_body = ROBOTS_BODY,
        .cut = true,
        .page = true,
        .on_behalf = question->on_behalf};

    snprintf(url, sizeof(url), "%s/robots.txt", origin->key);
    origin->state = ASKING;
    origin->ticket = fetch_start(origin->robots->fetcher, &request, on_file, origin);
}

enum robots_verdict robots_ask(struct robots *robots, struct robots_question *question)
{
    char key[FETCH_ORIGIN];
    struct origin *origin;

    if (robots->stopping)
        return ROBOTS_STOPPED;
    if (fetch_origin(question->url, key, NULL) != OK)
        return ROBOTS_ALLOWED; /* nobody will answer there */
    origin = origin_get(robots, key);
    if (origin->state != ASKING && origin->expires_at > clock_mono())
        return decide(origin, question);
    question->next = NULL;
    if (origin->first == NULL)
        origin->end = &origin->first;
    question->origin = origin;
    *origin->end = question;
    origin->end = &question->next;
    if (origin->state != ASKING)
        ask_file(origin, question);
    else
        fetch_wanted(robots->fetcher, origin->ticket, question->on_behalf);
    return ROBOTS_WAIT;
}

void robots_forget(struct robots *robots, struct robots_question *question)
{
    struct origin *origin = question->origin;
    struct robots_question **place;

    heap_remove(&robots->due.heap, &question->due);
    if (origin == NULL)
        return;
    for (place = &origin->first; *place != question;)
        place = &(*place)->next;
    *place = question->next;
    if (origin->end == &question->next)
        origin->end = place;
}

/* ---- coming and going ------------------------------------------------------- */

static void set_token(struct robots *robots, const struct conf *conf)
{
    struct bytes token = bytes_of(conf->http.user_agent);

    token = robots_token(token.len == 0 ? LIT("wireroom") : token);
    snprintf(robots->token, sizeof(robots->token), "%.*s", FMT(token));
}

struct robots *robots_open(
    uv_loop_t *loop, const struct conf *conf, struct fetcher *fetcher, struct pool *pool)
{
    struct robots *robots = new_zeroed(sizeof(*robots));

    robots->loop = loop;
    robots->fetcher = fetcher;
    robots->pool = pool;
    TAILQ_INIT(&robots->origins);
    due_open(&robots->due, loop, 1, on_time, robots);
    set_token(robots, conf);
    return robots;
}

void robots_reload(struct robots *robots, const struct conf *conf)
{
    struct origin *origin;
    char before[sizeof(robots->token)];

    memcpy(before, robots->token, sizeof(before));
    set_token(robots, conf);
    if (strcmp(before, robots->token) == 0)
        return;
    TAILQ_FOREACH(origin, &robots->origins, link)
    {
        origin->expires_at = 0;
    }
}

void robots_stop(struct robots *robots)
{
    struct origin *origin;

    robots->stopping = true;
    due_stop(&robots->due);
    TAILQ_FOREACH(origin, &robots->origins, link)
    {
        if (origin->ticket != 0)
            fetch_cancel(robots->fetcher, origin->ticket);
        origin->ticket = 0;
        answer_all(origin);
    }
    answer_due(robots, INT64_MAX - 1, ROBOTS_STOPPED);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void robots_free(struct robots *robots)
{
    struct origin *origin;

    if (robots == NULL)
        return;
    for (origin = TAILQ_FIRST(&robots->origins); origin != NULL;) {
        struct origin *next = TAILQ_NEXT(origin, link);

        free(origin->rules);
        free(origin);
        origin = next;
    }
    table_done(&robots->by_key);
    due_done(&robots->due);
    robots->due.timer.data = robots;
    uv_close((uv_handle_t *)&robots->due.timer, on_closed);
}
