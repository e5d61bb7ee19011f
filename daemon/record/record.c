/* record.c - a record is a short list of numbered values; finding one is a scan. */
#include "record/record.h"

enum { LAST_FIELD = WR_LISTED }; /* of stage.h */

static struct bytes to_bytes(wr_str s)
{
    return (struct bytes){s.ptr, s.len};
}

static wr_str to_str(struct bytes b)
{
    return (wr_str){b.ptr, b.len};
}

struct wr_record *record_new(struct arena *arena)
{
    struct wr_record *rec = arena_alloc(arena, sizeof(*rec));

    rec->arena = arena;
    return rec;
}

static bool matches(const struct record_value *v, int field, const char *name)
{
    return v->field == field && (name == NULL || (v->name != NULL && strcmp(v->name, name) == 0));
}

static struct record_value *find_at(
    const struct wr_record *rec, int field, const char *name, size_t i)
{
    for (size_t n = 0; n < rec->count; n++)
        if (matches(&rec->values[n], field, name) && i-- == 0)
            return &rec->values[n];
    return NULL;
}

static void remove_all(struct wr_record *rec, int field, const char *name)
{
    size_t kept = 0;

    for (size_t n = 0; n < rec->count; n++) {
        if (matches(&rec->values[n], field, name))
            rec->total -= rec->values[n].lent ? 0 : rec->values[n].value.len;
        else
            rec->values[kept++] = rec->values[n];
    }
    rec->count = kept;
}

size_t record_room(const struct wr_record *rec)
{
    return rec->total >= RECORD_LIMIT ? 0 : RECORD_LIMIT - rec->total;
}

static void append(struct wr_record *rec, struct record_value value)
{
    if (value.value.len == 0 || rec->count >= RECORD_VALUES)
        return;
    if (rec->count == rec->cap)
        rec->values = arena_grow(rec->arena, rec->values, &rec->cap, sizeof(*rec->values));
    rec->values[rec->count++] = value;
    rec->total += value.lent ? 0 : value.value.len;
}

static bool may_append(const struct wr_record *rec, int field)
{
    return rec->count < RECORD_LIST || wr_count(rec, field) < RECORD_LIST;
}

static bool is_every_list_short(const struct wr_record *rec)
{
    enum { FIELDS = 2048 }; /* more than there are numbers in use */
    uint32_t counts[FIELDS] = {0};

    for (size_t n = 0; n < rec->count; n++)
        if (++counts[(unsigned)rec->values[n].field % FIELDS] > RECORD_LIST)
            return false;
    return true;
}

bool record_is_short(const struct wr_record *rec)
{
    return rec->count <= RECORD_LIST || is_every_list_short(rec);
}

bool record_next(const struct wr_record *rec, int field, size_t *at, struct bytes *ret_value)
{
    while (*at < rec->count) {
        const struct record_value *v = &rec->values[(*at)++];

        if (v->field == field) {
            *ret_value = v->value;
            return true;
        }
    }
    return false;
}

void record_remove(struct wr_record *rec, int field)
{
    remove_all(rec, field, NULL);
}

struct bytes record_get_at(const struct wr_record *rec, int field, size_t i)
{
    const struct record_value *v = find_at(rec, field, NULL, i);

    return v == NULL ? (struct bytes){"", 0} : v->value;
}

struct bytes record_get(const struct wr_record *rec, int field)
{
    return record_get_at(rec, field, 0);
}

static bool try_add(struct wr_record *rec, int field, struct bytes value)
{
    if (value.len > record_room(rec) || !may_append(rec, field))
        return false;
    append(rec, (struct record_value){field, NULL, bytes_copy(rec->arena, value), false});
    return true;
}

/* Room for what takes the place of all values of a field, or of an extra: theirs, too. */
static size_t room_instead(const struct wr_record *rec, int field, const char *name)
{
    size_t held = 0;

    for (size_t n = 0; n < rec->count; n++)
        if (matches(&rec->values[n], field, name) && !rec->values[n].lent)
            held += rec->values[n].value.len;
    return rec->total - held >= RECORD_LIMIT ? 0 : RECORD_LIMIT - (rec->total - held);
}

