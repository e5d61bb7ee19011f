/* demo_world.c - the outlets of the demo world, and how its stories spread among them. */
#include "cli/demo_world.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static const struct storyline *const lines[] = {&story_railway, &story_barrage, &story_cup,
    &story_deich, &story_dairy, &story_lake, &story_bell, &story_outage};

enum { LINES = sizeof(lines) / sizeof(lines[0]), EDIT_EVERY = 5, EDIT_AFTER = 10 };

const struct outlet demo_outlets[] = {
    {"meridian", "Meridian Wire", "News for newsrooms", "en", LAYOUT_AGENCY, true, false,
        {"Hanne Dorrit", "Yusuf Castell", "Greta Moll"}},
    {"chronicle", "The Ellary Chronicle", "Printed by the harbour since 1874", "en",
        LAYOUT_BROADSHEET, false, false, {"Rosalind Peake", "Owen Tarrant", "Mirela Voss"}},
    {"vesterland", "Vesterland Today", "All of the west, every hour", "en", LAYOUT_MODERN, false,
        false, {"Jonas Abelard", "Priya Raman", "Kit Sandoval"}},
    {"observer", "Tarn Valley Observer", "The valley, observed", "en", LAYOUT_TABLE, false, false,
        {"E. M. Grice", "Dorothy Bell", "Hugh Pascoe"}},
    {"kessel", "Kessel Post", "First with the ferry times", "en", LAYOUT_BROADSHEET, false, true,
        {"Nell Arkwright", "Sam Tolliver", "Bea Lundgren"}},
    {"brae", "Isle of Brae Times", "Weather, sheep and the world", "en", LAYOUT_TABLE, false, true,
        {"Catriona Muir", "Angus Pell", "Isla Forsyth"}},
    {"lantern", "The Lantern", "Long reads by lamplight", "en", LAYOUT_MODERN, false, false,
        {"Theo Marchetti", "Zadie Holm", "Ruth Anand"}},
    {"tollgate", "Old Tollgate Gazette", "Closing soon", "en", LAYOUT_AGENCY, false, true,
        {"The Editor", "Lem Cobb", "Ivy Stroud"}},
    {"kueste", "Küstenblatt", "Was an der Küste geschieht", "de", LAYOUT_BROADSHEET, false, false,
        {"Maike Thomsen", "Henning Folkerts", "Birte Ahlers"}},
    {"watt", "Watt-Bote", "Zweimal am Tag frisch", "de", LAYOUT_MODERN, false, false,
        {"Ole Carstens", "Nele Dirks", "Gesa Wilken"}},
    {0},
};

const struct demo_feed demo_feeds[] = {
    {"meridian", "/feeds/all.xml", "Meridian Wire", DEMO_RSS20, NULL, FATE_LIVES},
    {"meridian", "/feeds/sport.xml", "Meridian Wire - Sport", DEMO_RSS20, "Sport", FATE_LIVES},
    {"chronicle", "/rss", "The Ellary Chronicle", DEMO_RSS20, NULL, FATE_LIVES},
    {"chronicle", "/rss/politics", "The Ellary Chronicle - Politics", DEMO_RSS20, "Politics",
        FATE_LIVES},
    {"vesterland", "/atom.xml", "Vesterland Today", DEMO_ATOM, NULL, FATE_LIVES},
    {"vesterland", "/business/atom.xml", "Vesterland Today: Business", DEMO_ATOM, "Business",
        FATE_LIVES},
    {"observer", "/backend/092.xml", "Tarn Valley Observer", DEMO_RSS092, NULL, FATE_LIVES},
    {"kessel", "/index.rdf", "Kessel Post", DEMO_RDF, NULL, FATE_LIVES},
    {"brae", "/feed/", "Isle of Brae Times", DEMO_ATOM, NULL, FATE_LIVES},
    {"lantern", "/feed.json", "The Lantern", DEMO_JSON, NULL, FATE_LIVES},
    {"lantern", "/science/feed.json", "The Lantern: Science", DEMO_JSON, "Science", FATE_LIVES},
    {"tollgate", "/news.rss", "Old Tollgate Gazette", DEMO_RSS092, NULL, FATE_DIES},
    {"kueste", "/rss.xml", "Küstenblatt", DEMO_RSS20, NULL, FATE_LIVES},
    {"watt", "/feed.rdf", "Watt-Bote", DEMO_RDF, NULL, FATE_FALTERS},
    {0},
};

