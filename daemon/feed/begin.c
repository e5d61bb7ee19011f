/* begin.c - knows what each element of a feed is when it opens. */
#include "feed/reader.h"
#include "text/url.h"

static bool has(struct bytes text, const char *what)
{
    return bytes_find_nocase(text, bytes_of(what)) != SIZE_MAX;
}

/* RFC 4287 section 3.1 and 4.1.3; Atom 0.3 section 3.1 (mode). RSS does not tell. */
static enum writing writing_of(const struct reader *r, const struct xml_element *element)
{
    struct bytes type = bytes_trim(xml_get(element, NS_CORE, "type"));
    struct bytes mode = bytes_trim(xml_get(element, NS_CORE, "mode"));

    if (element->ns == NS_XHTML)
        return AS_XHTML;
    if (bytes_equal_nocase(mode, LIT("base64")))
        return AS_BASE64;
    if (element->ns == NS_MEDIA)
        return bytes_equal_nocase(type, LIT("html")) ? AS_HTML : AS_GUESSED;
    if (!r->atom && element->ns != NS_ATOM)
        return AS_GUESSED;
    if (type.len == 0)
        return AS_TEXT;
    if (has(type, "xhtml") || has(type, "+xml") || has(type, "/xml"))
        return bytes_equal_nocase(mode, LIT("escaped")) ? AS_HTML : AS_XHTML;
    if (has(type, "html"))
        return AS_HTML;
    if (bytes_equal_nocase(type, LIT("text")) || bytes_starts_nocase(type, LIT("text/")))
        return AS_TEXT;
    return mode.len == 0 ? AS_BASE64 : AS_GUESSED;
}

static void begin_field(
    const struct reader *r, struct frame *frame, const struct xml_element *element)
{
    frame->context = IN_FIELD;
    frame->writing = writing_of(r, element);
}

static void begin_link(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct feed_link link = {
        .href = xml_get(element, NS_CORE, "href"),
        .rel = xml_get(element, NS_CORE, "rel"),
        .type = xml_get(element, NS_CORE, "type"),
        .title = xml_get(element, NS_CORE, "title"),
        .hreflang = xml_get(element, NS_CORE, "hreflang"),
        .length = xml_get(element, NS_CORE, "length"),
    };

    if (link.href.ptr == NULL)
        link.href = xml_get(element, NS_RDF, "resource");
    if (link.rel.len == 0)
        link.rel = xml_get(element, NS_LINK, "rel");
    if (link.href.len == 0 && (link.href.ptr == NULL || !r->atom)) {
        begin_field(r, frame, element);
        return;
    }
    if (link.href.len == 0)
        link.href = frame->base; /* an empty reference is its base (RFC 3986 section 4.4) */
    value_link(r, value_rank(r, element->ns), frame->base, &link);
}

static void begin_enclosure(
    struct reader *r, const struct frame *frame, const struct xml_element *element)
{
    struct feed_link link = {
        .href = xml_get(element, NS_CORE, "url"),
        .type = xml_get(element, NS_CORE, "type"),
        .length = xml_get(element, NS_CORE, element->ns == NS_MEDIA ? "fileSize" : "length"),
    };

    if (link.href.len == 0)
        link.href = xml_get(element, NS_CORE, "href");
    if (link.href.len == 0)
        link.href = xml_get(element, NS_RDF, "resource");
    if (link.type.len == 0)
        link.type = xml_get(element, NS_ENC, "type");
    if (link.length.len == 0)
        link.length = xml_get(element, NS_ENC, "length");
    if (link.href.len > 0 && reader_in_entry(r))
        value_enclosure(r, frame->base, &link);
}

