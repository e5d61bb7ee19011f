/* serve.c - commands of what servers answer. */
#include "replay/replay.h"

#include "unit/own_clock.h"

/* The part of an entry behind one of its marks; "" without it. */
static void part_of(const char *entry, char mark, char part[WEB_NAME])
{
    const char *at = strchr(entry, mark);

    if (at == NULL)
        part[0] = '\0';
    else
        snprintf(part, WEB_NAME, "%.*s", (int)strcspn(at + 1, "+!=@>"), at + 1);
}

static void add_date(const struct replay *r, const char *age, struct buf *out)
{
    time_t at = (time_t)((OWN_CLOCK_START - duration(r, age)) / SECOND);
    char text[64];
    struct tm tm;

    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&at, &tm));
    buf_printf(out, "<pubDate>%s</pubDate>", text);
}

static void add_item(const struct replay *r, const char *entry, struct buf *out)
{
    char name[WEB_NAME], text[WEB_NAME], title[WEB_NAME], guid[WEB_NAME], age[WEB_NAME];
    char link[WEB_NAME];

    snprintf(name, sizeof(name), "%.*s", (int)strcspn(entry, "+!=@>"), entry);
    part_of(entry, '+', text);
    part_of(entry, '!', title);
    part_of(entry, '=', guid);
    part_of(entry, '@', age);
    part_of(entry, '>', link);
    buf_printf(
        out, "<item><title>Report %s%s%s</title><link>", name, title[0] == '\0' ? "" : " ", title);
    if (link[0] == '\0')
        snprintf(link, sizeof(link), "/%.90s", name);
    web_url(&r->web, link, out);
    buf_printf(out, "</link><description>The feed's own words on report %s, text %s.</description>",
        name, text[0] == '\0' ? "1" : text);
    if (strcmp(guid, "-") != 0)
        buf_printf(out, "<guid isPermaLink=\"false\">%s</guid>", guid[0] == '\0' ? name : guid);
    if (age[0] != '\0')
        add_date(r, age, out);
    buf_add_cstr(out, "</item>\n");
}

static void set_document(struct replay *r, const char *name, struct buf *text)
{
    struct web_path *path;

    pthread_mutex_lock(&r->web.lock);
    path = web_path(&r->web, name);
    free(path->document);
    path->document = strdup(buf_cstr(text));
    path->edition++;
    pthread_mutex_unlock(&r->web.lock);
    buf_done(text);
}

void do_items(struct replay *r)
{
    struct buf text = {0};

    buf_add_cstr(&text, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>A feed</title>"
                        "<link>WEB/</link><description>of a script</description>\n");
    for (size_t i = 2; i < r->count; i++)
        add_item(r, r->words[i], &text);
    buf_add_cstr(&text, "</channel></rss>\n");
    set_document(r, r->words[1], &text);
}

void do_body(struct replay *r)
{
    char name[WEB_NAME];
    struct buf text = {0};

    snprintf(name, sizeof(name), "%s", r->words[1]);
    while (read_line(r)) {
        if (r->text[0] != '|') {
            r->has_next = true;
            r->line--;
            break;
        }
        buf_add_cstr(&text, r->text + (r->text[1] == ' ' ? 2 : 1));
    }
    set_document(r, name, &text);
}

/* One answer from word *at on, up to "then". */
static struct reply read_reply(const struct replay *r, size_t *at)
{
    static const struct {
        const char *word;
        enum reply_kind kind;
        int status;
    } kinds[] = {{"full", REPLY_FULL, 0}, {"items", REPLY_DOCUMENT, 0}, {"empty", REPLY_EMPTY, 0},
        {"cut", REPLY_CUT, 0}, {"broken", REPLY_BROKEN, 0}, {"reset", REPLY_RESET, 0},
        {"hang", REPLY_HANG, 0}, {"to", REPLY_TO, 302}, {"moved", REPLY_TO, 301}};
    const char *word = r->words[(*at)++];
    struct reply reply = {.kind = REPLY_STATUS};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(word, kinds[i].word) == 0)
            reply = (struct reply){.kind = kinds[i].kind, .status = kinds[i].status};
    if (reply.kind == REPLY_STATUS)
        reply.status = (int)number(r, word);
    for (; *at < r->count && strcmp(r->words[*at], "then") != 0; (*at)++) {
        word = r->words[*at];
        if (word[0] == 'x')
            reply.times = (int)number(r, word + 1);
        else if (reply.kind == REPLY_TO)
            snprintf(reply.to, sizeof(reply.to), "%s", word);
        else if (reply.kind == REPLY_FULL)
            reply.text = (int)number(r, word);
        else if (strcmp(word, "retry") == 0 && *at + 1 < r->count)
            reply.retry = (int)number(r, r->words[++*at]);
        else
            die(r, "%s: not expected in an answer", word);
    }
    if (*at < r->count && reply.times == 0)
        reply.times = 1;
    ++*at;
    return reply;
}

void do_answer(struct replay *r)
{
    struct reply replies[WEB_REPLIES];
    size_t count = 0;
    struct web_path *path;

    for (size_t at = 2; at < r->count && count < WEB_REPLIES;)
        replies[count++] = read_reply(r, &at);
    pthread_mutex_lock(&r->web.lock);
    path = web_path(&r->web, r->words[1]);
    memcpy(path->replies, replies, count * sizeof(replies[0]));
    path->count = count;
    path->at = 0;
    path->used = 0;
    pthread_mutex_unlock(&r->web.lock);
}

void do_etag(struct replay *r)
{
    static const char *const words[] = {
        [TAG_NONE] = "none", [TAG_HONEST] = "honest", [TAG_STUCK] = "stuck", [TAG_LYING] = "lying"};
    int tag = TAG_NONE;

    while (tag < TAG_LYING && strcmp(words[tag], r->words[2]) != 0)
        tag++;
    pthread_mutex_lock(&r->web.lock);
    web_path(&r->web, r->words[1])->tag = tag;
    pthread_mutex_unlock(&r->web.lock);
}

void do_hub(struct replay *r)
{
    pthread_mutex_lock(&r->web.lock);
    snprintf(web_path(&r->web, r->words[1])->hub, WEB_NAME, "%s",
        strcmp(r->words[2], "-") == 0 ? "" : r->words[2]);
    pthread_mutex_unlock(&r->web.lock);
}
