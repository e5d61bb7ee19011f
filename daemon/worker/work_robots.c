/* work_robots.c - a robots.txt made into the rules for one crawler. */
#include "text/robots.h"
#include "worker/decode.h"
#include "worker/private.h"

void work_robots(
    struct work *work, struct arena *arena, struct wr_record *request, const struct answers *to)
{
    struct wr_record *rec = record_new(arena);
    struct robots_rules rules;
    struct decoded body = {0};
    struct error err = {0};

    chain_at(work->chain, CHAIN_DECODE);
    if (decode_body(record_get(request, REC_BODY),
            work_header(request, REC_HEADER, "content-encoding"), work->max_decoded, &body,
            &err) != OK) {
        answer_error(to, arena, &err);
    } else {
        robots_parse(arena, body.body, record_get(request, REC_AGENT), &rules);
        record_set(rec, REC_RULES, rules.lines);
        record_set_int(rec, REC_CRAWL_DELAY, rules.crawl_delay);
        answer(to, ANSWER_RECORD, rec);
    }
    decoded_done(&body);
    chain_at(work->chain, CHAIN_IDLE);
}
