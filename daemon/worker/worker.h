/* worker.h - the process that opens what is hostile: `wireroomd --worker NAME`. */
#ifndef WIREROOM_WORKER_WORKER_H
#define WIREROOM_WORKER_WORKER_H

enum {
    WORKER_PIPE = 3,  /* a socket: frames, both ways */
    WORKER_PLACE = 4, /* a file with a struct chain_place, mapped by both sides */
    WORKER_FILES = 5, /* where there are any: a file that holds those of the stages, sealed */
    EXIT_WORKER = 70, /* the pipe broke or spoke nonsense */
};

/* argv: program, "--worker", name for log lines. Reads JOB_OPEN (or one JOB_DESCRIBE), answers
 * ANSWER_READY or ANSWER_ERROR, and then does jobs until the pipe ends. Does not return. */
_Noreturn void worker_main(int argc, char **argv);

#endif
