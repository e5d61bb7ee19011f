/* tally.c - numbers that change with every event: counters, and the last sequence of each topic.
 * They are kept in memory, written once with each group, and taken back when the group fails. */
#include <stdlib.h>
#include <uthash.h>

#include "store/internal.h"

enum { COUNTERS_MOST = 512 }; /* further names are counted as "other" */

struct topic {
    UT_hash_handle hh;
    struct topic *next_used;
    int64_t id;
    uint64_t last, kept; /* sequence; kept: as committed */
    bool used, stored;
    char name[];
};

struct counter {
    UT_hash_handle hh;
    struct counter *next_used;
    int64_t id;
    uint64_t value, kept;
    bool used, stored;
    char name[];
};

/* Zeroed, with name copied to where its flexible member begins. */
static void *named_new(size_t size, size_t name_at, const char *name)
{
    size_t len = strlen(name) + 1;
    char *named = calloc(1, size + len);

    if (named == NULL)
        arena_out_of_memory(size + len);
    memcpy(named + name_at, name, len);
    return named;
}

static struct topic *topic_add(struct writer *writer, const char *name, int64_t id, uint64_t last)
{
    struct topic *topic = named_new(sizeof(*topic), offsetof(struct topic, name), name);

    topic->id = id;
    topic->last = topic->kept = last;
    HASH_ADD_KEYPTR(hh, writer->topics, topic->name, strlen(topic->name), topic);
    if (id > writer->topic_last)
        writer->topic_last = id;
    return topic;
}

static struct counter *counter_add(
    struct writer *writer, const char *name, int64_t id, uint64_t value)
{
    struct counter *counter = named_new(sizeof(*counter), offsetof(struct counter, name), name);

    counter->id = id;
    counter->value = counter->kept = value;
    HASH_ADD_KEYPTR(hh, writer->counters, counter->name, strlen(counter->name), counter);
    if (id > writer->counter_last)
        writer->counter_last = id;
    return counter;
}

int tally_open(struct writer *writer, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, SQL_TOPICS, err);
    int code;

    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0) {
        uint64_t last = (uint64_t)sqlite3_column_int64(stmt, 2);

        topic_add(writer, sql_text(stmt, 1), sqlite3_column_int64(stmt, 0), last)->stored = true;
        if (last > writer->head)
            writer->head = last;
    }
    stmt = code == OK ? sql_use(&writer->sql, SQL_COUNTERS, err) : NULL;
    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        counter_add(writer, sql_text(stmt, 1), sqlite3_column_int64(stmt, 0),
            (uint64_t)sqlite3_column_int64(stmt, 2))
            ->stored = true;
    return code;
}

void tally_count(struct writer *writer, const char *name, uint64_t amount)
{
    struct counter *counter = NULL;

    if (amount == 0)
        return;
    HASH_FIND_STR(writer->counters, name, counter);
    if (counter == NULL && HASH_COUNT(writer->counters) >= COUNTERS_MOST) {
        name = "other";
        HASH_FIND_STR(writer->counters, name, counter);
    }
    if (counter == NULL)
        counter = counter_add(writer, name, writer->counter_last + 1, 0);
    counter->value += amount;
    if (counter->used)
        return;
    counter->used = true;
    counter->next_used = writer->counters_used;
    writer->counters_used = counter;
}

uint64_t tally_get(struct writer *writer, const char *name)
{
    struct counter *counter = NULL;

    HASH_FIND_STR(writer->counters, name, counter);
    return counter == NULL ? 0 : counter->value;
}

int tally_topic(struct writer *writer, const char *name, uint64_t sequence, int64_t *ret_topic,
    uint64_t *ret_previous, struct error *err)
{
    struct topic *topic = NULL;

    HASH_FIND_STR(writer->topics, name, topic);
    if (topic == NULL) {
        if (HASH_COUNT(writer->topics) >= STORE_TOPICS)
            return fail(err, E_USAGE, "store: more than %d topics", STORE_TOPICS);
        topic = topic_add(writer, name, writer->topic_last + 1, 0);
    }
    *ret_topic = topic->id;
    *ret_previous = topic->last;
    topic->last = sequence;
    if (!topic->used) {
        topic->used = true;
        topic->next_used = writer->topics_used;
        writer->topics_used = topic;
    }
    return OK;
}

static int write_row(struct writer *writer, int sql_id, int64_t id, const char *name,
    uint64_t value, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);

    if (stmt == NULL)
        return err->code;
    sqlite3_bind_int64(stmt, 1, id);
    if (name != NULL)
        sql_bind_text(stmt, 2, name);
    sqlite3_bind_int64(stmt, 3, (int64_t)value);
    return sql_run(&writer->sql, stmt, err);
}

int tally_write(struct writer *writer, struct error *err)
{
    int code = OK;

    for (struct topic *t = writer->topics_used; t != NULL && code == OK; t = t->next_used)
        code = t->stored ? write_row(writer, SQL_TOPIC_SET, t->id, NULL, t->last, err)
                         : write_row(writer, SQL_TOPIC_ADD, t->id, t->name, t->last, err);
    for (struct counter *c = writer->counters_used; c != NULL && code == OK; c = c->next_used)
        code = c->stored ? write_row(writer, SQL_COUNTER_SET, c->id, NULL, c->value, err)
                         : write_row(writer, SQL_COUNTER_ADD, c->id, c->name, c->value, err);
    return code;
}

static void end_group(struct writer *writer, bool keep)
{
    for (struct topic *t = writer->topics_used; t != NULL; t = t->next_used) {
        t->used = false;
        t->stored = t->stored || keep;
        if (keep)
            t->kept = t->last;
        else
            t->last = t->kept;
    }
    for (struct counter *c = writer->counters_used; c != NULL; c = c->next_used) {
        c->used = false;
        c->stored = c->stored || keep;
        if (keep)
            c->kept = c->value;
        else
            c->value = c->kept;
    }
    writer->topics_used = NULL;
    writer->counters_used = NULL;
}

void tally_keep(struct writer *writer)
{
    end_group(writer, true);
}

void tally_undo(struct writer *writer)
{
    end_group(writer, false);
}

void tally_close(struct writer *writer)
{
    struct topic *topic;
    struct topic *next_topic;
    struct counter *counter;
    struct counter *next_counter;

    HASH_ITER(hh, writer->topics, topic, next_topic)
    {
        HASH_DEL(writer->topics, topic);
        free(topic);
    }
    HASH_ITER(hh, writer->counters, counter, next_counter)
    {
        HASH_DEL(writer->counters, counter);
        free(counter);
    }
}
