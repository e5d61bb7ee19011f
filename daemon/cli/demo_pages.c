/* demo_pages.c - article pages in four layouts, with the furniture that news sites put around a
 * text. */
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/demo_markup.h"

/* What a layout needs to write one page. */
struct page {
    struct buf *out;
    const struct demo_world *world;
    const struct demo_article *article;
    const struct outlet *outlet;
    struct demo_story story;
    struct buf url;
    struct buf related; /* list items that link to other articles of the outlet */
    int64_t now;
    unsigned views;
};

/* Fixed texts around an article, by language. */
struct furniture {
    const char *nav, *promo, *share, *related, *newsletter, *comments, *cookies, *most_read,
        *footer, *views, *by, *read_on;
};

static const struct furniture english = {
    .nav = "<ul><li><a href=\"/\">Home</a></li><li><a href=\"/world\">World</a></li><li><a "
           "href=\"/politics\">Politics</a></li>"
           "<li><a href=\"/business\">Business</a></li><li><a href=\"/sport\">Sport</a></li><li><a "
           "href=\"/weather\">Weather</a></li>"
           "<li><a href=\"/login\">Sign in</a></li></ul>",
    .promo = "<p>Try us for four weeks for the price of a coffee. <a href=\"/subscribe\">Subscribe "
             "today</a></p>",
    .share = "<ul><li><a href=\"#\">Share</a></li><li><a href=\"#\">Post</a></li><li><a "
             "href=\"#\">Copy link</a></li>"
             "<li><a href=\"#\">Print this page</a></li></ul>",
    .related = "Related stories",
    .newsletter = "<h4>The morning in five minutes</h4><p>Our newsletter lands in your inbox "
                  "before breakfast. No spam, unsubscribe at any "
                  "time.</p><form action=\"/newsletter\"><input name=\"mail\"><button>Sign "
                  "up</button></form>",
    .comments =
        "<h3>Comments (3)</h3><div class=\"comment\"><b>harbourcat</b><p>I said so years ago and "
        "nobody listened.</p></div>"
        "<div class=\"comment\"><b>J. Pym</b><p>Does anyone know whether the bakery is open on "
        "Sundays now?</p></div>"
        "<div class=\"comment\"><b>tidetable</b><p>Good reporting for once, thank you.</p></div>",
    .cookies = "<p>We and our 214 partners value your privacy. We use cookies to keep this site "
               "running.</p><button>Accept all</button>"
               "<button>Manage choices</button>",
    .most_read = "Most read",
    .footer = "<p>All rights reserved. Reproduction only with permission. <a href=\"/terms\">Terms "
              "of use</a> <a href=\"/privacy\">Privacy "
              "policy</a> <a href=\"/contact\">Contact the newsroom</a></p>",
    .views = "readers of this page today",
    .by = "By",
    .read_on = "Read more:",
};

static const struct furniture german = {
    .nav = "<ul><li><a href=\"/\">Startseite</a></li><li><a "
           "href=\"/politik\">Politik</a></li><li><a href=\"/region\">Region</a></li>"
           "<li><a href=\"/sport\">Sport</a></li><li><a href=\"/wetter\">Wetter</a></li><li><a "
           "href=\"/abo\">Abo</a></li></ul>",
    .promo = "<p>Vier Wochen lesen, zwei bezahlen. <a href=\"/abo\">Jetzt Abo sichern</a></p>",
    .share = "<ul><li><a href=\"#\">Teilen</a></li><li><a href=\"#\">Merken</a></li><li><a "
             "href=\"#\">Drucken</a></li></ul>",
    .related = "Mehr zum Thema",
    .newsletter =
        "<h4>Die Küste am Morgen</h4><p>Unser Newsletter kommt vor dem Frühstück. Abmelden geht "
        "jederzeit.</p>"
        "<form action=\"/newsletter\"><input name=\"mail\"><button>Anmelden</button></form>",
    .comments = "<h3>Kommentare (2)</h3><div class=\"comment\"><b>deichschaf</b><p>Das habe ich "
                "schon vor Jahren gesagt.</p></div>"
                "<div class=\"comment\"><b>H. Krüger</b><p>Weiß jemand, ob die Fähre wieder "
                "fährt?</p></div>",
    .cookies = "<p>Wir und unsere 214 Partner schätzen Ihre Privatsphäre und verwenden "
               "Cookies.</p><button>Alle annehmen</button>",
    .most_read = "Meistgelesen",
    .footer = "<p>Alle Rechte vorbehalten. <a href=\"/impressum\">Impressum</a> <a "
              "href=\"/datenschutz\">Datenschutz</a></p>",
    .views = "Leser heute",
    .by = "Von",
    .read_on = "Lesen Sie auch:",
};

