/* log_journal.c - lines with fields in systemd's journal, from a process that may open nothing any
 * more: a socket that is connected beforehand, and one write(2) a line. */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

static int journal = -1;

/* As systemd.journal-fields(7) has them: text with a line end in it goes with its length. */
static void add(struct buf *out, const char *name, struct bytes value)
{
    uint64_t len = htole64(value.len);

    buf_add_cstr(out, name);
    if (bytes_find_byte(value, '\n') == SIZE_MAX) {
        buf_add_byte(out, '=');
    } else {
        buf_add_byte(out, '\n');
        buf_add(out, (struct bytes){(const char *)&len, sizeof(len)});
    }
    buf_add(out, value);
    buf_add_byte(out, '\n');
}

static bool send_line(int level, const struct log_about *about, const char *text)
{
    struct buf line = {0};
    bool sent;

    add(&line, "MESSAGE", bytes_of(text));
    buf_printf(&line, "PRIORITY=%d\nSYSLOG_IDENTIFIER=wireroomd\n", level & 7);
    if (about->feed != 0)
        buf_printf(&line, "WIREROOM_FEED=f%07" PRId64 "\n", about->feed);
    if (about->url.len > 0)
        add(&line, "WIREROOM_URL", about->url);
    if (about->site.len > 0)
        add(&line, "WIREROOM_SITE", about->site);
    if (about->stage != NULL)
        add(&line, "WIREROOM_STAGE", bytes_of(about->stage));
    sent = write(journal, line.ptr, line.len) == (ssize_t)line.len;
    buf_done(&line);
    return sent;
}

void log_connect_journal(void)
{
    static const struct sockaddr_un place = {
        .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket"};

    if (!log_is_journal())
        return;
    if (journal >= 0)
        close(journal);
    journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (journal >= 0 && connect(journal, (const struct sockaddr *)&place, sizeof(place)) == 0)
        log_set_sink(send_line);
}
