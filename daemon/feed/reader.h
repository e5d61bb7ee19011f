/* reader.h - the events of one document on their way into struct feed and struct entry; shared by
 * the files that know the elements (begin.c), their ends (finish.c) and the fields (values.c). */
#ifndef WIREROOM_FEED_READER_H
#define WIREROOM_FEED_READER_H

#include "feed/feed.h"
#include "feed/xml.h"

/* What kind of element is open. */
enum context {
    IN_ROOT, /* nothing known yet */
    IN_FEED, /* rss, channel, rdf:RDF, feed */
    IN_ENTRY,
    IN_PERSON,  /* author, contributor, owner */
    IN_SOURCE,  /* atom:source, RSS source */
    IN_IMAGE,   /* a channel's or item's image */
    IN_MEDIA,   /* media:group, media:content */
    IN_LIST,    /* skipHours, skipDays, news:news, rdf:Seq */
    IN_FIELD,   /* text; elements inside are its markup */
    IN_MARKUP,  /* such an element */
    IN_WRAPPER, /* around entries, of a name that nobody knows */
    IN_NOTHING, /* passed over */
};

/* How the text of a body was written. */
enum writing { AS_GUESSED, AS_TEXT, AS_HTML, AS_XHTML, AS_BASE64 };

/* Where a value came from; a smaller number is better. */
enum rank {
    FROM_BEST,
    FROM_OWN,
    FROM_FOREIGN,
    FROM_DC,
    FROM_PODCAST,
    FROM_MEDIA,
    FROM_REST,
    FROM_NOWHERE
};

enum field {
    F_TITLE,
    F_LINK,
    F_ID,
    F_DESCRIPTION,
    F_SUMMARY,
    F_CONTENT,
    F_PUBLISHED,
    F_UPDATED,
    F_LANGUAGE,
    F_RIGHTS,
    F_IMAGE,
    F_ICON,
    F_GENERATOR,
    F_SELF,
    F_COMMENTS,
    F_COMMENTS_FEED,
    F_AUTHORS,
    F_COUNT,
};

/* A channel's image while it is open. */
struct feed_image {
    struct bytes url;
    int64_t width, height;
};

struct frame {
    enum context context;
    enum feed_ns ns;
    enum feed_tag tag;
    enum writing writing;
    size_t mark;       /* where its text starts in the reader's buffer */
    struct bytes base; /* xml:base in force; empty: the document's own */
    struct bytes lang; /* xml:lang in force */
    bool has_child;    /* markup inside a field */
    bool own_lang;     /* xml:lang stands on this element, or on one inside the entry */
};

/* What many entries lack, told once for the feed. */
struct oddities {
    size_t without_identity, without_title, unread_dates;
    struct bytes unread_date; /* the first */
    /* Where the first of each entry begins. */
    const char *nameless_at, *untitled_at, *undated_at;
};

struct reader {
    struct arena *arena; /* the feed's */
    struct arena *entry_arena;
    const struct feed_source *source;
    const struct feed_sink *sink;
    struct feed *feed;
    struct entry entry;
    struct feed_person person;
    struct feed_origin origin;
    struct feed_image image;
    struct oddities oddities;
    struct xml_where where; /* no tag() when the document is not XML */
    uint8_t feed_rank[F_COUNT], entry_rank[F_COUNT];
    struct frame frames[XML_DEPTH + 1];
    int depth;       /* frames[depth] is the innermost */
    int entry_depth; /* 0 outside of entries */
    struct buf text;
    struct buf markup_names; /* names of open IN_MARKUP elements */
    struct bytes base;       /* the document's address */
    struct bytes media_type;
    size_t delivered; /* entries handed to the sink by an earlier pass */
    size_t position;
    bool atom;    /* the root is Atom's */
    bool is_html; /* the root is html */
    bool guid_is_link;
    struct bytes address;        /* an id that is an address: the link of an entry without one */
    int spoken_rank;             /* of the entry's part that tells its language best */
    struct bytes spoken;         /* its language; empty when it inherits that */
    bool media_has_url;          /* of the innermost media:content */
    struct bytes orig_enclosure; /* feedburner:origEnclosureLink */
    struct feed_persons source_authors;
    struct bytes guid; /* as a link, when it may be one */
    uint64_t raw;      /* of the item that is being read, 0 outside of one */
};

/* reader.c */
void reader_init(struct reader *r, struct arena *arena, const struct feed_source *source,
    const struct feed_sink *sink, struct feed *feed);
void reader_done(struct reader *r);

/* Begin again from the first byte: entries that were handed over are counted, not handed over
 * twice. */
void reader_restart(struct reader *r);
struct xml_handler reader_handler(struct reader *r);

