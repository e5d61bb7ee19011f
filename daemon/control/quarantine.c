/* quarantine.c - the records put aside: listed, shown, tried again, removed. */
#include <stdio.h>

#include "control/private.h"
#include "flow/flow.h"
#include "poll/poll.h"
#include "record/record_json.h"

/* Records may be long, and the loop waits for the disk: so many at a time. */
enum { PAGE = 100, IDS_MOST = 100 };

struct listing {
    struct control_client *client;
    size_t limit, count;
    bool more, whole;
};

static int list_entry(void *ctx, const struct quarantined *entry)
{
    struct listing *l = ctx;
    struct json_writer w;

    if (l->count == l->limit) {
        l->more = true;
        return 1;
    }
    l->count++;
    w = control_line(l->client);
    json_begin_object(&w, "entry");
    view_quarantined(entry, l->whole, &w);
    json_end_object(&w);
    control_line_end(l->client, &w);
    return 0;
}

/* {"after": ID}: the next page of them. */
void control_quarantine_list(struct control_client *client, const struct json *request)
{
    struct listing l = {.client = client, .limit = PAGE};
    struct error err = {0};
    struct json_writer w;

    if (store_quarantined(client->view->store, json_get_int(request, "after", 0), PAGE + 1,
            list_entry, &l, &err) != OK) {
        control_fail(client, &err);
        return;
    }
    w = control_line(client);
    json_bool(&w, "done", true);
    json_bool(&w, "more", l.more);
    control_line_end(client, &w);
}

static int take_id(void *ctx, const struct quarantined *entry)
{
    *(int64_t *)ctx = entry->pending;
    return 1;
}

static bool exists(struct store *store, int64_t id)
{
    int64_t found = 0;

    return id > 0 && store_quarantined(store, id - 1, 1, take_id, &found, NULL) == OK &&
           found == id;
}

void control_quarantine_show(struct control_client *client, const struct json *request)
{
    struct listing l = {.client = client, .limit = 1, .whole = true};
    int64_t id = json_get_int(request, "id", 0);
    struct error err = {0};

    if (!exists(client->view->store, id))
        fail(&err, E_NOT_FOUND, "no record %lld in the quarantine", (long long)id);
    else
        store_quarantined(client->view->store, id - 1, 1, list_entry, &l, &err);
    if (err.code != OK)
        control_fail(client, &err);
    else
        control_done(client);
}

/* Ask for a change of each id and wait for the disk; a line for each. */
static void change_each(struct control_client *client, const struct json *request,
    void (*change)(struct store *store, int64_t id),
    void (*tell)(struct control_client *client, int64_t id, struct json_writer *w))
{
    const struct json *ids = json_get(request, "ids");
    int64_t there[IDS_MOST] = {0};
    struct error err = {0};
    size_t count = 0;

    if (control_in_trouble(client))
        return;
    for (const struct json *i = ids == NULL ? NULL : ids->first; i != NULL && count < IDS_MOST;
         i = i->next) {
        struct json_writer w;
        int64_t id = 0;

        if (bytes_to_int(json_text(i), &id) && exists(client->view->store, id)) {
            change(client->view->store, id);
            there[count++] = id;
            continue;
        }
        w = control_line(client);
        json_string(&w, "id", bytes_slice(json_text(i), 0, 40));
        json_cstr(&w, "refused", "no such record in the quarantine");
        control_line_end(client, &w);
    }
    if (store_sync(client->view->store, &err) == OK)
        for (size_t i = 0; i < count; i++) {
            struct json_writer w = control_line(client);

            json_int(&w, "id", there[i]);
            tell(client, there[i], &w);
            control_line_end(client, &w);
        }
    control_done_when_kept(client);
}

static void tell_retried(struct control_client *client, int64_t id, struct json_writer *w)
{
    if (flow_take_again(client->view->flow, id, NULL) == OK)
        json_bool(w, "retried", true);
    else
        json_cstr(
            w, "refused", "a newer version of its article is published: it can only be removed");
}

static void tell_removed(struct control_client *client, int64_t id, struct json_writer *w)
{
    (void)client;
    (void)id;
    json_bool(w, "removed", true);
}

void control_quarantine_retry(struct control_client *client, const struct json *request)
{
    change_each(client, request, store_quarantine_end, tell_retried);
}

void control_quarantine_remove(struct control_client *client, const struct json *request)
{
    change_each(client, request, store_quarantine_remove, tell_removed);
}
