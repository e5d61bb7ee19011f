/* wall.c - by which words, scripts and addresses a page that stands in front of an article is
 * known.
 *
 * The words are those of the pages that large services put there, in the languages they are put in;
 * they are looked for in the title, the headline and the first lines. */
#include "wall.h"

#include "cue/cue.h"
#include "field/fields.h"

enum {
    WALL_LINES = 40, /* walls are short */
    WALL_TEXT =
        1500, /* characters in good lines: a notice of consent has some 600, an article more */
    WALL_NOTICE = 400, /* characters: hardly an article */
    FOLDED = 600,
    CONSENT_WORDS =
        3, /* different ones; an article on a new law has them, too, but a headline as well */
};

static const char *const check_titles[] = {"just a moment", "attention required",
    "one moment, please", "nur einen moment", "einen moment", "un instant", "un momento",
    "um momento", "een moment", "jeszcze chwil", "chwileczk", "bir dakika l", "один момент",
    "подождите", "请稍候", "請稍候", "しばらくお待ちください", "잠시만 기다리", "access denied",
    "access to this page has been denied", "pardon our interruption", "request unsuccessful",
    "security check", "bot verification", "human verification", "robot check", "are you a robot",
    "are you human", "ddos-guard", "checking your browser", "please wait", "captcha",
    "zugriff verweigert", "sicherheitsüberprüfung", "accès refusé", "vérification de sécurité",
    "acceso denegado", "accesso negato", "доступ ограничен", "проверка браузера", "安全验证",
    "人机验证", "访问验证", NULL};

static const char *const check_lines[] = {"verifying you are human", "verify you are human",
    "verify that you are human", "verify you are a human", "confirm you are human",
    "confirm that you are human", "you are not a robot", "you're not a robot",
    "review the security of your connection", "checking your browser before",
    "checking if the site connection is secure", "enable javascript and cookies to continue",
    "please enable cookies", "unusual traffic from your", "complete the security check",
    "why have i been blocked", "performing security verification", "dass sie ein mensch sind",
    "sie kein roboter sind", "que vous êtes humain", "pas un robot", "que eres humano",
    "no eres un robot", "no soy un robot", "sei umano", "non sei un robot", "u een mens bent",
    "geen robot bent", "jesteś człowiekiem", "что вы человек", "вы не робот", "您是真人",
    "不是机器人", "私はロボットではありません", "ロボットではない", NULL};

static const char *const check_scripts[] = {"/cdn-cgi/challenge-platform/",
    "challenges.cloudflare.com", "captcha-delivery.com", "/_incapsula_resource", "px-captcha",
    "/px/captcha", "awswaf.com", "ddos-guard.net", "/akam-challenge", "geo.captcha",
    "perimeterx.net", NULL};

static const char *const consent_words[] = {"consent", "cookie", "partners", "vendors",
    "personal data", "personalised ads", "personalized ads", "privacy", "your preferences",
    "legitimate interest", "einwillig", "zustimm", "datenschutz", "partner", "personenbezogen",
    "berechtigtes interesse", "consentement", "données personnelles", "confidentialité",
    "partenaires", "consentimiento", "datos personales", "privacidad", "consenso", "dati personali",
    "informativa", "toestemming", "persoonsgegevens", "samtycke", "personuppgifter", "samtykke",
    "zgod", "dane osobowe", "согласие", "персональны", "同意", "プライバシー", NULL};

static const char *const consent_places[] = {"//consent.", "/consent", "collectconsent",
    "privacygate", "privacy-gate", "privacywall", "cookiewall", "cookie-wall", "cookie-consent",
    "//guce.", "//myprivacy.", "//cmp.", NULL};

static const char *const login_places[] = {"/login", "/log-in", "/signin", "/sign-in", "//login.",
    "//signin.", "//sso.", "//auth.", "//account.", "//accounts.", "//id.", "/sso/", "/oauth",
    "/anmelden", "/connexion", "/iniciar-sesion", "/register?", "/subscribe?", NULL};

static const char *const login_titles[] = {"log in", "login", "sign in", "anmelden", "einloggen",
    "connexion", "se connecter", "iniciar sesión", "accedi", "inloggen", "logga in", "logg inn",
    "log ind", "zaloguj", "войти", "вход", "登录", "ログイン", NULL};

/* What a server shows for a page it does not have, and says 200. */
static const char *const error_titles[] = {"400 ", "403", "404", "410 ", "451", "500 ", "502",
    "503", "error 40", "error 50", "fehler 404", "erreur 404", "page not found", "not found",
    "page introuvable", "seite nicht gefunden", "seite wurde nicht gefunden",
    "página no encontrada", "página não encontrada", "pagina non trovata", "pagina niet gevonden",
    "sidan hittades inte", "siden blev ikke fundet", "nie znaleziono strony", "stránka nenalezena",
    "sayfa bulunamadı", "страница не найдена", "сторінку не знайдено", "ページが見つかりません",
    "找不到", "页面不存在", "unavailable for legal reasons", "unavailable due to legal",
    "service unavailable", "internal server error", "bad gateway", NULL};

static struct bytes fold(struct bytes text, char out[FOLDED])
{
    return (struct bytes){out, fold_case(said_cut(text, FOLDED), out, FOLDED)};
}

static int words_in(struct bytes folded, const char *const *words)
{
    int count = 0;

    for (; *words != NULL; words++)
        count += bytes_find(folded, bytes_of(*words)) != SIZE_MAX;
    return count;
}

