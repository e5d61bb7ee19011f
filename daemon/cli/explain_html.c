/* explain_html.c - an extraction explained as a page: what was kept, cut and is in doubt, coloured.
 */
#include "base/obeyed.h"
#include "cli/explain.h"

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1rem;margin:2rem 0 .5rem;color:#555}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;"
    "border-bottom:1px solid "
    "#e5e5e5;overflow-wrap:anywhere}th{font-weight:600;color:#555;white-space:nowrap}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "tr.taken td{background:#e6f4ea}.found{color:#666;font-size:.85rem}"
    ".line{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1rem;padding:.3rem .6rem;"
    "border-left:5px solid;margin:2px 0}"
    ".line .why{font-size:.8rem;color:#444;overflow-wrap:anywhere}"
    ".line .why b{display:block}.line .text{overflow-wrap:anywhere}"
    ".kept{border-color:#1e8e3e;background:#e9f6ec}.field{border-color:#1a73e8;background:#e8f0fd}"
    ".cut{border-color:#c5221f;background:#fbecec;color:#5c4a4a}"
    ".doubt{border-color:#e37400;background:#fff3df}"
    ".head .text{font-weight:700}"
    "summary{cursor:pointer;list-style:none}summary::after{content:attr(data-more);color:#a33;"
    "font-size:.8rem;margin-left:1rem}details[open] summary::after{content:\"\"}"
    ".legend span{display:inline-block;border-left-width:5px;border-left-style:solid;"
    "padding:.1rem .6rem;margin-right:1rem}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#e8e8e8}"
    "h2,th,.found,.line .why{color:#aaa}td,th{border-color:#333}tr.taken td{background:#163a20}"
    ".kept{background:#15301c}.field{background:#152a47}.cut{background:#331a1a;color:#c9b0b0}."
    "doubt{background:#3a2a0c}}";

/* What a terminal would obey: a browser reads the number of a C1 control as another character, so
 * that these become blanks, as C0's do; the others are written as their number. */
static void put(struct buf *out, struct bytes text)
{
    size_t len;

    for (size_t i = 0; i < text.len; i += len) {
        char c = text.ptr[i];
        unsigned hidden;

        len = 1;
        hidden = obeyed_at(text.ptr + i, text.len - i, &len);
        if (hidden >= 0x100)
            buf_printf(out, "&#x%x;", hidden);
        else if (hidden != 0)
            buf_add_byte(out, ' ');
        else if (c == '<')
            buf_add(out, LIT("&lt;"));
        else if (c == '&')
            buf_add(out, LIT("&amp;"));
        else if (c == '"')
            buf_add(out, LIT("&quot;"));
        else if ((unsigned char)c >= ' ')
            buf_add_byte(out, c);
        else
            buf_add_byte(out, ' ');
    }
}

static void put_row(struct buf *out, const char *name, struct bytes value)
{
    if (value.len == 0)
        return;
    buf_printf(out, "<tr><th>%s</th><td>", name);
    put(out, value);
    buf_add_cstr(out, "</td></tr>\n");
}

static void put_verdict(struct buf *out, const struct wr_record *answer, const struct json *trace)
{
    buf_add_cstr(out, "<h1>");
    put(out, record_get(answer, WR_TITLE));
    buf_add_cstr(out, "</h1>\n<table>\n");
    put_row(out, "address", record_get(answer, WR_PAGE_URL));
    put_row(out, "kind of page", json_get_text(trace, "page"));
    put_row(out, "text", record_get(answer, WR_STATUS));
    put_row(out, "method", record_get(answer, WR_METHOD));
    put_row(out, "confidence", record_get(answer, WR_CONFIDENCE));
    put_row(out, "headline in", json_get_text(trace, "headline"));
    put_row(out, "body in", json_get_text(trace, "body"));
    if (json_get_bool(trace, "has_copy", false))
        put_row(out, "copy", LIT("the page has its own copy of the text in JSON-LD"));
    buf_add_cstr(out, "</table>\n");
}

static void put_fields(struct buf *out, const struct json *fields)
{
    buf_add_cstr(out, "<h2>Fields, and where they stand</h2>\n<table>\n");
    for (const struct json *f = fields == NULL ? NULL : fields->first; f != NULL; f = f->next) {
        const struct json *found = json_get(f, "found");

        buf_add_cstr(out, "<tr><th>");
        put(out, json_get_text(f, "name"));
        buf_add_cstr(out, "</th><td>");
        put(out, json_get_text(f, "value"));
        for (found = found == NULL ? NULL : found->first; found != NULL; found = found->next) {
            buf_add_cstr(out, "<div class=\"found\">");
            put(out, json_text(found));
            buf_add_cstr(out, "</div>");
        }
        buf_add_cstr(out, "</td></tr>\n");
    }
    buf_add_cstr(out, "</table>\n");
}

static void put_candidates(struct buf *out, const struct json *list)
{
    buf_add_cstr(out, "<h2>The search for the body</h2>\n<table>\n<tr><th>in</th><th>element</th>"
                      "<th>score</th><th>has</th><th>needs</th><th></th></tr>\n");
    for (const struct json *c = list == NULL ? NULL : list->first; c != NULL; c = c->next) {
        bool taken = json_get_bool(c, "taken", false);

        buf_printf(out, "<tr%s><td>", taken ? " class=\"taken\"" : "");
        put(out, json_get_text(c, "in"));
        buf_add_cstr(out, "</td><td>");
        put(out, json_get_text(c, "element"));
        buf_printf(out,
            "</td><td class=\"n\">%lld</td><td class=\"n\">%lld %%</td><td "
            "class=\"n\">%lld %%</td><td>",
            (long long)json_get_int(c, "score", 0), (long long)json_get_int(c, "percent", 0),
            (long long)json_get_int(c, "needs", 0));
        put(out, taken ? LIT("taken") : json_get_text(c, "why"));
        buf_add_cstr(out, "</td></tr>\n");
    }
    buf_add_cstr(out, "</table>\n");
}

static void put_line(struct buf *out, const struct json *line)
{
    static const char *const names[] = {"kept", "field", "cut", "doubt"};
    struct bytes element = explain_element(line);

    buf_printf(out, "<div class=\"line %s%s\"><div class=\"why\"><b>", names[explain_fate(line)],
        element.len > 1 && element.ptr[0] == 'h' && is_digit(element.ptr[1]) ? " head" : "");
    put(out, json_get_text(line, "rule"));
    buf_add_cstr(out, "</b>");
    put(out, element);
    buf_add_cstr(out, "</div><div class=\"text\">");
    put(out, json_get_text(line, "text"));
    buf_add_cstr(out, "</div></div>");
}

/* What one rule cut in one go is folded away behind its first line. */
static void put_lines(struct buf *out, const struct json *lines)
{
    const struct json *line = lines == NULL ? NULL : lines->first;

    buf_add_cstr(out, "<h2>The page, line by line</h2>\n<p class=\"legend\"><span "
                      "class=\"kept\">kept</span><span class=\"field\">in a field of its "
                      "own</span><span class=\"cut\">cut by a rule</span><span "
                      "class=\"doubt\">in doubt</span></p>\n");
    while (line != NULL) {
        int run = explain_run(line);

        if (run > 1)
            buf_printf(out, "<details><summary data-more=\"and %d more\">", run - 1);
        put_line(out, line);
        if (run > 1)
            buf_add_cstr(out, "</summary>");
        line = line->next;
        for (int i = 1; i < run; i++, line = line->next)
            put_line(out, line);
        buf_add_cstr(out, run > 1 ? "</details>\n" : "\n");
    }
}

int explain_html(const struct wr_record *answer, struct buf *out, struct error *err)
{
    struct json *trace;
    int code = explain_trace(answer, &trace, err);

    if (code != OK)
        return code;
    buf_add_cstr(out, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>");
    put(out, record_get(answer, WR_TITLE));
    buf_printf(out, "</title><style>%s</style></head>\n<body>\n", style);
    put_verdict(out, answer, trace);
    put_fields(out, json_get(trace, "fields"));
    put_candidates(out, json_get(trace, "candidates"));
    put_lines(out, json_get(trace, "lines"));
    buf_add_cstr(out, "</body></html>");
    return OK;
}
