/* conf_access.h - how single feeds are asked: names and passwords, own headers, certificates, a
 * proxy. What is in here is nobody's business: it is in no log line, no answer and no event. */
#ifndef WIREROOM_CONF_CONF_ACCESS_H
#define WIREROOM_CONF_CONF_ACCESS_H

#include "base/conf_yaml.h"
#include "conf/conf.h"

/* ACCESS_HEADERS: lines of one entry, over all its options. */
enum { ACCESS_MOST = 1000, ACCESS_HEADERS = 16, ACCESS_SECRET = 16384 };

/* Options of one entry, for the manual; ends with a NULL name. */
struct access_option {
    const char *name;
    const char *help;
};
extern const struct access_option access_options[];

/* Take the entries of node, a map of addresses; one that is there already is replaced. Files are
 * not read yet. cause says what is wrong, *ret_where where; neither repeats a value. */
int access_apply(struct conf *conf, const struct conf_node *node,
    const struct conf_node **ret_where, struct error *cause);

/* Read the files that entries name, relative ones from dir, and make the lines to be sent. */
int access_finish(struct conf *conf, const char *dir, struct error *err);

/* The entry for a feed's address: the one of exactly this address, else the longest that ends in a
 * slash and begins it; NULL when there is none. */
const struct conf_access *access_find(const struct conf *conf, const char *url);

#endif
