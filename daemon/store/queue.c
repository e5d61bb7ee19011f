/* queue.c - requests on their way between the loop and the writer thread. */
#include <stdlib.h>

#include "store/private.h"

enum { QUEUE_MOST = 8192 }; /* requests; whoever asks for more waits (imports of feeds) */

struct request *request_new(int kind, size_t limit)
{
    struct arena *arena = arena_new(limit);
    struct request *request = arena_alloc(arena, sizeof(*request));

    request->kind = kind;
    request->arena = arena;
    return request;
}

void request_free(struct request *request)
{
    buf_done(&request->asked);
    buf_done(&request->buf);
    arena_free(request->arena);
}

void request_add(struct request_list *list, struct request *request)
{
    request->next = NULL;
    if (list->last == NULL)
        list->first = request;
    else
        list->last->next = request;
    list->last = request;
    list->count++;
}

void request_put_first(struct request_list *list, struct request *request)
{
    request->next = list->first;
    list->first = request;
    if (list->last == NULL)
        list->last = request;
    list->count++;
}

struct request *request_take(struct request_list *list)
{
    struct request *request = list->first;

    if (request == NULL)
        return NULL;
    list->first = request->next;
    if (list->first == NULL)
        list->last = NULL;
    list->count--;
    request->next = NULL;
    return request;
}

void store_ask(struct store *store, struct request *request)
{
    const struct operation *operation = &store_operations[request->kind];
    bool is_first;

    pthread_mutex_lock(&store->lock);
    if (store->closing) {
        fail(&request->err, E_STOPPED, "store: closing");
        request_add(&store->done, request);
        pthread_mutex_unlock(&store->lock);
        return;
    }
    while (store->queue.count >= QUEUE_MOST)
        pthread_cond_wait(&store->idle, &store->lock);
    request_add(&store->queue, request);
    store->asked++;
    is_first =
        (operation->is_awaited && !store->awaited) || (!operation->is_patient && !store->hurried);
    store->awaited = store->awaited || operation->is_awaited;
    store->hurried = store->hurried || !operation->is_patient;
    if (store->asleep) {
        store->asleep = false;
        pthread_cond_signal(&store->wake);
    } else if (store->queue.count % GROUP_MOST == 0 || is_first) {
        pthread_cond_signal(&store->full);
    }
    pthread_mutex_unlock(&store->lock);
}

static void call_back(struct store *store, struct request *request)
{
    const struct operation *operation = &store_operations[request->kind];

    if (operation->call_back != NULL)
        operation->call_back(store, request, request->err.code == OK ? NULL : &request->err);
}

void store_deliver(struct store *store)
{
    struct request_list done;
    struct request *request;

    pthread_mutex_lock(&store->lock);
    done = store->done;
    store->done = (struct request_list){0};
    pthread_mutex_unlock(&store->lock);
    while ((request = request_take(&done)) != NULL) {
        call_back(store, request);
        request_free(request);
    }
    feeds_forget_committed(store);
}
