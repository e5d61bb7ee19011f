/* test_subscribers.c - what connections may subscribe to, and whose end it is when they go over. */
#include "unit/test.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deliver/subscribers.h"

struct pair {
    int ours, theirs;
};

static struct pair connection(void)
{
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    return (struct pair){fds[0], fds[1]};
}

static void end(struct pair pair)
{
    close(pair.ours);
    close(pair.theirs);
}

static bool is_cut(struct pair pair)
{
    char byte;

    return recv(pair.theirs, &byte, 1, MSG_DONTWAIT) == 0;
}

static void say(struct subscribers *s, struct pair pair, char what, int topic)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "%ctopic %d", what == 0 ? '0' : what, topic);

    text[0] = what;
    subscribers_note(s, pair.ours, (struct bytes){text, (size_t)len});
}

static void counts_each_topic_of_a_connection_once(void **state)
{
    struct subscribers s = {0};
    struct pair a = connection();
    struct pair b = connection();

    (void)state;
    say(&s, a, 1, 1);
    say(&s, a, 1, 1);
    say(&s, a, 1, 2);
    say(&s, b, 1, 1);
    assert_int_equal(s.topics, 3);
    say(&s, b, 0, 9);
    say(&s, b, 2, 1);
    subscribers_note(&s, b.ours, LIT(""));
    subscribers_note(&s, -1, LIT("\1x"));
    assert_int_equal(s.topics, 3);
    say(&s, b, 0, 1);
    say(&s, b, 0, 1);
    assert_int_equal(s.topics, 2);
    end(a);
    end(b);
    subscribers_prune(&s);
    assert_int_equal(s.topics, 0);
    subscribers_done(&s);
}

static void unsubscribing_from_nothing_hides_no_subscription(void **state)
{
    struct subscribers s = {0};
    struct pair greedy = connection();
    struct pair honest = connection();

    (void)state;
    say(&s, honest, 1, 0);
    for (int i = 0; i <= SUBSCRIBER_MOST; i++) {
        assert_false(is_cut(greedy));
        say(&s, greedy, 1, i);
        say(&s, greedy, 0, -1);
        say(&s, greedy, 'h', i);
    }
    assert_true(is_cut(greedy));
    assert_false(is_cut(honest));
    end(greedy);
    end(honest);
    subscribers_done(&s);
}

static void a_connection_that_only_makes_noise_is_ended(void **state)
{
    struct subscribers s = {0};
    struct pair loud = connection();

    (void)state;
    for (int i = 0; i <= SUBSCRIBER_NOISE; i++)
        say(&s, loud, 'x', 0);
    assert_true(is_cut(loud));
    end(loud);
    subscribers_done(&s);
}

static void many_that_are_greedy_together_do_not_keep_out_others(void **state)
{
    enum { GREEDY = SUBSCRIPTIONS_MOST / 1000 + 1 };
    struct subscribers s = {0};
    struct pair greedy[GREEDY];
    struct pair late = connection();
    size_t cut = 0;

    (void)state;
    for (int n = 0; n < GREEDY; n++) {
        greedy[n] = connection();
        for (int i = 0; i < 1000; i++)
            say(&s, greedy[n], 1, i);
    }
    say(&s, late, 1, 0);
    assert_false(is_cut(late));
    assert_true(s.topics <= SUBSCRIPTIONS_MOST);
    for (int n = 0; n < GREEDY; n++) {
        cut += is_cut(greedy[n]);
        end(greedy[n]);
    }
    assert_int_equal(cut, 2); /* by the last greedy one, and by the late one */
    end(late);
    subscribers_done(&s);
}

static void long_topics_count_by_their_bytes(void **state)
{
    enum {
        LEN = 250,
        FIT = SUBSCRIBER_BYTES / LEN,
        GREEDY = SUBSCRIPTIONS_BYTES / (FIT * LEN) + 1
    };
    struct subscribers s = {0};
    struct pair greedy[GREEDY];
    struct pair modest = connection();
    char topic[LEN + 1];

    (void)state;
    memset(topic, 'x', sizeof(topic));
    say(&s, modest, 1, 0);
    for (int n = 0; n < GREEDY; n++) {
        greedy[n] = connection();
        for (int i = 0; i < FIT; i++) {
            topic[0] = 1;
            memcpy(topic + 1, &i, sizeof(i));
            subscribers_note(&s, greedy[n].ours, (struct bytes){topic, sizeof(topic)});
            topic[0] = 0; /* and takes one back that it has: the count goes on */
            if (i == 0)
                subscribers_note(&s, greedy[n].ours, (struct bytes){topic, sizeof(topic)});
        }
        assert_false(n + 1 < GREEDY && is_cut(greedy[n]));
    }
    assert_true(s.bytes <= SUBSCRIPTIONS_BYTES);
    assert_int_equal(s.cut, 1);
    assert_false(is_cut(modest));
    for (int n = 0; n < GREEDY; n++)
        end(greedy[n]);
    end(modest);
    subscribers_prune(&s);
    assert_int_equal(s.bytes, 0);
    subscribers_done(&s);
}

static void a_later_connection_of_the_same_number_begins_anew(void **state)
{
    struct subscribers s = {0};
    struct pair first = connection();
    struct pair second;

    (void)state;
    for (int i = 0; i < 1500; i++)
        say(&s, first, 1, i);
    end(first);
    second = connection();
    assert_int_equal(first.ours, second.ours);
    say(&s, second, 1, 0);
    assert_int_equal(s.topics, 1);
    end(second);
    subscribers_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_topic_of_a_connection_once),
        cmocka_unit_test(unsubscribing_from_nothing_hides_no_subscription),
        cmocka_unit_test(a_connection_that_only_makes_noise_is_ended),
        cmocka_unit_test(many_that_are_greedy_together_do_not_keep_out_others),
        cmocka_unit_test(long_topics_count_by_their_bytes),
        cmocka_unit_test(a_later_connection_of_the_same_number_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
