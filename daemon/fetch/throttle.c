/* throttle.c - how long a host is left alone, and how far apart its requests are, after what it has
 * answered.
 *
 * The pace is measured, not guessed: between two refusals a host granted so many requests in such a
 * time. From there it is probed for more, a sixteenth shorter with each good answer, down to what
 * was refused last; that is tried again after STEADY good answers. */
#include "fetch/throttle.h"

#include "base/clock.h"

enum { STEADY = 30 };

/* A host is remembered for so long after the last refusal, in seconds: feeds are asked minutes to
 * hours apart, pages of one document at once. */
enum { REMEMBER_POLLS = 3600, REMEMBER_PAGES = 600 };

static int64_t seconds(int64_t count)
{
    return count * SECOND;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void remember(struct throttle *t, int64_t now)
{
    t->remembered_until = (t->held_until > now ? t->held_until : now) +
                          seconds(t->pages ? REMEMBER_PAGES : REMEMBER_POLLS);
}

static void add_witness(struct throttle *t, uint64_t witness)
{
    for (int i = 0; i < t->count; i++) {
        if (t->witnesses[i] != witness)
            continue;
        if (i >= t->count - t->row)
            return; /* has been heard in this row */
        for (; i + 1 < t->count; i++)
            t->witnesses[i] = t->witnesses[i + 1];
        t->count--;
    }
    if (t->count == THROTTLE_MANY)
        for (int i = 0; i + 1 < THROTTLE_MANY; i++)
            t->witnesses[i] = t->witnesses[i + 1];
    else
        t->count++;
    t->witnesses[t->count - 1] = witness;
    t->row += t->row < THROTTLE_MANY;
}

/* A limit over the whole host strikes those that were well as it does others. */
static bool is_limit(const struct throttle *t, bool was_well)
{
    return t->row >= THROTTLE_FEW || (was_well && t->count >= THROTTLE_FEW);
}

bool throttle_refused(
    struct throttle *t, uint64_t witness, bool was_well, int64_t retry_after, int64_t now)
{
    int64_t wait, most;

    t->hangs = 0;
    t->answered_at = now;
    if (t->run_at == 0)
        t->run_at = now;
    if (retry_after > 0 && (t->row == 0 || t->said == 0 || retry_after < t->said))
        t->said = retry_after;
    t->steady = 0;
    add_witness(t, witness);
    remember(t, now);
    if (!is_limit(t, was_well))
        return false;
    t->limited = true;
    t->refusing = true;
    t->floor = t->pace + t->pace / 16;
    wait = clamp(t->pace, SECOND, seconds(PACE_MOST)) << t->row;
    if (t->said > 0)
        wait = t->said;
    t->wait_until = now + clamp(wait, 0, seconds(WAIT_IN_LINE));
    if (t->row < THROTTLE_FEW || t->said <= seconds(WAIT_IN_LINE))
        return false;
    most = seconds(t->row >= THROTTLE_MANY && !t->pages ? HOLD_MANY : HOLD_FEW);
    t->held_until = now + clamp(t->said, 0, most);
    remember(t, now);
    return true;
}

/* A host that wanted to be left alone for long, and had granted next to nothing before, said so for
 * another reason: that is over. */
static bool is_other_reason(const struct throttle *t)
{
    return t->refusing && t->held_until > 0 && t->granted < THROTTLE_FEW;
}

static void pace_learn(struct throttle *t, int64_t spacing, int64_t now)
{
    if (is_other_reason(t)) {
        t->limited = t->pace > spacing;
        t->refusing = false;
        t->granted = 0;
        t->run_at = now;
        return;
    }
    if (t->refusing) {
        t->pace = clamp(
            (now - t->run_at) / (t->granted < 1 ? 1 : t->granted), spacing, seconds(PACE_MOST));
        t->refusing = false;
        t->granted = 0;
        t->run_at = now;
        return;
    }
    if (t->steady % STEADY == 0)
        t->floor -= t->floor / 8;
    t->pace -= t->pace / 16;
    if (t->pace < t->floor)
        t->pace = t->floor;
    if (t->pace <= spacing)
        t->limited = false;
}

void throttle_answered(struct throttle *t, int64_t spacing, int64_t now)
{
    t->hangs = 0;
    t->answered_at = now;
    t->row = 0;
    t->said = 0;
    if (t->run_at == 0)
        t->run_at = now;
    if (++t->steady >= STEADY && !t->limited)
        t->count = 0;
    if (t->limited) {
        pace_learn(t, spacing, now);
        remember(t, now);
    }
    if (!t->limited)
        t->pace = t->floor = 0;
    t->held_until = 0;
    t->granted++;
}

/* What was under way when there was an answer, or when the host was held, says no more than that.
 * Each address is heard once, until the host is one that hangs. */
static bool is_new_hang(const struct throttle *t, uint64_t witness, int64_t begun)
{
    if ((t->answered_at != 0 && t->answered_at >= begun) || (t->hung_at != 0 && t->hung_at > begun))
        return false;
    for (int i = 0; i < t->hangs && t->hangs < HANG_ROW; i++)
        if (t->hung[i] == witness)
            return false;
    return true;
}

bool throttle_hung(struct throttle *t, uint64_t witness, int64_t begun, int64_t now)
{
    int64_t hold;

    if (!is_new_hang(t, witness, begun))
        return false;
    if (t->hangs < HANG_ROW)
        t->hung[t->hangs] = witness;
    t->hangs++;
    remember(t, now);
    if (t->hangs < HANG_ROW)
        return false;
    hold = seconds(HANG_FIRST) << clamp(t->hangs - HANG_ROW, 0, 8);
    t->hung_at = now;
    t->held_until = now + clamp(hold, 0, seconds(HANG_MOST));
    remember(t, now);
    return true;
}
