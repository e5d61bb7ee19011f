/* bench_poller.c - the limit our polls are compared with: libcurl and libuv, conditional GETs over
 * kept connections, nothing else.
 *
 *     bench_poller URLS SECONDS [RATE [BURSTS [STORE ROWS]]]     a file of URLs, one a line; RATE
 * polls a second in so many bursts (100), else as fast as they go
 *
 * With STORE each answer that is no 304 is decoded by libcurl, goes through libxml2's SAX parser
 * without handlers, and a row of ROW of its bytes into a new SQLite file of that name, ROWS of them
 * a transaction with a full sync: the least that a changed feed costs, in one process.
 *
 * Asks every URL twice (to learn its validators, to warm up), then counts for SECONDS. The last
 * line is JSON. No queue, no limits, no guard, no schedule, no error handling; sockets stay armed
 * between two requests as in daemon/fetch/sock.c. */
#include <curl/curl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

enum {
    IN_FLIGHT = 64,
    SOCKETS = 65536,
    ROW = 1850, /* bytes of an event of the newsroom without its page */
};

struct target {
    char *url;
    char etag[200], modified[100]; /* whole request lines */
    struct curl_slist lines[4];
};

struct request {
    CURL *easy;
    struct target *target;
    char *body;
    size_t len;
};

static uv_loop_t *loop;
static CURLM *multi;
static uv_timer_t curl_timer, pace;
static struct {
    uv_poll_t *poll;
    int wanted, armed;
} socks[SOCKETS];
static struct target *targets;
static size_t target_count, next_target;
static struct request requests[IN_FLIGHT];
static struct request *idle[IN_FLIGHT];
static size_t idle_count;
static unsigned long done, unchanged, begun, allowed = ~0UL;
static unsigned long count_from, rate;
static double cpu_from, seconds, wall_from;
static sqlite3 *store;
static sqlite3_stmt *insert;
static unsigned long rows, rows_most, bursts = 100;

static double cpu_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double wall_now(void)
{
    return (double)uv_hrtime() / 1e9;
}

static void report(void)
{
    unsigned long polls = done - count_from;
    double cpu = cpu_now() - cpu_from;
    double wall = wall_now() - wall_from;

    printf("{\"polls\": %lu, \"unchanged\": %lu, \"seconds\": %.2f, \"rate\": %.0f, "
           "\"cpu_per_poll\": %.9f}\n",
        polls, unchanged, wall, (double)polls / wall, cpu / (double)polls);
    exit(0);
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct target *target = ((struct request *)ctx)->target;
    int len = (int)(size * count);

    while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
        len--;
    if (len > 6 && strncasecmp(data, "etag: ", 6) == 0)
        snprintf(target->etag, sizeof(target->etag), "If-None-Match: %.*s", len - 6, data + 6);
    if (len > 15 && strncasecmp(data, "last-modified: ", 15) == 0)
        snprintf(target->modified, sizeof(target->modified), "If-Modified-Since: %.*s", len - 15,
            data + 15);
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct request *request = ctx;

    if (store == NULL)
        return size * count;
    request->body = realloc(request->body, request->len + size * count);
    memcpy(request->body + request->len, data, size * count);
    request->len += size * count;
    return size * count;
}

static void open_store(const char *path)
{
    static const char text[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                               "CREATE TABLE event (sequence INTEGER PRIMARY KEY, body BLOB)";

    if (sqlite3_open(path, &store) != SQLITE_OK ||
        sqlite3_exec(store, text, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(store, "INSERT INTO event (body) VALUES (?1)", -1, &insert, NULL) !=
            SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(store));
        exit(2);
    }
}

static void keep(struct request *request)
{
    size_t len = request->len < ROW ? request->len : ROW;
    xmlSAXHandler none = {0};

    if (request->len == 0)
        return;
    xmlSAXUserParseMemory(&none, NULL, request->body, (int)request->len);
    if (rows == 0)
        sqlite3_exec(store, "BEGIN", NULL, NULL, NULL);
    sqlite3_bind_blob(insert, 1, request->body + request->len - len, (int)len, SQLITE_STATIC);
    sqlite3_step(insert);
    sqlite3_reset(insert);
    request->len = 0;
    if (++rows < rows_most)
        return;
    sqlite3_exec(store, "COMMIT", NULL, NULL, NULL);
    rows = 0;
}

static void begin(void)
{
    while (idle_count > 0 && begun < allowed) {
        struct request *request = idle[--idle_count];
        struct target *target = &targets[next_target++ % target_count];
        struct curl_slist *last = &target->lines[1];

        request->target = target;
        if (target->etag[0] != '\0')
            last = last->next = &target->lines[2];
        if (target->modified[0] != '\0')
            last = last->next = &target->lines[3];
        last->next = NULL;
        curl_easy_setopt(request->easy, CURLOPT_URL, target->url);
        curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, target->lines);
        curl_multi_add_handle(multi, request->easy);
        begun++;
    }
}

