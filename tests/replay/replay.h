/* replay.h - a script that is run: what its commands share. */
#ifndef WIREROOM_TESTS_REPLAY_REPLAY_H
#define WIREROOM_TESTS_REPLAY_REPLAY_H

#include "replay/house.h"
#include "replay/told.h"

enum { WORDS = 64, LINE = 4000 };

struct replay {
    const char *file;
    FILE *script;
    int line;
    char text[LINE], next[LINE];
    bool has_next;
    char *words[WORDS];
    size_t count;
    struct web web;
    struct house house;
    struct told told;
    uint64_t expected; /* sequence of the last event that was */
    int hub_status;    /* what the daemon answered to the hub */
};

/* Say "file:line: what", and end. */
void die(const struct replay *r, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

int64_t number(const struct replay *r, const char *word);
int64_t duration(const struct replay *r, const char *word); /* "2h", in microseconds */
bool read_line(struct replay *r);
struct store *store_of(const struct replay *r); /* of the daemon that runs, or the script ends */

/* Commands. serve.c: what servers answer; hub.c: what a hub does; expect.c: what is expected. */
void do_items(struct replay *r);
void do_body(struct replay *r);
void do_answer(struct replay *r);
void do_etag(struct replay *r);
void do_hub(struct replay *r);
void do_verify(struct replay *r);
void do_deny(struct replay *r);
void do_push(struct replay *r);
void do_expect(struct replay *r);
void do_show(struct replay *r);

/* No further event came, and what was seen ended in one counted way each (store.h). */
void expect_end(struct replay *r);

#endif
