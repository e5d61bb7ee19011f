/* discover_order.c - knows what the address and title of a feed tell before anyone has read it. */
#include "feed/discover_order.h"

/* The letters of a word, in lower case; longer ones are none that is looked for. */
enum { WORD = 32 };

/* The next word of text, cut off it; false at its end. What is beyond ASCII counts as a letter. */
static bool next_word(struct bytes *text, char ret_word[WORD])
{
    size_t len = 0;

    while (text->len > 0 && !is_alpha(text->ptr[0]) && (unsigned char)text->ptr[0] < 0x80)
        *text = bytes_from(*text, 1);
    while (len < text->len && (is_alpha(text->ptr[len]) || (unsigned char)text->ptr[len] >= 0x80))
        len++;
    for (size_t i = 0; i < len && len < WORD; i++)
        ret_word[i] = to_lower(text->ptr[i]);
    ret_word[len < WORD ? len : 0] = '\0';
    *text = bytes_from(*text, len);
    return len > 0;
}

static bool has_one_of(struct bytes text, const char *const *words)
{
    char word[WORD];

    while (next_word(&text, word))
        for (size_t i = 0; words[i] != NULL; i++)
            if (strcmp(word, words[i]) == 0)
                return true;
    return false;
}

/* ---- addresses */

/* Where the ending of a file's name begins; 0 without one. */
static size_t behind_dot(struct bytes segment)
{
    size_t dot = segment.len;

    while (dot > 0 && segment.ptr[dot - 1] != '.')
        dot--;
    return dot;
}

/* Pages and pictures are no feeds, whatever folder they are in. */
static bool may_end_a_feed(struct bytes segment)
{
    static const char *const ends[] = {"xml", "rss", "rdf", "atom", "json", "php", "cms", "asp",
        "aspx", "ashx", "cfm", "cgi", "jsp", "pl"};
    size_t dot = behind_dot(segment);

    if (dot == 0)
        return true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (bytes_equal_nocase(bytes_from(segment, dot), bytes_of(ends[i])))
            return true;
    return false;
}

static bool is_feed_word(struct bytes segment)
{
    static const char *const words[] = {
        "rss", "feed", "feeds", "atom", "rssfeed", "rssfeeds", "rdf"};

    while (segment.len > 0 && is_digit(segment.ptr[segment.len - 1]))
        segment.len--; /* "rss2", "feeds1.example.org" */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (bytes_equal_nocase(segment, bytes_of(words[i])))
            return true;
    return false;
}

/* In a folder for feeds, or on a host for them. */
static bool is_among_feeds(struct bytes href)
{
    size_t host = bytes_find(href, LIT("//")), query = bytes_find_byte(href, '?');
    struct bytes path = bytes_slice(href, 0, query == SIZE_MAX ? href.len : query), label;
    bool found = false;

    if (host != SIZE_MAX && host < path.len) {
        path = bytes_from(path, host + 2);
        label = bytes_cut(&path, '/');
        found = is_feed_word(bytes_cut(&label, '.')) && label.len > 0 && path.len > 0;
    } else if (bytes_find_byte(path, ':') != SIZE_MAX) {
        return false;
    }
    while (bytes_find_byte(path, '/') != SIZE_MAX)
        found = is_feed_word(bytes_cut(&path, '/')) || found;
    return found && may_end_a_feed(path);
}

/* "news-rss.xml", "rss20.aspx": a file that is no page, with a word for it. */
static bool is_file_of_feed(struct bytes path)
{
    static const char *const words[] = {"rss", "feed", "atom", "rdf", NULL};
    size_t host = bytes_find(path, LIT("//")), dot;
    struct bytes segment;

    if (host != SIZE_MAX) {
        path = bytes_from(path, host + 2);
        bytes_cut(&path, '/');
    } else if (bytes_find_byte(path, ':') != SIZE_MAX) {
        return false;
    }
    segment = path;
    while (bytes_find_byte(path, '/') != SIZE_MAX) {
        bytes_cut(&path, '/');
        segment = path;
    }
    dot = behind_dot(segment);
    return dot > 0 && may_end_a_feed(segment) && has_one_of(bytes_slice(segment, 0, dot), words);
}

/* "feed=rss2&cat=4", "format=feed&type=rss". */
static bool is_query_of_feed(struct bytes query)
{
    while (query.len > 0) {
        struct bytes value = bytes_cut(&query, '&');
        struct bytes name = bytes_cut(&value, '=');

        if (is_feed_word(value) || (value.len > 0 && bytes_equal_nocase(name, LIT("feed"))))
            return true;
    }
    return false;
}

