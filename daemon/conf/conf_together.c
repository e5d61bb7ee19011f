/* conf_together.c - what each option alone cannot tell: which are at odds, and where they stand. */
#include <string.h>

#include "conf/conf_table.h"
#include "conf/option.h"

const struct conf_key *conf_find_key(const char *section, const char *name)
{
    for (const struct conf_key *k = conf_keys; k->name != NULL; k++)
        if (strcmp(k->section, section) == 0 && strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

static const char *set_at(const struct conf *conf, const struct conf_key *key)
{
    return conf->set_at == NULL ? NULL : conf->set_at[key - conf_keys];
}

const char *conf_place(const struct conf *conf, const struct conf_key *key)
{
    const char *place = set_at(conf, key);

    return place != NULL ? place : conf->path != NULL ? conf->path : "defaults";
}

/* An option by its whole name, such as "poll.min_interval", which is in the table. */
static const struct conf_key *key_of(const char *option)
{
    const struct conf_key *key = conf_keys;

    for (; key->name != NULL; key++) {
        struct bytes name = bytes_of(option);

        if (bytes_is(bytes_cut(&name, '.'), key->section) && bytes_is(name, key->name))
            break;
    }
    return key;
}

/* "file:line:column: first what second": where the first of both stands that somebody set. */
static int at_odds(const struct conf *conf, const char *first, const char *what, const char *second,
    struct error *err)
{
    const struct conf_key *a = key_of(first);
    const struct conf_key *b = key_of(second);
    const struct conf_key *set = set_at(conf, a) != NULL || set_at(conf, b) == NULL ? a : b;

    return fail(err, E_USAGE, "%s: %s%s%s%s %s %s%s%s%s", conf_place(conf, set), first,
        set == a ? "" : " (", set == a ? "" : a->initial, set == a ? "" : " by default)", what,
        second, set_at(conf, b) != NULL ? "" : " (", set_at(conf, b) != NULL ? "" : b->initial,
        set_at(conf, b) != NULL ? "" : " by default)");
}

/* One that is set wants what another has. */
static int wants(const struct conf *conf, const char *option, const char *what, struct error *err)
{
    return fail(err, E_USAGE, "%s: %s %s", conf_place(conf, key_of(option)), option, what);
}

static int check_intervals(const struct conf *conf, struct error *err)
{
    if (conf->poll.min_interval > conf->poll.max_interval)
        return at_odds(conf, "poll.min_interval", "is over", "poll.max_interval", err);
    if (conf->poll.default_interval < conf->poll.min_interval)
        return at_odds(conf, "poll.default_interval", "is under", "poll.min_interval", err);
    if (conf->poll.default_interval > conf->poll.max_interval)
        return at_odds(conf, "poll.default_interval", "is over", "poll.max_interval", err);
    return OK;
}

static int check_websub(const struct conf *conf, struct error *err)
{
    if (conf->websub.listen[0] == '\0' || conf->websub.public_url[0] != '\0')
        return OK;
    return wants(conf, "websub.listen",
        "is set and websub.public_url is not: hubs would not know where to send to", err);
}

/* Whoever reaches the address may read everything. */
static int check_http(const struct conf *conf, struct error *err)
{
    struct sockaddr_storage at;
    socklen_t len;

    if (conf->listen.http[0] == '\0' || conf->listen.tokens[0] != '\0' ||
        option_parse_address(conf->listen.http, &at, &len, NULL) != OK || option_is_loopback(&at))
        return OK;
    return wants(conf, "listen.http",
        "is reached from other machines and listen.tokens names no file: anybody could read all",
        err);
}

/* "tcp://127.0.0.1:5560", "tcp://[::1]:*": nobody else reaches it. */
static bool is_far(const char *endpoint)
{
    return bytes_starts(bytes_of(endpoint), LIT("tcp://")) &&
           !bytes_starts(bytes_of(endpoint), LIT("tcp://127.")) &&
           !bytes_starts(bytes_of(endpoint), LIT("tcp://[::1]:")) &&
           !bytes_starts(bytes_of(endpoint), LIT("tcp://localhost:")) &&
           !bytes_starts(bytes_of(endpoint), LIT("tcp://lo:"));
}

static int check_keys(const struct conf *conf, struct error *err)
{
    bool is_pub = is_far(conf->listen.pub);

    if (conf->listen.keys[0] != '\0' || (!is_pub && !is_far(conf->listen.pull)))
        return OK;
    return wants(conf, is_pub ? "listen.pub" : "listen.pull",
        "is reached from other machines and listen.keys names no folder: anybody could read all; "
        "see wireroom keys",
        err);
}

static bool is_path_of(const char *endpoint, const char *path)
{
    return bytes_starts(bytes_of(endpoint), LIT("ipc://")) && strcmp(endpoint + 6, path) == 0;
}

/* Two sockets cannot listen at one place. */
static int check_places(const struct conf *conf, struct error *err)
{
    struct bytes pub = bytes_of(conf->listen.pub);
    bool is_any = bytes_ends(pub, LIT(":0")) || bytes_ends(pub, LIT(":*"));

    if (!is_any && strcmp(conf->listen.pub, conf->listen.pull) == 0)
        return at_odds(conf, "listen.pub", "is the same as", "listen.pull", err);
    if (is_path_of(conf->listen.pub, conf->listen.control))
        return at_odds(conf, "listen.control", "is the same as", "listen.pub", err);
    if (is_path_of(conf->listen.pull, conf->listen.control))
        return at_odds(conf, "listen.control", "is the same as", "listen.pull", err);
    if (conf->listen.http[0] != '\0' && strcmp(conf->listen.http, conf->websub.listen) == 0 &&
        !bytes_ends(bytes_of(conf->listen.http), LIT(":0")))
        return at_odds(conf, "listen.http", "is the same as", "websub.listen", err);
    return OK;
}

int (*const conf_checks[])(const struct conf *conf, struct error *err) = {
    check_intervals, check_http, check_keys, check_websub, check_places, NULL};

/* Where the chain names a stage, the last time that it does. */
static const char *place_in_chain(const struct conf *conf, struct bytes stage)
{
    const char *place = NULL;

    for (size_t i = 0; conf->stages.where != NULL && conf->stages.names[i] != NULL; i++)
        if (bytes_is(stage, conf->stages.names[i]))
            place = conf->stages.where[i];
    return place;
}

int conf_place_stage(const struct conf *conf, struct error *err)
{
    struct bytes said = bytes_of(err->text);
    const char *place;
    struct bytes stage;

    if (!bytes_starts(said, LIT("stage ")))
        return err->code;
    said = bytes_from(said, 6);
    stage = bytes_cut(&said, ':');
    place = place_in_chain(conf, stage);
    for (size_t i = 0; i < conf->stages.options_count; i++) {
        const struct conf_option *o = &conf->stages.options[i];

        if (bytes_is(stage, o->stage) && o->value[0] == '/' &&
            bytes_find(said, bytes_of(o->value)) != SIZE_MAX)
            place = o->where; /* the file that it quotes */
    }
    return place == NULL ? err->code : fail_in(err, "%s", place);
}
