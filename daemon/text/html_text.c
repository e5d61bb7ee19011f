/* html_text.c - knows what of HTML a reader sees, without building a tree. */
#include "text/text.h"

struct writer {
    char *out;
    size_t len;
    bool space, line; /* a separator waits for the next visible byte */
    bool lines;
    size_t cdata;  /* sections that were opened and not closed */
    bool unclosed; /* such an element was never closed: look for no more ends */
};

bool text_looks_like_html(struct bytes text)
{
    const char *last = text.len == 0 ? NULL : memrchr(text.ptr, '>', text.len);
    char utf8[8];
    size_t len;

    for (size_t i = 0; i + 1 < text.len; i++) {
        char next = text.ptr[i + 1];

        if (text.ptr[i] == '<' && (is_alpha(next) || next == '/' || next == '!') &&
            last > text.ptr + i)
            return true;
        if (text.ptr[i] == '&' && text_decode_reference(bytes_from(text, i), utf8, &len) > 0)
            return true;
    }
    return false;
}

static bool is_one_of(struct bytes name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (bytes_equal_nocase(name, bytes_of(*names)))
            return true;
    return false;
}

static struct bytes tag_name(struct bytes html, size_t start)
{
    size_t end = start;

    while (end < html.len && (is_alpha(html.ptr[end]) || is_digit(html.ptr[end])))
        end++;
    return bytes_slice(html, start, end - start);
}

/* Behind the tag's ">", quotes respected; the end of the text when it has none. */
static size_t skip_tag(struct bytes html, size_t i)
{
    char quote = '\0';

    for (; i < html.len; i++) {
        char c = html.ptr[i];

        if (quote != '\0')
            quote = (char)(c == quote ? '\0' : quote);
        else if ((c == '"' || c == '\'') && i > 0 &&
                 (html.ptr[i - 1] == '=' || is_space(html.ptr[i - 1])))
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return html.len;
}

/* Behind the end tag of an element whose text is not shown; 0 when it has none. */
static size_t skip_hidden(struct bytes html, size_t i, struct bytes name)
{
    while (i < html.len) {
        size_t lt = bytes_find_byte(bytes_from(html, i), '<');

        if (lt == SIZE_MAX)
            return 0;
        i += lt + 1;
        if (i < html.len && html.ptr[i] == '/' &&
            bytes_starts_nocase(bytes_from(html, i + 1), name))
            return skip_tag(html, i);
    }
    return 0;
}

size_t text_comment(struct bytes html)
{
    struct bytes rest = bytes_from(html, 4);

    if (!bytes_starts(html, LIT("<!--")))
        return 0;
    if (bytes_starts(rest, LIT(">")))
        return 5;
    if (bytes_starts(rest, LIT("->")))
        return 6;
    for (size_t at = 0; at + 2 < rest.len; at++) {
        size_t next = bytes_find(bytes_from(rest, at), LIT("--"));

        if (next == SIZE_MAX)
            break;
        at += next;
        if (bytes_starts(bytes_from(rest, at + 2), LIT(">")))
            return at + 7;
        if (bytes_starts(bytes_from(rest, at + 2), LIT("!>")))
            return at + 8;
    }
    return html.len;
}

/* A CDATA section in HTML is one that was escaped with its marks; they are no text. */
static bool ends_cdata(struct writer *w, struct bytes rest)
{
    if (w->cdata == 0 || !bytes_starts(rest, LIT("]]>")))
        return false;
    w->cdata--;
    return true;
}

static size_t skip_markup(struct writer *w, struct bytes html, size_t i)
{
    static const char *const hidden[] = {"script", "style", "template", "noscript", "head",
        "iframe", "textarea", "select", "title", "svg", "annotation", NULL};
    static const char *const blocks[] = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1",
        "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "header", "footer",
        "aside", "figure", "figcaption", "dl", "dt", "dd", "hr", "td", "th", "main", "nav",
        "address", "form", "center", NULL};
    bool end = i + 1 < html.len && html.ptr[i + 1] == '/';
    struct bytes name = tag_name(html, i + 1 + (end ? 1 : 0));
    size_t next;

    if ((next = text_comment(bytes_from(html, i))) > 0)
        return i + next;
    if (bytes_starts(bytes_from(html, i), LIT("<![CDATA["))) {
        w->cdata++;
        return i + 9;
    }
    next = skip_tag(html, i + 1);
    if (is_one_of(name, blocks))
        w->line = true;
    if (!end && is_one_of(name, hidden) && html.ptr[next - 1] == '>' && html.ptr[next - 2] != '/') {
        size_t after = w->unclosed ? 0 : skip_hidden(html, next, name);

        if (after > 0)
            return after;
        w->unclosed = true;
        if (bytes_equal_nocase(name, LIT("script")) || bytes_equal_nocase(name, LIT("style")))
            return html.len;
    }
    return next;
}

static void put(struct writer *w, const char *text, size_t len)
{
    if (len == 1 && is_space(*text)) {
        w->space = true;
        return;
    }
    if ((w->space || w->line) && w->len > 0)
        w->out[w->len++] = w->line && w->lines ? '\n' : ' ';
    w->space = w->line = false;
    memcpy(w->out + w->len, text, len);
    w->len += len;
}

/* The first byte of Unicode's white space in UTF-8. */
static bool may_be_blank(char c)
{
    return c == '\xc2' || c == '\xe1' || c == '\xe2' || c == '\xe3';
}

struct bytes text_from_html(struct arena *arena, struct bytes html, bool lines)
{
    struct writer w = {.lines = lines};
    size_t i = 0;

    if (bytes_find_byte(html, '<') == SIZE_MAX && bytes_find_byte(html, '&') == SIZE_MAX)
        return text_fold(arena, html);
    w.out = arena_alloc(arena, html.len + html.len / 2 + 8);
    while (i < html.len) {
        char c = html.ptr[i];
        char utf8[8];
        size_t used, len = 0;

        if (c == '<' && i + 1 < html.len &&
            (is_alpha(html.ptr[i + 1]) || strchr("/!?", html.ptr[i + 1]) != NULL)) {
            i = skip_markup(&w, html, i);
        } else if (c == '&' &&
                   (used = text_decode_reference(bytes_from(html, i), utf8, &len)) > 0) {
            if (len == 2 && memcmp(utf8, "\xc2\xa0", 2) == 0)
                put(&w, " ", 1);
            else if (len > 0)
                put(&w, utf8, len);
            i += used;
        } else if (c == ']' && ends_cdata(&w, bytes_from(html, i))) {
            i += 3;
        } else if (may_be_blank(c) && (used = text_blank(bytes_from(html, i))) > 0) {
            put(&w, " ", 1);
            i += used;
        } else {
            put(&w, &c, 1);
            i++;
        }
    }
    if (!lines)
        return text_fold(arena, (struct bytes){w.out, w.len});
    return (struct bytes){w.out, w.len};
}