static void begin_media(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes medium = xml_get(element, NS_CORE, "medium"),
                 type = xml_get(element, NS_CORE, "type");

    frame->context = IN_MEDIA;
    if (element->tag != TAG_MEDIA_CONTENT)
        return;
    r->media_has_url = xml_get(element, NS_CORE, "url").len > 0;
    begin_enclosure(r, frame, element);
    if (picture_is_told(type, medium, xml_get(element, NS_CORE, "url")))
        value_url(r, F_IMAGE, FROM_REST, frame->base, xml_get(element, NS_CORE, "url"));
}

/* Media RSS section "media:player": where an object is shown; a content without an address has only
 * this. */
static void begin_player(struct reader *r, const struct frame *parent, const struct frame *frame,
    const struct xml_element *element)
{
    value_url(r, F_LINK, FROM_REST, frame->base, xml_get(element, NS_CORE, "url"));
    if (parent->tag == TAG_MEDIA_CONTENT && !r->media_has_url)
        begin_enclosure(r, frame, element);
}

/* Atom's term, RSS's text, the podcasts' text attribute. */
static void begin_category(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes term = xml_get(element, NS_CORE, "term");

    if (element->tag == TAG_ITUNES_CATEGORY) {
        value_category(r, xml_get(element, NS_CORE, "text"));
        frame->context = IN_LIST;
        return;
    }
    if (term.len == 0)
        term = xml_get(element, NS_CORE, "label");
    if (term.len > 0)
        value_category(r, term);
    begin_field(r, frame, element);
}

static void begin_image(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes url = xml_get(element, NS_CORE, "href");

    if (url.len == 0)
        url = xml_get(element, NS_CORE, "url");
    if (url.len == 0)
        url = xml_get(element, NS_RDF, "resource");
    if (url.len > 0)
        value_url(r, F_IMAGE, element->ns == NS_CORE ? FROM_REST : value_rank(r, element->ns),
            frame->base, url);
    frame->context = IN_IMAGE;
    r->image = (struct feed_image){0};
}

static void begin_generator(
    struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes agent = xml_get(element, NS_RDF, "resource");

    begin_field(r, frame, element);
    if (agent.len == 0)
        agent = xml_get(element, NS_CORE, "url");
    if (agent.len == 0)
        agent = xml_get(element, NS_CORE, "uri");
    value_text(r, F_GENERATOR, FROM_REST, agent);
}

/* CDF (W3C Note, 1997): BASE, HREF and LASTMOD of a channel or item. */
static void begin_address(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct feed_link link = {.href = xml_get(element, NS_CORE, "href")};
    struct bytes base = xml_get(element, NS_CORE, "base");

    if (base.len > 0 && r->feed->format == FEED_CDF)
        frame->base = bytes_copy(reader_arena(r), value_resolve(r, frame->base, base));
    if (link.href.len > 0)
        value_link(r, FROM_FOREIGN, frame->base, &link);
    value_date(r, F_UPDATED, FROM_FOREIGN, xml_get(element, NS_CORE, "lastmod"));
}

static void begin_entry(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes about = xml_get(element, NS_RDF, "about");

    frame->context = IN_ENTRY;
    if (r->entry_depth > 0)
        return;
    reader_new_entry(r);
    if (about.len > 0) {
        value_text(r, F_ID, FROM_REST, about);
        value_url(r, F_LINK, FROM_REST, frame->base, about);
    }
    begin_address(r, frame, element);
    if (frame->lang.len > 0 && frame->own_lang)
        value_text(r, F_LANGUAGE, FROM_REST, frame->lang);
}

/* RFC 4287 section 4.1.3.2: content elsewhere. A page is where the entry is read. */
static void begin_content(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes type = xml_get(element, NS_CORE, "type");

    begin_field(r, frame, element);
    if (r->atom && (type.len == 0 || has(type, "html") || has(type, "text")))
        value_url(r, F_LINK, FROM_REST, frame->base, xml_get(element, NS_CORE, "src"));
}

