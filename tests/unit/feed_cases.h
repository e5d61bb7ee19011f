/* feed_cases.h - the dialects, and one line a case: what is inside an item or a channel, and what
 * is in the answer for it. */
#ifndef WIREROOM_TESTS_FEED_CASES_H
#define WIREROOM_TESTS_FEED_CASES_H

#include "unit/feed_fixture.h"
#include "unit/test.h"

struct dialect {
    const char *before, *after;
};

#define NAMESPACES                                                                                 \
    " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:dcterms='http://purl.org/dc/terms/'"       \
    " xmlns:content='http://purl.org/rss/1.0/modules/content/'"                                    \
    " xmlns:media='http://search.yahoo.com/mrss/'"                                                 \
    " xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"                                   \
    " xmlns:atom='http://www.w3.org/2005/Atom'"                                                    \
    " xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"                               \
    " xmlns:wfw='http://wellformedweb.org/CommentAPI/'"                                            \
    " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"                                     \
    " xmlns:prism='http://prismstandard.org/namespaces/1.2/basic/'"

static const struct dialect __attribute__((unused)) rss_item = {
    "<rss version='2.0'" NAMESPACES "><channel><title>T</title><link>http://news.example/</link>"
    "<item>",
    "</item></channel></rss>"};
static const struct dialect __attribute__((unused))
rss_channel = {"<rss version='2.0'" NAMESPACES "><channel>", "</channel></rss>"};
static const struct dialect __attribute__((unused))
atom_entry = {"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='x'><title>T</title><entry>",
    "</entry></feed>"};
static const struct dialect __attribute__((unused))
atom_feed = {"<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>"};
static const struct dialect __attribute__((unused))
atom_03 = {"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>T</title><entry>",
    "</entry></feed>"};
static const struct dialect __attribute__((unused)) rdf_item = {
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    "xmlns='http://purl.org/rss/1.0/'" NAMESPACES "><channel rdf:about='http://news.example/'>"
    "<title>T</title></channel><item rdf:about='http://news.example/about'>",
    "</item></rdf:RDF>"};
static const struct dialect __attribute__((unused)) json_item = {
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{", "}]}"};
static const struct dialect __attribute__((unused))
json_top = {"{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[],", "}"};
static const struct dialect __attribute__((unused))
sitemap_url = {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
               "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>",
    "</url></urlset>"};

struct gives {
    const char *inside, *has;
    const char * not ; /* what must not be in it, or NULL */
};

static inline void check(const struct dialect *dialect, const struct gives *cases, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const char *json = json_of(
            bytes_format(arena, "%s%s%s", dialect->before, cases[i].inside, dialect->after));
        bool has = strstr(json, cases[i].has) != NULL;

        if (has && (cases[i].not == NULL || strstr(json, cases[i].not ) == NULL))
            continue;
        print_error("%s\n  %s %s\n  in %s\n", cases[i].inside, has ? "has" : "lacks",
            has ? cases[i].not : cases[i].has, json);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(dialect, cases) check(&(dialect), cases, sizeof(cases) / sizeof((cases)[0]))

#endif