static void drain(void)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        struct request *request = NULL;
        long status = 0;

        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(multi, easy);
        if (store != NULL)
            keep(request);
        idle[idle_count++] = request;
        done++;
        if (count_from != 0)
            unchanged += status == 304;
        if (done == 2 * target_count) {
            count_from = done;
            cpu_from = cpu_now();
            wall_from = wall_now();
        }
    }
    if (count_from != 0 && wall_now() - wall_from >= seconds)
        report();
    begin();
}

static void on_curl_timer(uv_timer_t *timer)
{
    int running;

    (void)timer;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    drain();
}

static int on_timeout(CURLM *handle, long timeout, void *ctx)
{
    (void)handle;
    (void)ctx;
    if (timeout < 0)
        uv_timer_stop(&curl_timer);
    else
        uv_timer_start(&curl_timer, on_curl_timer, (uint64_t)timeout, 0);
    return 0;
}

static void on_sock(uv_poll_t *poll, int status, int events)
{
    int fd = (int)(intptr_t)poll->data;
    int running;

    if (socks[fd].wanted == 0 || status < 0) {
        uv_poll_stop(poll);
        socks[fd].armed = 0;
        if (socks[fd].wanted == 0)
            return;
    }
    curl_multi_socket_action(multi, fd,
        ((events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
            ((events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0),
        &running);
    drain();
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *data)
{
    int events = ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
                 ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);

    (void)easy;
    (void)ctx;
    (void)data;
    socks[fd].wanted = what == CURL_POLL_REMOVE ? 0 : what;
    if (what == CURL_POLL_REMOVE)
        return 0;
    if (socks[fd].poll == NULL) {
        socks[fd].poll = calloc(1, sizeof(uv_poll_t));
        uv_poll_init_socket(loop, socks[fd].poll, fd);
        socks[fd].poll->data = (void *)(intptr_t)fd;
    }
    if (socks[fd].armed != events)
        uv_poll_start(socks[fd].poll, events, on_sock);
    socks[fd].armed = events;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static int on_close(void *ctx, curl_socket_t fd)
{
    (void)ctx;
    if (socks[fd].poll != NULL)
        uv_close((uv_handle_t *)socks[fd].poll, on_closed);
    socks[fd].poll = NULL;
    socks[fd].armed = 0;
    return close(fd);
}

static void on_pace(uv_timer_t *timer)
{
    (void)timer;
    allowed += rate / bursts;
    begin();
}

static char encodings[] = "Accept-Encoding: gzip, br, zstd";
static char types[] = "Accept: application/atom+xml, application/rss+xml, */*;q=0.5";

static void read_targets(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[4096];

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\r\n\t ")] = '\0';
        targets = realloc(targets, (target_count + 1) * sizeof(*targets));
        targets[target_count++] = (struct target){.url = strdup(line)};
    }
    fclose(file);
    for (size_t i = 0; i < target_count; i++) {
        struct target *target = &targets[i];

        target->lines[0] = (struct curl_slist){encodings, &target->lines[1]};
        target->lines[1] = (struct curl_slist){types, NULL};
        target->lines[2] = (struct curl_slist){target->etag, NULL};
        target->lines[3] = (struct curl_slist){target->modified, NULL};
    }
}

static void open_requests(void)
{
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        CURL *easy = curl_easy_init();

        requests[i].easy = easy;
        curl_easy_setopt(easy, CURLOPT_PRIVATE, &requests[i]);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "wireroom-bench");
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, &requests[i]);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &requests[i]);
        if (store != NULL)
            curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
        idle[idle_count++] = &requests[i];
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_poller URLS SECONDS [RATE [BURSTS [STORE ROWS]]]\n");
        return 2;
    }
    loop = uv_default_loop();
    seconds = atof(argv[2]);
    read_targets(argv[1]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 16000L);
    uv_timer_init(loop, &curl_timer);
    uv_timer_init(loop, &pace);
    if (argc > 4)
        bursts = strtoul(argv[4], NULL, 10);
    if (argc > 6) {
        rows_most = strtoul(argv[6], NULL, 10);
        open_store(argv[5]);
    }
    open_requests();
    if (argc > 3) {
        rate = strtoul(argv[3], NULL, 10);
        allowed = 2 * target_count;
        uv_timer_start(&pace, on_pace, 1000 / bursts, 1000 / bursts);
    }
    begin();
    return uv_run(loop, UV_RUN_DEFAULT);
}