static const struct furniture *furniture_of(const struct page *page)
{
    return strcmp(page->outlet->language, "de") == 0 ? &german : &english;
}

static const char *iso(int64_t wall, char text[CLOCK_TEXT])
{
    return clock_format(wall / SECOND * SECOND, text);
}

static void add_paragraphs(struct buf *out, struct bytes body, const char *open, const char *close)
{
    while (body.len > 0) {
        buf_add_cstr(out, open);
        demo_escape(out, bytes_cut(&body, '\n'));
        buf_add_cstr(out, close);
    }
}

static void add_meta(struct buf *out, const char *attribute, const char *name, struct bytes value)
{
    buf_printf(out, "<meta %s=\"%s\" content=\"", attribute, name);
    demo_escape(out, value);
    buf_add_cstr(out, "\">\n");
}

/* Links to the outlet's latest other articles, as list items. */
static void collect_related(struct page *page)
{
    const struct demo_feed all = {.host = page->outlet->host};
    const struct demo_article *articles[5];
    size_t count = demo_world_feed(page->world, &all, articles, 5);

    for (size_t i = 0; i < count; i++) {
        struct demo_story other;

        if (articles[i] == page->article)
            continue;
        demo_story_write(articles[i], page->now, &other);
        buf_printf(&page->related, "<li><a href=\"%s\">", buf_cstr(&other.path));
        demo_escape(&page->related, buf_bytes(&other.headline));
        buf_add_cstr(&page->related, "</a></li>\n");
        demo_story_done(&other);
    }
}

static void add_json_ld(struct page *page)
{
    struct json_writer w = {.out = page->out};
    char text[CLOCK_TEXT];

    buf_add_cstr(page->out, "<script type=\"application/ld+json\">");
    json_begin_object(&w, NULL);
    json_cstr(&w, "@context", "https://schema.org");
    json_cstr(&w, "@type", "NewsArticle");
    json_string(&w, "headline", buf_bytes(&page->story.headline));
    json_string(&w, "mainEntityOfPage", buf_bytes(&page->url));
    json_cstr(&w, "datePublished", iso(page->article->published, text));
    json_cstr(&w, "dateModified", iso(page->story.modified, text));
    json_begin_object(&w, "author");
    json_cstr(&w, "@type", "Person");
    json_string(&w, "name", buf_bytes(&page->story.author));
    json_end_object(&w);
    json_begin_object(&w, "publisher");
    json_cstr(&w, "@type", "NewsMediaOrganization");
    json_cstr(&w, "name", page->outlet->name);
    json_end_object(&w);
    json_end_object(&w);
    buf_add_cstr(page->out, "</script>\n");
}

static void begin_head(struct page *page, const char *title_before, const char *title_after)
{
    buf_printf(page->out,
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s",
        page->outlet->language, title_before);
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(page->out, "%s</title>\n<link rel=\"canonical\" href=\"", title_after);
    demo_escape(page->out, buf_bytes(&page->url));
    buf_add_cstr(page->out, "\">\n");
}

/* An old paper's site: article element, JSON-LD, a related box in the middle of the text. */
static void write_broadsheet(struct page *page)
{
    const struct furniture *f = furniture_of(page);
    struct bytes body = buf_bytes(&page->story.body);
    struct bytes first, second;
    struct buf title = {0};
    char text[CLOCK_TEXT];

    buf_printf(&title, " | %s", page->outlet->name);
    begin_head(page, "", buf_cstr(&title));
    add_meta(page->out, "name", "description", buf_bytes(&page->story.summary));
    add_json_ld(page);
    buf_printf(page->out,
        "</head>\n<body>\n<div id=\"consent-banner\" class=\"cookie-banner\">%s</div>\n<header><a "
        "href=\"/\">%s</a>"
        "<span>%s</span>\n<nav>%s</nav></header>\n<div class=\"promo promo-top\">%s</div>\n",
        f->cookies, page->outlet->name, page->outlet->claim, f->nav, f->promo);
    buf_add_cstr(page->out, "<main><article class=\"story\">\n<h1>");
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(
        page->out, "</h1>\n<p class=\"byline\">%s <a rel=\"author\" href=\"/staff\">", f->by);
    demo_escape(page->out, buf_bytes(&page->story.author));
    buf_printf(page->out,
        "</a> <time datetime=\"%s\">%.10s</time></p>\n<div class=\"share-bar\">%s</div>\n<div "
        "class=\"story-body\">\n",
        iso(page->article->published, text), text, f->share);
    first = bytes_cut(&body, '\n');
    second = bytes_cut(&body, '\n');
    add_paragraphs(page->out, first, "<p>", "</p>\n");
    add_paragraphs(page->out, second, "<p>", "</p>\n");
    buf_printf(page->out, "<aside class=\"related\"><h3>%s</h3><ul>%s</ul></aside>\n", f->related,
        buf_cstr(&page->related));
    add_paragraphs(page->out, body, "<p>", "</p>\n");
    buf_printf(page->out,
        "</div>\n<div class=\"newsletter-signup\">%s</div>\n<section "
        "id=\"comments\">%s</section>\n</article></main>\n",
        f->newsletter, f->comments);
    buf_printf(page->out,
        "<aside class=\"most-read\"><h3>%s</h3><ol>%s</ol></aside>\n<div class=\"views\">%u "
        "%s</div>\n<footer>%s</footer>"
        "\n</body></html>\n",
        f->most_read, buf_cstr(&page->related), page->views, f->views, f->footer);
    buf_done(&title);
}

