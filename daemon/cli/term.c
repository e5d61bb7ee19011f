/* term.c - what may be shown on a terminal, and how wide it is. */
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cli.h"

const char *cli_colour(FILE *file, enum cli_colour colour)
{
    static const char *const codes[] = {
        "\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m", "\033[36m"};
    const char *no = getenv("NO_COLOR");
    const char *force = getenv("CLICOLOR_FORCE");
    const char *term = getenv("TERM");
    bool is_forced = force != NULL && force[0] != '\0' && strcmp(force, "0") != 0;

    if (no != NULL && no[0] != '\0')
        return "";
    if (!is_forced && (!isatty(fileno(file)) || (term != NULL && strcmp(term, "dumb") == 0)))
        return "";
    return codes[colour];
}

/* One UTF-8 sequence off the front of rest: its code point, or U+FFFD for a byte that begins none.
 */
static uint32_t take_point(struct bytes *rest, size_t *ret_len)
{
    unsigned char lead = (unsigned char)rest->ptr[0];
    size_t len = lead < 0x80                   ? 1
                 : lead >= 0xF0 && lead < 0xF5 ? 4
                 : lead >= 0xE0 && lead < 0xF0 ? 3
                 : lead >= 0xC2 && lead < 0xE0 ? 2
                                               : 0;
    uint32_t point = len == 1 ? lead : lead & (0xFFU >> (len + 1));

    *ret_len = 1;
    if (len == 0 || len > rest->len)
        return 0xFFFD;
    for (size_t i = 1; i < len; i++) {
        if (((unsigned char)rest->ptr[i] & 0xC0) != 0x80)
            return 0xFFFD;
        point = (point << 6) | ((unsigned char)rest->ptr[i] & 0x3F);
    }
    *ret_len = len;
    return point;
}

/* C0, DEL and C1, and the marks that turn the direction of text (UAX 9 section 2). */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

static size_t point_width(uint32_t point)
{
    int width = wcwidth((wchar_t)point);

    return width < 0 ? 1 : (size_t)width;
}

size_t cli_width(struct bytes text)
{
    size_t columns = 0;

    while (text.len > 0) {
        size_t len;
        uint32_t point = take_point(&text, &len);

        columns += is_control(point) ? 1 : point_width(point);
        text = bytes_from(text, len);
    }
    return columns;
}

void cli_print(FILE *file, struct bytes text, size_t width, bool pad)
{
    bool cut = width > 1 && cli_width(text) > width;
    size_t columns = 0;

    while (text.len > 0) {
        size_t len;
        uint32_t point = take_point(&text, &len);
        size_t wide = is_control(point) ? 1 : point_width(point);

        if (columns + wide > width - (cut ? 1 : 0))
            break;
        if (is_control(point))
            fputc(' ', file);
        else if (point == 0xFFFD && len == 1)
            fputs("\xEF\xBF\xBD", file);
        else
            fwrite(text.ptr, 1, len, file);
        columns += wide;
        text = bytes_from(text, len);
    }
    if (cut) {
        fputs("\xE2\x80\xA6", file);
        columns++;
    }
    for (; pad && columns < width; columns++)
        fputc(' ', file);
}

const char *cli_daemon_program(char path[4096])
{
    const char *given = getenv("WIREROOM_DAEMON");
    ssize_t len;
    char *slash;

    if (given != NULL && given[0] != '\0') {
        snprintf(path, 4096, "%s", given);
        return path;
    }
    len = readlink("/proc/self/exe", path, 4096 - sizeof("wireroomd"));
    path[len < 0 ? 0 : len] = '\0';
    slash = strrchr(path, '/');
    strcpy(slash == NULL ? path : slash + 1, "wireroomd");
    return path;
}
