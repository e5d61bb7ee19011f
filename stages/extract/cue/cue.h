/* cue.h - phrases that give away what a line is, in the languages of the world.
 *
 * The tables in cues.c, cues_english.c, cues_east.c and cues_world.c are all there is to a
 * language: a contributor adds to them. Phrases are compared without case with the start of a line.
 * One that can also begin a sentence of its language belongs among the WHOLE ones, or gets the
 * words that make it sure; one that is a name or an ordinary word elsewhere ("per", "del") is its
 * language's OWN. */
#ifndef WIREROOM_EXTRACT_CUE_CUE_H
#define WIREROOM_EXTRACT_CUE_CUE_H

#include "base/str.h"

enum cue_kind {
    CUE_NONE,
    CUE_FURNITURE, /* prompts and labels that are no part of an article */
    CUE_RELATED,   /* what follows, up to the next paragraph of text, are other articles */
    CUE_CAPTION,   /* a picture's caption or credit */
    CUE_BYLINE,    /* names follow */
    CUE_DATE,      /* a date follows */
    CUE_MODIFIED,  /* a date of change follows */
    CUE_NOTICE,    /* a correction or an editor's note */
    CUE_ROLE,      /* not a name: what somebody does */
    CUE_SOURCE,    /* where the text came from */
    CUE_BOX,       /* the first line of a box: a short version, facts and figures */
    CUE_COUNT,     /* what a number in front counts: readers, comments, minutes of reading */
};

/* How a phrase gives its line away. */
enum cue_how {
    STARTS, /* the line begins with it */
    WHOLE,  /* nothing but punctuation follows */
    OWN,    /* the line begins with it, on a page in its language */
};

struct cue_row {
    const char *language; /* two letters */
    uint8_t kind;
    uint8_t how;         /* enum cue_how */
    const char *phrases; /* lower case, with | between them */
};

/* ended by NULL phrases */
extern const struct cue_row cues_english[];
extern const struct cue_row cues_western[];
extern const struct cue_row cues_eastern[];
extern const struct cue_row cues_world[];
extern const struct cue_row cues_counts[]; /* cues_counts.c */

enum { CUE_BUCKETS = 4096, CUE_MAX = 120, CUES_MAX = 6144 };

/* Put the tables in order; once, before the first look-up. More than CUES_MAX phrases abort. */
void cues_init(void);

/* The language of the page whose lines are looked at from now on: a tag, of which the first two
 * letters count; empty for not known, when OWN phrases are left aside. */
void cues_speak(struct bytes language);

/* The longest phrase of one of the kinds (bits 1 << kind) that line starts with; its length in
 * bytes of line goes to *ret_len (may be NULL). CUE_NONE when there is none. */
enum cue_kind cue_find(struct bytes line, unsigned kinds, size_t *ret_len);

/* A word of the boxes that want something, anywhere in a line of at most PROMPT_BYTES: subscribe,
 * register, sign in. prompt_words (cues.c) are beginnings of words, in lower case, ended by NULL.
 */
enum { PROMPT_BYTES = 200 };
extern const char *const prompt_words[];
bool cue_is_prompt(struct bytes line);

/* Lower case of Latin, Greek and Cyrillic into out, at most size bytes, whole characters; bytes
 * written. Lengths in bytes stay as they are. */
size_t fold_case(struct bytes text, char *out, size_t size);

#endif
