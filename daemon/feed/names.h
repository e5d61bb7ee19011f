/* names.h - the namespaces and element names of all feed formats, as numbers. */
#ifndef WIREROOM_FEED_NAMES_H
#define WIREROOM_FEED_NAMES_H

#include "base/str.h"

/* CORE is RSS of every kind (also without a namespace), CDF and sitemaps; ATOM has its names too.
 */
enum feed_ns {
    NS_CORE,
    NS_ATOM,
    NS_DC,
    NS_DCTERMS,
    NS_CONTENT,
    NS_XHTML,
    NS_MEDIA,
    NS_ITUNES,
    NS_GOOGLEPLAY,
    NS_SY,
    NS_WFW,
    NS_FEEDBURNER,
    NS_ADMIN,
    NS_CC,
    NS_RDF,
    NS_ENC,
    NS_PRISM,
    NS_PODCAST,
    NS_LINK,
    NS_NEWS,
    NS_SITEMAP_IMAGE,
    NS_XML,
    NS_XLINK,
    NS_OTHER,
};

enum feed_tag {
    TAG_NONE,
    TAG_SUMMARY,
    TAG_DESCRIPTION,
    TAG_AUTHOR,
    TAG_CREATOR,
    TAG_PUBLISHED,
    TAG_CONTENT,
    TAG_BODY,
    TAG_CATEGORY,
    TAG_ITUNES_CATEGORY,
    TAG_CHANNEL,
    TAG_CLOUD,
    TAG_COMMENTS,
    TAG_COMMENTS_FEED,
    TAG_MEDIA_CONTENT,
    TAG_CONTRIBUTOR,
    TAG_COPYRIGHT,
    TAG_CREATED,
    TAG_CREDIT,
    TAG_DATE,
    TAG_DAY,
    TAG_MEDIA_DESCRIPTION,
    TAG_EMAIL,
    TAG_ENCLOSURE,
    TAG_ENCODED,
    TAG_ENTRY,
    TAG_ERROR_REPORTS,
    TAG_FEED,
    TAG_GENERATOR,
    TAG_MEDIA_GROUP,
    TAG_GUID,
    TAG_HEIGHT,
    TAG_URI,
    TAG_HOUR,
    TAG_ICON,
    TAG_ID,
    TAG_IDENTIFIER,
    TAG_IMAGE,
    TAG_ISSUED,
    TAG_ITEM,
    TAG_ITEMS,
    TAG_KEYWORDS,
    TAG_LANGUAGE,
    TAG_UPDATED,
    TAG_RDF_LI,
    TAG_LICENSE,
    TAG_LINK,
    TAG_LOC,
    TAG_LOGO,
    TAG_NAME,
    TAG_NEWS,
    TAG_OPML,
    TAG_ORIG_ENCLOSURE,
    TAG_ORIG_LINK,
    TAG_OWNER,
    TAG_PEER_LINK,
    TAG_PERSON,
    TAG_PLAYER,
    TAG_PUBLICATION,
    TAG_PUBLISHER,
    TAG_RDF,
    TAG_RSS,
    TAG_RDF_SEQ,
    TAG_SITEMAP,
    TAG_SITEMAP_INDEX,
    TAG_SKIP_DAYS,
    TAG_SKIP_HOURS,
    TAG_SOURCE,
    TAG_DC_SOURCE,
    TAG_SUBTITLE,
    TAG_TEXT_INPUT,
    TAG_THUMBNAIL,
    TAG_TITLE,
    TAG_TTL,
    TAG_UPDATE_FREQUENCY,
    TAG_UPDATE_PERIOD,
    TAG_URL,
    TAG_URLSET,
    TAG_WEB_MASTER,
    TAG_WIDTH,
};

/* The group of a namespace URI (without case, "www.", scheme or a slash at its end); if that is
 * unknown, the group that authors mean by the prefix. */
enum feed_ns feed_ns_find(struct bytes uri, struct bytes prefix);

/* The elements of RSS that are in no namespace, whatever xmlns they declare. */
bool feed_is_rss(struct bytes name);

/* The roots of Atom and of sitemaps. */
bool feed_is_root(struct bytes name);

/* TAG_NONE for names that carry nothing a record needs. Case does not count (CDF is in capitals).
 */
enum feed_tag feed_tag_find(enum feed_ns ns, struct bytes name);

#endif
