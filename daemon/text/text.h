/* text.h - text out of markup, and the small repairs that all text from outside needs. */
#ifndef WIREROOM_TEXT_TEXT_H
#define WIREROOM_TEXT_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/* Results live on the arena or point into the text given. All input is UTF-8 unless a name says
 * otherwise; invalid bytes pass through unchanged except in text_repair(). */

bool text_is_utf8(struct bytes text); /* RFC 3629 */

/* Invalid bytes become U+FFFD, each at most once per bad sequence; control characters (C0 except
 * tab, newline, return; DEL) and noncharacters are dropped, C1 controls read as windows-1252. The
 * same bytes when nothing is wrong.
 */
struct bytes text_repair(struct arena *arena, struct bytes text);

/* UTF-8 that was read as windows-1252 or Latin-1 and written again ("Ã©"), as what was meant, its
 * characters or references to them; the same bytes where a character beyond ASCII is no part of
 * such a sequence, or none is more than could be ("CAFÉ”"). */
struct bytes text_reread(struct arena *arena, struct bytes text);

/* Character references of HTML (&amp; &#8217; &#x2019; and, as browsers do, those without ";" that
 * old pages use), decoded once. Numbers 128 to 159 are read as windows-1252 (WHATWG
 * HTML, 13.2.5.80). */
struct bytes text_decode(struct arena *arena, struct bytes text);

/* One reference at the start of text, which begins with '&': bytes it takes (0 when it is none) and
 * its UTF-8, at most 8 bytes, in ret_utf8 and *ret_len. */
size_t text_decode_reference(struct bytes text, char ret_utf8[8], size_t *ret_len);

/* Runs of white space (Unicode's too) as one space, none at the ends; zero-width and soft-hyphen
 * characters stay. */
struct bytes text_fold(struct arena *arena, struct bytes text);

/* Bytes of the white space character that text begins with, of Unicode's too; 0 when it is none. */
size_t text_blank(struct bytes text);

/* What a reader sees of HTML: tags, comments, scripts and styles removed, references decoded, white
 * space folded; block elements and <br> separate by one newline when lines is set, else by a space.
 */
struct bytes text_from_html(struct arena *arena, struct bytes html, bool lines);

/* The bytes of the comment that html begins with, 0 when it is none: the end is "-->" or "--!>",
 * "<!-->" and "<!--->" are whole (WHATWG HTML, 13.2.5.43 to 51), and one without an end holds all.
 */
size_t text_comment(struct bytes html);

/* A tag or a character reference is in it. */
bool text_looks_like_html(struct bytes text);

/* The character at *at, which moves behind it; a bad sequence is one U+FFFD. *at is within text. */
uint32_t text_next(struct bytes text, size_t *at);

/* Append c as UTF-8, at most 4 bytes; surrogates and what is over U+10FFFF become U+FFFD. */
size_t text_put_char(char *out, uint32_t c);

/* The character of windows-1252 for byte 128 to 159, or c itself. */
uint32_t text_windows_1252(uint32_t c);

/* A BCP 47 tag in its usual case ("en-GB", "zh-Hant-TW"), "_" read as "-"; empty when it is none.
 */
struct bytes text_language(struct arena *arena, struct bytes tag);

#endif