static bool try_set(struct wr_record *rec, int field, struct bytes value)
{
    struct record_value *v = find_at(rec, field, NULL, 0);
    size_t freed = v == NULL || wr_count(rec, field) > 1 || v->lent ? 0 : v->value.len;

    if (value.len > room_instead(rec, field, NULL))
        return false;
    value = bytes_copy(rec->arena, value);
    if (freed > 0 && value.len > 0) {
        rec->total += value.len - freed;
        v->value = value;
        return true;
    }
    record_remove(rec, field);
    append(rec, (struct record_value){field, NULL, value, false});
    return true;
}

void record_add(struct wr_record *rec, int field, struct bytes value)
{
    try_add(rec, field, value);
}

void record_set(struct wr_record *rec, int field, struct bytes value)
{
    try_set(rec, field, value);
}

void record_lend(struct wr_record *rec, int field, struct bytes value)
{
    record_remove(rec, field);
    record_lend_more(rec, field, value);
}

void record_lend_more(struct wr_record *rec, int field, struct bytes value)
{
    if (may_append(rec, field))
        append(rec, (struct record_value){field, NULL, value, true});
}

void record_set_int(struct wr_record *rec, int field, int64_t value)
{
    char text[INT_TEXT];

    record_set(rec, field, bytes_of_int(value, text));
}

int64_t record_get_int(const struct wr_record *rec, int field, int64_t otherwise)
{
    int64_t value = otherwise;

    bytes_to_int(record_get(rec, field), &value);
    return value;
}

const char *record_get_cstr(struct wr_record *rec, int field)
{
    return bytes_cstr(rec->arena, record_get(rec, field));
}

wr_str wr_get(const wr_record *rec, int field)
{
    return to_str(record_get(rec, field));
}

wr_str wr_get_at(const wr_record *rec, int field, size_t i)
{
    return to_str(record_get_at(rec, field, i));
}

/* A stage is told what it wanted to set and could not. */
static void refuse(struct wr_record *rec, struct bytes why)
{
    if (rec->refused == NULL)
        rec->refused = why.ptr;
}

static void refuse_size(struct wr_record *rec)
{
    refuse(rec, bytes_format(rec->arena, "sets more than a record holds: %d MiB, and %d in a list",
                    RECORD_LIMIT >> 20, RECORD_LIST));
}

static bool is_field(struct wr_record *rec, int field)
{
    if (field >= WR_ID && field <= LAST_FIELD)
        return true;
    refuse(rec, bytes_format(rec->arena, "sets the field %d, which there is not", field));
    return false;
}

void wr_set(wr_record *rec, int field, wr_str value)
{
    if (is_field(rec, field) && !try_set(rec, field, to_bytes(value)))
        refuse_size(rec);
}

void wr_add(wr_record *rec, int field, wr_str value)
{
    if (is_field(rec, field) && !try_add(rec, field, to_bytes(value)))
        refuse_size(rec);
}

size_t wr_count(const wr_record *rec, int field)
{
    size_t count = 0;

    for (size_t n = 0; n < rec->count; n++)
        count += rec->values[n].field == field ? 1 : 0;
    return count;
}

wr_str wr_get_extra(const wr_record *rec, const char *name)
{
    const struct record_value *v = find_at(rec, 0, name, 0);

    return v == NULL ? (wr_str){"", 0} : to_str(v->value);
}

static bool is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

    return len > 0 && len <= RECORD_NAME && name[len] == '\0';
}

static bool try_set_extra(struct wr_record *rec, const char *name, struct bytes value)
{
    struct bytes copy;

    if (value.len > room_instead(rec, 0, name))
        return false;
    copy = bytes_copy(rec->arena, value);
    remove_all(rec, 0, name);
    if (!may_append(rec, 0))
        return false;
    append(rec, (struct record_value){0, bytes_cstr(rec->arena, bytes_of(name)), copy, false});
    return true;
}

void wr_set_extra(wr_record *rec, const char *name, wr_str value)
{
    if (!is_name(name))
        refuse(rec, bytes_format(rec->arena, "sets \"%.*s\", which is no name: 1 to %d of %s",
                        RECORD_NAME, name, RECORD_NAME, "[a-z0-9_.-]"));
    else if (!try_set_extra(rec, name, to_bytes(value)))
        refuse_size(rec);
}

