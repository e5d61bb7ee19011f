/* journal.c - knows the fields of a line in systemd's journal, and what each kind of line is called
 * there. Lines of workers come by standard error: their sandbox lets them reach no socket. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "journal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-journal.h>

enum { FIELD = 2304, FIELDS = 8 }; /* a line of the log, and more */

/* Of `journalctl --new-id128`, and told in wireroomd(8). */
static const char *const ids[MESSAGE_MOST] = {
    [MESSAGE_STARTED] = "faca1501ec4b46cdb0fa01cab8bc8d74",
    [MESSAGE_STOPPING] = "37c789c90be540bb8571ff8608c1c42f",
    [MESSAGE_RELOADED] = "1511158365814af4a54035984322d150",
    [MESSAGE_NOT_RELOADED] = "4b1a10479bae4003b2af20e4fa8dbf0d",
    [MESSAGE_FEED_STATE] = "35ad21f8e51e4a89bd6f493fa36def83",
    [MESSAGE_FEED_MOVED] = "bb31a00f035c4f15b0bd078e23bb15ff",
    [MESSAGE_SITE_STATE] = "476dae6414734c509bdbd56d53668f62",
    [MESSAGE_DAEMON_STATE] = "01a14a7453a048719d64765733d4f4c3",
    [MESSAGE_STORE_TROUBLE] = "d9b2643f43894db49f3163bedd25dac7",
    [MESSAGE_STORE_WELL] = "fe5245c81455432ba2f1e48f36887cfc",
    [MESSAGE_QUARANTINED] = "167539c2ec1e4f85ac69680c8c2d00c4",
    [MESSAGE_WORKER_DIED] = "7f2ea09c7684474daaff77df2d51d2bd",
    [MESSAGE_STAGE_ASIDE] = "ac2012b342cd4d6fad3205276fcd9bfa",
    [MESSAGE_HUB] = "ac3cfb64152f40db9ffd371dcf260de5",
    [MESSAGE_LIST] = "749dccb2cfcc4a6db59a99e5279e7017",
};

struct fields {
    char text[FIELDS][FIELD];
    struct iovec parts[FIELDS];
    int count;
};

static void __attribute__((format(printf, 2, 3))) add(struct fields *f, const char *format, ...)
{
    char *text = f->text[f->count];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, FIELD, format, args);
    va_end(args);
    f->parts[f->count++] =
        (struct iovec){.iov_base = text, .iov_len = len < FIELD ? (size_t)len : FIELD - 1};
}

static bool send_line(int level, const struct log_about *about, const char *text)
{
    struct fields f = {.count = 0};

    add(&f, "MESSAGE=%s", text);
    add(&f, "PRIORITY=%d", level);
    add(&f, "SYSLOG_IDENTIFIER=wireroomd");
    if (about->message != MESSAGE_NONE)
        add(&f, "MESSAGE_ID=%s", ids[about->message]);
    if (about->feed != 0)
        add(&f, "WIREROOM_FEED=f%07" PRId64, about->feed);
    if (about->url.len > 0)
        add(&f, "WIREROOM_URL=%.*s", FMT(about->url));
    if (about->site.len > 0)
        add(&f, "WIREROOM_SITE=%.*s", FMT(about->site));
    if (about->stage != NULL)
        add(&f, "WIREROOM_STAGE=%s", about->stage);
    return sd_journal_sendv(f.parts, f.count) >= 0;
}

void journal_open(void)
{
    if (log_is_journal())
        log_set_sink(send_line);
}

const char *journal_id(enum log_message message)
{
    return ids[message];
}
