/* extract.c - the stage: an article page and what the feed said in, the article's fields out. */
#include "extract.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "cue/cue.h"
#include "explain.h"
#include "familiar.h"
#include "field/fields.h"
#include "field/live.h"
#include "follow.h"
#include "judge.h"
#include "page/body.h"
#include "page/clean.h"
#include "page/render.h"
#include "text/encoding.h"
#include "text/text.h"
#include "text/url.h"

enum { LEAST_CAPTION = 12, ASIDES_MAX = 24 };

/* How much longer the feed's text, or the page's own copy, must be to be taken instead; and what
 * confidence.c's figure is divided by when the page is no article. */
enum { FEED_TIMES = 2, COPY_TIMES = 2, NO_ARTICLE_PART = 2 };

/* Of the feed's words no figure is measured: its text is what a page might have, a summary is not.
 */
static const double feed_confidence = 0.5;
static const double summary_confidence = 0.2;

static const wr_option options[] = {
    {"least-text", WR_INT, offsetof(struct extract, least_text), "200",
        "characters below which a page's text gives way to the feed's longer one"},
    {"standfirst", WR_BOOL, offsetof(struct extract, with_standfirst), "true",
        "begin the text with the standfirst where it stands apart from the body"},
    {"pages", WR_INT, offsetof(struct extract, most_pages), "10",
        "pages of one article that are fetched and joined; 1 for the first alone"},
    {"site-rules", WR_TEXT_OPTION, offsetof(struct extract, site_rules), "",
        "file of CSS selectors for single sites, an absolute path"},
    {"explain", WR_BOOL, offsetof(struct extract, explain), "false",
        "add the extra extract.trace: every line of the page and the rule that cut it"},
    {0},
};

static int load_site_rules(struct extract *self)
{
    struct error err = {0};

    if (self->site_rules == NULL || self->site_rules[0] == '\0')
        return 0;
    if (self->site_rules[0] != '/')
        fail(&err, E_USAGE, "site-rules: '%s' is no absolute path", self->site_rules);
    else
        sites_load(self->site_rules, self->filler, self->parser, &self->sites, &err);
    if (err.code != OK)
        wr_log(WR_ERROR, "%s", err.text);
    return err.code == OK ? 0 : -1;
}

static size_t arena_limit(void)
{
    struct rlimit data;

    if (getrlimit(RLIMIT_DATA, &data) == 0 && data.rlim_cur / 2 < EXTRACT_ARENA_LIMIT)
        return data.rlim_cur / 2;
    return EXTRACT_ARENA_LIMIT;
}

int extract_open(struct extract *self)
{
    encoding_warm_up();
    cues_init();
    language_init();
    if (self->filler == NULL)
        self->filler = tree_fillers[0];
    self->parser = self->filler->open();
    self->hinter = malloc(sizeof(*self->hinter));
    if (self->parser == NULL || self->hinter == NULL)
        arena_out_of_memory(sizeof(*self->hinter));
    hinter_init(self->hinter);
    self->arena = arena_new(arena_limit());
    tree_init(&self->tree);
    return load_site_rules(self);
}

void extract_close(struct extract *self)
{
    sites_free(self->sites);
    if (self->parser != NULL)
        self->filler->close(self->parser);
    free(self->hinter);
    arena_free(self->arena);
    tree_done(&self->tree);
}

/* Forget the page before. */
static void start_page(struct extract *self, struct bytes url)
{
    tree_clear(&self->tree);
    self->page = (struct page){
        .arena = self->arena, .tree = &self->tree, .said = &self->said, .explained = self->explain};
    self->page.url = self->page.base = url;
}

int extract_read(struct extract *self, struct bytes html, struct bytes type, struct bytes url)
{
    struct page *page = &self->page;
    struct encoding_result encoding = {0};
    struct error err = {0};

    arena_reset(self->arena);
    start_page(self, url);
    self->said = (struct evidence){.is_free = -1};
    if (html.len == 0 || html.len > EXTRACT_PAGE_LIMIT)
        return E_LIMIT;
    if (encoding_to_utf8(self->arena, html, type, ENCODING_HTML, &encoding, &err) != OK ||
        self->filler->fill(self->parser, &self->tree, encoding.text, &err) != OK)
        return err.code;
    tree_finish(&self->tree);
    if (self->tree.body == 0)
        return E_FORMAT;
    hinter_mark(self->hinter, &self->tree);
    evidence_read(&self->said, &self->tree, self->arena);
    page->base =
        self->said.base.len > 0 ? url_resolve(self->arena, page->url, self->said.base) : page->url;
    return OK;
}