/* An agency's site: nothing but div and span, all that is known in meta tags. */
static void write_agency(struct page *page)
{
    const struct furniture *f = furniture_of(page);
    struct buf title = {0};
    char text[CLOCK_TEXT];

    buf_printf(&title, " - %s", page->outlet->name);
    begin_head(page, "", buf_cstr(&title));
    add_meta(page->out, "property", "og:type", LIT("article"));
    add_meta(page->out, "property", "og:title", buf_bytes(&page->story.headline));
    add_meta(page->out, "property", "og:site_name", bytes_of(page->outlet->name));
    add_meta(page->out, "property", "article:published_time",
        bytes_of(iso(page->article->published, text)));
    add_meta(
        page->out, "property", "article:modified_time", bytes_of(iso(page->story.modified, text)));
    add_meta(page->out, "name", "author", buf_bytes(&page->story.author));
    buf_printf(page->out,
        "</head>\n<body><div id=\"wrap\"><div id=\"top\"><span "
        "class=\"logo\">%s</span>%s</div>\n<div id=\"content\">\n"
        "<div class=\"headline\">",
        page->outlet->name, f->nav);
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(page->out, "</div>\n<div class=\"meta\"><span class=\"author\">%s ", f->by);
    demo_escape(page->out, buf_bytes(&page->story.author));
    buf_printf(page->out,
        "</span> <span class=\"date\">%s</span> <span class=\"views\">%u %s</span></div>\n<div "
        "class=\"text\">\n",
        iso(page->article->published, text), page->views, f->views);
    add_paragraphs(page->out, buf_bytes(&page->story.body), "<div class=\"par\">", "</div>\n");
    buf_printf(page->out,
        "</div>\n<div class=\"tools\">%s</div>\n<div class=\"box\"><div "
        "class=\"boxhead\">%s</div><ul>%s</ul></div>\n"
        "<div class=\"promo\">%s</div>\n</div>\n<div id=\"bottom\">%s</div></div>\n<div "
        "class=\"cookie-consent\">%s</div>"
        "\n</body></html>\n",
        f->share, f->related, buf_cstr(&page->related), f->promo, f->footer, f->cookies);
    buf_done(&title);
}

static void add_inline_promo(struct page *page, size_t paragraph)
{
    const struct furniture *f = furniture_of(page);

    if (paragraph == 2 && page->related.len > 0) {
        struct bytes rest = buf_bytes(&page->related);
        struct bytes item = bytes_cut(&rest, '\n');

        buf_printf(page->out,
            "<div class=\"inline-promo\"><strong>%s</strong> <ul>%.*s</ul></div>\n", f->read_on,
            FMT(item));
    } else if (paragraph == 3) {
        buf_printf(page->out, "<div class=\"newsletter-box\">%s</div>\n", f->newsletter);
    }
}