static bool begins(struct bytes folded, const char *const *words)
{
    for (; *words != NULL; words++)
        if (bytes_starts(folded, bytes_of(*words)))
            return true;
    return false;
}

static bool is_titled(const struct page *page, const char *const *words)
{
    char title[FOLDED];
    char shown[FOLDED];

    return begins(fold(page->said->document_title, title), words) ||
           begins(fold(page->title_text, shown), words);
}

/* Where a page came from says what it is, and the article's address does not say it as well. */
static bool leads_to(struct bytes from, struct bytes to, const char *const *places)
{
    char entry[FOLDED];
    char final[FOLDED];

    return words_in(fold(to, final), places) > 0 && words_in(fold(from, entry), places) == 0;
}

static bool has_check_script(const struct page *page)
{
    const struct tree *tree = page->tree;
    char source[FOLDED];

    for (uint32_t i = 0; i < tree->count; i++)
        if ((tree->nodes[i].tag == TAG_SCRIPT || tree->nodes[i].tag == TAG_IFRAME) &&
            words_in(fold(tree_attr(tree, i, ATTR_SRC), source), check_scripts) > 0)
            return true;
    return false;
}

static bool is_check(const struct page *page)
{
    char folded[FOLDED];

    for (uint32_t i = 0; i < page->line_count && i < WALL_LINES; i++)
        if (words_in(fold(page->lines[i].text, folded), check_lines) > 0)
            return true;
    return is_titled(page, check_titles) &&
           (page->line_count < WALL_LINES || has_check_script(page));
}

/* Most of what stands there speaks of it. */
static bool speaks_of_consent(const struct page *page)
{
    bool found[sizeof(consent_words) / sizeof(consent_words[0])] = {false};
    uint32_t about = 0;
    uint32_t all = 0;
    int different = 0;
    char folded[FOLDED];

    for (uint32_t i = 0; i < page->line_count && i < WALL_LINES; i++) {
        struct bytes line = fold(page->lines[i].text, folded);
        bool is_about = false;

        for (size_t w = 0; consent_words[w] != NULL; w++)
            if (bytes_find(line, bytes_of(consent_words[w])) != SIZE_MAX)
                is_about = found[w] = true;
        all += page->lines[i].n.chars;
        about += is_about ? page->lines[i].n.chars : 0;
    }
    for (size_t w = 0; consent_words[w] != NULL; w++)
        different += found[w];
    return different >= CONSENT_WORDS && about * 2 > all;
}

/* The path of an address, without what is asked for. */
static struct bytes path_of(struct bytes url)
{
    size_t host = bytes_find(url, LIT("://"));
    struct bytes rest = bytes_from(url, host == SIZE_MAX ? url.len : host + 3);
    size_t slash = bytes_find_byte(rest, '/');
    struct bytes path = bytes_from(rest, slash == SIZE_MAX ? rest.len : slash);

    return bytes_cut(&(struct bytes){path.ptr, path.len}, '?');
}

/* "/", "/en/", "/index.html": where a site sends those whose article it does not have. */
static bool is_front(struct bytes path)
{
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path.len <= 3 || bytes_starts(path, LIT("/index.")) || bytes_is(path, "/home");
}

static bool is_home(struct bytes from, struct bytes to)
{
    return to.len > 0 && from.len > 0 && is_front(path_of(to)) && !is_front(path_of(from));
}

/* Other entries were led to the same page; the same bytes at an address of its own say less. */
static bool is_shared(
    struct bytes from, const struct page *page, const wr_record *rec, uint32_t kept)
{
    bool was_led = !bytes_equal(path_of(from), path_of(page->url));

    return wr_get(rec, WR_PAGE_SHARED).len > 0 && (was_led || kept < WALL_NOTICE);
}

/* Whether the page says that it is an article, or of which day. */
static bool is_said_to_be_one(const struct page *page)
{
    return page->said->is_article || page->said->published.count > 0;
}

/* A headline on one is a number with words behind, not "404 days at sea". */
static bool is_error(const struct page *page, uint32_t kept)
{
    return kept < WALL_NOTICE && !is_said_to_be_one(page) && is_titled(page, error_titles);
}

enum page_kind wall_kind(const struct page *page, const wr_record *rec, uint32_t kept)
{
    struct bytes title = borrow(wr_get(rec, WR_FEED_TITLE));
    struct bytes from = borrow(wr_get(rec, WR_URL));

    if (page->site != NULL || (title.len > 0 && title_is(page, title)))
        return PAGE_ARTICLE;
    if (title.len > 0 && is_home(from, page->url))
        return PAGE_INDEX;
    if (kept > WALL_TEXT)
        return PAGE_ARTICLE;
    if (is_check(page))
        return PAGE_CHECK;
    if (is_error(page, kept))
        return PAGE_ERROR;
    if (title.len == 0)
        return !is_said_to_be_one(page) && speaks_of_consent(page) ? PAGE_CONSENT : PAGE_ARTICLE;
    if (leads_to(from, page->url, consent_places) || speaks_of_consent(page))
        return PAGE_CONSENT;
    if (leads_to(from, page->url, login_places) ||
        (is_titled(page, login_titles) && page->line_count < WALL_LINES))
        return PAGE_LOGIN;
    return is_shared(from, page, rec, kept) ? PAGE_INDEX : PAGE_ARTICLE;
}
