/* pair.c - logistic regression; the weights lie in weights.def. */
#include "pair.h"

#include <math.h>

const char *const pair_names[PAIR_FEATURE_COUNT] = {
#define FEATURE(name) [PAIR_##name] = #name,
    PAIR_FEATURES(FEATURE)
#undef FEATURE
};

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
    return 1 / (1 + exp(-sum));
}
