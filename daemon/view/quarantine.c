/* quarantine.c - a record that was put aside, as it is told of. */
#include "record/record_json.h"
#include "view/view.h"

enum { SHOW_LIMIT = 64 << 20 };

/* As it came from its feed and the stages before it was put aside. */
static void write_record(struct json_writer *w, struct bytes data)
{
    struct arena *arena = arena_new(SHOW_LIMIT);
    struct wr_record *rec = NULL;
    struct error err = {0};

    if (record_decode(arena, data, &rec, &err) == OK) {
        json_begin_object(w, "record");
        record_to_json(rec, w);
        json_end_object(w);
    } else {
        json_cstr(w, "unreadable", err.text);
    }
    arena_free(arena);
}

void view_quarantined(const struct quarantined *entry, bool whole, struct json_writer *w)
{
    static const int fields[] = {WR_URL, WR_TITLE, REC_FEED_URL, WR_ID};
    struct bytes values[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    char feed[32];

    record_peek(entry->record, fields, 4, values, NULL);
    snprintf(feed, sizeof(feed), "f%07lld", (long long)entry->feed);
    json_int(w, "id", entry->pending);
    json_cstr(w, "feed", feed);
    json_string(w, "feedUrl", values[2]);
    json_string(w, "url", values[0]);
    json_string(w, "title", bytes_clip(values[1], 500));
    json_string(w, "article", values[3]);
    json_int(w, "version", entry->version);
    json_cstr(w, "cause", entry->cause);
    view_time(w, "since", entry->at);
    json_int(w, "bytes", (int64_t)entry->record.len);
    if (whole)
        write_record(w, entry->record);
}
