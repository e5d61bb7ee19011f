/* pair.c - logistic regression, whose weights lie in weights.def, and two rules beside it. */
#include "pair.h"

#include <math.h>

const char *const pair_names[PAIR_FEATURE_COUNT] = {
#define FEATURE(name) [PAIR_##name] = #name,
    PAIR_FEATURES(FEATURE)
#undef FEATURE
};

/* Under folds over topics, in the mean of seven draws: F1 .985 without these rules, .987 with them,
 * natural copies .967 and .976, pairs of a series joined 2 and 0. A copy of other figures in a like
 * headline has more of the numbers; bots' reports share up to .73 of their runs, later versions
 * more; of three numbers that all differ .13 are shared, of one .22, which a toll may be. */
static const float series_title = .4F, series_numbers = .7F, series_runs = .8F;
static const float series_none = .3F, series_known = .25F;
static const float contained_words = .9F;
static const double contained_accept = .4;

/* A report of a series, or of a bot: the headline of one before with other figures in it, and
 * figures of its own in the text. */
static bool is_of_series(const struct pair *pair)
{
    const float *f = pair->at;

    if (f[PAIR_figures] <= 0 || f[PAIR_title] < series_title || f[PAIR_numbers] >= series_numbers)
        return false;
    return f[PAIR_weighted] < series_runs ||
           (f[PAIR_numbers] < series_none && f[PAIR_known] <= series_known);
}

double pair_judge(const struct pair *pair, double probability)
{
    if (is_of_series(pair))
        return 0;
    if (probability >= contained_accept && pair->at[PAIR_words] >= contained_words)
        return fmax(probability, PAIR_ACCEPT);
    return probability;
}

double pair_probability(const struct pair *pair)
{
    const float *f = pair->at;
    double sum = 0;

#define BIAS(weight) sum += (weight);
#define WEIGHT(name, weight) sum += (weight)*f[PAIR_##name];
#define BOTH(name, other, weight) sum += (weight)*f[PAIR_##name] * f[PAIR_##other];
#include "weights.def"
#undef BIAS
#undef WEIGHT
#undef BOTH
    return pair_judge(pair, 1 / (1 + exp(-sum)));
}