/* The arena, ranks and base in force for fields at this place. */
struct arena *reader_arena(const struct reader *r);
bool reader_in_entry(const struct reader *r);

/* An empty entry opens at the innermost frame; in XML it begins with the tag at hand. */
void reader_new_entry(struct reader *r);

/* raw.c: whether the item that comes next is passed over; else its hash becomes that of the entry
 * that opens next below this place. around: what its reading depends on besides the reader. */
bool reader_passes(struct reader *r, struct bytes item, uint64_t around);

/* Hand over the entry that just ended, and forget it. */
int reader_end_entry(struct reader *r);

/* diagnose.c: what a publisher should know, in words to act on. Its first entry tells the place. */
void diagnose_oddities(struct reader *r);
void diagnose_report(struct arena *arena, struct feed *feed, const struct xml_report *report);
void diagnose_place(struct bytes text, size_t offset, size_t *ret_line, size_t *ret_column);
void diagnose(
    struct arena *arena, struct feed *feed, size_t line, size_t column, struct bytes text);

/* begin.c: what an element inside parent is; fills frame, and fields that are attributes. */
void reader_begin(struct reader *r, const struct frame *parent, struct frame *frame,
    const struct xml_element *element);

/* finish.c: text is what the element held, decoded. */
void reader_finish(
    struct reader *r, const struct frame *parent, const struct frame *frame, struct bytes text);

/* values.c: fields of the entry at hand, else of the feed. Values are folded, copied and kept if
 * none of a better rank is there. Empty ones are never kept. */
/* How much a namespace is believed. */
int value_rank(const struct reader *r, enum feed_ns ns);
void value_text(struct reader *r, enum field field, int rank, struct bytes text);
void value_plain(
    struct reader *r, enum field field, int rank, const struct frame *frame, struct bytes text);
void value_url(struct reader *r, enum field field, int rank, struct bytes base, struct bytes url);
void value_date(struct reader *r, enum field field, int rank, struct bytes text);
void value_id(struct reader *r, struct bytes base, int rank, struct bytes text);
/* The id of the entry, when it is an address, stands in for a link (JSON Feed 1.1: it is ideally
 * the full URL of the item; publishers of Atom do likewise). */
void value_address(struct reader *r);
void value_body(
    struct reader *r, enum field field, int rank, const struct frame *frame, struct bytes text);
void value_person(struct reader *r, bool contributor, const struct feed_person *person);
void value_category(struct reader *r, struct bytes text);
void value_link(struct reader *r, int rank, struct bytes base, const struct feed_link *link);
void value_enclosure(struct reader *r, struct bytes base, const struct feed_link *link);
/* The base of a body of the entry that has none of its own; its link is known by now. */
void value_settle_base(struct reader *r, struct feed_body *body);
/* The first picture of a body, when nothing else is the image. */
void value_first_image(struct reader *r, const struct feed_body *body);
struct bytes value_resolve(const struct reader *r, struct bytes base, struct bytes url);

/* picture.c: by their type or medium, else by the end of their address. */
bool picture_is_told(struct bytes type, struct bytes medium, struct bytes url);

/* The address of the first <img> that is no counter, hidden or a placeholder; empty without one. */
struct bytes picture_in(struct arena *arena, struct bytes html);

/* lists.c */
void list_add_text(struct arena *arena, struct feed_texts *list, struct bytes text);
void list_add_person(
    struct arena *arena, struct feed_persons *list, const struct feed_person *person);
void list_add_link(struct arena *arena, struct feed_links *list, const struct feed_link *link);

/* person.c: "Jane Doe <jane@example.org>", "jane@example.org (Jane Doe)", a name, an address. */
struct feed_person person_parse(struct arena *arena, struct bytes text);

/* An address that was given as a mailto: URL is the person's email. */
struct feed_person person_tidy(struct arena *arena, const struct feed_person *person);

/* body.c: plain text of a title, and markup of a body, by the way it was written. */
struct bytes body_plain(struct arena *arena, struct bytes text, enum writing writing);

/* The same of a text that is repaired already. */
struct bytes body_line(struct arena *arena, struct bytes text, enum writing writing);

/* A value whose CDATA section was escaped with its marks, once or twice, without these: they frame
 * a text and are no part of it. */
struct bytes body_unframed(struct arena *arena, struct bytes text);

/* How the text of frame was really written: XHTML without an element in it is escaped HTML, RSS
 * with elements is XHTML. */
enum writing body_writing(struct arena *arena, const struct frame *frame, struct bytes *text);
/* What base64 stands for when that is text, else text as it is. */
struct bytes body_decode_base64(struct arena *arena, struct bytes text);

/* The text is HTML: it was said so, or it holds a tag that HTML knows. */
bool body_is_markup(struct bytes text, enum writing writing);

#endif
