/* names.c - knows which elements of which namespaces mean something to a feed. */
#include "feed/names.h"

#include <stdlib.h>

enum { URI_LENGTH = 96, NAME_LENGTH = 24 };

struct uri {
    const char *uri; /* a "*" at its end stands for anything */
    enum feed_ns ns;
};

struct name {
    const char *name;
    enum feed_ns ns;
    enum feed_tag tag;
};

/* clang-format off */
static const struct uri uris[] = {
    {"backend.userland.com/creativecommonsrssmodule", NS_CC},
    {"backend.userland.com/rss*", NS_CORE}, {"blogs.law.harvard.edu/tech/rss", NS_CORE},
    {"channel.netscape.com/rdf/simple/0.9", NS_CORE}, {"creativecommons.org/ns#", NS_CC},
    {"cyber.law.harvard.edu/rss*", NS_CORE},
    {"cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", NS_CC},
    {"dublincore.org/documents/dcmi-namespace", NS_DC},
    {"example.com/dtds/podcast-1.0.dtd", NS_ITUNES}, {"example.com/necho", NS_ATOM},
    {"example.com/newformat#", NS_ATOM},
    {"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", NS_PODCAST},
    {"google.com/schemas/play-podcasts/1.0", NS_GOOGLEPLAY},
    {"google.com/schemas/sitemap-image/*", NS_SITEMAP_IMAGE},
    {"google.com/schemas/sitemap-news/*", NS_NEWS}, {"google.com/schemas/sitemap/*", NS_CORE},
    {"itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES}, {"my.netscape.com/publish/formats/*", NS_CORE},
    {"my.netscape.com/rdf/simple/0.9", NS_CORE}, {"pheedo.com/namespace/pheedo", NS_FEEDBURNER},
    {"podcastindex.org/namespace/1.0", NS_PODCAST}, {"prismstandard.org/namespaces/*", NS_PRISM},
    {"purl.oclc.org/net/rss_2.0/enc#", NS_ENC}, {"purl.org/atom/*", NS_ATOM},
    {"purl.org/atom/ns#", NS_ATOM}, {"purl.org/dc/elements/*", NS_DC},
    {"purl.org/dc/terms", NS_DCTERMS}, {"purl.org/echo", NS_ATOM},
    {"purl.org/metadata/dublin_core#", NS_DC}, {"purl.org/net/rss1.1#", NS_CORE},
    {"purl.org/pie", NS_ATOM}, {"purl.org/rss/1.0", NS_CORE},
    {"purl.org/rss/1.0/modules/content", NS_CONTENT}, {"purl.org/rss/1.0/modules/link", NS_LINK},
    {"purl.org/rss/1.0/modules/prism", NS_PRISM}, {"purl.org/rss/1.0/modules/syndication", NS_SY},
    {"rssboard.org/media-rss", NS_MEDIA}, {"rssboard.org/rss-specification", NS_CORE},
    {"rssnamespace.org/feedburner/ext/1.0", NS_FEEDBURNER}, {"search.yahoo.com/mrss", NS_MEDIA},
    {"sitemaps.org/schemas/sitemap/*", NS_CORE}, {"tools.search.yahoo.com/mrss", NS_MEDIA},
    {"uri/of/echo/namespace#", NS_ATOM}, {"userland.com/rss", NS_CORE},
    {"video.search.yahoo.com/mrss", NS_MEDIA}, {"w3.org/1999/02/22-rdf-syntax-ns#", NS_RDF},
    {"w3.org/1999/xhtml", NS_XHTML}, {"w3.org/1999/xlink", NS_XLINK}, {"w3.org/2005/atom", NS_ATOM},
    {"w3.org/tr/html4", NS_XHTML}, {"w3.org/xml/1998/namespace", NS_XML},
    {"web.resource.org/cc", NS_CC}, {"webns.net/mvcb", NS_ADMIN},
    {"wellformedweb.org/commentapi", NS_WFW},
};

static const struct uri prefixes[] = {
    {"a10", NS_ATOM}, {"admin", NS_ADMIN}, {"atom", NS_ATOM}, {"atom03", NS_ATOM},
    {"atom10", NS_ATOM}, {"cc", NS_CC}, {"content", NS_CONTENT}, {"creativecommons", NS_CC},
    {"dc", NS_DC}, {"dcterms", NS_DCTERMS}, {"enc", NS_ENC}, {"feedburner", NS_FEEDBURNER},
    {"googleplay", NS_GOOGLEPLAY}, {"html", NS_XHTML}, {"itunes", NS_ITUNES}, {"l", NS_LINK},
    {"media", NS_MEDIA}, {"news", NS_NEWS}, {"pheedo", NS_FEEDBURNER}, {"podcast", NS_PODCAST},
    {"prism", NS_PRISM}, {"rdf", NS_RDF}, {"rss", NS_CORE}, {"sy", NS_SY}, {"syn", NS_SY},
    {"wfw", NS_WFW}, {"xhtml", NS_XHTML}, {"xlink", NS_XLINK}, {"xml", NS_XML},
};

/* Sorted by name. */
static const struct name names[] = {
    {"abstract", NS_CORE, TAG_SUMMARY}, {"abstract", NS_DCTERMS, TAG_DESCRIPTION},
    {"author", NS_CORE, TAG_AUTHOR}, {"author", NS_DC, TAG_CREATOR},
    {"author", NS_GOOGLEPLAY, TAG_CREATOR}, {"author", NS_ITUNES, TAG_CREATOR},
    {"available", NS_DCTERMS, TAG_PUBLISHED}, {"body", NS_CORE, TAG_CONTENT},
    {"body", NS_XHTML, TAG_BODY}, {"category", NS_CORE, TAG_CATEGORY},
    {"category", NS_GOOGLEPLAY, TAG_ITUNES_CATEGORY}, {"category", NS_ITUNES, TAG_ITUNES_CATEGORY},
    {"category", NS_MEDIA, TAG_CATEGORY}, {"channel", NS_CORE, TAG_CHANNEL},
    {"cloud", NS_CORE, TAG_CLOUD}, {"comment", NS_WFW, TAG_COMMENTS},
    {"commentrss", NS_WFW, TAG_COMMENTS_FEED}, {"comments", NS_CORE, TAG_COMMENTS},
    {"content", NS_CORE, TAG_CONTENT}, {"content", NS_MEDIA, TAG_MEDIA_CONTENT},
    {"contributor", NS_CORE, TAG_CONTRIBUTOR}, {"contributor", NS_DC, TAG_CONTRIBUTOR},
    {"contributor", NS_DCTERMS, TAG_CONTRIBUTOR}, {"copyright", NS_CORE, TAG_COPYRIGHT},
    {"copyright", NS_MEDIA, TAG_COPYRIGHT}, {"created", NS_CORE, TAG_CREATED},
    {"created", NS_DCTERMS, TAG_CREATED}, {"creator", NS_DC, TAG_CREATOR},
    {"creator", NS_DCTERMS, TAG_CREATOR}, {"credit", NS_MEDIA, TAG_CREDIT},
    {"date", NS_CORE, TAG_DATE}, {"date", NS_DC, TAG_DATE}, {"date", NS_DCTERMS, TAG_DATE},
    {"day", NS_CORE, TAG_DAY}, {"description", NS_CORE, TAG_DESCRIPTION},
    {"description", NS_DC, TAG_DESCRIPTION}, {"description", NS_DCTERMS, TAG_DESCRIPTION},
    {"description", NS_GOOGLEPLAY, TAG_DESCRIPTION}, {"description", NS_ITUNES, TAG_DESCRIPTION},
    {"description", NS_MEDIA, TAG_MEDIA_DESCRIPTION}, {"displayname", NS_CORE, TAG_NAME}, {"div", NS_XHTML, TAG_BODY},
    {"email", NS_CORE, TAG_EMAIL}, {"email", NS_GOOGLEPLAY, TAG_EMAIL},
    {"email", NS_ITUNES, TAG_EMAIL}, {"enclosure", NS_CORE, TAG_ENCLOSURE},
    {"enclosure", NS_ENC, TAG_ENCLOSURE}, {"encoded", NS_CONTENT, TAG_ENCODED},
    {"entry", NS_CORE, TAG_ENTRY}, {"errorreportsto", NS_ADMIN, TAG_ERROR_REPORTS},
    {"feed", NS_CORE, TAG_FEED}, {"fullitem", NS_CORE, TAG_CONTENT}, {"fullname", NS_CORE, TAG_NAME},
    {"generator", NS_CORE, TAG_GENERATOR}, {"generatoragent", NS_ADMIN, TAG_GENERATOR},
    {"group", NS_MEDIA, TAG_MEDIA_GROUP},
    {"guid", NS_CORE, TAG_GUID}, {"height", NS_CORE, TAG_HEIGHT}, {"homepage", NS_CORE, TAG_URI},
    {"hour", NS_CORE, TAG_HOUR}, {"icon", NS_CORE, TAG_ICON}, {"id", NS_CORE, TAG_ID},
    {"identifier", NS_DC, TAG_IDENTIFIER}, {"identifier", NS_DCTERMS, TAG_IDENTIFIER},
    {"image", NS_CORE, TAG_IMAGE}, {"image", NS_GOOGLEPLAY, TAG_IMAGE},
    {"image", NS_ITUNES, TAG_IMAGE}, {"image", NS_SITEMAP_IMAGE, TAG_IMAGE},
    {"issued", NS_CORE, TAG_ISSUED}, {"issued", NS_DCTERMS, TAG_PUBLISHED},
    {"item", NS_CORE, TAG_ITEM}, {"items", NS_CORE, TAG_ITEMS}, {"keywords", NS_CORE, TAG_CATEGORY},
    {"keywords", NS_GOOGLEPLAY, TAG_KEYWORDS}, {"keywords", NS_ITUNES, TAG_KEYWORDS},
    {"keywords", NS_MEDIA, TAG_CATEGORY}, {"keywords", NS_NEWS, TAG_CATEGORY},
    {"language", NS_CORE, TAG_LANGUAGE}, {"language", NS_DC, TAG_LANGUAGE},
    {"language", NS_DCTERMS, TAG_LANGUAGE}, {"language", NS_NEWS, TAG_LANGUAGE},
    {"lastbuilddate", NS_CORE, TAG_UPDATED}, {"lastmod", NS_CORE, TAG_UPDATED},
    {"li", NS_RDF, TAG_RDF_LI}, {"license", NS_CC, TAG_LICENSE}, {"link", NS_CORE, TAG_LINK},
    {"link", NS_GOOGLEPLAY, TAG_LINK}, {"link", NS_ITUNES, TAG_LINK}, {"link", NS_LINK, TAG_LINK},
    {"loc", NS_CORE, TAG_LOC}, {"loc", NS_SITEMAP_IMAGE, TAG_LOC}, {"logo", NS_CORE, TAG_LOGO},
    {"managingeditor", NS_CORE, TAG_AUTHOR}, {"modified", NS_CORE, TAG_UPDATED},
    {"modified", NS_DC, TAG_UPDATED}, {"modified", NS_DCTERMS, TAG_UPDATED},
    {"name", NS_CORE, TAG_NAME}, {"name", NS_GOOGLEPLAY, TAG_NAME}, {"name", NS_ITUNES, TAG_NAME},
    {"name", NS_NEWS, TAG_NAME}, {"news", NS_NEWS, TAG_NEWS}, {"opml", NS_CORE, TAG_OPML},
    {"origenclosurelink", NS_FEEDBURNER, TAG_ORIG_ENCLOSURE},
    {"origlink", NS_FEEDBURNER, TAG_ORIG_LINK}, {"owner", NS_GOOGLEPLAY, TAG_OWNER},
    {"owner", NS_ITUNES, TAG_OWNER}, {"peerlink", NS_MEDIA, TAG_PEER_LINK},
    {"person", NS_PODCAST, TAG_PERSON}, {"player", NS_MEDIA, TAG_PLAYER},
    {"pubdate", NS_CORE, TAG_PUBLISHED}, {"publication", NS_NEWS, TAG_PUBLICATION},
    {"publication_date", NS_NEWS, TAG_PUBLISHED}, {"publicationdate", NS_PRISM, TAG_PUBLISHED},
    {"published", NS_CORE, TAG_PUBLISHED}, {"publisher", NS_DC, TAG_PUBLISHER},
    {"publisher", NS_DCTERMS, TAG_PUBLISHER}, {"rdf", NS_CORE, TAG_RDF}, {"rdf", NS_RDF, TAG_RDF},
    {"realname", NS_CORE, TAG_NAME}, {"rights", NS_CORE, TAG_COPYRIGHT}, {"rights", NS_DC, TAG_COPYRIGHT},
    {"rights", NS_DCTERMS, TAG_COPYRIGHT}, {"rss", NS_CORE, TAG_RSS}, {"seq", NS_RDF, TAG_RDF_SEQ},
    {"sitemap", NS_CORE, TAG_SITEMAP}, {"sitemapindex", NS_CORE, TAG_SITEMAP_INDEX},
    {"skipdays", NS_CORE, TAG_SKIP_DAYS}, {"skiphours", NS_CORE, TAG_SKIP_HOURS},
    {"source", NS_CORE, TAG_SOURCE}, {"source", NS_DC, TAG_DC_SOURCE},
    {"subject", NS_DC, TAG_CATEGORY}, {"subject", NS_DCTERMS, TAG_CATEGORY},
    {"subtitle", NS_CORE, TAG_SUBTITLE}, {"subtitle", NS_GOOGLEPLAY, TAG_SUBTITLE},
    {"subtitle", NS_ITUNES, TAG_SUBTITLE}, {"summary", NS_CORE, TAG_SUMMARY},
    {"summary", NS_GOOGLEPLAY, TAG_SUMMARY}, {"summary", NS_ITUNES, TAG_SUMMARY},
    {"tagline", NS_CORE, TAG_SUBTITLE}, {"textinput", NS_CORE, TAG_TEXT_INPUT},
    {"thumbnail", NS_CORE, TAG_THUMBNAIL}, {"thumbnail", NS_MEDIA, TAG_THUMBNAIL},
    {"title", NS_CORE, TAG_TITLE}, {"title", NS_DC, TAG_TITLE}, {"title", NS_DCTERMS, TAG_TITLE},
    {"title", NS_GOOGLEPLAY, TAG_TITLE}, {"title", NS_ITUNES, TAG_TITLE},
    {"title", NS_MEDIA, TAG_TITLE}, {"title", NS_NEWS, TAG_TITLE}, {"ttl", NS_CORE, TAG_TTL},
    {"updated", NS_CORE, TAG_UPDATED}, {"updatefrequency", NS_SY, TAG_UPDATE_FREQUENCY},
    {"updateperiod", NS_SY, TAG_UPDATE_PERIOD}, {"uri", NS_CORE, TAG_URI},
    {"url", NS_CORE, TAG_URL}, {"urlset", NS_CORE, TAG_URLSET},
    {"webmaster", NS_CORE, TAG_WEB_MASTER}, {"width", NS_CORE, TAG_WIDTH},
};
/* clang-format on */

/* text in lower case with a NUL behind it; false when it is too long. */
static bool fold(struct bytes text, char *out, size_t size)
{
    if (text.len >= size)
        return false;
    for (size_t i = 0; i < text.len; i++)
        out[i] = to_lower(text.ptr[i]);
    out[text.len] = '\0';
    return true;
}

static bool is_uri(const char *uri, const char *pattern)
{
    size_t len = strlen(pattern);

    if (len > 0 && pattern[len - 1] == '*')
        return strncmp(uri, pattern, len - 1) == 0;
    return strcmp(uri, pattern) == 0;
}

enum feed_ns feed_ns_find(struct bytes uri, struct bytes prefix)
{
    char text[URI_LENGTH];

    uri = bytes_trim(uri);
    if (bytes_starts_nocase(uri, LIT("http://")))
        uri = bytes_from(uri, 7);
    else if (bytes_starts_nocase(uri, LIT("https://")))
        uri = bytes_from(uri, 8);
    if (bytes_starts_nocase(uri, LIT("www.")))
        uri = bytes_from(uri, 4);
    while (uri.len > 0 && uri.ptr[uri.len - 1] == '/')
        uri.len--;
    if (uri.len > 0 && fold(uri, text, sizeof(text)))
        for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++)
            if (is_uri(text, uris[i].uri))
                return uris[i].ns;
    if (prefix.len == 0)
        return NS_CORE;
    if (fold(prefix, text, sizeof(text)))
        for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
            if (strcmp(text, prefixes[i].uri) == 0)
                return prefixes[i].ns;
    return NS_OTHER;
}

bool feed_is_rss(struct bytes name)
{
    return bytes_equal_nocase(name, LIT("rss")) || bytes_equal_nocase(name, LIT("channel")) ||
           bytes_equal_nocase(name, LIT("item"));
}

bool feed_is_root(struct bytes name)
{
    return bytes_equal_nocase(name, LIT("feed")) || bytes_equal_nocase(name, LIT("urlset")) ||
           bytes_equal_nocase(name, LIT("sitemapindex"));
}

static int compare(const void *name, const void *entry)
{
    return strcmp(name, ((const struct name *)entry)->name);
}

enum feed_tag feed_tag_find(enum feed_ns ns, struct bytes name)
{
    const struct name *end = names + sizeof(names) / sizeof(names[0]);
    const struct name *found;
    char text[NAME_LENGTH];

    if (ns == NS_OTHER || !fold(name, text, sizeof(text)))
        return TAG_NONE;
    if (ns == NS_ATOM)
        ns = NS_CORE;
    found = bsearch(text, names, sizeof(names) / sizeof(names[0]), sizeof(names[0]), compare);
    if (found == NULL)
        return TAG_NONE;
    while (found > names && strcmp(found[-1].name, text) == 0)
        found--;
    for (; found < end && strcmp(found->name, text) == 0; found++)
        if (found->ns == ns)
            return found->tag;
    return TAG_NONE;
}
