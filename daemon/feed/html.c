/* html.c - knows where a tag of HTML begins and ends, however it is written. */
#include "feed/html.h"

#include "text/text.h"

static bool is_name_char(char c)
{
    return is_alpha(c) || is_digit(c) || c == ':' || c == '-' || c == '_';
}

/* "value", 'value' or value at html[i]; the offset behind it. */
static size_t read_value(struct bytes html, size_t i, struct bytes *ret_value)
{
    char quote = (char)(i < html.len ? html.ptr[i] : '\0');
    size_t start = i;

    if (quote == '"' || quote == '\'') {
        const char *end = memchr(html.ptr + i + 1, quote, html.len - i - 1);

        if (end != NULL) {
            *ret_value = bytes_slice(html, i + 1, (size_t)(end - html.ptr) - i - 1);
            return (size_t)(end - html.ptr) + 1;
        }
        start = ++i;
    }
    while (i < html.len && !is_space(html.ptr[i]) && html.ptr[i] != '>')
        i++;
    *ret_value = bytes_slice(html, start, i - start);
    return i;
}

static size_t skip_space(struct bytes html, size_t i)
{
    while (i < html.len && (is_space(html.ptr[i]) || html.ptr[i] == '/'))
        i++;
    return i;
}

static size_t read_attribute(struct bytes html, size_t i, struct html_tag *tag)
{
    struct html_attribute attribute = {.value = {NULL, 0}};
    size_t start = i, next;

    while (i < html.len && !is_space(html.ptr[i]) && strchr("=>/", html.ptr[i]) == NULL)
        i++;
    attribute.name = bytes_slice(html, start, i - start);
    next = i;
    while (next < html.len && is_space(html.ptr[next]))
        next++;
    if (next < html.len && html.ptr[next] == '=') {
        next++;
        while (next < html.len && is_space(html.ptr[next]))
            next++;
        i = read_value(html, next, &attribute.value);
    }
    if (attribute.name.len > 0 && tag->attribute_count < HTML_ATTRIBUTES)
        tag->attributes[tag->attribute_count++] = attribute;
    return i > start ? i : i + 1;
}

size_t html_read_tag(struct bytes html, struct html_tag *ret_tag)
{
    size_t i = 1, start;

    if (html.len < 2 || html.ptr[0] != '<')
        return 0;
    ret_tag->attribute_count = 0;
    ret_tag->end = html.ptr[1] == '/';
    if (ret_tag->end)
        i++;
    if (i >= html.len || !is_alpha(html.ptr[i]))
        return 0;
    start = i;
    while (i < html.len && is_name_char(html.ptr[i]))
        i++;
    ret_tag->name = bytes_slice(html, start, i - start);
    for (i = skip_space(html, i); i < html.len && html.ptr[i] != '>'; i = skip_space(html, i))
        i = read_attribute(html, i, ret_tag);
    return i < html.len ? i + 1 : html.len;
}

size_t html_skip_declaration(struct bytes html)
{
    size_t end;

    if (html.len < 3 || html.ptr[0] != '<' || (html.ptr[1] != '!' && html.ptr[1] != '?'))
        return 0;
    if (!is_alpha(html.ptr[2]) && html.ptr[2] != '-' && html.ptr[2] != '[')
        return 0;
    if ((end = text_comment(html)) > 0)
        return end;
    if (bytes_starts(html, LIT("<![CDATA[")))
        return 9;
    end = bytes_find_byte(html, '>');
    return end == SIZE_MAX ? html.len : end + 1;
}

size_t html_skip_element(struct bytes html, struct bytes name)
{
    size_t i = 0;

    while (i < html.len) {
        const char *lt = memchr(html.ptr + i, '<', html.len - i);
        struct html_tag tag;
        size_t used;

        if (lt == NULL)
            break;
        i = (size_t)(lt - html.ptr);
        if (bytes_starts(bytes_from(html, i), LIT("</")) &&
            bytes_starts_nocase(bytes_from(html, i + 2), name) &&
            (used = html_read_tag(bytes_from(html, i), &tag)) > 0)
            return i + used;
        i++;
    }
    return 0;
}

struct bytes html_get(struct arena *arena, const struct html_tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->attribute_count; i++)
        if (bytes_equal_nocase(tag->attributes[i].name, bytes_of(name)))
            return bytes_trim(text_decode(arena, tag->attributes[i].value));
    return (struct bytes){NULL, 0};
}

struct bytes html_escape(struct arena *arena, struct bytes text)
{
    char *out;
    size_t len = 0, more = 0;

    for (size_t i = 0; i < text.len; i++)
        more += text.ptr[i] == '<' || text.ptr[i] == '>' ? 3 : text.ptr[i] == '&' ? 4 : 0;
    if (more == 0)
        return text;
    out = arena_alloc(arena, text.len + more);
    for (size_t i = 0; i < text.len; i++) {
        struct bytes piece = bytes_slice(text, i, 1);

        if (text.ptr[i] == '<')
            piece = LIT("&lt;");
        else if (text.ptr[i] == '>')
            piece = LIT("&gt;");
        else if (text.ptr[i] == '&')
            piece = LIT("&amp;");
        memcpy(out + len, piece.ptr, piece.len);
        len += piece.len;
    }
    return (struct bytes){out, len};
}
