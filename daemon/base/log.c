/* log.c - one write(2) a line, so that lines of several processes do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE = 2048 };

static int most = LOG_LEVEL_INFO;
static const char *process_name;
static bool times;
static log_sink *sink;

void log_set_level(int level)
{
    most = level;
}

void log_set_times(bool with_times)
{
    times = with_times;
}

void log_set_sink(log_sink *to)
{
    sink = to;
}

void log_set_name(const char *name)
{
    process_name = name;
}

static const char *level_word(int level)
{
    static const char *const words[] = {
        "error: ", "error: ", "error: ", "error: ", "warning: ", "", "", "debug: "};

    return words[level & 7];
}

static size_t put_clean(char *out, size_t room, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    size_t len = 0;

    for (; *text != '\0' && len + 5 < room; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= 0x20 && c != 0x7f) {
            out[len++] = *text;
            continue;
        }
        out[len++] = '\\';
        out[len++] = 'x';
        out[len++] = hex[c >> 4];
        out[len++] = hex[c & 15];
    }
    return len;
}

bool log_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat st;

    return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static void write_line(int level, const char *text)
{
    char line[LINE + 128];
    char now[CLOCK_TEXT];
    size_t len;

    if (log_is_journal())
        len = (size_t)snprintf(line, 64, "<%d>", level & 7);
    else
        len = (size_t)snprintf(line, 64, "%s%s%s", times ? clock_format(clock_wall(), now) : "",
            times ? " " : "", level_word(level));
    if (process_name != NULL)
        len += (size_t)snprintf(line + len, 48, "%.40s: ", process_name);
    len += put_clean(line + len, sizeof(line) - len - 1, text);
    line[len++] = '\n';
    if (write(STDERR_FILENO, line, len) < 0)
        return;
}

static void tell(int level, const struct log_about *about, const char *format, va_list args)
{
    char text[LINE];
    char clean[LINE];

    if (level > most)
        return;
    vsnprintf(text, sizeof(text), format, args);
    if (sink != NULL) {
        size_t name = process_name == NULL
                          ? 0
                          : (size_t)snprintf(clean, sizeof(clean), "%.40s: ", process_name);

        clean[name + put_clean(clean + name, sizeof(clean) - name, text)] = '\0';
        if (sink(level, about, clean))
            return;
    }
    write_line(level, text);
}

void log_about(int level, const struct log_about *about, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(level, about, format, args);
    va_end(args);
}

void log_line(int level, const char *format, ...)
{
    static const struct log_about nothing;
    va_list args;

    va_start(args, format);
    tell(level, &nothing, format, args);
    va_end(args);
}