void *wr_alloc(wr_record *rec, size_t size)
{
    return arena_alloc(rec->arena, size);
}

static void put_value(struct buf *out, int field, struct bytes name, struct bytes value)
{
    uint32_t len = (uint32_t)value.len;
    char head[3] = {(char)(field & 0xff), (char)(field >> 8), (char)name.len};
    char size[4] = {(char)len, (char)(len >> 8), (char)(len >> 16), (char)(len >> 24)};

    buf_add(out, (struct bytes){head, sizeof(head)});
    buf_add(out, name);
    buf_add(out, (struct bytes){size, sizeof(size)});
    buf_add(out, value);
}

void record_put(struct buf *out, int field, struct bytes value)
{
    if (value.len > 0)
        put_value(out, field, (struct bytes){NULL, 0}, value);
}

void record_put_int(struct buf *out, int field, int64_t value)
{
    char text[INT_TEXT];

    record_put(out, field, bytes_of_int(value, text));
}

void record_encode(const struct wr_record *rec, struct buf *out)
{
    for (size_t n = 0; n < rec->count; n++) {
        const struct record_value *v = &rec->values[n];

        put_value(out, v->field, bytes_of(v->name), v->value);
    }
}

static uint32_t read_u32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* Take one value off the front of data; its name is not set but returned. */
static int take_value(
    struct bytes *data, struct record_value *ret_value, struct bytes *ret_name, struct error *err)
{
    struct bytes rest = *data;
    size_t name_len;

    if (rest.len < 7)
        return fail(err, E_FORMAT, "record ends within a value");
    ret_value->field = (unsigned char)rest.ptr[0] | (unsigned char)rest.ptr[1] << 8;
    name_len = (unsigned char)rest.ptr[2];
    if (name_len > RECORD_NAME || rest.len < 7 + name_len)
        return fail(err, E_FORMAT, "record ends within a name");
    *ret_name = bytes_slice(rest, 3, name_len);
    ret_value->value.len = read_u32(rest.ptr + 3 + name_len);
    rest = bytes_from(rest, 7 + name_len);
    if (ret_value->value.len > rest.len)
        return fail(err, E_FORMAT, "record ends within field %d", ret_value->field);
    ret_value->value.ptr = rest.ptr;
    *data = bytes_from(rest, ret_value->value.len);
    return OK;
}

int record_decode(
    struct arena *arena, struct bytes data, struct wr_record **ret_rec, struct error *err)
{
    struct wr_record *rec = record_new(arena);

    while (data.len > 0) {
        struct record_value v = {0};
        struct bytes name = {NULL, 0};
        int code = take_value(&data, &v, &name, err);

        if (code != OK)
            return code;
        if (name.len > 0)
            v.name = bytes_cstr(arena, name);
        append(rec, v);
    }
    *ret_rec = rec;
    return OK;
}

int record_put_rest(
    struct buf *out, struct bytes data, const int *fields, size_t count, struct error *err)
{
    while (data.len > 0) {
        struct bytes all = data;
        struct record_value v = {0};
        struct bytes name = {NULL, 0};
        int code = take_value(&data, &v, &name, err);
        bool kept = true;

        if (code != OK)
            return code;
        for (size_t i = 0; i < count && kept; i++)
            kept = fields[i] != v.field;
        if (kept)
            buf_add(out, bytes_slice(all, 0, all.len - data.len));
    }
    return OK;
}

int record_peek(
    struct bytes data, const int *fields, size_t count, struct bytes *ret_values, struct error *err)
{
    uint64_t wanted = 0; /* by the low bits of a field's number: most values are skipped at once */

    for (size_t i = 0; i < count; i++) {
        ret_values[i] = (struct bytes){"", 0};
        wanted |= UINT64_C(1) << (fields[i] & 63);
    }
    while (data.len > 0) {
        struct record_value v = {0};
        struct bytes name = {NULL, 0};
        int code = take_value(&data, &v, &name, err);

        if (code != OK)
            return code;
        if ((wanted >> (v.field & 63) & 1) == 0)
            continue;
        for (size_t i = 0; i < count; i++)
            if (fields[i] == v.field && ret_values[i].len == 0)
                ret_values[i] = v.value;
    }
    return OK;
}
