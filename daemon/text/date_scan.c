/* date_scan.c - knows what is one number, word or mark in a date's text. */
#include "text/date_scan.h"

#include <unicode/utf8.h>

#include "text/date.h"
#include "text/letter.h"
#include "text/text.h"

/* The character at *i, which moves behind it; invalid bytes read as U+FFFD. */
static uint32_t next_char(struct bytes text, size_t *i)
{
    int32_t at = (int32_t)*i;
    UChar32 c;

    U8_NEXT_OR_FFFD((const uint8_t *)text.ptr, at, (int32_t)text.len, c);
    *i = (size_t)at;
    return (uint32_t)c;
}

static void scan_number(struct bytes text, struct date_token *token)
{
    size_t i = token->start;

    token->kind = DATE_NUMBER;
    while (i < text.len) {
        size_t next = i;
        int digit = letter_digit(next_char(text, &next));

        if (digit < 0)
            break;
        if (token->digits < 18)
            token->value = token->value * 10 + digit;
        token->digits++;
        i = next;
    }
    token->end = i;
}

static void add_folded(struct date_token *token, size_t *len, uint32_t c)
{
    char utf8[4];
    size_t n;

    n = text_put_char(utf8, letter_fold(c));
    if (*len + n >= DATE_WORD)
        return;
    memcpy(token->name + *len, utf8, n);
    *len += n;
}

static void scan_word(struct bytes text, struct date_token *token)
{
    size_t i = token->start;
    size_t len = 0;

    token->kind = DATE_NAME;
    while (i < text.len) {
        size_t next = i;
        uint32_t c = next_char(text, &next);

        if (!letter_is(c))
            break;
        add_folded(token, &len, c);
        i = next;
    }
    token->name[len] = '\0';
    if (len == 1 && (token->name[0] == 'a' || token->name[0] == 'p') && i + 1 < text.len &&
        text.ptr[i] == '.' && to_lower(text.ptr[i + 1]) == 'm') {
        strcpy(token->name + 1, "m");
        i += 2;
    }
    token->end = i;
}

void date_scan(struct bytes text, struct date_tokens *ret_tokens)
{
    bool space = false;
    size_t i = 0;

    if (text.len > DATE_TEXT)
        text.len = DATE_TEXT;
    ret_tokens->text = text;
    ret_tokens->count = 0;
    while (i < text.len && ret_tokens->count < DATE_TOKENS) {
        struct date_token *token = &ret_tokens->at[ret_tokens->count];
        size_t next = i;
        uint32_t c = next_char(text, &next);

        if (letter_is_blank(c)) {
            space = true;
            i = next;
            continue;
        }
        *token = (struct date_token){.kind = DATE_MARK, .start = i, .end = next, .space = space};
        if (letter_digit(c) >= 0)
            scan_number(text, token);
        else if (letter_is(c))
            scan_word(text, token);
        else
            token->value = c == 0x2212 || c == 0x2010 || c == 0x2011 || c == 0x2013 ? '-' : c;
        space = false;
        i = token->end;
        ret_tokens->count++;
    }
}
