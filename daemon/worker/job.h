/* job.h - what daemon and workers say to each other: one frame (base/frame.h) asks, one or more answer;
 * the body of every frame is an encoded record (base/record.h). */
#ifndef WIREROOM_WORKER_JOB_H
#define WIREROOM_WORKER_JOB_H

enum job_kind {
    /* REC_BODY REC_URL REC_HEADER (content-type, content-encoding): decode, then parse. Answers: an
     * ANSWER_ENTRY for each entry (feed/entry.c's record), then ANSWER_FEED (feed_to_record), or ANSWER_ERROR
     * in its place: whoever asks must hold the entries back until ANSWER_FEED says that all is well. */
    JOB_FEED = 1,
    /* The same bytes as JSON text in ANSWER_TEXT: `wireroom parse`, discovery, OPML. */
    JOB_FEED_JSON,
    JOB_DISCOVER_JSON,
    JOB_OPML_JSON,
    /* A record, with the undecoded page in REC_BODY, REC_PAGE_HEADER and WR_PAGE_URL where there is one:
     * decode it into WR_PAGE, run the plain stages in order, answer ANSWER_RECORD without WR_PAGE and
     * WR_FEED_CONTENT; or ANSWER_FETCH (WR_URL) when a stage waits, to which JOB_FETCHED replies. */
    JOB_RECORD,
    JOB_FETCHED,
    /* The ordered worker: a record through the ordered stages; all their memory; that memory back. */
    JOB_ORDERED,
    JOB_SAVE,
    JOB_LOAD,
};

enum answer_kind {
    ANSWER_ENTRY = 64,
    ANSWER_FEED,
    ANSWER_TEXT,   /* REC_TEXT */
    ANSWER_RECORD,
    ANSWER_EMITTED, /* a further record, before ANSWER_RECORD */
    ANSWER_FETCH,
    ANSWER_SAVED,  /* a REC_STAGE and REC_BODY pair for each ordered stage, in order */
    ANSWER_ERROR,  /* REC_CODE, REC_TEXT, REC_STAGE; REC_DIAGNOSIS where there is one */
    ANSWER_READY,  /* once after start: modules loaded, sandbox closed */
};

#endif