static void set_text(const struct extract *self, wr_record *rec)
{
    struct buf out = {.limit = RENDER_LIMIT};

    render_text(&self->page, self->with_standfirst, &out);
    wr_set(rec, WR_TEXT, lend(text_repair(self->arena, buf_bytes(&out))));
    buf_clear(&out);
    render_html(&self->page, self->with_standfirst, &out);
    out.len = tree_drop_unseen(out.ptr, out.len);
    wr_set(rec, WR_HTML, lend(text_repair(self->arena, buf_bytes(&out))));
    buf_done(&out);
}

/* Captions and notices that stand between the headline and the end of the text. */
void extract_add_asides(const struct page *page, wr_record *rec)
{
    uint32_t from =
        page->first_line[page->title != 0 && page->title < page->root ? page->title : page->root];
    uint32_t to = page->first_line[page->tree->nodes[page->root].end];

    for (uint32_t i = from; i < to; i++) {
        const struct line *line = &page->lines[i];

        if (line->cut == RULE_CAPTION && line->text.len >= LEAST_CAPTION &&
            wr_count(rec, WR_CAPTION) < ASIDES_MAX)
            wr_add(rec, WR_CAPTION, lend(line->text));
        else if (line->cut == RULE_NOTICE && wr_count(rec, WR_NOTICE) < ASIDES_MAX)
            wr_add(rec, WR_NOTICE, lend(line->text));
    }
}

void extract_find(struct extract *self, wr_record *rec)
{
    struct page *page = &self->page;

    title_find(page, rec);
    page_read_lines(page);
    cues_speak(language_spoken(page, details_language(page, rec)));
    title_find_line(page);
    page->site = sites_find(self->sites, url_host(self->arena, page->url));
    if (page->site != NULL) {
        site_mark(self->sites, page->site, page);
        page->root = site_body(self->sites, page->site, page);
    }
    page_compare_copy(page);
    if (page->root == 0) {
        clean_blocks(page, page->tree->body, true);
        clean_second_articles(page);
        clean_works(page);
        page->root = body_find(page);
    }
    if (page->root == 0)
        return;
    clean_blocks(page, page->root, false);
    clean_lines(page, page->root);
    familiar_cut(page, rec);
    standfirst_find(page, rec);
}

/* The entry's own content instead of the page: it needs no cleaning beyond what HTML allows. */
static bool use_feed(struct extract *self, wr_record *rec)
{
    struct bytes html = borrow(wr_get(rec, WR_FEED_CONTENT));
    struct error err = {0};

    if (html.len == 0 || html.len > EXTRACT_PAGE_LIMIT)
        return false;
    start_page(self, borrow(wr_get(rec, WR_PAGE_URL)));
    if (self->filler->fill(self->parser, &self->tree, html, &err) != OK)
        return false;
    tree_finish(&self->tree);
    if (self->tree.body == 0)
        return false;
    page_read_lines(&self->page);
    self->page.root = self->tree.body;
    set_text(self, rec);
    return wr_get(rec, WR_TEXT).len > 0;
}

static size_t feed_text_length(const struct extract *self, const wr_record *rec)
{
    struct bytes html = borrow(wr_get(rec, WR_FEED_CONTENT));

    return html.len == 0 ? 0 : text_from_html(self->arena, html, false).len;
}

/* The feed says more than the page does: the page was cut short, or shows something else. */
static bool feed_is_better(const struct extract *self, const wr_record *rec, enum page_kind kind)
{
    size_t feed = feed_text_length(self, rec);
    size_t page = wr_get(rec, WR_TEXT).len;

    if (kind == PAGE_INDEX || kind == PAGE_CONSENT || kind == PAGE_LOGIN || kind == PAGE_ERROR)
        return feed > 0;
    return feed > page && ((int64_t)page < self->least_text || feed > FEED_TIMES * page);
}

/* The copy's paragraphs, a line each, whether tags, escaped tags or line ends part them. */
static struct bytes copy_lines(struct arena *arena, struct bytes copy)
{
    struct buf out = {.limit = RENDER_LIMIT};
    struct bytes lines;

    if (bytes_find(copy, LIT("&lt;")) != SIZE_MAX)
        copy = text_from_html(arena, copy, true);
    lines = bytes_find(copy, LIT("</")) != SIZE_MAX ? text_from_html(arena, copy, true) : copy;
    while (lines.len > 0) {
        struct bytes line = said_clean(arena, bytes_cut(&lines, '\n'));

        if (line.len > 0 && out.len > 0)
            buf_add_byte(&out, '\n');
        buf_add(&out, line);
    }
    lines = bytes_copy(arena, buf_bytes(&out));
    buf_done(&out);
    return lines;
}

