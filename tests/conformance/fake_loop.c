// SPDX-License-Identifier: MIT
#include "fake_loop.h"

#include "../../src/memory.h"
#include "check.h"
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

static loop_signal_t *signals[3];

static int open_signal(loop_signal_t *signal) {
    if (signal->number < 1 || signal->number > 2) return GREENLET_EINVAL;
    signal->handle = memory_alloc(1);
    if (!signal->handle) return GREENLET_ENOMEM;
    signals[signal->number] = signal;
    return GREENLET_OK;
}

static void close_signal(loop_signal_t *signal) {
    memory_free(signal->handle);
    signals[signal->number] = NULL;
}

void fake_signal_raise(int number) {
    if (signals[number]) signals[number]->arrived(signals[number]);
}

static const loop_signals_t fake_signals = {open_signal, close_signal};
static loop_t loop;

void fake_loop_begin(void) {
    loop = loop_virtual;
    loop.fds = &fds;
    loop.signals = &fake_signals;
    hub_get()->loop = &loop;
}

void fake_loop_end(void) {
    for (int fd = 0; fd < FAKE_FDS; fd++) {
        gevent_fd_closed(fd);
        fakes[fd].ready = 0;
    }
    for (int number = 1; number <= 2; number++) CHECK_OK(gevent_signal(number, NULL, NULL));
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
