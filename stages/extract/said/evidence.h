/* evidence.h - what a page says about itself in metas, links, JSON-LD and microdata.
 *
 * None of it is believed here: it is collected with the place it stood in, and those who set a
 * field weigh it against what a reader of the page sees. Texts are decoded, folded and on the
 * record's arena. */
#ifndef WIREROOM_EXTRACT_SAID_EVIDENCE_H
#define WIREROOM_EXTRACT_SAID_EVIDENCE_H

#include "base/json.h"
#include "html/tree.h"

/* TITLE_BYTES of a document's title are read: of 999 pages the longest has 313. */
enum { SAID_MAX = 24, TITLE_BYTES = 2000 };

/* Where something stood; smaller is better founded for names and dates alike. */
enum said_in {
    SAID_JSONLD,
    SAID_META,
    SAID_ITEMPROP,
    SAID_RELATED_JSONLD, /* an object that may be about something else */
};

struct said {
    struct bytes text;
    const char *name; /* of the meta or property, lent */
    uint8_t in;       /* enum said_in */
    uint8_t rank;     /* by name: smaller first */
    bool is_organization;
    bool is_person; /* said to be one */
};

struct said_list {
    struct said items[SAID_MAX];
    size_t count;
};

struct evidence {
    struct said_list titles;
    struct said_list authors;
    struct said_list published;
    struct said_list modified;
    struct said_list images;
    struct said_list preloads;  /* pictures that the page wants to be there first */
    struct said_list summaries; /* descriptions: often the standfirst */
    struct said_list sites;     /* names of the site, its publisher, its accounts */
    struct said_list languages;
    struct said_list canonicals;
    struct said_list sections;
    struct said_list keywords;
    uint32_t item;     /* evidence_find_item() */
    struct bytes body; /* articleBody of JSON-LD */
    struct bytes amp;  /* rel=amphtml */
    struct bytes base; /* href of the base element */
    struct bytes document_title;
    struct bytes paywall;    /* cssSelector of what is not free */
    int8_t is_free;          /* -1 not said, 0, 1 */
    const struct json *live; /* the LiveBlogPosting with its updates; NULL */
    bool is_news;            /* NewsArticle or a kind of it */
    bool is_article;         /* some @type or og:type says article */
    bool is_index;           /* it says it is a list of articles */
    bool is_of_another;      /* an article of JSON-LD is not the page's */
    bool is_video;
};

void evidence_read(struct evidence *said, const struct tree *tree, struct arena *arena);

/* For its parts: meta.c, schema.c, microdata.c. */
void evidence_read_metas(struct evidence *said, const struct tree *tree, struct arena *arena);
/* The element that microdata or RDFa call the article; 0 when there is none. */
uint32_t evidence_find_item(const struct tree *tree);
void evidence_read_microdata(struct evidence *said, const struct tree *tree, struct arena *arena);
void evidence_read_jsonld(struct evidence *said, const struct tree *tree, struct arena *arena);

/* Add text, decoded (character references once more) and folded; empty and repeated texts are not
 * added. */
void said_add(struct said_list *list, struct arena *arena, struct said said);

/* "False", "no", "0", "https://schema.org/False", "locked": 0; their opposites: 1; -1 for others.
 */
int8_t said_is_free(struct bytes text);

/* The beginning of text up to limit bytes, cut between characters. */
struct bytes said_cut(struct bytes text, size_t limit);

/* text with character references resolved, tags removed and white space folded. */
struct bytes said_clean(struct arena *arena, struct bytes text);

#endif
