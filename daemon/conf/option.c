/* option.c - how values are spelt, with their units; and how near two names are. */
#include "conf/option.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { NAME_MOST = 64 };

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit durations[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000},
    {"m", 60LL * 1000000}, {"h", 3600LL * 1000000}, {"d", 86400LL * 1000000},
    {"w", 7 * 86400LL * 1000000}, {NULL, 0}};

static const struct unit sizes[] = {{"B", 1}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20},
    {"GiB", 1LL << 30}, {"TiB", 1LL << 40}, {"kB", 1000}, {"MB", 1000000}, {"GB", 1000000000},
    {"TB", 1000000000000}, {NULL, 0}};

int option_parse_bool(const char *text, bool *ret_value, struct error *err)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"false", false}, {"yes", true}, {"no", false}, {"on", true},
        {"off", false}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i].word) == 0) {
            *ret_value = words[i].value;
            return OK;
        }
    }
    return fail(err, E_USAGE, "\"%.80s\" is neither true nor false", text);
}

int option_parse_int(const char *text, int64_t *ret_value, struct error *err)
{
    if (!bytes_to_int(bytes_of(text), ret_value))
        return fail(err, E_USAGE, "\"%.80s\" is not a whole number", text);
    return OK;
}

/* strtod() would follow the locale and read hexadecimal, infinity and exponents. */
int option_parse_real(const char *text, double *ret_value, struct error *err)
{
    struct bytes rest = bytes_of(text);
    bool minus = rest.len > 0 && rest.ptr[0] == '-';
    double value = 0;
    double scale = 1;
    bool fraction = false;
    size_t digits = 0;

    for (rest = bytes_from(rest, minus ? 1 : 0); rest.len > 0; rest = bytes_from(rest, 1)) {
        if (rest.ptr[0] == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (!is_digit(rest.ptr[0]) || ++digits > 15)
            return fail(err, E_USAGE, "\"%.80s\" is not a number", text);
        value = value * 10 + (rest.ptr[0] - '0');
        scale *= fraction ? 10 : 1;
    }
    if (digits == 0)
        return fail(err, E_USAGE, "\"%.80s\" is not a number", text);
    *ret_value = (minus ? -value : value) / scale;
    return OK;
}

static const struct unit *find_unit(const struct unit *units, struct bytes name)
{
    for (; units->name != NULL; units++)
        if (bytes_is(name, units->name))
            return units;
    return NULL;
}

/* Take "12MiB" off the front of rest. */
static bool take_amount(struct bytes *rest, const struct unit *units, int64_t *ret_value)
{
    const struct unit *unit;
    int64_t number;
    size_t digits = 0;
    size_t end;

    while (digits < rest->len && is_digit(rest->ptr[digits]))
        digits++;
    for (end = digits; end < rest->len && is_alpha(rest->ptr[end]);)
        end++;
    unit = find_unit(units, bytes_slice(*rest, digits, end - digits));
    if (unit == NULL || !bytes_to_int(bytes_slice(*rest, 0, digits), &number))
        return false;
    *rest = bytes_from(*rest, end);
    return !__builtin_mul_overflow(number, unit->factor, ret_value);
}

static bool parse_amount(
    const char *text, const struct unit *units, bool several, int64_t *ret_value)
{
    struct bytes rest = bytes_of(text);
    int64_t total = 0;

    if (bytes_is(rest, "0")) {
        *ret_value = 0;
        return true;
    }
    do {
        int64_t part;

        if (!take_amount(&rest, units, &part) || __builtin_add_overflow(total, part, &total))
            return false;
    } while (rest.len > 0 && several);
    if (rest.len > 0)
        return false;
    *ret_value = total;
    return true;
}

int option_parse_duration(const char *text, int64_t *ret_value, struct error *err)
{
    if (!parse_amount(text, durations, true, ret_value))
        return fail(
            err, E_USAGE, "\"%.80s\" is not a duration, such as 500ms, 30s, 5m, 2h or 7d", text);
    return OK;
}

int option_parse_size(const char *text, int64_t *ret_value, struct error *err)
{
    if (!parse_amount(text, sizes, false, ret_value))
        return fail(
            err, E_USAGE, "\"%.80s\" is not a size, such as 512B, 64KiB, 10MiB or 2GiB", text);
    return OK;
}

int option_parse(struct arena *arena, int type, const char *text, void *member, struct error *err)
{
    switch (type) {
    case OPTION_BOOL:
        return option_parse_bool(text, member, err);
    case OPTION_INT:
        return option_parse_int(text, member, err);
    case OPTION_REAL:
        return option_parse_real(text, member, err);
    case OPTION_DURATION:
        return option_parse_duration(text, member, err);
    case OPTION_SIZE:
        return option_parse_size(text, member, err);
    case OPTION_TEXT:
        *(const char **)member = bytes_cstr(arena, bytes_of(text));
        return OK;
    case OPTION_FILE:
        if (text[0] != '\0' && text[0] != '/')
            return fail(err, E_USAGE, "'%.80s' is no absolute path", text);
        *(wr_file *)member = (wr_file){.path = bytes_cstr(arena, bytes_of(text))};
        return OK;
    default:
        return fail(err, E_USAGE, "\"%.80s\" is of a type (%d) that is not known", text, type);
    }
}

int option_parse_address(
    const char *text, struct sockaddr_storage *ret_at, socklen_t *ret_len, struct error *err)
{
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)ret_at;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)ret_at;
    bool bracketed = text[0] == '[';
    const char *end = strrchr(text, ':');
    struct bytes host = bytes_slice(bytes_of(text), 0, end == NULL ? 0 : (size_t)(end - text));
    char copy[INET6_ADDRSTRLEN] = "";
    int64_t port = -1;

    if (bracketed && bytes_ends(host, LIT("]")))
        host = bytes_slice(host, 1, host.len - 2);
    if (host.len < sizeof(copy))
        snprintf(copy, sizeof(copy), "%.*s", FMT(host));
    if (end == NULL || !bytes_to_int(bytes_of(end + 1), &port) || port < 0)
        return fail(err, E_USAGE, "'%.100s' has no port; write 127.0.0.1:8080", text);
    if (port > 65535)
        return fail(err, E_USAGE, "'%.100s': ports end at 65535", text);
    memset(ret_at, 0, sizeof(*ret_at));
    if (!bracketed && inet_pton(AF_INET, copy, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)port);
        *ret_len = sizeof(*in);
        return OK;
    }
    if (bracketed && inet_pton(AF_INET6, copy, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((uint16_t)port);
        *ret_len = sizeof(*in6);
        return OK;
    }
    return fail(err, E_USAGE,
        "'%.100s' is no address in numbers; write 127.0.0.1:8080 or [::1]:8080", text);
}

