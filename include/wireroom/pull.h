/* pull.h - the protocol of the pull socket: replay, and consumers that the daemon knows by name.
 *
 * A client is a ZMQ_DEALER that connects to listen.pull. Each message is frames of text:
 * PULL_VERSION, a command, its arguments. Sequences and counts are decimal digits. An argument that
 * may be left empty is there all the same.
 *
 *   HELLO name filter start   From now on the client reads under that name, and whoever did
 *                             before gets ERR fenced.
 *       name      1 to 64 letters, digits, '.', '_', '-'
 *       filter    prefixes of topics with spaces between them, as a SUB socket subscribes;
 *                 empty: what it was, at first all
 *       start     where a name that is new begins: "now" (or empty), "first", "last", "seq N",
 *                 "time T" (RFC 3339); one that is known goes on behind what it acknowledged.
 *                 "again EPOCH", of one that had the name in that epoch: it gets ERR fenced or
 *                 ERR lost when the name was taken or removed meanwhile; in another log a name
 *                 that is new begins with the first event. Such a client keeps its routing id
 *                 when it connects again, or it would find itself. So it must know when it does
 *                 (ZMQ_RECONNECT_IVL -1: a socket is one connection), and pass over what comes
 *                 before WELCOME or LOG: that may be meant for the connection before, of which
 *                 something was lost.
 *       WELCOME epoch first head ack
 *                 first and head: the oldest and the newest event of the log. The epoch is
 *                 another one when the log was lost or taken from a copy: sequences of before
 *                 mean nothing.
 *   CREDIT records bytes      May be sent more, beside what it may already (at most
 *                             PULL_RECORDS and PULL_BYTES). Nothing is sent without credit of
 *                             both.
 *       REC sequence topic event
 *                 The event as JSON; sequences rise.
 *   ACK sequence              Done with all up to there.
 *       ACKED sequence
 *                 That is on the disk: nothing up to there is sent again, to anybody of that
 *                 name. One answer may stand for several ACK.
 *   RANGE from to filter      Without HELLO: the events from one to the other, both included,
 *                             against credit. Each is a sequence; an event's id, whose epoch
 *                             has to be the log's; or a time (RFC 3339), which means the events
 *                             since then, and as to those before it. to may be empty: up to the
 *                             newest of now.
 *       LOG epoch first head, REC ..., END sequence
 *                 The last that was looked at.
 *   CHECK filter sequence     How many events behind sequence are wanted by the filter?
 *       COUNT n more
 *                 more is 1 when there are further events that were not looked at.
 *   STAT                      STATE ack sent head records bytes: the last two are the credit
 *                             that is left.
 *   PING                      PONG head. A client of which nothing is heard for PULL_SILENCE
 *                             seconds is forgotten; what it acknowledged stays.
 *   BYE                       The client is forgotten.
 *
 *   ERR code text ...         What is wrong, by its code:
 *       trimmed text from to  These sequences are not in the log any more; reading goes on behind
 *                             them. The only one that does not end what it speaks of.
 *       fenced text           Another client has the name, or an operator set it back: HELLO again.
 *       lost text             The consumer was removed.
 *       epoch text            The log is another one than an id of RANGE was of.
 *       busy text             It reads already, or there are too many clients or names.
 *       unknown text          Nothing is known of this client: it was silent for too long, its
 *                             connection broke, or the daemon has started again. HELLO or RANGE
 *                             comes first.
 *       bad text              A command that is not understood, or not allowed here. */
#ifndef WIREROOM_PULL_H
#define WIREROOM_PULL_H

#define PULL_VERSION "WR1"

#define PULL_RECORDS 100000
#define PULL_BYTES (64L << 20)
#define PULL_SILENCE 10

#endif
