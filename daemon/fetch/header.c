/* header.c - header lines: collected, found again, and read for what they say about time. */
#include "fetch/header.h"

#include <curl/curl.h>
#include <stdio.h>

#include "base/clock.h"

static struct bytes cut_line_end(struct bytes line)
{
    while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    return line;
}

/* Text with what would be a line of its own turned into a space. */
static void add_text(struct buf *out, struct bytes text)
{
    char *room = text.len == 0 ? NULL : buf_reserve(out, text.len);

    if (room == NULL)
        return;
    for (size_t i = 0; i < text.len; i++)
        room[i] = (char)(text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
    out->len += text.len;
}

static void add_continuation(struct buf *out, struct bytes line)
{
    if (out->len == 0)
        return;
    out->len--; /* the line end */
    buf_add_byte(out, ' ');
    add_text(out, bytes_trim(line));
    buf_add_byte(out, '\n');
}

void header_add(struct buf *out, struct bytes line)
{
    size_t colon;
    struct bytes name, value;

    line = cut_line_end(line);
    if (line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t')) {
        add_continuation(out, line);
        return;
    }
    colon = bytes_find_byte(line, ':');
    if (colon == SIZE_MAX)
        return;
    name = bytes_trim(bytes_slice(line, 0, colon));
    value = bytes_trim(bytes_from(line, colon + 1));
    if (name.len == 0 || buf_reserve(out, name.len + value.len + 3) == NULL)
        return;
    add_text(out, name);
    for (size_t i = out->len - name.len; i < out->len; i++)
        out->ptr[i] = to_lower(out->ptr[i]);
    buf_add(out, LIT(": "));
    add_text(out, value);
    buf_add_byte(out, '\n');
}

struct bytes header_next(struct bytes *rest, const char *name)
{
    struct bytes wanted = bytes_of(name);

    while (rest->len > 0) {
        struct bytes line = bytes_cut(rest, '\n');

        if (bytes_starts(line, wanted) && line.len > wanted.len && line.ptr[wanted.len] == ':') {
            struct bytes value = {line.ptr + wanted.len + 1, line.len - wanted.len - 1};

            return bytes_trim(value);
        }
    }
    return (struct bytes){NULL, 0};
}

struct bytes header_find(struct bytes headers, const char *name)
{
    return header_next(&headers, name);
}

bool header_is_validator(struct bytes value)
{
    if (value.len == 0 || value.len > VALIDATOR_LIMIT)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f)
            return false;
    return true;
}

const char *header_validator(struct bytes value, char text[VALIDATOR_LIMIT + 1])
{
    if (!header_is_validator(value))
        return NULL;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    return text;
}

/* delta-seconds (RFC 9111 section 1.2.2): digits only, however many; -1 for anything else. */
static int64_t parse_seconds(struct bytes text)
{
    int64_t seconds = 0;

    if (text.len == 0)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]))
            return -1;
        seconds = seconds * 10 + (text.ptr[i] - '0');
        if (seconds > HEADER_SECONDS)
            seconds = HEADER_SECONDS;
    }
    return seconds;
}

/* Seconds since 1970, or -1. No date in a header is longer than 60 characters. */
static int64_t parse_date(struct bytes text)
{
    char copy[64];

    if (text.len == 0 || text.len >= sizeof(copy))
        return -1;
    snprintf(copy, sizeof(copy), "%.*s", FMT(text));
    return curl_getdate(copy, NULL);
}

/* From the answer's own Date (else wall) to the date of text, in seconds; -1 when text is none. */
static int64_t seconds_until(const struct head *head, struct bytes text, int64_t wall)
{
    int64_t date = parse_date(text);
    int64_t now = parse_date(head->date);

    if (date < 0)
        return -1;
    if (now < 0)
        now = wall / SECOND;
    if (date <= now)
        return 0;
    return date - now > HEADER_SECONDS ? HEADER_SECONDS : date - now;
}