bool option_is_loopback(const struct sockaddr_storage *at)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)at;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)at;

    if (at->ss_family == AF_INET)
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    return at->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

const char *option_type_name(int type)
{
    switch (type) {
    case OPTION_BOOL:
        return "true or false";
    case OPTION_INT:
        return "whole number";
    case OPTION_REAL:
        return "number";
    case OPTION_DURATION:
        return "duration (30s, 5m, 2h, 1d)";
    case OPTION_SIZE:
        return "size (64KiB, 10MiB)";
    case OPTION_FILE:
        return "file";
    default:
        return "text";
    }
}

static char bare(char c)
{
    if (c == '_')
        return '-';
    return to_lower(c);
}

static bool same_letter(char a, char b)
{
    return bare(a) == bare(b);
}

/* Optimal string alignment: the fewest letters inserted, left out, changed or swapped with a
 * neighbour. */
static size_t distance(struct bytes a, struct bytes b)
{
    size_t rows[3][NAME_MOST + 1];
    size_t *older = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *spare = older;

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = above[j - 1] + (same_letter(a.ptr[i - 1], b.ptr[j - 1]) ? 0 : 1);

            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && same_letter(a.ptr[i - 1], b.ptr[j - 2]) &&
                same_letter(a.ptr[i - 2], b.ptr[j - 1]) && older[j - 2] + 1 < best)
                best = older[j - 2] + 1;
            row[j] = best;
        }
        older = above;
        above = row;
        row = spare;
    }
    return above[b.len];
}

const char *option_suggest(const char *name, const char *const *names)
{
    struct bytes wanted = bytes_of(name);
    size_t nearest = wanted.len < 6 ? 1 : wanted.len / 3; /* of a short word most is a slip */
    const char *found = NULL;

    if (wanted.len > NAME_MOST)
        return NULL;
    for (; *names != NULL; names++) {
        struct bytes other = bytes_of(*names);
        size_t away = other.len > NAME_MOST ? SIZE_MAX : distance(wanted, other);

        if (away < nearest + (found == NULL ? 1 : 0) && away < other.len) {
            nearest = away;
            found = *names;
        }
    }
    return found;
}
