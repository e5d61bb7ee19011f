/* why.c - what became of an entry, as it is told of: its steps, and how it ended. */
#include "store/why.h"

#include <stdio.h>

#include "base/clock.h"
#include "flow/flow.h"
#include "view/view.h"

static void begin_step(struct json_writer *w, const char *step, int64_t at)
{
    json_begin_object(w, NULL);
    json_cstr(w, "step", step);
    view_time(w, "at", at);
}

static void write_feed_id(struct json_writer *w, int64_t feed)
{
    char id[32];

    snprintf(id, sizeof(id), "f%07lld", (long long)feed);
    json_cstr(w, "feed", id);
}

/* The feed that brought it first, and those that brought it again. */
static void write_sightings(const struct why_article *why, struct json_writer *w)
{
    for (size_t i = 0; i < why->seen_in_count; i++) {
        begin_step(w, i == 0 ? "seen" : "duplicate", why->seen_in[i].at);
        write_feed_id(w, why->seen_in[i].feed);
        json_end_object(w);
        if (i > 0)
            continue;
        begin_step(w, "admitted", why->first_seen);
        write_feed_id(w, why->seen_in[i].feed);
        json_int(w, "version", 1);
        json_end_object(w);
    }
}

static int64_t cut_number(struct bytes *rest)
{
    int64_t number = 0;

    bytes_to_int(bytes_cut(rest, '\t'), &number);
    return number;
}

static void write_way_step(struct bytes line, int64_t version, struct json_writer *w)
{
    struct bytes name = bytes_cut(&line, '\t');
    char step[16];
    int64_t took;

    snprintf(step, sizeof(step), "%.*s", FMT(name));
    begin_step(w, step, cut_number(&line));
    took = cut_number(&line);
    json_real(w, "seconds", (double)took / SECOND, 6);
    json_int(w, "version", version);
    if (strcmp(step, "page") == 0) {
        int64_t status = cut_number(&line);
        int64_t bytes = cut_number(&line);

        if (status > 0)
            json_int(w, "httpStatus", status);
        json_int(w, "bytes", bytes);
        json_string_if(w, "text", line);
    } else {
        json_string(w, "name", bytes_cut(&line, '\t'));
        json_string(w, "status", line);
    }
    json_end_object(w);
}

/* Of the newest version that ended, however it did. The last line is that of its end. */
static void write_way(const struct why_article *why, struct json_writer *w)
{
    struct bytes rest = why->way;
    struct bytes head = bytes_cut(&rest, '\n');
    int64_t version = cut_number(&head);
    struct bytes end = bytes_cut(&head, '\t');

    while (rest.len > 0)
        write_way_step(bytes_cut(&rest, '\n'), version, w);
    if (!bytes_starts(end, LIT("dropped.")))
        return;
    begin_step(w, "dropped", cut_number(&head));
    json_int(w, "version", version);
    json_string(w, "text", bytes_from(end, strlen("dropped.")));
    json_end_object(w);
}

static void write_pending(
    const struct view *view, const struct why_pending *p, struct json_writer *w)
{
    const char *where = p->cause != NULL ? NULL : flow_where(view->flow, p->row);

    begin_step(w, p->cause != NULL ? "quarantined" : "pending", p->at);
    write_feed_id(w, p->feed);
    json_int(w, "version", p->version);
    json_int(w, "id", p->row);
    json_cstr(w, "text", p->cause != NULL ? p->cause : where != NULL ? where : "its turn");
    json_end_object(w);
}

static void write_recheck(const struct store_recheck *recheck, struct json_writer *w)
{
    if (recheck->due == 0)
        return;
    begin_step(w, "recheck", recheck->due);
    json_int(w, "tries", recheck->tries);
    view_time(w, "since", recheck->since);
    json_end_object(w);
}

void view_why_steps(const struct view *view, const struct why_article *why, struct json_writer *w)
{
    write_sightings(why, w);
    write_way(why, w);
    for (size_t i = 0; i < why->pending_count; i++)
        write_pending(view, &why->pending[i], w);
    write_recheck(&why->recheck, w);
}

void view_why_event(const struct committed *event, struct json_writer *w)
{
    static const char key[] = "\"recordedtime\":\"";
    size_t at = bytes_find(event->body, bytes_of(key)); /* before any value of others */
    struct bytes rest = bytes_from(event->body, at == SIZE_MAX ? 0 : at + sizeof(key) - 1);
    int64_t wall = 0;

    clock_parse(bytes_cut(&rest, '"'), &wall);
    begin_step(w, "committed", wall);
    json_int(w, "sequence", (int64_t)event->sequence);
    json_end_object(w);
    begin_step(w, "published", wall);
    json_int(w, "sequence", (int64_t)event->sequence);
    json_cstr(w, "topic", event->topic);
    json_end_object(w);
}

void view_why_held(const struct why_held *held, struct json_writer *w)
{
    begin_step(w, held->marked ? "marked" : "held", held->seen);
    write_feed_id(w, held->feed);
    json_int(w, "documentsAgo", held->absent);
    json_end_object(w);
}

/* Each entry is counted under one of these (store_counters()). */
void view_why_end(const struct why_article *why, struct json_writer *w)
{
    struct bytes head = why->way;
    const struct why_pending *last =
        why->pending_count == 0 ? NULL : &why->pending[why->pending_count - 1];
    struct bytes end;

    head = bytes_cut(&head, '\n');
    json_begin_object(w, "end");
    if (last != NULL) {
        json_cstr(w, "how", last->cause != NULL ? "quarantined" : "pending");
        json_int(w, "version", last->version);
    } else if (cut_number(&head) == why->version) {
        end = bytes_cut(&head, '\t');
        json_string(w, "how", bytes_cut(&end, '.'));
        json_int(w, "version", why->version);
        json_string_if(w, "cause", end);
    } else {
        json_cstr(w, "how", why->published == why->version ? "published" : "quarantined");
        json_int(w, "version", why->version);
    }
    if (why->sequence > 0)
        json_int(w, "sequence", (int64_t)why->sequence);
    json_end_object(w);
}