int64_t head_retry_after(const struct head *head, int64_t wall)
{
    struct bytes value = head->retry_after;
    int64_t seconds = parse_seconds(value);

    if (seconds < 0 && value.len > 0 && is_alpha(value.ptr[0]))
        seconds = seconds_until(head, value, wall);
    return seconds < 0 ? -1 : seconds * SECOND;
}

int64_t head_reset(struct bytes headers, int64_t wall)
{
    static const char *const names[] = {
        "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"};
    struct bytes text = {NULL, 0};
    int64_t said;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && text.ptr == NULL; i++)
        text = header_find(headers, names[i]);
    text = bytes_cut(&text, '.'); /* "346.0" */
    if (text.len == 0 || !bytes_to_int(text, &said) || said < 0 || said > INT64_MAX / SECOND / 2)
        return -1;
    said *= SECOND;
    if (said > wall / 2) /* no number of seconds is as large */
        said -= wall;
    if (said > wall / 2)
        said = (said + wall) / 1000 - wall;
    return said < 0 || said > 86400 * (int64_t)SECOND ? -1 : said;
}

/* Cut the next directive off rest, at a comma that stands in no quoted string. */
static struct bytes cut_directive(struct bytes *rest)
{
    struct bytes directive = *rest;
    bool quoted = false;
    size_t i;

    for (i = 0; i < rest->len; i++) {
        if (rest->ptr[i] == '"')
            quoted = !quoted;
        else if (rest->ptr[i] == '\\' && quoted)
            i++;
        else if (rest->ptr[i] == ',' && !quoted)
            break;
    }
    directive.len = i < rest->len ? i : rest->len;
    *rest = bytes_from(*rest, i + 1);
    return bytes_trim(directive);
}

/* Seconds of max-age; -1 when it is absent or wrong, -2 when the answer is not to be kept at all.
 */
static int64_t cache_control(struct bytes value)
{
    int64_t seconds = -1;

    while (value.len > 0) {
        struct bytes argument = cut_directive(&value);
        struct bytes name = bytes_trim(bytes_cut(&argument, '='));

        if (bytes_equal_nocase(name, LIT("no-cache")) || bytes_equal_nocase(name, LIT("no-store")))
            return -2;
        if (seconds >= 0 || !bytes_equal_nocase(name, LIT("max-age")))
            continue;
        argument = bytes_trim(argument);
        if (argument.len >= 2 && argument.ptr[0] == '"' && argument.ptr[argument.len - 1] == '"')
            argument = bytes_slice(argument, 1, argument.len - 2);
        seconds = parse_seconds(argument);
    }
    return seconds;
}

int64_t head_max_age(const struct head *head, int64_t wall)
{
    int64_t seconds = head->max_age;
    int64_t age = parse_seconds(head->age);

    if (seconds == -1)
        seconds = seconds_until(head, head->expires, wall);
    if (seconds < 0)
        return -1;
    if (age > 0)
        seconds = age < seconds ? seconds - age : 0;
    return seconds * SECOND;
}

static void head_take(struct head *head, struct bytes name, struct bytes value)
{
    const struct {
        struct bytes name;
        struct bytes *value;
    } known[] = {{LIT("etag"), &head->etag}, {LIT("last-modified"), &head->last_modified},
        {LIT("retry-after"), &head->retry_after}, {LIT("date"), &head->date},
        {LIT("age"), &head->age}, {LIT("expires"), &head->expires}};
    int64_t said;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].value->ptr == NULL && bytes_equal(name, known[i].name)) {
            *known[i].value = bytes_trim(value);
            return;
        }
    }
    if (head->max_age == -2 || !bytes_equal(name, LIT("cache-control")))
        return;
    said = cache_control(value);
    if (said == -2 || head->max_age < 0)
        head->max_age = said;
}

void head_read(struct bytes headers, struct head *ret_head)
{
    *ret_head = (struct head){.max_age = -1};
    while (headers.len > 0) {
        struct bytes value = bytes_cut(&headers, '\n');
        struct bytes name = bytes_cut(&value, ':');

        head_take(ret_head, name, value);
    }
}