/* So much more stands in the page's own copy for machines that the article is not on the page. */
static bool is_in_copy(const struct extract *self, const wr_record *rec, size_t copy)
{
    return copy > wr_get(rec, WR_TEXT).len * COPY_TIMES && (int64_t)copy > self->least_text;
}

/* The page's own copy for machines, when nothing readable was found: better than nothing. */
static void use_copy(struct extract *self, wr_record *rec)
{
    struct bytes copy = copy_lines(self->arena, self->said.body);

    if (is_in_copy(self, rec, copy.len)) {
        wr_set(rec, WR_TEXT, lend(copy));
        wr_set(rec, WR_HTML, lend(LIT("")));
        wr_set(rec, WR_METHOD, lend(LIT("json-ld")));
    }
}

static void set_status(wr_record *rec, enum page_kind kind, int64_t least_text)
{
    bool is_short = (int64_t)wr_get(rec, WR_TEXT).len < least_text;

    if (kind == PAGE_CONSENT || kind == PAGE_LOGIN)
        wr_set(rec, WR_STATUS, lend(LIT("blocked")));
    else if (kind == PAGE_PAYWALL)
        wr_set(rec, WR_STATUS, lend(LIT("paywalled")));
    else if (kind == PAGE_INDEX || is_short ||
             (kind == PAGE_EMPTY && !bytes_is(borrow(wr_get(rec, WR_METHOD)), "json-ld")))
        wr_set(
            rec, WR_STATUS, lend(wr_get(rec, WR_TEXT).len == 0 ? LIT("failed") : LIT("partial")));
    else
        wr_set(rec, WR_STATUS, lend(LIT("full")));
}

static void set_confidence(const struct extract *self, wr_record *rec, double confidence)
{
    wr_set(rec, WR_CONFIDENCE, lend(bytes_format(self->arena, "%.2f", confidence)));
}

/* Text and what is said of its making. */
static void judge(struct extract *self, wr_record *rec, enum page_kind kind)
{
    struct page *page = &self->page;
    double confidence = judge_confidence(page, rec);

    wr_set(rec, WR_METHOD, lend(page->copy ? LIT("density+json-ld") : LIT("density")));
    use_copy(self, rec);
    if (kind != PAGE_ARTICLE &&
        !(kind == PAGE_EMPTY && bytes_is(borrow(wr_get(rec, WR_METHOD)), "json-ld")))
        wr_set(rec, WR_METHOD, lend(bytes_of(page_kind_name(kind))));
    set_status(rec, kind, self->least_text);
    set_confidence(self, rec,
        kind == PAGE_ARTICLE || kind == PAGE_PAYWALL ? confidence : confidence / NO_ARTICLE_PART);
    if (!feed_is_better(self, rec, kind) || !use_feed(self, rec))
        return;
    if (kind != PAGE_PAYWALL && kind != PAGE_CONSENT && kind != PAGE_LOGIN)
        wr_set(rec, WR_STATUS, lend(LIT("feed-only")));
    wr_set(rec, WR_METHOD,
        lend(kind == PAGE_ARTICLE ? LIT("feed")
                                  : bytes_format(self->arena, "feed (%s)", page_kind_name(kind))));
}

/* Without a page the feed's word is all there is. */
static int from_feed(struct extract *self, wr_record *rec)
{
    bool found = use_feed(self, rec);

    if (!found) /* what is left of a page without a body has no lines */
        start_page(self, borrow(wr_get(rec, WR_PAGE_URL)));
    if (!found && wr_get(rec, WR_SUMMARY).len > 0)
        wr_set(rec, WR_TEXT, wr_get(rec, WR_SUMMARY));
    title_publish(self->arena, rec, borrow(wr_get(rec, WR_FEED_TITLE)));
    details_set(&self->page, rec);
    author_set(&self->page, rec);
    published_set(&self->page, rec);
    wr_set(rec, WR_STATUS, lend(wr_get(rec, WR_TEXT).len > 0 ? LIT("feed-only") : LIT("failed")));
    wr_set(rec, WR_METHOD, lend(found ? LIT("feed") : LIT("summary")));
    set_confidence(self, rec, found ? feed_confidence : summary_confidence);
    return WR_NEXT;
}

/* What stands where the article should be says nothing of it: neither text nor headline nor date.
 */
