/* xml_implied.c - knows which element of a feed cannot be part of another, so that its start tag
 * ends what was left open. */
#include "feed/xml_implied.h"

static bool is_prefixed_media(enum feed_ns ns)
{
    return ns == NS_ITUNES || ns == NS_GOOGLEPLAY;
}

/* Void elements of HTML that are seen between a feed's own. */
static bool is_void(struct bytes name)
{
    static const char *const names[] = {
        "base", "br", "hr", "img", "input", "link", "meta", "wbr", NULL};

    for (size_t i = 0; names[i] != NULL; i++)
        if (bytes_equal_nocase(name, bytes_of(names[i])))
            return true;
    return false;
}

bool xml_is_hollow(const struct xml_element *e)
{
    switch (e->tag) {
    case TAG_ENCLOSURE:
    case TAG_CLOUD:
    case TAG_PEER_LINK:
    case TAG_ITUNES_CATEGORY:
        return true;
    case TAG_THUMBNAIL:
        return e->ns == NS_MEDIA;
    case TAG_IMAGE:
        return is_prefixed_media(e->ns) && xml_get(e, NS_CORE, "href").len > 0;
    case TAG_LINK:
        return xml_get(e, NS_CORE, "href").len > 0;
    case TAG_CATEGORY:
        return xml_get(e, NS_CORE, "term").len > 0;
    case TAG_SOURCE: /* of RSS: a name */
        return xml_get(e, NS_CORE, "url").len > 0;
    case TAG_NONE:
        return is_void(e->name);
    default:
        return false;
    }
}

/* Fields of one line: of what a feed knows nothing stands in them. */
static bool is_line(enum feed_tag tag)
{
    switch (tag) {
    case TAG_CATEGORY:
    case TAG_COMMENTS:
    case TAG_COMMENTS_FEED:
    case TAG_COPYRIGHT:
    case TAG_CREATED:
    case TAG_DATE:
    case TAG_EMAIL:
    case TAG_GENERATOR:
    case TAG_GUID:
    case TAG_HEIGHT:
    case TAG_ICON:
    case TAG_ID:
    case TAG_IDENTIFIER:
    case TAG_ISSUED:
    case TAG_KEYWORDS:
    case TAG_LANGUAGE:
    case TAG_LINK:
    case TAG_LOC:
    case TAG_LOGO:
    case TAG_NAME:
    case TAG_ORIG_LINK:
    case TAG_PUBLISHED:
    case TAG_TITLE:
    case TAG_TTL:
    case TAG_UPDATED:
    case TAG_UPDATE_FREQUENCY:
    case TAG_UPDATE_PERIOD:
    case TAG_URI:
    case TAG_WEB_MASTER:
    case TAG_WIDTH:
        return true;
    default:
        return false;
    }
}

static bool is_person(enum feed_tag tag)
{
    return tag == TAG_AUTHOR || tag == TAG_CONTRIBUTOR || tag == TAG_CREATOR || tag == TAG_OWNER;
}

/* Dublin Core's and the podcasts' creator is a name alone, or a person described. */
static bool is_person_part(enum feed_tag person, enum feed_tag tag)
{
    if (person == TAG_CREATOR)
        return tag == TAG_NAME || tag == TAG_EMAIL || tag == TAG_URI;
    return tag == TAG_NAME || tag == TAG_EMAIL || tag == TAG_URI || tag == TAG_URL ||
           tag == TAG_TITLE || tag == TAG_LINK || tag == TAG_IMAGE || tag == TAG_DESCRIPTION;
}

static bool is_body(enum feed_tag tag)
{
    return tag == TAG_DESCRIPTION || tag == TAG_MEDIA_DESCRIPTION || tag == TAG_SUMMARY ||
           tag == TAG_SUBTITLE || tag == TAG_CONTENT || tag == TAG_ENCODED;
}

/* Never markup: HTML has no element of such a name. */
static bool is_no_html(enum feed_tag tag)
{
    return tag == TAG_GUID || tag == TAG_PUBLISHED || tag == TAG_UPDATED || tag == TAG_ENCLOSURE ||
           tag == TAG_COMMENTS || tag == TAG_ENCODED || tag == TAG_DESCRIPTION ||
           tag == TAG_AUTHOR || tag == TAG_CREATOR || tag == TAG_CATEGORY ||
           tag == TAG_MEDIA_CONTENT || tag == TAG_MEDIA_GROUP || tag == TAG_ORIG_LINK;
}

/* RSS's link; that of HTML says all in its attributes. */
static bool is_address(const struct xml_element *e)
{
    return e->tag == TAG_LINK && e->ns == NS_CORE && e->attribute_count == 0;
}

static bool may_hold(const struct xml_open *open, const struct xml_element *e)
{
    if (open->hollow)
        return open->tag == TAG_ITUNES_CATEGORY && e->tag == TAG_ITUNES_CATEGORY;
    if (e->tag == TAG_NONE || e->ns == NS_XHTML)
        return true;
    if (open->tag == TAG_MEDIA_CONTENT || open->tag == TAG_MEDIA_GROUP)
        return e->ns == NS_MEDIA;
    if (is_line(open->tag))
        return false;
    if (is_person(open->tag))
        return is_person_part(open->tag, e->tag);
    return !is_body(open->tag) || !(is_no_html(e->tag) || is_address(e));
}

static bool is_container(enum feed_tag tag)
{
    return tag == TAG_CHANNEL || tag == TAG_FEED || tag == TAG_RSS || tag == TAG_RDF ||
           tag == TAG_URLSET || tag == TAG_SITEMAP_INDEX || tag == TAG_ITEMS;
}

static int find(const struct xml_open *open, int depth, enum feed_tag tag)
{
    while (depth > 0 && open[depth - 1].tag != tag)
        depth--;
    return depth - 1;
}

static bool begins_entry(const struct xml_open *open, int depth, const struct xml_element *e)
{
    if (e->ns != NS_CORE && e->ns != NS_ATOM)
        return false;
    return e->tag == TAG_ITEM || e->tag == TAG_ENTRY ||
           (e->tag == TAG_URL && find(open, depth, TAG_URLSET) >= 0) ||
           (e->tag == TAG_SITEMAP && find(open, depth, TAG_SITEMAP_INDEX) >= 0);
}

/* An entry before it ends, and so does what is open within the feed; elements around its entries
 * that nobody knows stay. */
static int around_entry(const struct xml_open *open, int depth, enum feed_tag tag)
{
    int entry = find(open, depth, tag), container = depth;
    bool known = false;

    if (entry >= 0)
        return entry;
    while (container > 0 && !is_container(open[container - 1].tag)) {
        known = known || open[container - 1].tag != TAG_NONE || open[container - 1].hollow;
        container--;
    }
    return known && container > 0 ? container : depth;
}

int xml_implied(const struct xml_open *open, int depth, const struct xml_element *e)
{
    int top = depth - 1;

    if (begins_entry(open, depth, e))
        return around_entry(open, depth, e->tag);
    while (top >= 0) {
        while (top >= 0 && open[top].tag == TAG_NONE && !open[top].hollow)
            top--;
        if (top < 0 || may_hold(&open[top], e))
            break;
        depth = top--;
    }
    return depth;
}
