/* fields.h - what is decided about an article beyond its text; one file a field. */
#ifndef WIREROOM_EXTRACT_FIELD_FIELDS_H
#define WIREROOM_EXTRACT_FIELD_FIELDS_H

#include "page/page.h"
#include "text/date.h"
#include "wireroom/stage.h"

static inline wr_str lend(struct bytes text)
{
    return (wr_str){text.ptr, text.len};
}

static inline struct bytes borrow(wr_str text)
{
    return (struct bytes){text.ptr, text.len};
}

/* The headline's node is found before the body is: page->title. */
void title_find(struct page *page, const wr_record *rec);
/* Where no heading is one: a line before the text that says what the page says its title is. */
void title_find_line(struct page *page);
void title_set(struct page *page, wr_record *rec);

/* Make title, cut to the length of a headline and without control characters, the record's; nothing
 * when it is empty. */
void title_publish(struct arena *arena, wr_record *rec, struct bytes title);
/* The page has the headline title, or says so. */
bool title_is(const struct page *page, struct bytes title);

/* Before the text is set, and after. */
void standfirst_find(struct page *page, const wr_record *rec);
void standfirst_set(const struct page *page, wr_record *rec);

void author_set(struct page *page, wr_record *rec);
/* A time in UTC is put at the offset at which it is what the page shows, if it is at one. */
void published_localize(const struct page *page, enum date_order order, struct date *date);
void published_set(struct page *page, wr_record *rec);

/* Put the tables in order; once, before the first guess. */
void language_init(void);
/* A guess by script and small words; empty when there is too little text. */
struct bytes language_guess(struct bytes text);
/* What the page's lines are in: tag, which is what the page says and may be empty, unless the words
 * speak plainly against it. */
struct bytes language_spoken(const struct page *page, struct bytes tag);

/* An address as it is written on the page, made absolute; empty when it is not of the web. */
struct bytes image_absolute(const struct page *page, struct bytes url);
void image_set(const struct page *page, wr_record *rec);

/* The language that the page, or else its feed, says it is in; empty when neither does. */
struct bytes details_language(const struct page *page, const wr_record *rec);
/* Lead image, canonical address, language, section, keywords, whether it is free. */
void details_set(struct page *page, wr_record *rec);

#endif
