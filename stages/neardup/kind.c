/* kind.c - rules of a few thresholds: the splits of a decision tree of depth four on the pairs of
 * the stream bench, rounded (.80 of the kinds right there). */
#include "kind.h"

#include "text/words.h"

#define REWRITE_RUNS .56F  /* fewer of the shorter one's runs of words shared: not copied */
#define FIGURES .71F       /* fewer of its numbers: they have moved on */
#define FIGURES_KNOWN .23F /* as long as it has at least four */
#define GROWN 1.15         /* words of the new one, of the old one's */

enum { TITLE_WORDS = 4 /* of a headline's first words */ };

/* What desks write before the headline of a later version, folded: "UPDATE 2-", "CORRECTED:". */
static const char *const marks[] = {"update", "updated", "corrected", "correction", "refile",
    "wrapup", "aktualisiert", "korrektur", "korrigiert", "actualiza", "actualización", "corrección",
    "mise", "rectificatif", "actualisé", "aggiornamento", "aggiornato", "rettifica", "atualização",
    "correção", "bijgewerkt", "rectificatie", "aktualizacja", "oprava", "uppdaterad", "rättelse",
    "обновление", "исправлено", "更新", "更正"};

static bool begins_with_mark(struct bytes title)
{
    struct words marked = {.at = (struct word[TITLE_WORDS + 1]){{0}}};
    struct words words = {.at = (struct word[TITLE_WORDS + 1]){{0}}};

    words_read_into(title, TITLE_WORDS, &words);
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t same = 0;

        words_read_into(bytes_of(marks[i]), TITLE_WORDS, &marked);
        while (same < marked.count && same < words.count &&
               words.at[same].hash == marked.at[same].hash)
            same++;
        if (same == marked.count)
            return true;
    }
    return false;
}

const char *kind_of(const struct candidate *candidate, const struct sketch *new, struct bytes title)
{
    const float *f = candidate->pair.at;

    if (candidate->equal)
        return "exact";
    if (begins_with_mark(title))
        return "update";
    if (f[PAIR_shared] < REWRITE_RUNS)
        return "rewrite";
    if (f[PAIR_numbers] < FIGURES && f[PAIR_known] < FIGURES_KNOWN)
        return "update";
    return (double)new->words > GROWN * candidate->words ? "update" : "reprint";
}
