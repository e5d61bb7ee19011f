/* count.c - in how many articles each word stands: common.words is written from it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/json.h"
#include "sketch.h"

enum { MOST = 1 << 22, LINE = 64 << 20, SHOWN = 32 };

static struct counted {
    uint32_t key, count, last;
    char word[SHOWN]; /* as it was seen first */
} counted[MOST];

static void count_words(struct bytes text, uint32_t article)
{
    static struct word at[SKETCH_WORDS];
    struct words words = {.at = at};

    words_read_into(text, SKETCH_WORDS, &words);
    for (size_t i = 0; i < words.count; i++) {
        uint32_t key = term_key(&at[i]), place = key % MOST;
        struct bytes word = bytes_slice(text, at[i].at, at[i].len);

        if (at[i].kind != WORD_LETTERS || word.len < 2 || word.len >= SHOWN)
            continue;
        while (counted[place].count > 0 && counted[place].key != key)
            place = (place + 1) % MOST;
        if (counted[place].count == 0)
            snprintf(counted[place].word, SHOWN, "%.*s", FMT(word));
        counted[place].key = key;
        counted[place].count += counted[place].last != article;
        counted[place].last = article;
    }
}

static int by_count(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->word, y->word);
}

/* Of the words that one article in fifty has: those of single stories are not among them. */
static void write_common(uint32_t articles)
{
    qsort(counted, MOST, sizeof(counted[0]), by_count);
    printf("language en %u\n", articles);
    for (size_t i = 0; i < MOST && counted[i].count * 50U >= articles; i++)
        printf("%u %s\n", counted[i].count, counted[i].word);
}

int main(void)
{
    struct arena *arena = arena_new(LINE);
    char *line = NULL;
    size_t cap = 0;
    uint32_t articles = 0;
    ssize_t len;

    while ((len = getline(&line, &cap, stdin)) > 0) {
        struct error err = {0};
        struct json *doc;

        arena_reset(arena);
        if (json_parse(arena, (struct bytes){line, (size_t)len}, &doc, &err) != OK)
            continue;
        articles++;
        count_words(json_get_text(doc, "text"), articles);
        count_words(json_get_text(doc, "title"), articles);
    }
    write_common(articles);
    free(line);
    arena_free(arena);
    return 0;
}
