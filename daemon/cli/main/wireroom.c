/* wireroom.c - the `wireroom` command. */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* What was printed is out, or the program says so; a reader that left is no trouble, but the end by
 * SIGPIPE that shells know. */
static int end_output(int code)
{
    struct pollfd reader = {.fd = STDOUT_FILENO, .events = POLLOUT};
    bool failed = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    /* The write that failed may be long ago. */
    if (errno == EPIPE || (poll(&reader, 1, 0) > 0 && (reader.revents & POLLERR) != 0)) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    fprintf(stderr, "wireroom: write error%s%s\n", errno == 0 ? "" : ": ",
        errno == 0 ? "" : strerror(errno));
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* widths of letters; nothing else may depend on a locale */
    signal(SIGPIPE, SIG_IGN);
    return end_output(cli_main(argc, argv));
}
