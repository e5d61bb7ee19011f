/* private.h - what the files of the HTTP interface share. Nobody else includes it. */
#ifndef WIREROOM_API_PRIVATE_H
#define WIREROOM_API_PRIVATE_H

#include <sys/queue.h>

#include "api/api.h"
#include "api/tokens.h"
#include "base/json.h"
#include "deliver/deliver.h"
#include "http/listener.h"

enum {
    API_CONNECTIONS = 4096,
    API_QUERY = 8 << 10,      /* bytes of one */
    API_MEMORY = 256 << 10,   /* of what a request says: its head, and each part of it anew */
    API_PAGE = 500,           /* events of an answer, at most; a hundred when nothing is said */
    API_PAGE_BYTES = 4 << 20, /* and bytes of them */
};

struct stream;
LIST_HEAD(stream_list, stream);

struct api {
    const struct view *view;
    struct listener *listener;
    struct tokens tokens;
    bool is_far;     /* other machines may reach it */
    uv_timer_t beat; /* of streams that have nothing to send */
    struct stream_list streams;
};

/* One request; its texts are on arena. */
struct api_request {
    struct api *api;
    struct exchange *exchange;
    struct arena *arena;
    struct bytes path, query;
    struct bytes accept, last_id, authorization;
    bool is_head;    /* its method is HEAD */
    unsigned status; /* of a refusal by its head alone, else 0 */
    const char *refusal;
    struct buf out; /* the body */
    struct stream *stream;
};

/* The value of a parameter, "" when absent. */
struct bytes api_parameter(const struct api_request *r, const char *name);

/* A sequence, or an event's id; *ret_is_other: it is of another epoch than the log. name: of what
 * it is, for the error. */
int api_read_sequence(const struct api_request *r, const char *name, struct bytes text,
    uint64_t *ret_sequence, bool *ret_is_other, struct error *err);

/* A JSON object is begun in r->out; the answer with it. */
struct json_writer api_begin(struct api_request *r);
void api_end(struct api_request *r, struct json_writer *w, struct listener_answer *answer);
void api_fail(struct api_request *r, const struct error *err, struct listener_answer *answer);

/* One function a resource; rest is what stands behind its path, decoded. */
typedef void api_answer(struct api_request *r, struct bytes rest, struct listener_answer *answer);
api_answer api_events, api_articles, api_stories, api_story, api_topics; /* log.c */
api_answer api_status, api_stages, api_feeds, api_consumers;             /* state.c */
api_answer api_health, api_ready, api_metrics;                           /* state.c */
api_answer api_schema, api_openapi;                                      /* state.c */
api_answer api_stream;                                                   /* stream.c */

void streams_beat(struct api *api);
void streams_look(struct api *api);     /* those by a token that is none any more end */
void stream_end(struct stream *stream); /* NULL is allowed */

#endif
