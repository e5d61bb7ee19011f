/* identity.c - the one spelling of a URN that is given back as it came. */
#include "identity.h"

#include <stdio.h>

enum { URN = 45 };

static void write_urn(const uint8_t uuid[16], char ret_id[IDENTITY_TEXT])
{
    char *at = ret_id + sprintf(ret_id, "urn:uuid:");

    for (int i = 0; i < 16; i++)
        at += sprintf(at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

static int hex_digit(char c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_urn(struct bytes id, uint8_t ret_uuid[16])
{
    static const char form[] = "urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t digits = 0;

    if (id.len != URN)
        return false;
    for (size_t i = 0; i < URN; i++) {
        int digit = hex_digit(id.ptr[i]);

        if (form[i] != 'x' ? id.ptr[i] != form[i] : digit < 0)
            return false;
        if (form[i] != 'x')
            continue;
        ret_uuid[digits / 2] =
            (uint8_t)(digits % 2 == 0 ? digit << 4 : ret_uuid[digits / 2] | digit);
        digits++;
    }
    return true;
}

/* What is kept of an id that is no URN. */
static struct bytes kept_of(struct bytes id)
{
    struct bytes clip = bytes_clip(id, IDENTITY_TEXT - 1);

    return bytes_slice(clip, 0, bytes_find_byte(clip, '\0'));
}

size_t identity_room(struct bytes id)
{
    uint8_t uuid[16];

    return read_urn(id, uuid) ? 0 : kept_of(id).len + 1;
}

void identity_set(struct identity *identity, struct bytes id, char *room)
{
    struct bytes kept = kept_of(id);

    *identity = (struct identity){.is_other = false};
    if (read_urn(id, identity->uuid))
        return;
    if (kept.len > 0)
        memcpy(room, kept.ptr, kept.len);
    room[kept.len] = '\0';
    identity->is_other = true;
    identity->other = room;
}

void identity_write(const struct identity *identity, char ret_id[IDENTITY_TEXT])
{
    if (identity->is_other)
        snprintf(ret_id, IDENTITY_TEXT, "%s", identity->other);
    else
        write_urn(identity->uuid, ret_id);
}

bool identity_is(const struct identity *identity, struct bytes id)
{
    uint8_t uuid[16];

    if (identity->is_other)
        return bytes_is(bytes_clip(id, IDENTITY_TEXT - 1), identity->other);

    return read_urn(id, uuid) && memcmp(uuid, identity->uuid, sizeof(uuid)) == 0;
}
