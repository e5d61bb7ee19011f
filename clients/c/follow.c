/* follow.c - print the sequence of each event of the log, and acknowledge it:
 * follow NAME [ENDPOINT [FILTER]]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "wireroom.h"

int main(int argc, char **argv)
{
    const struct wireroom_options options = {.endpoint = argc > 2 ? argv[2] : NULL,
        .filter = argc > 3 ? argv[3] : NULL,
        .start = "first"};
    struct wireroom_consumer *consumer = argc > 1 ? wireroom_open(argv[1], &options) : NULL;
    struct wireroom_event event;

    if (consumer == NULL) {
        fprintf(stderr, "usage: follow NAME [ENDPOINT [FILTER]]\n");
        return EXIT_FAILURE;
    }
    while (wireroom_next(consumer, -1, &event) >= 0) {
        if (event.kind == WIREROOM_TRIMMED)
            printf("trimmed %" PRIu64 " %" PRIu64 "\n", event.sequence, event.last);
        else
            printf("%" PRIu64 "\n", event.sequence);
        if (event.kind == WIREROOM_EVENT)
            wireroom_ack(consumer, event.sequence);
        fflush(stdout);
    }
    fprintf(stderr, "follow: %s\n", wireroom_error(consumer));
    wireroom_close(consumer);
    return EXIT_FAILURE;
}