static void begin_channel(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes href = xml_get(element, NS_CORE, "href");

    frame->context = IN_FEED;
    if (r->feed->format == FEED_UNKNOWN &&
        (href.len > 0 || xml_get(element, NS_CORE, "base").len > 0))
        r->feed->format = FEED_CDF;
    begin_address(r, frame, element);
    if (frame->lang.len > 0)
        value_text(r, F_LANGUAGE, FROM_REST, frame->lang);
}

static enum feed_format rss_format(struct bytes version)
{
    if (bytes_starts(version, LIT("0.91")))
        return FEED_RSS091;
    if (bytes_starts(version, LIT("0.9")))
        return FEED_RSS092;
    return FEED_RSS20;
}

static void begin_root(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes version = xml_get(element, NS_CORE, "version");

    frame->context = IN_FEED;
    switch (element->tag) {
    case TAG_RSS:
        r->feed->format = rss_format(version);
        break;
    case TAG_RDF:
        r->feed->format = FEED_RSS10;
        break;
    case TAG_FEED:
        r->atom = true;
        r->feed->format = bytes_starts(version, LIT("0.")) ? FEED_ATOM03 : FEED_ATOM10;
        break;
    case TAG_ENTRY:
        r->atom = true;
        r->feed->format = FEED_ATOM10;
        begin_entry(r, frame, element);
        return;
    case TAG_CHANNEL:
        begin_channel(r, frame, element);
        r->feed->format = r->feed->format == FEED_UNKNOWN ? FEED_RSS20 : r->feed->format;
        return;
    case TAG_URLSET:
        r->feed->format = FEED_SITEMAP;
        break;
    case TAG_SITEMAP_INDEX:
        r->feed->format = FEED_SITEMAP_INDEX;
        break;
    default:
        frame->context =
            r->depth > 3 || bytes_equal_nocase(element->name, LIT("html")) ? IN_NOTHING : IN_ROOT;
        r->is_html = r->is_html || bytes_equal_nocase(element->name, LIT("html"));
        return;
    }
    if (frame->lang.len > 0)
        value_text(r, F_LANGUAGE, FROM_REST, frame->lang);
}

static void begin_source(struct reader *r, struct frame *frame, const struct xml_element *element)
{
    struct bytes url = xml_get(element, NS_CORE, "url");

    frame->context = reader_in_entry(r) ? IN_SOURCE : IN_NOTHING;
    r->origin = (struct feed_origin){
        .link = bytes_copy(reader_arena(r), value_resolve(r, frame->base, url))};
}

/* Elements with parts of their own. */
static bool begin_container(
    struct reader *r, struct frame *frame, const struct xml_element *element)
{
    switch (element->tag) {
    case TAG_AUTHOR:
    case TAG_CONTRIBUTOR:
    case TAG_CREATOR:
    case TAG_OWNER:
    case TAG_CREDIT:
        frame->context = IN_PERSON;
        r->person = (struct feed_person){0};
        return true;
    case TAG_MEDIA_GROUP:
    case TAG_MEDIA_CONTENT:
        begin_media(r, frame, element);
        return true;
    case TAG_IMAGE:
    case TAG_THUMBNAIL:
        begin_image(r, frame, element);
        return true;
    case TAG_SOURCE:
    case TAG_PUBLICATION:
        begin_source(r, frame, element);
        return true;
    case TAG_SKIP_HOURS:
    case TAG_SKIP_DAYS:
    case TAG_NEWS:
        frame->context = IN_LIST;
        return true;
    default:
        return false;
    }
}

/* CDF (W3C Note, 1997): <A HREF>, where the element around it tells none. */
static void begin_anchor(
    struct reader *r, const struct frame *frame, const struct xml_element *element)
{
    struct feed_link link = {.href = xml_get(element, NS_CORE, "href")};

    if (link.href.len > 0 && element->ns == NS_CORE && bytes_equal_nocase(element->name, LIT("a")))
        value_link(r, FROM_FOREIGN, frame->base, &link);
}

