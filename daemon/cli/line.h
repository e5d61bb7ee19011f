/* line.h - a line that fits the terminal: all its parts draw on one budget of columns. */
#ifndef WIREROOM_CLI_LINE_H
#define WIREROOM_CLI_LINE_H

#include "cli/cli.h"

/* Lines fit terminals from so many columns on; a narrower one gets lines of this width. Under
 * LINE_NARROW names are cut shorter. What is no terminal has all the columns there are. */
enum { LINE_LEAST = 60, LINE_NARROW = 100 };

struct line {
    FILE *file;
    size_t columns, left;
};

struct line line_begin(FILE *file);

/* Text of at most so many columns, and no more than are left. */
void line_put(struct line *line, enum cli_colour colour, struct bytes text, size_t most, bool pad);
void line_text(struct line *line, const char *text);

/* Titles of columns, for people: nothing where file is no terminal. */
void line_head(FILE *file, const char *titles);

#endif
