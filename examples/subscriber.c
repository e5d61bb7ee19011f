/* subscriber.c - prints what is published: subscriber [ENDPOINT]
 *
 * cc -o subscriber subscriber.c -lzmq */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { TOPICS = 256, TOPIC_ROOM = 129, DIGITS = 20 };

struct last {
    char topic[TOPIC_ROOM];
    char sequence[DIGITS + 1];
};

/* Copy the 20 digits behind a key. The envelope comes before data, and inside a JSON string a quote
 * is never bare, so the first "key":" is the event's own. */
static int get_digits(const char *body, const char *key, char ret_digits[DIGITS + 1])
{
    const char *at = strstr(body, key);

    if (at == NULL || strlen(at + strlen(key)) < DIGITS)
        return -1;
    memcpy(ret_digits, at + strlen(key), DIGITS);
    ret_digits[DIGITS] = '\0';
    return 0;
}

/* The place of a topic among those seen, a free one for a new topic. */
static struct last *find_topic(struct last *seen, const char *topic)
{
    for (int i = 0; i < TOPICS; i++) {
        if (seen[i].topic[0] == '\0')
            snprintf(seen[i].topic, TOPIC_ROOM, "%s", topic);
        if (strcmp(seen[i].topic, topic) == 0)
            return &seen[i];
    }
    return NULL;
}

static void on_event(struct last *seen, const char *topic, const char *body)
{
    struct last *last = find_topic(seen, topic);
    char sequence[DIGITS + 1], before[DIGITS + 1];
    const char *headline = strstr(body, "\"headline\":\"");

    if (last == NULL || get_digits(body, "\"sequence\":\"", sequence) != 0 ||
        get_digits(body, "\"prevsequence\":\"", before) != 0)
        return;
    if (last->sequence[0] != '\0' && strcmp(last->sequence, before) != 0)
        printf(
            "gap: read on with wireroom tail --since %llu\n", strtoull(last->sequence, NULL, 10));
    strcpy(last->sequence, sequence);
    if (headline != NULL) /* up to the first quote; a JSON library would undo the escapes, too */
        printf("%.*s\n", (int)strcspn(headline + 12, "\""), headline + 12);
    fflush(stdout);
}

/* One frame as text that the caller frees; NULL when the context has ended. */
static char *receive(void *socket)
{
    zmq_msg_t frame;
    char *text = NULL;

    zmq_msg_init(&frame);
    if (zmq_msg_recv(&frame, socket, 0) >= 0)
        text = strndup(zmq_msg_data(&frame), zmq_msg_size(&frame));
    zmq_msg_close(&frame);
    return text;
}

int main(int argc, char **argv)
{
    static struct last seen[TOPICS];
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_SUB);

    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "all/article.", strlen("all/article."));
    if (zmq_connect(socket, argc > 1 ? argv[1] : "ipc:///run/wireroom/pub.sock") != 0) {
        perror("connect");
        return 1;
    }
    for (;;) {
        char *topic = receive(socket);
        char *body = receive(socket);

        if (topic == NULL || body == NULL)
            return 1;
        on_event(seen, topic, body);
        free(topic);
        free(body);
    }
}
