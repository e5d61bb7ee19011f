/* follow.c - print the sequence of each event of the log, and acknowledge it:
 * follow NAME [ENDPOINT [FILTER [KEYS]]]. KEYS: a file with the daemon's public key, our own and
 * our secret one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "wireroom.h"

static int read_keys(const char *path, char keys[3][41])
{
    FILE *file = fopen(path, "r");
    int count = file == NULL ? 0 : fscanf(file, "%40s %40s %40s", keys[0], keys[1], keys[2]);

    if (file != NULL)
        fclose(file);
    return count == 3;
}

int main(int argc, char **argv)
{
    struct wireroom_options options = {.endpoint = argc > 2 ? argv[2] : NULL,
        .filter = argc > 3 ? argv[3] : NULL,
        .start = "first"};
    struct wireroom_consumer *consumer;
    struct wireroom_event event;
    char keys[3][41];

    if (argc > 4 && read_keys(argv[4], keys)) {
        options.server_key = keys[0];
        options.public_key = keys[1];
        options.secret_key = keys[2];
    }
    consumer = argc > 1 ? wireroom_open(argv[1], &options) : NULL;

    if (consumer == NULL) {
        fprintf(stderr, "usage: follow NAME [ENDPOINT [FILTER [KEYS]]]\n");
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
