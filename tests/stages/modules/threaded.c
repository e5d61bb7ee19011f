/* threaded.c - a stage whose open() starts a thread, which opens a file once a title says so. */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "wireroom/stage.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool told, answered;

static void *help(void *unused)
{
    int fd;

    (void)unused;
    pthread_mutex_lock(&mutex);
    while (!told)
        pthread_cond_wait(&changed, &mutex);
    fd = open("/etc/passwd", O_RDONLY);
    close(fd);
    answered = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static int open_threaded(void *self)
{
    pthread_t thread;

    (void)self;
    return pthread_create(&thread, NULL, help, NULL) == 0 ? 0 : -1;
}

static int process(void *self, wr_record *rec, const wr_event *event)
{
    wr_str title = wr_get(rec, WR_TITLE);

    (void)self;
    (void)event;
    if (memmem(title.ptr, title.len, "thread", 6) == NULL)
        return WR_NEXT;
    pthread_mutex_lock(&mutex);
    told = true;
    pthread_cond_signal(&changed);
    while (!answered)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return WR_NEXT;
}

const wr_stage wireroom_stage = {
    .abi = WR_STAGE_ABI,
    .size = sizeof(wr_stage),
    .name = "threaded",
    .version = "1.0",
    .open = open_threaded,
    .process = process,
};