/* Elements that may stand in an entry, a feed, or a media group of either. */
static void begin_part(struct reader *r, const struct frame *parent, struct frame *frame,
    const struct xml_element *element)
{
    if (begin_container(r, frame, element))
        return;
    switch (element->tag) {
    case TAG_LINK:
        begin_link(r, frame, element);
        break;
    case TAG_CATEGORY:
    case TAG_ITUNES_CATEGORY:
        begin_category(r, frame, element);
        break;
    case TAG_ENCLOSURE:
    case TAG_PEER_LINK:
        begin_enclosure(r, frame, element);
        break;
    case TAG_PLAYER:
        begin_player(r, parent, frame, element);
        break;
    case TAG_GENERATOR:
        begin_generator(r, frame, element);
        break;
    case TAG_GUID:
        begin_field(r, frame, element);
        r->guid_is_link =
            !bytes_equal_nocase(bytes_trim(xml_get(element, NS_CORE, "isPermaLink")), LIT("false"));
        break;
    case TAG_CONTENT:
        begin_content(r, frame, element);
        break;
    case TAG_LOGO:
        value_url(r, F_IMAGE, FROM_FOREIGN, frame->base, xml_get(element, NS_CORE, "href"));
        begin_field(r, frame, element);
        break;
    case TAG_ITEMS: /* RSS 0.9x in the wild: items inside <items> */
        frame->context = parent->context == IN_FEED ? IN_FEED : IN_NOTHING;
        break;
    case TAG_NONE:
        begin_anchor(r, frame, element);
        frame->context = parent->context == IN_FEED ? IN_WRAPPER : IN_NOTHING;
        break;
    case TAG_TEXT_INPUT:
    case TAG_CLOUD:
        break;
    default:
        begin_field(r, frame, element);
    }
}

static bool is_item(const struct reader *r, const struct xml_element *element)
{
    if (element->ns != NS_CORE && element->ns != NS_ATOM)
        return false;
    if (element->tag == TAG_ITEM || element->tag == TAG_ENTRY)
        return true;
    return (element->tag == TAG_URL && r->feed->format == FEED_SITEMAP) ||
           (element->tag == TAG_SITEMAP && r->feed->format == FEED_SITEMAP_INDEX);
}

void reader_begin(struct reader *r, const struct frame *parent, struct frame *frame,
    const struct xml_element *element)
{
    switch (parent->context) {
    case IN_ROOT:
        begin_root(r, frame, element);
        break;
    case IN_FEED:
        if (element->tag == TAG_CHANNEL)
            begin_channel(r, frame, element);
        else if (is_item(r, element))
            begin_entry(r, frame, element);
        else
            begin_part(r, parent, frame, element);
        break;
    case IN_WRAPPER:
        if (is_item(r, element))
            begin_entry(r, frame, element);
        else if (element->tag == TAG_NONE)
            frame->context = IN_WRAPPER;
        break;
    case IN_ENTRY:
    case IN_MEDIA:
    case IN_LIST:
        begin_part(r, parent, frame, element);
        break;
    case IN_SOURCE:
        if (element->tag == TAG_AUTHOR) {
            frame->context = IN_PERSON;
            r->person = (struct feed_person){0};
        } else if (element->tag == TAG_LINK && xml_get(element, NS_CORE, "href").len > 0) {
            struct bytes rel = xml_get(element, NS_CORE, "rel");

            if (rel.len == 0 || bytes_is(rel, "alternate"))
                r->origin.link = bytes_copy(reader_arena(r),
                    value_resolve(r, frame->base, xml_get(element, NS_CORE, "href")));
        } else if (element->tag != TAG_NONE) {
            begin_field(r, frame, element);
        }
        break;
    case IN_PERSON:
    case IN_IMAGE:
        if (element->tag != TAG_NONE || element->ns == NS_CORE)
            begin_field(r, frame, element);
        break;
    default:
        break;
    }
}
