/* tags.c - which characters of a tag have a backslash before them: a comma ends a tag, and a slash
 * between spaces stands between a folder and one in it. */
#include "text/tags.h"

static bool is_marked(struct bytes text, size_t i)
{
    return text.ptr[i] == '\\' && i + 1 < text.len &&
           (text.ptr[i + 1] == ',' || text.ptr[i + 1] == '/' || text.ptr[i + 1] == '\\');
}

struct bytes tags_cut(struct bytes *tags)
{
    struct bytes all = *tags;
    size_t end = 0;

    while (end < all.len && all.ptr[end] != ',')
        end += is_marked(all, end) ? 2 : 1;
    *tags = end < all.len ? bytes_from(all, end + 1) : (struct bytes){NULL, 0};
    return bytes_trim(bytes_slice(all, 0, end));
}

void tags_read(struct bytes tag, struct buf *out)
{
    for (size_t i = 0; i < tag.len; i++) {
        i += is_marked(tag, i) ? 1 : 0;
        buf_add_byte(out, tag.ptr[i]);
    }
}

static bool divides(struct bytes name, size_t i)
{
    return name.ptr[i] == '/' && i > 0 && i + 1 < name.len && name.ptr[i - 1] == ' ' &&
           name.ptr[i + 1] == ' ';
}

void tags_write(struct bytes name, struct buf *out)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == ',' || is_marked(name, i) || divides(name, i))
            buf_add_byte(out, '\\');
        buf_add_byte(out, name.ptr[i]);
    }
}

bool tags_is(struct bytes tag, struct bytes name)
{
    struct buf text = {0};
    bool same;

    tags_read(tag, &text);
    same = bytes_equal(buf_bytes(&text), name);
    buf_done(&text);
    return same;
}
