/* wireroom.c - the `wireroom` command. */
#include <locale.h>
#include <signal.h>

#include "cli/cli.h"

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* widths of letters; nothing else may depend on a locale */
    signal(SIGPIPE, SIG_IGN);
    return cli_main(argc, argv);
}
