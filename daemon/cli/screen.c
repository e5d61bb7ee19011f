/* screen.c - keys, signals and modes of a terminal that is taken for a while. */
#include "cli/screen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* Another screen, no cursor, no line goes on in the next; and back (xterm's control sequences). */
static const char take[] = "\033[?1049h\033[?25l\033[?7l";
static const char give_back[] = "\033[?7h\033[?25h\033[?1049l";

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};

enum { CAUGHT = sizeof(caught) / sizeof(caught[0]) };

static volatile sig_atomic_t ended_by, is_resized, is_to_stop;
static struct sigaction others[CAUGHT];

static void on_signal(int number)
{
    if (number == SIGTSTP)
        is_to_stop = 1;
    else if (number == SIGWINCH || number == SIGCONT)
        is_resized = 1;
    else
        ended_by = number;
}

static bool has_screen(void)
{
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && (term == NULL || strcmp(term, "dumb") != 0);
}

static void set_modes(struct screen *screen)
{
    struct termios now = screen->before;

    if (screen->has_keys) {
        now.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &now);
    }
    fputs(take, stdout);
}

/* What was typed ahead is not for whoever comes next. */
static void reset_modes(const struct screen *screen)
{
    fputs(give_back, stdout);
    fflush(stdout);
    if (screen->has_keys)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &screen->before);
}

void screen_take(struct screen *screen)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;

    if (!has_screen())
        return;
    screen->on = true;
    screen->is_read = true;
    sigemptyset(&blocked);
    for (size_t i = 0; i < CAUGHT; i++)
        sigaddset(&blocked, caught[i]);
    sigprocmask(SIG_BLOCK, &blocked, &screen->waiting);
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &action, &others[i]);
    screen->has_keys = tcgetattr(STDIN_FILENO, &screen->before) == 0;
    set_modes(screen);
}

void screen_give_back(struct screen *screen)
{
    if (!screen->on)
        return;
    screen->on = false;
    reset_modes(screen);
    sigprocmask(SIG_SETMASK, &screen->waiting, NULL); /* those that wait still come to us */
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &others[i], NULL);
    if (ended_by != 0 && ended_by != SIGINT)
        raise(ended_by);
}

/* As a shell's user has it of Ctrl-Z and `fg`. */
static void stop(struct screen *screen)
{
    is_to_stop = 0;
    reset_modes(screen);
    raise(SIGSTOP);
    is_resized = 0;
    set_modes(screen);
}

/* False: one that ends it. */
static bool take_key(struct screen *screen)
{
    char key = 0;

    if (read(STDIN_FILENO, &key, 1) <= 0)
        screen->is_read = false;
    return key != 'q' && key != 'Q';
}

enum screen_event screen_wait(struct screen *screen, int fd, int64_t until)
{
    struct pollfd fds[] = {{.fd = -1, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    int64_t left;

    while (ended_by == 0 && (left = until - clock_mono()) > 0) {
        const struct timespec span = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND * 1000};
        int ready;

        fds[0].fd = screen->on && screen->is_read ? STDIN_FILENO : -1;
        ready = ppoll(fds, 2, &span, screen->on ? &screen->waiting : NULL);
        if (ready < 0 && errno != EINTR)
            return SCREEN_END;
        if (is_to_stop) {
            stop(screen);
            return SCREEN_REDRAW;
        }
        if (is_resized) {
            is_resized = 0;
            set_modes(screen);
            return SCREEN_REDRAW;
        }
        if (ready > 0 && fds[0].revents != 0 && !take_key(screen))
            return SCREEN_END;
        if (ready > 0 && fds[1].revents != 0)
            return SCREEN_READY;
    }
    return ended_by != 0 ? SCREEN_END : SCREEN_TIME;
}