/* A site of today: microdata, figure, ad slots and promos between the paragraphs. */
static void write_modern(struct page *page)
{
    const struct furniture *f = furniture_of(page);
    struct bytes body = buf_bytes(&page->story.body);
    char text[CLOCK_TEXT];

    begin_head(page, "", "");
    add_meta(page->out, "property", "og:title", buf_bytes(&page->story.headline));
    add_meta(page->out, "property", "og:description", buf_bytes(&page->story.summary));
    add_meta(page->out, "property", "og:image", LIT("/img/lead.jpg"));
    buf_printf(page->out,
        "</head>\n<body>\n<div class=\"site-header\" role=\"banner\"><a "
        "href=\"/\">%s</a><nav>%s</nav></div>\n"
        "<div class=\"ad-slot\" aria-hidden=\"true\"></div>\n",
        page->outlet->name, f->nav);
    buf_add_cstr(page->out,
        "<main><article itemscope itemtype=\"https://schema.org/NewsArticle\">\n<header><h1 "
        "itemprop=\"headline\">");
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(page->out, "</h1>\n<div class=\"article-meta\"><span itemprop=\"author\" itemscope "
                          "itemtype=\"https://schema.org/Person\"><span itemprop=\"name\">");
    demo_escape(page->out, buf_bytes(&page->story.author));
    buf_printf(page->out,
        "</span></span> <time itemprop=\"datePublished\" "
        "datetime=\"%s\">%.10s</time></div></header>\n"
        "<div class=\"social\">%s</div>\n<figure><img src=\"/img/lead.jpg\" alt=\"\"><figcaption>",
        iso(page->article->published, text), text, f->share);
    demo_escape(page->out, bytes_of(page->article->cast.place));
    buf_add_cstr(page->out, " (archive)</figcaption></figure>\n<div itemprop=\"articleBody\">\n");
    for (size_t i = 0; body.len > 0; i++) {
        add_inline_promo(page, i);
        add_paragraphs(page->out, bytes_cut(&body, '\n'), "<p>", "</p>\n");
    }
    buf_printf(page->out,
        "</div>\n</article>\n<section class=\"comments\">%s</section>\n<section "
        "class=\"more\"><h2>%s</h2><ul>%s</ul>"
        "</section></main>\n<footer>%s<span class=\"counter\">%u %s</span></footer>\n<div "
        "class=\"gdpr\">%s</div>"
        "\n</body></html>\n",
        f->comments, f->related, buf_cstr(&page->related), f->footer, page->views, f->views,
        f->cookies);
}

/* A site that nobody has touched for twenty years: tables, font, line breaks, no metadata. */
static void write_table(struct page *page)
{
    const struct furniture *f = furniture_of(page);
    char text[CLOCK_TEXT];

    buf_printf(page->out,
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
        "charset=utf-8\"><title>%s: ",
        page->outlet->name);
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(page->out,
        "</title></head>\n<body bgcolor=\"#ffffff\">\n<table width=\"760\" border=\"0\"><tr><td "
        "colspan=\"2\"><font "
        "size=\"5\">%s</font><br><font size=\"1\">%s</font></td></tr>\n<tr><td width=\"140\" "
        "valign=\"top\">%s<hr>%s</td>"
        "\n<td valign=\"top\"><font size=\"4\"><b>",
        page->outlet->name, page->outlet->claim, f->nav, f->promo);
    demo_escape(page->out, buf_bytes(&page->story.headline));
    buf_printf(page->out, "</b></font><br>\n<font size=\"1\">%s ", f->by);
    demo_escape(page->out, buf_bytes(&page->story.author));
    buf_printf(page->out, " | %.10s</font><br><br>\n", iso(page->article->published, text));
    add_paragraphs(page->out, buf_bytes(&page->story.body), "", "<br><br>\n");
    buf_printf(page->out,
        "<hr><font size=\"1\">%u %s</font><br>%s\n<b>%s</b><ul>%s</ul></td></tr>\n<tr><td "
        "colspan=\"2\"><font "
        "size=\"1\">%s</font></td></tr></table>\n</body></html>\n",
        page->views, f->views, f->share, f->related, buf_cstr(&page->related), f->footer);
}

void demo_write_page(struct buf *out, const struct demo_world *world,
    const struct demo_article *article, int64_t now, unsigned views)
{
    static void (*const writers[])(struct page * page) = {
        [LAYOUT_BROADSHEET] = write_broadsheet,
        [LAYOUT_AGENCY] = write_agency,
        [LAYOUT_MODERN] = write_modern,
        [LAYOUT_TABLE] = write_table,
    };
    struct page page = {.out = out,
        .world = world,
        .article = article,
        .outlet = article->outlet,
        .now = now,
        .views = views};

    demo_story_write(article, now, &page.story);
    demo_origin(&page.url, world, article->outlet->host);
    buf_add(&page.url, buf_bytes(&page.story.path));
    collect_related(&page);
    writers[article->outlet->layout](&page);
    demo_story_done(&page.story);
    buf_done(&page.url);
    buf_done(&page.related);
}
