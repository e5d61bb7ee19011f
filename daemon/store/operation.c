/* operation.c - the table of what the store does: one row a kind of request. */
#include <string.h>

#include "store/private.h"

static void tell_admitted(struct store *store, struct request *request, const struct error *err)
{
    struct admit_result *result = &request->as.admit.result;

    (void)store;
    if (err != NULL)
        memset(result, 0, sizeof(*result));
    result->err = err;
    request->as.admit.on_admitted(request->ctx, result);
}

static void tell_readmitted(struct store *store, struct request *request, const struct error *err)
{
    struct admit_result *result = &request->as.recheck.result;

    (void)store;
    if (err != NULL)
        memset(result, 0, sizeof(*result));
    result->err = err;
    request->as.recheck.on_admitted(request->ctx, result);
}

static void tell_committed(struct store *store, struct request *request, const struct error *err)
{
    const struct committed *committed = err != NULL ? NULL : &request->as.commit.committed;

    if (committed != NULL && store->on_event != NULL)
        store->on_event(store->event_ctx, committed);
    for (size_t i = 0; err == NULL && i < request->as.commit.also_count; i++)
        if (store->on_event != NULL)
            store->on_event(store->event_ctx, &request->as.commit.also_committed[i]);
    if (request->as.commit.on_committed != NULL)
        request->as.commit.on_committed(request->ctx, err, committed);
}

static void tell_probed(struct store *store, struct request *request, const struct error *err)
{
    (void)store;
    request->as.on_probed(request->ctx, err);
}

static void tell_kept(struct store *store, struct request *request, const struct error *err)
{
    (void)store;
    if (request->as.consumer.on_kept != NULL)
        request->as.consumer.on_kept(request->ctx, err);
}

static void tell_trouble(struct store *store, struct request *request, const struct error *err)
{
    (void)request;
    if (store->on_trouble != NULL)
        store->on_trouble(store->trouble_ctx, err);
}

const struct operation store_operations[] = {
    [REQUEST_FEED_PUT] = {.apply = feed_put_apply, .is_kept = true},
    [REQUEST_FEED_REMOVE] = {.apply = feed_remove_apply, .is_kept = true, .frees_versions = true},
    [REQUEST_HUB_PUT] = {.apply = hub_put_apply, .is_kept = true},
    [REQUEST_HUB_REMOVE] = {.apply = hub_remove_apply, .is_kept = true},
    [REQUEST_FEED_POLL] = {.apply = feed_poll_apply, .is_patient = true},
    [REQUEST_ADMIT] = {.apply = admit_apply, .call_back = tell_admitted},
    [REQUEST_QUARANTINE] = {.apply = quarantine_apply, .is_kept = true, .frees_versions = true},
    [REQUEST_QUARANTINE_END] = {.apply = quarantine_end_apply, .is_kept = true},
    [REQUEST_QUARANTINE_REMOVE] = {.apply = quarantine_remove_apply, .is_kept = true},
    [REQUEST_COMMIT] = {.apply = commit_apply,
        .call_back = tell_committed,
        .frees_versions = true,
        .is_awaited = true},
    [REQUEST_DROP] = {.apply = drop_apply, .is_kept = true, .frees_versions = true},
    [REQUEST_SNAPSHOT] = {.apply = snapshot_apply, .is_kept = true},
    [REQUEST_TRIM] = {.apply = trim_apply, .is_bounded = true},
    [REQUEST_PROBE] = {.apply = probe_apply, .call_back = tell_probed},
    [REQUEST_HISTORY] = {.apply = history_apply, .is_patient = true},
    [REQUEST_CADENCE] = {.apply = cadence_apply, .is_patient = true},
    [REQUEST_MOVING] = {.apply = moving_apply},
    [REQUEST_MOVE] = {.apply = move_apply, .is_kept = true},
    [REQUEST_READMIT] = {.apply = readmit_apply, .call_back = tell_readmitted},
    [REQUEST_RECHECK_LATER] = {.apply = recheck_later_apply},
    [REQUEST_RECHECK_REMOVE] = {.apply = recheck_remove_apply, .is_kept = true},
    [REQUEST_CONSUMER_PUT] = {.apply = consumer_put_apply, .call_back = tell_kept, .is_kept = true},
    [REQUEST_CONSUMER_REMOVE] = {.apply = consumer_remove_apply,
        .call_back = tell_kept,
        .is_kept = true},
    [REQUEST_TROUBLE] = {.call_back = tell_trouble},
};
