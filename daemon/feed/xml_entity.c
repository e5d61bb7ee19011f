/* xml_entity.c - knows what a reference stands for, and how much it may grow. */
#include "feed/xml_entity.h"

#include "text/text.h"

enum { NAME_LENGTH = 64 };

static bool is_name_char(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static void remember(struct xml_entities *entities, struct bytes declaration)
{
    struct bytes rest = bytes_trim(declaration), value;
    size_t len = 0;
    char quote;

    while (len < rest.len && is_name_char(rest.ptr[len]))
        len++;
    if (len == 0 || len > NAME_LENGTH || entities->count == XML_ENTITIES)
        return;
    value = bytes_trim(bytes_from(rest, len));
    if (value.len < 2)
        return;
    quote = value.ptr[0];
    if ((quote != '"' && quote != '\'') || value.ptr[value.len - 1] != quote)
        return; /* SYSTEM or PUBLIC */
    entities->names[entities->count] = bytes_slice(rest, 0, len);
    entities->values[entities->count++] = bytes_slice(value, 1, value.len - 2);
}

/* Behind ">" of the declaration at the start of text, quotes respected. */
static size_t declaration_len(struct bytes text)
{
    char quote = '\0';

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (quote != '\0')
            quote = (char)(c == quote ? '\0' : quote);
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return text.len;
}

static size_t read_subset(struct xml_entities *entities, struct bytes text, size_t i)
{
    while (i < text.len && text.ptr[i] != ']') {
        struct bytes rest = bytes_from(text, i);
        size_t len = 1;

        if (bytes_starts(rest, LIT("<!--"))) {
            size_t end = bytes_find(rest, LIT("-->"));

            len = end == SIZE_MAX ? rest.len : end + 3;
        } else if (rest.ptr[0] == '<') {
            len = declaration_len(rest);
            if (bytes_starts(rest, LIT("<!ENTITY")) && len > 9)
                remember(entities, bytes_slice(rest, 8, len - 9));
        }
        i += len;
    }
    return i < text.len ? i + 1 : i;
}

size_t xml_entities_read(struct xml_entities *entities, struct bytes text)
{
    char quote = '\0';
    size_t i = 0;

    while (i < text.len) {
        char c = text.ptr[i++];

        if (quote != '\0')
            quote = (char)(c == quote ? '\0' : quote);
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[')
            i = read_subset(entities, text, i);
        else if (c == '>')
            break;
    }
    return i;
}

static bool put(struct xml_entities *entities, size_t *len, struct bytes text)
{
    if (entities->expanded + text.len > XML_EXPANSION)
        return false;
    memcpy(entities->text + *len, text.ptr, text.len);
    entities->expanded += text.len;
    *len += text.len;
    return true;
}

static const struct bytes *find(const struct xml_entities *entities, struct bytes name)
{
    for (size_t i = 0; i < entities->count; i++)
        if (bytes_equal(entities->names[i], name))
            return &entities->values[i];
    return NULL;
}

/* Bytes of "&name;", or 0; the name in *ret_name. */
static size_t take_reference(struct bytes text, struct bytes *ret_name)
{
    size_t len = 1;

    while (len < text.len && len <= NAME_LENGTH && is_name_char(text.ptr[len]))
        len++;
    if (len < 2 || len >= text.len || text.ptr[len] != ';')
        return 0;
    *ret_name = bytes_slice(text, 1, len - 1);
    return len + 1;
}

/* One step of an expansion: the reference or text at the start of rest. Bytes it takes, 0 when the
 * bound is reached; *ret_inner is the value to go on with, if it is another entity. */
static size_t expand_step(
    struct xml_entities *entities, struct bytes rest, size_t *len, const struct bytes **ret_inner)
{
    struct bytes name;
    size_t used = rest.ptr[0] == '&' ? take_reference(rest, &name) : 0;
    size_t decoded = 0;
    const char *amp;
    char utf8[8];

    *ret_inner = used > 0 ? find(entities, name) : NULL;
    if (*ret_inner != NULL)
        return entities->steps++ < XML_ENTITY_STEPS ? used : 0;
    used = rest.ptr[0] == '&' ? text_decode_reference(rest, utf8, &decoded) : 0;
    if (used > 0)
        return put(entities, len, (struct bytes){utf8, decoded}) ? used : 0;
    amp = memchr(rest.ptr + 1, '&', rest.len - 1);
    used = amp == NULL ? rest.len : (size_t)(amp - rest.ptr);
    return put(entities, len, bytes_slice(rest, 0, used)) ? used : 0;
}

/* The value of an entity with what it refers to; the length of it in entities->text. */
static size_t expand(struct xml_entities *entities, struct bytes value)
{
    struct bytes open[XML_ENTITY_DEPTH];
    size_t len = 0;
    int depth = 0;

    open[0] = value;
    while (depth >= 0) {
        const struct bytes *inner;
        size_t used;

        if (open[depth].len == 0) {
            depth--;
            continue;
        }
        used = expand_step(entities, open[depth], &len, &inner);
        if (used == 0)
            return len;
        open[depth] = bytes_from(open[depth], used);
        if (inner != NULL && depth + 1 < XML_ENTITY_DEPTH)
            open[++depth] = *inner;
    }
    return len;
}

size_t xml_entity_decode(struct xml_entities *entities, struct bytes text, struct bytes *ret_text)
{
    const struct bytes *value;
    struct bytes name;
    size_t used, len = 0;

    if (text.len > 2 && text.ptr[1] == '#') {
        used = text_decode_reference(text, entities->utf8, &len);
        *ret_text = (struct bytes){entities->utf8, len};
        return used;
    }
    used = take_reference(text, &name);
    if (used == 0)
        return 0;
    value = find(entities, name);
    if (value != NULL) {
        len = expand(entities, *value);
        *ret_text = (struct bytes){entities->text, len};
        return used;
    }
    if (text_decode_reference(text, entities->utf8, &len) != used)
        return 0;
    *ret_text = (struct bytes){entities->utf8, len};
    return used;
}
