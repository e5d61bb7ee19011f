/* replay.c - print the sequence of each event of a part of the log:
 * replay FROM TO [ENDPOINT [FILTER [KEYS]]]
 * FROM, TO: a sequence, an event's id or a time such as 2026-11-29T06:00:00Z; an empty TO is the
 * newest of now. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

int main(int argc, char **argv)
{
    struct wireroom_options options;
    struct wireroom_consumer *replay = NULL;
    struct wireroom_event event;
    struct keys keys;
    int kind = WIREROOM_NOTHING;

    if (argc > 2 && read_options(argc - 3, argv + 3, &keys, &options) == 0)
        replay = wireroom_replay(argv[1], argv[2], &options);
    if (replay == NULL) {
        fprintf(stderr, "usage: replay FROM TO [ENDPOINT [FILTER [KEYS]]]\n");
        return EXIT_FAILURE;
    }
    while (kind >= 0 && kind != WIREROOM_END) {
        kind = wireroom_next(replay, -1, &event);
        if (kind == WIREROOM_EVENT)
            printf("%" PRIu64 "\n", event.sequence);
        else if (kind == WIREROOM_TRIMMED)
            printf("trimmed %" PRIu64 " %" PRIu64 "\n", event.sequence, event.last);
        fflush(stdout);
    }
    if (kind == WIREROOM_END)
        printf("end\n");
    else
        fprintf(stderr, "replay: %s\n", wireroom_error(replay));
    wireroom_close(replay);
    return kind == WIREROOM_END ? EXIT_SUCCESS : EXIT_FAILURE;
}
