/* envelope.c - the members around an event's data, in the order of the CloudEvents examples. */
#include "store/envelope.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/schema.h"

enum { SEQUENCE_DIGITS = 20 };

/* In decimal, zeros before it; printf takes nine times as long. */
static void put_sequence(char text[SEQUENCE_DIGITS + 1], uint64_t sequence)
{
    for (int i = SEQUENCE_DIGITS; i-- > 0; sequence /= 10)
        text[i] = (char)('0' + sequence % 10);
    text[SEQUENCE_DIGITS] = '\0';
}

static void sequence_member(struct json_writer *w, const char *key, uint64_t sequence)
{
    char text[SEQUENCE_DIGITS + 1];

    put_sequence(text, sequence);
    json_cstr(w, key, text);
}

static void id_member(struct json_writer *w, const struct envelope *envelope)
{
    size_t len = strlen(envelope->epoch);
    char text[EPOCH_TEXT + SEQUENCE_DIGITS + 1];

    assert(len < EPOCH_TEXT);
    memcpy(text, envelope->epoch, len);
    text[len] = '-';
    put_sequence(text + len + 1, envelope->sequence);
    json_cstr(w, "id", text);
}

void envelope_format(
    const struct envelope *envelope, const struct store_event *event, struct buf *out)
{
    struct json_writer w = {.out = out};
    char text[160];

    json_begin_object(&w, NULL);
    json_cstr(&w, "specversion", "1.0");
    id_member(&w, envelope);
    json_cstr(&w, "source", envelope->source);
    snprintf(text, sizeof(text), "wireroom.%s.v1", event->type);
    json_cstr(&w, "type", text);
    json_cstr(&w, "subject", event->subject);
    json_cstr(&w, "time", clock_format(event->time, text));
    json_cstr(&w, "recordedtime", clock_format(envelope->recorded, text));
    sequence_member(&w, "sequence", envelope->sequence);
    sequence_member(&w, "prevsequence", envelope->previous);
    json_cstr(&w, "partitionkey", event->partition == NULL ? event->subject : event->partition);
    json_cstr(&w, "datacontenttype", "application/json");
    json_cstr(&w, "dataschema", "urn:wireroom:schema:event:1");
    json_raw(&w, "data", event->data);
    json_end_object(&w);
}

/* Between quotes that no value before it can have in it. */
bool envelope_of_topic(struct bytes event, uint64_t previous, struct buf *out)
{
    static const char key[] = "\"prevsequence\":\"";
    size_t at = bytes_find(event, bytes_of(key));
    char text[SEQUENCE_DIGITS + 1];

    if (at == SIZE_MAX)
        return false;
    at += sizeof(key) - 1;
    put_sequence(text, previous);
    buf_add(out, bytes_slice(event, 0, at));
    buf_add(out, (struct bytes){text, SEQUENCE_DIGITS});
    buf_add(out, bytes_from(event, at + SEQUENCE_DIGITS));
    return !out->over;
}