const struct outlet *demo_outlet_find(const char *host)
{
    for (const struct outlet *outlet = demo_outlets; outlet->host != NULL; outlet++) {
        if (strcmp(outlet->host, host) == 0)
            return outlet;
    }
    return NULL;
}

static void begin_story(struct demo_world *world, struct running_story *story)
{
    *story = (struct running_story){.line = lines[(world->told + world->seed) % LINES]};
    cast_choose(&story->cast, story->line, demo_mix(world->seed, ++world->told));
    story->number = world->told;
}

/* The outlets that may tell this story next: the agency first, then those of its language. */
static const struct outlet *choose_outlet(
    struct demo_world *world, const struct running_story *story)
{
    const struct outlet *open[16];
    size_t count = 0;

    for (size_t i = 0; demo_outlets[i].host != NULL; i++) {
        const struct outlet *outlet = &demo_outlets[i];

        if (strcmp(outlet->language, story->line->language) != 0 ||
            (story->covered & (1U << i)) != 0)
            continue;
        if (outlet->wire)
            return outlet;
        open[count++] = outlet;
    }
    return count == 0 ? NULL : open[demo_random(&world->random) % count];
}

/* A development is told out when half of the outlets have had it or nobody is left. */
static bool is_told_out(struct demo_world *world, const struct running_story *story)
{
    return choose_outlet(world, story) == NULL ||
           (__builtin_popcount(story->covered) >= 3 && demo_random(&world->random) % 3 == 0);
}

static void tell(struct demo_world *world, struct running_story *story, int64_t when)
{
    const struct outlet *outlet = choose_outlet(world, story);
    struct demo_article *article = &world->articles[++world->count % DEMO_KEPT];

    *article = (struct demo_article){.id = world->count,
        .outlet = outlet,
        .story = story->number,
        .line = story->line,
        .development = story->development,
        .cast = story->cast,
        .published = when,
        .seed = demo_mix(world->seed ^ 0x6e657773, world->count)};
    story->covered |= 1U << (outlet - demo_outlets);
    if (outlet->wire) {
        story->original = article->id;
        story->original_seed = article->seed;
    } else if (outlet->reprints && story->original != 0) {
        article->reprint_of = story->original;
        article->seed = story->original_seed;
    } else if (world->count % EDIT_EVERY == 0) {
        article->edited =
            when + (int64_t)(EDIT_AFTER + demo_random(&world->random) % EDIT_AFTER) * SECOND;
    }
    if (!is_told_out(world, story))
        return;
    story->covered = 0;
    story->original = 0;
    if (++story->development == STORY_DEVELOPMENTS)
        begin_story(world, story);
}

void demo_world_init(
    struct demo_world *world, uint64_t seed, int64_t start, int64_t interval, int port)
{
    *world = (struct demo_world){.seed = seed,
        .random = demo_mix(seed, 1),
        .start = start,
        .interval = interval,
        .port = port};
    world->articles = calloc(DEMO_KEPT, sizeof(*world->articles));
    if (world->articles == NULL)
        abort();
    for (size_t i = 0; i < DEMO_RUNNING; i++)
        begin_story(world, &world->running[i]);
    for (int i = DEMO_BACKLOG; i > 0; i--)
        tell(world, &world->running[demo_random(&world->random) % DEMO_RUNNING],
            start - (int64_t)i * 7 * 60 * SECOND);
    world->next = start + interval;
}

void demo_world_done(struct demo_world *world)
{
    free(world->articles);
}

void demo_world_advance(struct demo_world *world, int64_t now)
{
    /* After a long sleep of the machine the world goes on from here. */
    if (now - world->next > DEMO_KEPT / 2 * world->interval)
        world->next = now - DEMO_KEPT / 2 * world->interval;
    for (; world->next <= now; world->next += world->interval)
        tell(world, &world->running[demo_random(&world->random) % DEMO_RUNNING], world->next);
}

const struct demo_article *demo_world_find(const struct demo_world *world, uint32_t id)
{
    const struct demo_article *article = &world->articles[id % DEMO_KEPT];

    return id > 0 && article->id == id ? article : NULL;
}

size_t demo_world_feed(const struct demo_world *world, const struct demo_feed *feed,
    const struct demo_article **ret_articles, size_t room)
{
    size_t count = 0;

    for (uint32_t id = world->count; id > 0 && count < room; id--) {
        const struct demo_article *article = demo_world_find(world, id);

        if (article == NULL)
            break;
        if (strcmp(article->outlet->host, feed->host) == 0 &&
            (feed->section == NULL || strcmp(feed->section, article->line->section) == 0))
            ret_articles[count++] = article;
    }
    return count;
}
