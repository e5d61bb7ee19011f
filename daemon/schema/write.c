/* write.c - a type of the table as JSON Schema, with those it is made of. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "schema/private.h"
#include "schema/texts.h"

enum { TYPES_MOST = 100, NAME = 64, DEPTH = 8 };

struct writer {
    struct json_writer w;
    bool wanted[TYPES_MOST]; /* by index in the table */
};

static size_t find_type(struct bytes name)
{
    size_t i = 0;

    while (schema_types[i].name != NULL && !bytes_is(name, schema_types[i].name))
        i++;
    assert(schema_types[i].name != NULL && i < TYPES_MOST); /* the tables are ours */
    return i;
}

static const char *json_name_of(char type)
{
    switch (type) {
    case 's':
    case 't':
        return "string";
    case 'i':
        return "integer";
    case 'n':
        return "number";
    default:
        return "boolean";
    }
}

static void write_reference(struct writer *to, struct bytes type)
{
    char text[NAME + 16];

    if (type.ptr[0] == 'e') {
        json_cstr(&to->w, "$ref", "urn:wireroom:schema:event:1");
        return;
    }
    type = bytes_from(type, 1);
    to->wanted[find_type(type)] = true;
    snprintf(text, sizeof(text), "#/$defs/%.*s", FMT(type));
    json_cstr(&to->w, "$ref", text);
}

static void write_plain(struct writer *to, char type, bool or_null)
{
    if (type == 'x')
        return; /* anything */
    if (or_null) {
        json_begin_array(&to->w, "type");
        json_cstr(&to->w, NULL, json_name_of(type));
        json_cstr(&to->w, NULL, "null");
        json_end_array(&to->w);
    } else {
        json_cstr(&to->w, "type", json_name_of(type));
    }
    if (type == 't')
        json_cstr(&to->w, "format", "date-time");
}

/* A list in a list is as deep as it is written in the table. NOLINTNEXTLINE(misc-no-recursion) */
static void write_type(struct writer *to, const char *key, struct bytes type)
{
    bool or_null = type.ptr[type.len - 1] == '~';
    char first = type.ptr[0];

    json_begin_object(&to->w, key);
    if (or_null)
        type = bytes_slice(type, 0, type.len - 1);
    if (first == '[') {
        json_cstr(&to->w, "type", "array");
        write_type(to, "items", bytes_slice(type, 1, type.len - 2));
    } else if (first == '{') {
        json_cstr(&to->w, "type", "object");
        write_type(to, "additionalProperties", bytes_slice(type, 1, type.len - 2));
    } else if (first == '@' || first == 'e') {
        write_reference(to, type);
    } else {
        write_plain(to, first, or_null);
    }
    json_end_object(&to->w);
}

/* Names of members that are always there, or, with types, all of them. As deep as types have each
 * other's members. NOLINTNEXTLINE(misc-no-recursion) */
static void write_members(struct writer *to, const char *members, bool types)
{
    struct bytes rest = bytes_of(members);

    while (rest.len > 0) {
        struct bytes type = bytes_cut(&rest, ' ');
        struct bytes name;
        bool optional;
        char key[NAME];

        if (type.ptr[0] == '+') {
            write_members(to, schema_types[find_type(bytes_from(type, 1))].members, types);
            continue;
        }
        name = bytes_cut(&type, ':');
        optional = name.ptr[name.len - 1] == '?';
        snprintf(key, sizeof(key), "%.*s", FMT(bytes_slice(name, 0, name.len - optional)));
        if (types)
            write_type(to, key, type);
        else if (!optional)
            json_cstr(&to->w, NULL, key);
    }
}

static void write_object(struct writer *to, const struct schema_type *type)
{
    json_begin_object(&to->w, type->name);
    json_cstr(&to->w, "type", "object");
    json_begin_array(&to->w, "required");
    write_members(to, type->members, false);
    json_end_array(&to->w);
    json_begin_object(&to->w, "properties");
    write_members(to, type->members, true);
    json_end_object(&to->w);
    json_bool(&to->w, "additionalProperties", false);
    json_end_object(&to->w);
}

/* Each type that one before named, until none is new. */
static void write_types(struct writer *to)
{
    bool written[TYPES_MOST] = {false};
    bool any = true;

    json_begin_object(&to->w, "$defs");
    while (any) {
        any = false;
        for (size_t i = 0; schema_types[i].name != NULL; i++) {
            if (!to->wanted[i] || written[i])
                continue;
            written[i] = any = true;
            write_object(to, &schema_types[i]);
        }
    }
    json_end_object(&to->w);
}

void schema_write(const struct answer *answer, struct buf *out)
{
    struct writer to = {.w = {.out = out}};
    char text[NAME * 2];

    json_begin_object(&to.w, NULL);
    json_cstr(&to.w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    snprintf(text, sizeof(text), "urn:wireroom:schema:answer:%s:1", answer->verb);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    json_cstr(&to.w, "$id", text);
    snprintf(text, sizeof(text), "wireroom %s --json%s", answer->verb,
        answer->lines ? ": each line" : "");
    json_cstr(&to.w, "title", text);
    write_reference(&to, bytes_of(answer->type));
    write_types(&to);
    json_end_object(&to.w);
    buf_add_byte(out, '\n');
}
