/* follow.h - an article's further pages, one fetch after the other, joined in order. */
#ifndef WIREROOM_EXTRACT_FOLLOW_H
#define WIREROOM_EXTRACT_FOLLOW_H

#include "extract.h"

/* Beyond these no further page is asked for: the text and its HTML, and the time since the first.
 */
enum { FOLLOW_BYTES = 1 << 20, FOLLOW_SECONDS = 60 };

/* After extract_article(): ask for the next page if the last one read links to it. Returns
 * WR_WAIT, or WR_NEXT when the article is whole. */
int follow_start(struct extract *self, wr_record *rec);

/* The reply came, or none: join it and go on. What could not be had leaves the status partial. */
int follow_go(struct extract *self, wr_record *rec, const wr_event *event);

/* Join html, which came from url, to the article: its text goes behind what is there, without lines
 * that stand there already. False when it is no page of this article: another headline, no text. */
bool follow_join(struct extract *self, wr_record *rec, struct bytes html, struct bytes url);

#endif
