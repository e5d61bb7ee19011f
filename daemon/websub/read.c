/* read.c - queries of callbacks and signatures, as strangers write them. */
#include "websub/read.h"

#include "http/query.h"

void websub_query_read(struct arena *arena, struct bytes query, struct websub_query *ret_query)
{
    struct websub_query q = {0};
    struct {
        const char *name;
        struct bytes *value;
    } const known[] = {{"hub.mode", &q.mode}, {"hub.topic", &q.topic},
        {"hub.challenge", &q.challenge}, {"hub.lease_seconds", &q.lease},
        {"hub.reason", &q.reason}};

    while (query.len > 0) {
        struct bytes value = bytes_cut(&query, '&');
        struct bytes name = bytes_cut(&value, '=');

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            if (known[i].value->ptr == NULL && bytes_is(name, known[i].name))
                *known[i].value = http_unescape(arena, value);
    }
    *ret_query = q;
}

void websub_form_add(struct buf *form, const char *name, struct bytes value)
{
    static const char plain[] = "-._~";

    if (form->len > 0)
        buf_add_byte(form, '&');
    buf_printf(form, "%s=", name);
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (is_alpha(c) || is_digit(c) || (c != '\0' && strchr(plain, c) != NULL))
            buf_add_byte(form, c);
        else
            buf_printf(form, "%%%02X", (unsigned)(unsigned char)c);
    }
}

struct bytes websub_token(struct bytes path)
{
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/')
        at--;
    return bytes_from(path, at);
}

bool websub_signature_read(struct bytes value, struct bytes *ret_method, struct bytes *ret_hex)
{
    struct bytes rest = bytes_trim(value);
    struct bytes method;

    if (bytes_find_byte(rest, '=') == SIZE_MAX)
        return false;
    method = bytes_trim(bytes_cut(&rest, '='));
    rest = bytes_trim(rest);
    if (method.len == 0 || rest.len == 0)
        return false;
    *ret_method = method;
    *ret_hex = rest;
    return true;
}