static bool is_in_the_way(const struct page *page, const wr_record *rec, enum page_kind kind)
{
    bool has_feed = wr_get(rec, WR_FEED_TITLE).len > 0 || wr_get(rec, WR_FEED_CONTENT).len > 0;

    if (kind == PAGE_INDEX)
        return has_feed && !title_is(page, borrow(wr_get(rec, WR_FEED_TITLE)));
    return kind == PAGE_CHECK || kind == PAGE_ERROR ||
           (has_feed && (kind == PAGE_CONSENT || kind == PAGE_LOGIN));
}

static int blocked(struct extract *self, wr_record *rec, enum page_kind kind)
{
    bool found;

    self->said = (struct evidence){.is_free = -1};
    from_feed(self, rec);
    found = bytes_is(borrow(wr_get(rec, WR_METHOD)), "feed");
    wr_set(rec, WR_STATUS, lend(LIT("blocked")));
    wr_set(rec, WR_METHOD,
        lend(bytes_format(
            self->arena, "%s (%s)", found ? "feed" : "summary", page_kind_name(kind))));
    return WR_NEXT;
}

static void add_trace(const struct extract *self, wr_record *rec)
{
    struct buf out = {.limit = EXPLAIN_LIMIT};

    explain_write(&self->page, rec, &out);
    if (!out.over)
        wr_set_extra(rec, "extract.trace", lend(buf_bytes(&out)));
    buf_done(&out);
}

int extract_article(struct extract *self, wr_record *rec)
{
    struct page *page = &self->page;
    enum page_kind kind;

    if (extract_read(self, borrow(wr_get(rec, WR_PAGE)), borrow(wr_get(rec, WR_PAGE_TYPE)),
            borrow(wr_get(rec, WR_PAGE_URL))) != OK)
        return from_feed(self, rec);
    extract_find(self, rec);
    kind = judge_kind(page, rec);
    if (is_in_the_way(page, rec, kind)) {
        if (self->explain)
            add_trace(self, rec);
        return blocked(self, rec, kind);
    }
    if (page->root != 0) {
        standfirst_set(page, rec);
        extract_add_asides(page, rec);
        set_text(self, rec);
    }
    page->copy_alone = is_in_copy(self, rec, self->said.body.len);
    title_set(page, rec);
    details_set(page, rec);
    author_set(page, rec);
    published_set(page, rec);
    if (page->site != NULL)
        site_set(self->sites, page->site, page, rec);
    if (page->root != 0)
        live_set(page, rec, self->least_text);
    if (self->explain)
        add_trace(self, rec);
    judge(self, rec, kind);
    return WR_NEXT;
}

static int stage_open(void *self)
{
    return extract_open(self);
}

static void stage_close(void *self)
{
    extract_close(self);
}

int extract_within_limit(
    struct extract *self, wr_record *rec, const wr_event *event, extract_part *part)
{
    jmp_buf give_up;
    int verdict;

    if (setjmp(give_up) != 0) {
        tree_clear(&self->tree);
        arena_reset(self->arena);
        wr_note(rec, "the page would need more than %zu MiB", arena_limit() >> 20);
        return WR_FAILED;
    }
    arena_on_over(self->arena, &give_up);
    verdict = part(self, rec, event);
    arena_on_over(self->arena, NULL);
    if (verdict == WR_NEXT)
        tree_clear(&self->tree); /* a large one's memory is wanted where the record is written */
    return verdict;
}

static int whole_article(struct extract *self, wr_record *rec, const wr_event *event)
{
    (void)event;
    extract_article(self, rec);
    return follow_start(self, rec);
}

/* Nothing of a page that was given up is left. */
static int feed_instead(struct extract *self, wr_record *rec, const wr_event *event)
{
    static const int begun[] = {
        WR_TEXT, WR_HTML, WR_STANDFIRST, WR_CAPTION, WR_NOTICE, WR_AUTHOR, WR_BYLINE};

    (void)event;
    for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++)
        wr_set(rec, begun[i], lend(LIT("")));
    arena_reset(self->arena);
    return from_feed(self, rec);
}

static int stage_process(void *self, wr_record *rec, const wr_event *event)
{
    int verdict;

    if (event->cause == WR_ARRIVED) {
        verdict = extract_within_limit(self, rec, event, whole_article);
        return verdict != WR_FAILED ? verdict
                                    : extract_within_limit(self, rec, event, feed_instead);
    }
    verdict = extract_within_limit(self, rec, event, follow_go);
    if (verdict != WR_FAILED)
        return verdict;
    wr_set(rec, WR_STATUS, lend(LIT("partial")));
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "extract",
    .version = "1.0",
    .flags = WR_NEEDS_PAGE,
    .self_size = sizeof(struct extract),
    .options = options,
    .open = stage_open,
    .close = stage_close,
    .process = stage_process,
};
