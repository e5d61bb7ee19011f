/* follow.c - print the sequence of each event of the log, and acknowledge it:
 * follow NAME [ENDPOINT [FILTER [KEYS]]] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

int main(int argc, char **argv)
{
    struct wireroom_options options;
    struct wireroom_consumer *consumer = NULL;
    struct wireroom_event event;
    struct keys keys;

    if (argc > 1 && read_options(argc - 2, argv + 2, &keys, &options) == 0) {
        options.start = "first";
        consumer = wireroom_open(argv[1], &options);
    }
    if (consumer == NULL) {
        fprintf(stderr, "usage: follow NAME [ENDPOINT [FILTER [KEYS]]]\n");
        return EXIT_FAILURE;
    }
    while (wireroom_next(consumer, -1, &event) >= 0) {
        if (event.kind == WIREROOM_TRIMMED)
            printf("trimmed %" PRIu64 " %" PRIu64 "\n", event.sequence, event.last);
        else if (event.kind == WIREROOM_EVENT)
            printf("%" PRIu64 "\n", event.sequence);
        fflush(stdout);
        wireroom_ack(consumer, event.last);
    }
    fprintf(stderr, "follow: %s\n", wireroom_error(consumer));
    wireroom_close(consumer);
    return EXIT_FAILURE;
}
