/* conf.h - the configuration as the daemon's rooms read it; conf/wireroom.yaml is its other face.
 */
#ifndef WIREROOM_CONF_CONF_H
#define WIREROOM_CONF_CONF_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* An option given to a stage: stages.options.<stage>.<name> */
struct conf_option {
    const char *stage;
    const char *name;
    const char *value;
    const char *where; /* "file:line:column" */
    int64_t state; /* of the file that value is the absolute path of, another one once it changed;
                    * 0 for other values */
};

/* How the feeds at an address are asked (conf_access.h); strings are NULL when not set. */
struct conf_access {
    const char *url;          /* of a feed; with a slash at its end all addresses that begin so */
    const char *const *lines; /* headers, for the origin of the feed only; NULL-terminated */
    const char *certificate, *key, *key_password; /* the same; PEM files */
    const char *proxy;
    struct conf_access_raw *raw; /* while the configuration is read */
};

enum conf_first_fetch { FIRST_MARK, FIRST_PUBLISH_LAST, FIRST_PUBLISH_ALL };

struct conf {
    struct arena *arena; /* holds all that is reached from here */
    const char *instance;
    struct {
        const char *contact;    /* mail or URL for the User-Agent; "" for none */
        const char *user_agent; /* whole, when the operator sets it; else "" */
        int64_t per_host;       /* connections to one host at a time */
        int64_t spacing;        /* microseconds between two requests to one host */
        int64_t timeout;        /* microseconds for a whole answer */
        int64_t max_body;       /* bytes of an answer as it comes over the wire */
        int64_t max_in_flight;  /* requests at a time, over all hosts */
        const char *ca_path;    /* hashed directory of CA certificates */
        const char *const
            *allow; /* networks in CIDR form or addresses the guard lets through; NULL-terminated */
    } http;
    struct {
        int64_t min_interval, max_interval, default_interval; /* microseconds */
        int first_fetch;                                      /* enum conf_first_fetch */
        int64_t first_count;                                  /* of FIRST_PUBLISH_LAST */
        int64_t
            max_in_flight; /* records between admission and publication; others wait in the store */
        int64_t max_waiting;            /* for that, shared by the feeds */
        int64_t max_bytes;              /* of bodies, jobs and records on their way */
        int64_t max_entries;            /* of one document */
        int64_t subscriptions_interval; /* microseconds between two looks at a subscription */
        int64_t sitemap_age; /* microseconds; older entries of sitemaps are not read; 0: all are */
    } poll;
    struct {
        bool robots;      /* robots.txt is asked about pages */
        int64_t patience; /* microseconds that news waits for its page */
    } page;
    struct {
        int64_t count;       /* 0: one per core */
        int64_t memory;      /* bytes of private memory each */
        int64_t deadline;    /* microseconds per job */
        int64_t max_decoded; /* bytes of a decoded body */
        bool sandbox;
    } workers;
    struct {
        const char *const *dirs;  /* where the modules lie; the first that has one counts */
        const char *const *names; /* the chain, in order; NULL-terminated */
        const char *const *where; /* "file:line:column" of each; NULL of the default */
        const struct conf_option *options;
        size_t options_count;
    } stages;
    struct {
        const char *path;
        int64_t keep;     /* microseconds an event is kept */
        int64_t max_size; /* bytes of the file */
    } store;
    struct {
        const char *pub;     /* ZeroMQ endpoint of the XPUB socket */
        const char *pull;    /* of the ROUTER socket */
        const char *control; /* path of the control socket */
        const char *http;    /* address:port; "" for none */
        const char *keys;    /* folder of deliver/keys.h, "" for none */
        const char *tokens;  /* file of who may ask there, "" for none */
    } listen;
    struct {
        int64_t keep; /* microseconds one that nobody uses is kept */
    } consumers;
    const char *const *subscriptions; /* addresses of OPML lists, NULL-terminated */
    struct {
        const char *listen;     /* address:port; "" turns pushes off */
        const char *public_url; /* callbacks are below it */
        int64_t lease;          /* microseconds a hub is asked for */
        int64_t safety_poll;    /* microseconds between polls of a feed that is pushed */
        int64_t max_body;       /* bytes of what a hub sends, on the wire */
    } websub;
    const char *const *feeds; /* files and globs of feed lists (opml, list), NULL-terminated */
    const struct conf_access *access; /* sorted by url */
    size_t access_count;
    const char *path;     /* of the file read, NULL for the defaults */
    int64_t loaded;       /* wall: when that was */
    struct buf *problems; /* conf_load_all()'s, while it reads; else NULL */
    const char *
        *set_at; /* "file:line:column" by row of conf_keys, NULL of the others; may be NULL */
};

/* All options at their defaults, on a new arena that the caller frees with conf_free(). */
struct conf *conf_defaults(void);

/* Read a YAML file over the defaults (NULL path: the defaults alone), and files of its conf.d
 * beside it. The first error ends it: "file:line:column: section.option: what; did you mean ...?".
 * Relative paths of state and sockets are taken from dir when it is not NULL, else from
 * /var/lib/wireroom and /run/wireroom; those of feed lists, modules and certificates from the
 * directory of the file, or without one from dir. All paths in ret_conf are absolute. */
int conf_load(const char *path, const char *dir, struct conf **ret_conf, struct error *err);

/* The same, but reading goes on after an error: each is a line of *problems. *ret_conf is set even
 * then, with the defaults where something was wrong, to be looked at and freed. */
int conf_load_all(const char *path, const char *dir, struct conf **ret_conf, struct buf *problems);
void conf_free(struct conf *conf);

/* What a worker says of a stage, "stage NAME: ...", with the place before it where the
 * configuration names that stage, or the file that is quoted. Returns the code. */
int conf_place_stage(const struct conf *conf, struct error *err);

#endif
