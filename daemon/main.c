/* main.c - which of its processes this is. */
#include <stdio.h>
#include <string.h>

#include "worker/worker.h"

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--worker") == 0)
        worker_main(argc, argv);
    fprintf(stderr, "usage: wireroomd --worker NAME\n");
    return 2;
}
