/* intake.h - what connections send: bounds that libzmq has not. */
#ifndef WIREROOM_DELIVER_INTAKE_H
#define WIREROOM_DELIVER_INTAKE_H

enum {
    INTAKE_OPEN = 64 << 10, /* of a message that has begun: one to us has 21 KB at most */
    INTAKE_KEPT = 64,       /* bytes that libzmq keeps of a frame beside its own (zmq_msg_t) */
    /* With keys nobody sees where a message ends, so what was not handed to us is bounded: 100
     * messages that wait (ZMQ_RCVHWM), and what was read at once. */
    INTAKE_UNSEEN = 256 << 10,
    INTAKE_BEATS = 256, /* bytes a second of it that are heartbeats', which nobody is handed */
};

/* Connections have numbers below most. Before there are any. */
void intake_guard(int most);

/* From accept4(): a connection begins, on the thread that reads it. */
void intake_begin(int fd);

/* A whole message of a connection was handed to us. Any thread; -1 is allowed. */
void intake_heard(int fd);

#endif
