/* robots.c - robots.txt read line by line, and its patterns matched within a bound. */
#include "text/robots.h"

#include <stdlib.h>

enum { NO_GROUP, OTHERS, EVERYBODY, OURS };

struct rule {
    struct bytes pattern;
    bool allow;
    size_t place; /* in the file */
};

struct group {
    struct rule *rules;
    size_t count, cap;
    size_t bytes;
    double delay; /* seconds */
    bool named;
};

struct reader {
    struct arena *arena;
    struct bytes token;
    struct group ours, everybody;
    int agents;     /* whom the lines are for: bits of 1 << OURS, 1 << EVERYBODY */
    bool in_agents; /* the line before named an agent: the next one joins it */
};

/* RFC 9309 section 2.2.1: letters, "-" and "_" */
static bool is_token_char(char c)
{
    return is_alpha(c) || c == '-' || c == '_';
}

struct bytes robots_token(struct bytes agent)
{
    size_t len = 0;

    while (len < agent.len && is_token_char(agent.ptr[len]))
        len++;
    return bytes_slice(agent, 0, len);
}

/* ---- one form for patterns and paths (section 2.2.2) ------------------------ */

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(int c)
{
    return is_alpha((char)c) || is_digit((char)c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static char *put_encoded(char *at, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";

    *at++ = '%';
    *at++ = digits[c >> 4];
    *at++ = digits[c & 15];
    return at;
}

/* What need not be encoded is not, what has to be is, in capitals. */
static struct bytes normal(struct arena *arena, struct bytes text)
{
    char *out = arena_alloc(arena, text.len * 3 + 1);
    char *at = out;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        int high = c == '%' && i + 2 < text.len ? hex_value(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text.ptr[i + 2]) : -1;

        if (low >= 0) {
            int value = high << 4 | low;

            if (is_unreserved(value))
                *at++ = (char)value;
            else
                at = put_encoded(at, (unsigned char)value);
            i += 2;
        } else if (c <= ' ' || c >= 0x7f) {
            at = put_encoded(at, c);
        } else {
            *at++ = (char)c;
        }
    }
    return (struct bytes){out, (size_t)(at - out)};
}

/* ---- reading ---------------------------------------------------------------- */

static void on_agent(struct reader *r, struct bytes value)
{
    if (!r->in_agents)
        r->agents = 0;
    r->in_agents = true;
    if (bytes_is(value, "*")) {
        r->agents |= 1 << EVERYBODY;
        r->everybody.named = true;
    } else if (r->token.len > 0 && bytes_equal_nocase(robots_token(value), r->token)) {
        r->agents |= 1 << OURS;
        r->ours.named = true;
    }
}

static void add_rule(struct reader *r, struct group *group, struct bytes value, bool allow)
{
    struct bytes pattern;

    if (value.len == 0 || value.len > ROBOTS_PATTERN ||
        (value.ptr[0] != '/' && value.ptr[0] != '*'))
        return;
    pattern = normal(r->arena, value);
    if (pattern.len > ROBOTS_PATTERN || group->bytes + pattern.len + 2 > ROBOTS_RULES)
        return;
    if (group->count == group->cap)
        group->rules = arena_grow(r->arena, group->rules, &group->cap, sizeof(*group->rules));
    group->rules[group->count] = (struct rule){pattern, allow, group->count};
    group->count++;
    group->bytes += pattern.len + 2;
}

/* "10", "0.5"; anything else is nothing. */
static void add_delay(struct group *group, struct bytes value)
{
    char text[32];
    char *end;
    double seconds;

    if (value.len == 0 || value.len >= sizeof(text) || !is_digit(value.ptr[0]))
        return;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    seconds = strtod(text, &end);
    if (*end != '\0' || strpbrk(text, "xXeEpP") != NULL || seconds <= 0 || seconds > ROBOTS_DELAY)
        return;
    group->delay = seconds > group->delay ? seconds : group->delay;
}

static void on_member(struct reader *r, struct bytes name, struct bytes value)
{
    struct group *const groups[] = {&r->ours, &r->everybody};
    static const int bits[] = {1 << OURS, 1 << EVERYBODY};

    for (size_t i = 0; i < 2; i++) {
        if ((r->agents & bits[i]) == 0)
            continue;
        if (bytes_equal_nocase(name, LIT("disallow")))
            add_rule(r, groups[i], value, false);
        else if (bytes_equal_nocase(name, LIT("allow")))
            add_rule(r, groups[i], value, true);
        else
            add_delay(groups[i], value);
    }
}

static void on_line(struct reader *r, struct bytes line)
{
    struct bytes rest = bytes_cut(&line, '#');
    struct bytes name = bytes_trim(bytes_cut(&rest, ':'));
    struct bytes value = bytes_trim(rest);

    if (bytes_equal_nocase(name, LIT("user-agent"))) {
        on_agent(r, value);
    } else if (bytes_equal_nocase(name, LIT("disallow")) ||
               bytes_equal_nocase(name, LIT("allow")) ||
               bytes_equal_nocase(name, LIT("crawl-delay"))) {
        r->in_agents = false;
        on_member(r, name, value);
    } /* other records end no group (section 2.2.4) */
}

static int longest_first(const void *a, const void *b)
{
    const struct rule *x = a;
    const struct rule *y = b;

    if (x->pattern.len != y->pattern.len)
        return x->pattern.len > y->pattern.len ? -1 : 1;
    if (x->allow != y->allow)
        return x->allow ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void print_rules(struct arena *arena, struct group *group, struct robots_rules *ret_rules)
{
    char *out = arena_alloc(arena, group->bytes + 1);
    char *at = out;

    if (group->count > 0)
        qsort(group->rules, group->count, sizeof(*group->rules), longest_first);
    for (size_t i = 0; i < group->count; i++) {
        *at++ = group->rules[i].allow ? '+' : '-';
        memcpy(at, group->rules[i].pattern.ptr, group->rules[i].pattern.len);
        at += group->rules[i].pattern.len;
        *at++ = '\n';
    }
    ret_rules->lines = (struct bytes){out, (size_t)(at - out)};
    ret_rules->crawl_delay = (int64_t)(group->delay * 1e6);
}

void robots_parse(
    struct arena *arena, struct bytes body, struct bytes token, struct robots_rules *ret_rules)
{
    struct reader r = {.arena = arena, .token = token};
    size_t begun = 0;

    if (bytes_starts(body, LIT("\xef\xbb\xbf")))
        body = bytes_from(body, 3);
    if (body.len > ROBOTS_BODY) { /* a line that is cut says what it does not mean */
        body.len = ROBOTS_BODY;
        while (body.len > 0 && body.ptr[body.len - 1] != '\n' && body.ptr[body.len - 1] != '\r')
            body.len--;
    }
    for (size_t i = 0; i <= body.len; i++) {
        if (i < body.len && body.ptr[i] != '\n' && body.ptr[i] != '\r')
            continue;
        on_line(&r, bytes_slice(body, begun, i - begun));
        begun = i + 1;
    }
    print_rules(arena, r.ours.named ? &r.ours : &r.everybody, ret_rules);
}

/* ---- asking ----------------------------------------------------------------- */

/* '*' stands for any bytes, '$' at the end for the end (section 2.2.3). Goes back to the last star
 * only; *steps bounds what that may cost. */
static bool matches(struct bytes pattern, struct bytes path, int64_t *steps)
{
    bool whole = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '$';
    size_t star = SIZE_MAX;
    size_t mark = 0;
    size_t p = 0;
    size_t s = 0;

    pattern.len -= whole;
    while (--*steps > 0) {
        if (p == pattern.len && (!whole || s == path.len))
            return true;
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            mark = s;
        } else if (p < pattern.len && s < path.len && pattern.ptr[p] == path.ptr[s]) {
            p++;
            s++;
        } else if (star != SIZE_MAX && mark < path.len) {
            p = star + 1;
            s = ++mark;
        } else {
            return false;
        }
    }
    return false;
}

static struct bytes path_of(struct bytes url)
{
    size_t at = bytes_find(url, LIT("://"));
    struct bytes rest = at == SIZE_MAX ? url : bytes_from(url, at + 3);
    struct bytes path;

    rest = bytes_cut(&rest, '#');
    for (at = 0; at < rest.len && rest.ptr[at] != '/' && rest.ptr[at] != '?'; at++)
        continue;
    path = bytes_from(rest, at);
    return path.len == 0 ? LIT("/") : path;
}

bool robots_allow(struct bytes lines, struct bytes url)
{
    struct arena *arena;
    struct bytes path;
    int64_t steps = ROBOTS_STEPS;
    bool allowed = true;

    if (lines.len == 0)
        return true;
    arena = arena_new(1 << 20);
    path = path_of(url);
    if (path.ptr[0] == '?')
        path = bytes_format(arena, "/%.*s", FMT(path));
    path = normal(arena, path);
    while (lines.len > 0) {
        struct bytes line = bytes_cut(&lines, '\n');

        if (!matches(bytes_from(line, 1), path, &steps))
            continue;
        allowed = line.ptr[0] == '+';
        break;
    }
    arena_free(arena);
    return (allowed && steps > 0) || bytes_is(path_of(url), "/robots.txt");
}
