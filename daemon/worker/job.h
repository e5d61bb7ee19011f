/* job.h - what daemon and workers say to each other: one frame (base/frame.h) asks, one or more
 * answer; the body of every frame is an encoded record (base/record.h). */
#ifndef WIREROOM_WORKER_JOB_H
#define WIREROOM_WORKER_JOB_H

#include "record/record.h"

enum job_kind {
    /* REC_BODY REC_URL REC_HEADER (content-type, content-encoding): decode, then parse. Answers: an
     * ANSWER_ENTRY for each entry (feed/entry.c's record), then ANSWER_FEED (feed_to_record), or
     * ANSWER_ERROR in its place: whoever asks must hold the entries back until ANSWER_FEED says
     * that all is well. An entry whose hash is among REC_RAW_HASHES is not read and has no
     * ANSWER_ENTRY; ANSWER_FEED's REC_RAW_HASHES has the hashes of all entries, by position. */
    JOB_FEED = 1,
    /* The same bytes as JSON text in ANSWER_TEXT: `wireroom parse`, discovery, OPML. */
    JOB_FEED_JSON,
    JOB_DISCOVER_JSON,
    JOB_OPML_JSON,
    /* A record, with REC_SKIP for stages to leave out and the undecoded page in REC_BODY,
     * REC_PAGE_HEADER and WR_PAGE_URL where there is one: decode it into WR_PAGE, run the plain
     * stages in order, answer ANSWER_RECORD without WR_PAGE and WR_FEED_CONTENT; or ANSWER_FETCH
     * (WR_URL, REC_SEQUENCE: its ticket) when a stage waits: the worker takes other jobs meanwhile,
     * until JOB_FETCHED replies (REC_SEQUENCE, REC_PAGE_STATUS, REC_HEADER, REC_BODY). */
    JOB_RECORD,
    JOB_FETCHED,
    /* The ordered worker: a record, or in REC_TEXT an event of the log whose article is to be given
     * back, or in REC_DUE the time when there is no article; through the ordered stages (a
     * wr_fetch() there is refused); all their memory; that memory back, answered by an
     * ANSWER_RECORD with a REC_NOTE for each stage that refused it. */
    JOB_ORDERED,
    JOB_SAVE,
    JOB_LOAD,
    /* The first frame a worker gets (worker_request() writes it), answered by ANSWER_READY or
       ANSWER_ERROR. */
    JOB_OPEN,
    /* Asks for one module by name (REC_STAGE, REC_STAGE_DIR): ANSWER_TEXT, a JSON object of name,
     * version, file, abi, ordered, needs_page, options [{name, type, initial, help}], or of name,
     * file and error. */
    JOB_DESCRIBE,
    /* The bytes of a JOB_FEED looked at for people: ANSWER_TEXT with feed_report()'s JSON in
     * REC_TEXT and what feed_to_record() tells, or ANSWER_ERROR. */
    JOB_FEED_REPORT,
    /* REC_BODY REC_HEADER of a robots.txt, REC_AGENT: ANSWER_RECORD has its REC_RULES for that
     * agent and REC_CRAWL_DELAY. */
    JOB_ROBOTS,
};

enum answer_kind {
    ANSWER_ENTRY = 64,
    ANSWER_FEED,
    ANSWER_TEXT, /* REC_TEXT */
    ANSWER_RECORD,
    ANSWER_EMITTED, /* a further record, before ANSWER_RECORD */
    ANSWER_FETCH,
    ANSWER_SAVED, /* a REC_STAGE and REC_BODY pair for each ordered stage, in order */
    ANSWER_ERROR, /* REC_CODE, REC_TEXT, REC_STAGE; REC_DIAGNOSIS where there is one */
    ANSWER_READY, /* once after start: modules loaded, sandbox closed. REC_STAGE list:
                     "name<TAB>version<TAB>flags" */
};

/* Most hashes that a request's REC_RAW_HASHES has, and an answer's: of the first entries. */
enum { JOB_KNOWN = 1024, JOB_HASHES = 65536 };

/* A request about an answer: its address, its header lines ("name: value\n"), and its body, which
 * is lent. */
struct wr_record *job_of_answer(
    struct arena *arena, const char *url, struct bytes headers, struct bytes body);

/* A worker has at most this many records waiting for a fetch. */
enum { WORKER_PARKED = 8 };

#endif
