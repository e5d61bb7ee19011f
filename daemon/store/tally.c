/* tally.c - numbers that change with every event: counters, and the last sequence of each topic.
 * They are kept in memory, written once with each group, and taken back when the group fails. */
#include <stdlib.h>

#include "base/hash.h"
#include "store/private.h"

enum { COUNTERS_MOST = 512 }; /* further names are counted as "other" */

/* A number with a name, in a table by name. */
struct tally {
    struct tally *next, *next_used;
    int64_t id;           /* row */
    uint64_t value, kept; /* kept: as committed */
    bool used, stored;
    char name[];
};

static bool is_tally(const void *item, const void *key)
{
    return strcmp(((const struct tally *)item)->name, key) == 0;
}

static struct tally *tally_find(const struct tallies *tallies, const char *name)
{
    return table_find(&tallies->by_name, hash64(bytes_of(name)), is_tally, name);
}

static struct tally *tally_add(
    struct tallies *tallies, const char *name, int64_t id, uint64_t value)
{
    size_t len = strlen(name) + 1;
    struct tally *tally = calloc(1, sizeof(*tally) + len);

    if (tally == NULL)
        arena_out_of_memory(sizeof(*tally) + len);
    memcpy(tally->name, name, len);
    tally->id = id;
    tally->value = tally->kept = value;
    tally->next = tallies->all;
    tallies->all = tally;
    if (id > tallies->last_id)
        tallies->last_id = id;
    table_add(&tallies->by_name, hash64(bytes_of(name)), tally);
    return tally;
}

static void tally_set(struct tallies *tallies, struct tally *tally, uint64_t value)
{
    tally->value = value;
    if (tally->used)
        return;
    tally->used = true;
    tally->next_used = tallies->used;
    tallies->used = tally;
}

static int read_tallies(
    struct writer *writer, int sql_id, struct tallies *tallies, struct error *err)
{
    sqlite3_stmt *stmt = sql_use(&writer->sql, sql_id, err);
    int code;

    if (stmt == NULL)
        return err->code;
    while ((code = sql_row(&writer->sql, stmt, err)) > 0)
        tally_add(tallies, sql_text(stmt, 1), sqlite3_column_int64(stmt, 0),
            (uint64_t)sqlite3_column_int64(stmt, 2))
            ->stored = true;
    return code;
}

int tally_open(struct writer *writer, struct error *err)
{
    int code = read_tallies(writer, SQL_TOPICS, &writer->topics, err);

    if (code == OK)
        code = read_tallies(writer, SQL_COUNTERS, &writer->counters, err);
    for (struct tally *t = writer->topics.all; t != NULL; t = t->next)
        if (t->value > writer->head)
            writer->head = t->value;
    return code;
}

void tally_count(struct writer *writer, const char *name, uint64_t amount)
{
    struct tallies *counters = &writer->counters;
    struct tally *counter = tally_find(counters, name);

    if (amount == 0)
        return;
    if (counter == NULL && counters->by_name.count >= COUNTERS_MOST) {
        name = "other";
        counter = tally_find(counters, name);
    }
    if (counter == NULL)
        counter = tally_add(counters, name, counters->last_id + 1, 0);
    tally_set(counters, counter, counter->value + amount);
}

uint64_t tally_get(struct writer *writer, const char *name)
{
    const struct tally *counter = tally_find(&writer->counters, name);

    return counter == NULL ? 0 : counter->value;
}

int tally_topics_fit(struct writer *writer, const struct store_event *event, struct error *err)
{
    const struct tallies *topics = &writer->topics;
    size_t count = topics->by_name.count;

    if (count + 1 + STORE_FURTHER <= STORE_TOPICS)
        return OK;
    count += tally_find(topics, event->topic) == NULL ? 1 : 0;
    for (const char *const *name = event->further; name != NULL && *name != NULL; name++)
        count += tally_find(topics, *name) == NULL ? 1 : 0;
    return count <= STORE_TOPICS ? OK
                                 : fail(err, E_USAGE, "store: more than %d topics", STORE_TOPICS);
}

int64_t tally_topic(
    struct writer *writer, const char *name, uint64_t sequence, uint64_t *ret_previous)
{
    struct tallies *topics = &writer->topics;
    struct tally *topic = tally_find(topics, name);

    if (topic == NULL)
        topic = tally_add(topics, name, topics->last_id + 1, 0);
    *ret_previous = topic->value;
    tally_set(topics, topic, sequence);
    return topic->id;
}

static int write_tallies(struct writer *writer, const struct tallies *tallies, int sql_add,
    int sql_set, struct error *err)
{
    int code = OK;

    for (const struct tally *t = tallies->used; t != NULL && code == OK; t = t->next_used) {
        sqlite3_stmt *stmt = sql_use(&writer->sql, t->stored ? sql_set : sql_add, err);

        if (stmt == NULL)
            return err->code;
        sqlite3_bind_int64(stmt, 1, t->id);
        if (!t->stored)
            sql_bind_text(stmt, 2, t->name);
        sqlite3_bind_int64(stmt, 3, (int64_t)t->value);
        code = sql_run(&writer->sql, stmt, err);
    }
    return code;
}

int tally_write(struct writer *writer, struct error *err)
{
    int code = write_tallies(writer, &writer->topics, SQL_TOPIC_ADD, SQL_TOPIC_SET, err);

    if (code == OK)
        code = write_tallies(writer, &writer->counters, SQL_COUNTER_ADD, SQL_COUNTER_SET, err);
    return code;
}

static void end_group(struct tallies *tallies, bool keep)
{
    for (struct tally *t = tallies->used; t != NULL; t = t->next_used) {
        t->used = false;
        t->stored = t->stored || keep;
        if (keep)
            t->kept = t->value;
        else
            t->value = t->kept;
    }
    tallies->used = NULL;
}

void tally_keep(struct writer *writer)
{
    end_group(&writer->topics, true);
    end_group(&writer->counters, true);
}

void tally_undo(struct writer *writer)
{
    end_group(&writer->topics, false);
    end_group(&writer->counters, false);
}

static void free_all(struct tallies *tallies)
{
    while (tallies->all != NULL) {
        struct tally *next = tallies->all->next;

        free(tallies->all);
        tallies->all = next;
    }
    table_done(&tallies->by_name);
}

void tally_close(struct writer *writer)
{
    free_all(&writer->topics);
    free_all(&writer->counters);
}
