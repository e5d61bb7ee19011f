/* way.c - how an item came where it is: when it got to each step, and what its page and its stages
 * said. Kept with its article, so that `wireroom why` can tell of it. */
#include <inttypes.h>

#include "base/clock.h"
#include "flow/private.h"

enum { SAID = 200 /* bytes of an error or a name: a line of a terminal or two */ };

static void begin(struct buf *out, const char *step, int64_t began, int64_t took)
{
    buf_printf(out, "%s\t%" PRId64 "\t%" PRId64 "\t", step, began, took < 0 ? 0 : took);
}

/* What is said goes into one line. */
static void say(struct buf *out, struct bytes text)
{
    text = bytes_clip(text, SAID);
    for (size_t i = 0; i < text.len; i++)
        buf_add_byte(out, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
}

/* "page", with "status<TAB>bytes<TAB>error". */
static void write_page(const struct item *item, int64_t until, struct buf *out)
{
    const struct wr_record *rec = item->record;
    struct bytes refused = record_get(rec, REC_PAGE_REFUSED);

    if (item->link[0] == '\0' || item->began[STEP_PAGE] == 0)
        return;
    begin(out, "page", item->began[STEP_PAGE], until - item->began[STEP_PAGE]);
    buf_printf(out, "%" PRId64 "\t%" PRId64 "\t", record_get_int(rec, REC_PAGE_STATUS, 0),
        record_get_int(rec, REC_PAGE_BYTES, 0));
    say(out, refused.len > 0 ? refused : record_get(rec, REC_PAGE_ERROR));
    buf_add_byte(out, '\n');
}

/* "stage" for each, with "name<TAB>outcome"; of when each began nothing is known. */
static void write_stages(const struct item *item, struct buf *out)
{
    struct bytes line;
    size_t at = 0;

    while (record_next(item->record, REC_TRACE, &at, &line)) {
        struct bytes name = bytes_cut(&line, '\t');
        struct bytes took = bytes_cut(&line, '\t');
        int64_t micros = 0;

        bytes_to_int(took, &micros);
        begin(out, "stage", item->began[STEP_STAGES], micros);
        say(out, name);
        buf_add_byte(out, '\t');
        say(out, line);
        buf_add_byte(out, '\n');
    }
}

void way_write(const struct item *item, struct buf *out)
{
    int64_t staged = item->began[STEP_STAGES];

    write_page(item, staged > 0 ? staged : item->began[STEP_COMMIT], out);
    write_stages(item, out);
}