bool discover_is_like_feed(struct bytes href)
{
    static const char *const ends[] = {".rss", ".rdf", ".atom", "/rss", "/feed", "/atom", "/feed/",
        "/rss/", "/atom/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "rss.php",
        "feed=rss2", "feed=rss", "feed=atom", "format=rss", "format=atom", "alt=rss"};
    size_t end = bytes_find_byte(href, '#');
    struct bytes path, rest;

    href = bytes_slice(href, 0, end == SIZE_MAX ? href.len : end);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct bytes tail = bytes_of(ends[i]);

        if (href.len >= tail.len && bytes_equal_nocase(bytes_from(href, href.len - tail.len), tail))
            return true;
    }
    rest = href;
    path = bytes_cut(&rest, '?');
    return is_among_feeds(href) || is_file_of_feed(path) || is_query_of_feed(rest);
}

/* ---- comments */

/* By the word in its address ("/comments/feed/", "?feed=comments-rss2"), or in its title as the
 * blog programs of these languages write it. "Comment" alone is a section of many papers. */
static bool is_of_comments(const struct discovered *feed)
{
    static const char *const paths[] = {"comments", "commentaires", "comentarios", "replies",
        "reacties", "kommentare", "kommentarer", NULL};
    static const char *const titles[] = {"comments", "kommentar", "kommentarfeed", "kommentare",
        "commentaires", "comentarios", "comentários", "comentaris", "commenti", "reacties",
        "kommentarer", "kommentarsflöde", "komentarze", "komentarzami", "komentarzy", "komentářů",
        "комментарии", "комментариев", "коментарі", "коментарів", "коментари", "reactiesfeed",
        "kommenttien", "kommentit", "hozzászólások", "yorum", "yorumlar", "comentarii",
        "comentariilor", "σχόλια", "σχολίων", "التعليقات", "תגובות", "komentar", "komentarjev",
        "комментариям", "コメント", "コメントフィード", "评论", "留言", "迴響", "댓글", NULL};
    size_t host = bytes_find(feed->url, LIT("//"));
    struct bytes path = bytes_from(feed->url, host == SIZE_MAX ? 0 : host + 2);

    bytes_cut(&path, '/');
    return has_one_of(path, paths) || has_one_of(feed->title, titles);
}

void discover_order(struct discovered *list, size_t count)
{
    struct discovered comments[DISCOVER_LIMIT];
    size_t kept = 0, later = 0;

    for (size_t i = 0; i < count; i++)
        if (is_of_comments(&list[i]))
            comments[later++] = list[i];
        else
            list[kept++] = list[i];
    for (size_t i = 0; i < later; i++)
        list[kept++] = comments[i];
}

/* ---- headers */

/* A parameter's value, quoted or not, off the front of value. */
static struct bytes take_value(struct bytes *value)
{
    struct bytes text = bytes_trim(*value), taken;
    size_t end = 0;

    if (text.len > 0 && text.ptr[0] == '"') {
        end = bytes_find_byte(bytes_from(text, 1), '"');
        taken = bytes_slice(text, 1, end == SIZE_MAX ? text.len - 1 : end);
        *value = bytes_from(text, end == SIZE_MAX ? text.len : end + 2);
        return taken;
    }
    while (end < text.len && text.ptr[end] != ';' && text.ptr[end] != ',')
        end++;
    *value = bytes_from(text, end);
    return bytes_trim(bytes_slice(text, 0, end));
}

void discover_link(struct bytes *value, struct feed_link *ret_link)
{
    bytes_cut(value, '<');
    ret_link->href = bytes_trim(bytes_cut(value, '>'));
    for (;;) {
        struct bytes name, taken;
        size_t end = 0;

        while (value->len > 0 && (is_space(value->ptr[0]) || value->ptr[0] == ';'))
            *value = bytes_from(*value, 1);
        if (value->len == 0 || value->ptr[0] == ',')
            return;
        while (end < value->len && value->ptr[end] != '=' && value->ptr[end] != ';' &&
               value->ptr[end] != ',')
            end++;
        name = bytes_trim(bytes_slice(*value, 0, end));
        *value = bytes_from(*value, end);
        if (value->len == 0 || value->ptr[0] != '=')
            continue;
        *value = bytes_from(*value, 1);
        taken = take_value(value);
        if (bytes_equal_nocase(name, LIT("rel")))
            ret_link->rel = taken;
        else if (bytes_equal_nocase(name, LIT("type")))
            ret_link->type = taken;
        else if (bytes_equal_nocase(name, LIT("title")))
            ret_link->title = taken;
    }
}
