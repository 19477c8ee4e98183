// SPDX-License-Identifier: MIT
#include "fake_fds.h"

#include "../../src/memory.h"
#include "gevent/hub_internal.h"

typedef struct fake {
    unsigned ready;
    loop_watch_t *watch;
    void *handle; // so that to open a watch can fail
} fake_t;

static fake_t fakes[FAKE_FDS];

static fake_t *fake_of(int fd) {
    return fd >= 0 && fd < FAKE_FDS ? &fakes[fd] : NULL;
}

static int probe(int fd, unsigned events) {
    const fake_t *fake = fake_of(fd);
    return fake ? (int)(fake->ready & events) : GREENLET_EBADF;
}

static int open_watch(loop_watch_t *watch) {
    fake_t *fake = fake_of(watch->fd);
    fake->handle = memory_alloc(1);
    if (!fake->handle) return GREENLET_ENOMEM;
    fake->watch = watch;
    return GREENLET_OK;
}

static void arm_watch(loop_watch_t *watch, unsigned events) {
    watch->events = events;
}

static void close_watch(loop_watch_t *watch) {
    fake_t *fake = fake_of(watch->fd);
    memory_free(fake->handle);
    *fake = (fake_t){0};
}

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};
static loop_t loop;

void fake_fds_begin(void) {
    loop = loop_virtual;
    loop.fds = &fds;
    hub_get()->loop = &loop;
}

void fake_fds_end(void) {
    for (int fd = 0; fd < FAKE_FDS; fd++) {
        gevent_fd_closed(fd);
        fakes[fd].ready = 0;
    }
    hub_get()->loop = &loop_virtual;
}

void fake_fds_set(int fd, unsigned events) {
    fake_t *fake = fake_of(fd);
    fake->ready = events;
    unsigned told = fake->watch ? fake->watch->events & events : 0;
    if (told) fake->watch->ready(fake->watch, told);
}

unsigned fake_fds_armed(int fd) {
    const fake_t *fake = fake_of(fd);
    return fake->watch ? fake->watch->events : 0;
}

int fake_fds_open(void) {
    int count = 0;
    for (int fd = 0; fd < FAKE_FDS; fd++) count += fakes[fd].watch != NULL;
    return count;
}
