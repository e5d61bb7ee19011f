/* line.c - a line that fits the terminal: all its parts draw on one budget of columns. */
#include "cli/line.h"

#include <sys/ioctl.h>
#include <unistd.h>

struct line line_begin(FILE *file)
{
    struct winsize size = {0};
    struct line line = {.file = file, .columns = SIZE_MAX / 2};

    if (isatty(fileno(file)) && ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        line.columns = size.ws_col < LINE_LEAST ? LINE_LEAST : size.ws_col;
    line.left = line.columns;
    return line;
}

void line_put(struct line *line, enum cli_colour colour, struct bytes text, size_t most, bool pad)
{
    size_t width = most < line->left ? most : line->left;
    size_t taken = cli_width(text);

    if (width == 0 || (text.len == 0 && !pad))
        return;
    if (colour != CLI_PLAIN)
        fputs(cli_colour(line->file, colour), line->file);
    cli_print(line->file, text, width, pad);
    if (colour != CLI_PLAIN)
        fputs(cli_colour(line->file, CLI_PLAIN), line->file);
    line->left -= pad || taken > width ? width : taken;
}

void line_text(struct line *line, const char *text)
{
    line_put(line, CLI_PLAIN, bytes_of(text), SIZE_MAX, false);
}

void line_head(FILE *file, const char *titles)
{
    struct line line = line_begin(file);

    if (!isatty(fileno(file)))
        return;
    line_put(&line, CLI_DIM, bytes_of(titles), SIZE_MAX, false);
    fputc('\n', file);
}
