/* old.c - the names that members had before 0.1.0, beside those of today: programs that speak to
 * the socket and do not say "names": "new" go on reading what they read. They go with 0.2. */
#include "control/private.h"

static const char *const names[][2] = {
    {"configLoaded", "config_loaded"},
    {"diagnosedSince", "diagnosed_since"},
    {"dueNextMinute", "due_next_minute"},
    {"failedLast", "failed_last"},
    {"feedUrl", "feed_url"},
    {"heldSince", "held_since"},
    {"httpStatus", "http_status"},
    {"inFlight", "in_flight"},
    {"jobsWaiting", "jobs_waiting"},
    {"lastModified", "last_modified"},
    {"lastNew", "last_new"},
    {"lastPush", "last_push"},
    {"lastSuccess", "last_success"},
    {"latencyP50", "latency_p50"},
    {"latencyP95", "latency_p95"},
    {"leaseUntil", "lease_until"},
    {"listWarnings", "list_warnings"},
    {"nextPoll", "next_poll"},
    {"nextRequest", "next_request"},
    {"pageFailures", "page_failures"},
    {"reliedOn", "relied_on"},
    {"requestsInFlight", "requests_in_flight"},
    {"requestsWaiting", "requests_waiting"},
    {"setAside", "set_aside"},
    {"stateSince", "state_since"},
    {"usualGap", "usual_gap"},
    {"walError", "wal_error"},
};

/* Whose members were renamed. */
static const char *const commands[] = {
    "status", "stages", "feeds.list", "feeds.show", "quarantine.list", "quarantine.show"};

static bool is_renamed(const char *command)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(command, commands[i]) == 0)
            return true;
    return false;
}

/* NULL: it is called as ever. */
static const char *old_name(struct bytes key)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes_is(key, names[i][0]))
            return names[i][1];
    return NULL;
}

static void write_both(struct json_writer *w, const char *key, const struct json *value)
{
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY) {
        json_value(w, key, value);
        return;
    }
    if (value->type == JSON_OBJECT)
        json_begin_object(w, key);
    else
        json_begin_array(w, key);
    for (const struct json *m = value->first; m != NULL; m = m->next) {
        const char *old = old_name(m->key);
        char name[64];

        snprintf(name, sizeof(name), "%.*s", FMT(m->key));
        write_both(w, value->type == JSON_OBJECT ? name : NULL, m);
        if (old != NULL)
            write_both(w, old, m);
    }
    if (value->type == JSON_OBJECT)
        json_end_object(w);
    else
        json_end_array(w);
}

void control_old_names(struct control_client *client, const char *command)
{
    struct bytes rest = buf_bytes(&client->out);
    struct buf both = {.limit = CONTROL_ANSWER};
    struct arena *arena;

    if (!is_renamed(command))
        return;
    arena = arena_new(OLD_ANSWER);
    while (rest.len > 0) {
        struct json_writer w = {.out = &both};
        struct bytes text = bytes_cut(&rest, '\n');
        struct json *line = NULL;

        arena_reset(arena);
        if (json_parse(arena, text, &line, NULL) == OK)
            write_both(&w, NULL, line);
        else
            buf_add(&both, text);
        buf_add_byte(&both, '\n');
    }
    buf_done(&client->out);
    client->out = both;
    arena_free(arena);
}
