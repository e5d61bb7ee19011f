/* handler.c - as handler.py; nothing is thrown here. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wireroom.h>

static int fork_at(struct wireroom_consumer *consumer)
{
    struct wireroom_event event;
    pid_t child = fork();
    int status = 1;

    if (child == 0) {
        status = wireroom_next(consumer, -1, &event) == WIREROOM_SYSTEM ? 0 : 1;
        wireroom_close(consumer);
        _exit(status);
    }
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct wireroom_options options = {.endpoint = argc > 3 ? argv[3] : NULL, .start = "first"};
    struct wireroom_consumer *consumer = argc > 3 ? wireroom_open(argv[2], &options) : NULL;
    struct wireroom_event event;
    int count = 0;

    while (consumer != NULL && wireroom_next(consumer, -1, &event) >= 0) {
        printf("%" PRIu64 "\n", event.sequence);
        fflush(stdout);
        count++;
        if (strcmp(argv[1], "late") == 0 || strcmp(argv[1], "waits") == 0)
            getchar();
        if (strcmp(argv[1], "forks") == 0 && count == 1 && fork_at(consumer) != 0)
            return EXIT_FAILURE;
        wireroom_ack(consumer, event.last);
        if (strcmp(argv[1], "some") == 0 && count == 5)
            break;
    }
    if (consumer != NULL)
        fputs(wireroom_error(consumer), stderr);
    wireroom_close(consumer);
    return EXIT_SUCCESS;
}
