/* spread.c - line breaks and indentation put into JSON, nothing else. */
#include "cli/spread.h"

static void new_line(struct buf *out, size_t depth)
{
    buf_add_byte(out, '\n');
    for (size_t i = 0; i < depth; i++)
        buf_add(out, LIT("  "));
}

/* The string that begins at text.ptr[i], copied with its quotes; returns the offset behind it. */
static size_t copy_string(struct bytes text, size_t i, struct buf *out)
{
    size_t start = i++;

    while (i < text.len && text.ptr[i] != '"')
        i += text.ptr[i] == '\\' ? 2 : 1;
    i = i < text.len ? i + 1 : text.len;
    buf_add(out, bytes_slice(text, start, i - start));
    return i;
}

void json_spread(struct bytes json, struct buf *out)
{
    size_t depth = 0;
    size_t i = 0;

    while (i < json.len) {
        char c = json.ptr[i];
        bool open = c == '{' || c == '[';

        if (c == '"') {
            i = copy_string(json, i, out);
            continue;
        }
        i++;
        if (is_space(c))
            continue;
        if (open && i < json.len && (json.ptr[i] == '}' || json.ptr[i] == ']')) {
            buf_add(out, bytes_slice(json, i - 1, 2));
            i++;
            continue;
        }
        if (c == '}' || c == ']')
            new_line(out, depth > 0 ? --depth : 0);
        buf_add_byte(out, c);
        if (open)
            new_line(out, ++depth);
        else if (c == ',')
            new_line(out, depth);
        else if (c == ':')
            buf_add_byte(out, ' ');
    }
}
