// The loop of WASI commands: one poll_oneoff for all that is waited for.
//
// Some hosts count milliseconds, cut off what is left of one, and come back early. So a wait is
// rounded up, and the hub, who looks at the clock again, may wait once more. And who waits for no
// time at all is told of the time only: to ask what is ready takes a millisecond, if nothing is.
//
// SPDX-License-Identifier: MIT
#include <string.h>
#include <wasi/api.h>

#include "../src/gevent/fd.h"
#include "../src/gevent/loop.h"
#include "../src/memory.h"

#define NANOSECONDS_PER_MS 1000000
#define LONGEST_MS 86400000 // a day: no host takes it for a negative number

enum { EVENTS = 2 }; // of a descriptor

// Which descriptors are looked at. There is room for what a poll of them all takes.
static struct {
    loop_watch_t **items;
    __wasi_subscription_t *subscriptions;
    __wasi_event_t *events;
    size_t count, capacity;
} watches;

// ---- time ---------------------------------------------------------------------------------------

static int64_t now(void) {
    __wasi_timestamp_t time = 0;
    (void)__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time);
    return (int64_t)time;
}

// With descriptors, long enough for the host to look at them.
static uint64_t nanoseconds_until(int64_t deadline) {
    uint64_t shortest = watches.count > 0 ? NANOSECONDS_PER_MS : 0;
    int64_t left = deadline - now();
    if (deadline == LOOP_NEVER || left / NANOSECONDS_PER_MS >= LONGEST_MS)
        return (uint64_t)LONGEST_MS * NANOSECONDS_PER_MS;
    if (left <= 0) return shortest;
    return (uint64_t)(left + NANOSECONDS_PER_MS - 1) / NANOSECONDS_PER_MS * NANOSECONDS_PER_MS;
}

// ---- what is asked for --------------------------------------------------------------------------

static __wasi_subscription_t clock_for(uint64_t nanoseconds) {
    return (__wasi_subscription_t){
        .u = {.tag = __WASI_EVENTTYPE_CLOCK,
              .u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = nanoseconds}}};
}

static __wasi_subscription_t subscription_for(int fd, __wasi_eventtype_t type) {
    return (__wasi_subscription_t){
        .userdata = (__wasi_userdata_t)fd,
        .u = {.tag = type, .u.fd_read.file_descriptor = (__wasi_fd_t)fd}};
}

static size_t subscribe(__wasi_subscription_t *place, int fd, unsigned events) {
    size_t count = 0;
    if (events & GEVENT_READABLE) place[count++] = subscription_for(fd, __WASI_EVENTTYPE_FD_READ);
    if (events & GEVENT_WRITABLE) place[count++] = subscription_for(fd, __WASI_EVENTTYPE_FD_WRITE);
    return count;
}

// 0: it is about the clock.
static unsigned event_of(const __wasi_event_t *event) {
    if (event->type == __WASI_EVENTTYPE_FD_READ) return GEVENT_READABLE;
    return event->type == __WASI_EVENTTYPE_FD_WRITE ? GEVENT_WRITABLE : 0;
}

// What has been seen to be ready, for whoever asks once more before he does it: hosts may look at
// the clock first, and then have seen nothing.
static struct {
    int fd;
    unsigned events;
} seen = {.fd = -1};

// ---- waiting ------------------------------------------------------------------------------------

static loop_watch_t *find(int fd) {
    for (size_t i = 0; i < watches.count; i++)
        if (watches.items[i]->fd == fd) return watches.items[i];
    return NULL;
}

// Whoever was told before may have closed it, or armed it for something else.
static void tell(const __wasi_event_t *event) {
    loop_watch_t *watch = find((int)event->userdata);
    unsigned ready = watch ? watch->events & event_of(event) : 0;
    if (ready) watch->ready(watch, ready);
}

static void wait(int64_t deadline) {
    seen.fd = -1;
    __wasi_subscription_t only_clock;
    __wasi_event_t only_event;
    __wasi_subscription_t *subscriptions = watches.items ? watches.subscriptions : &only_clock;
    __wasi_event_t *events = watches.items ? watches.events : &only_event;
    __wasi_size_t asked = 0, count = 0;
    for (size_t i = 0; i < watches.count; i++)
        asked += subscribe(subscriptions + asked, watches.items[i]->fd, watches.items[i]->events);
    subscriptions[asked++] = clock_for(nanoseconds_until(deadline));
    if (__wasi_poll_oneoff(subscriptions, events, asked, &count) != 0) return;
    for (__wasi_size_t i = 0; i < count && watches.items; i++) tell(&events[i]);
}

// ---- descriptors --------------------------------------------------------------------------------

static int is_always_ready(__wasi_filetype_t type) {
    return type == __WASI_FILETYPE_REGULAR_FILE || type == __WASI_FILETYPE_DIRECTORY;
}

static unsigned recall(int fd, unsigned events) {
    unsigned ready = seen.fd == fd ? seen.events & events : 0;
    seen.fd = -1;
    return ready;
}

// What a host does not poll, as some do not /dev/null, is not waited for.
static unsigned ask(int fd, unsigned events) {
    __wasi_subscription_t subscriptions[EVENTS + 1];
    __wasi_event_t answers[EVENTS + 1];
    __wasi_size_t count = 0;
    size_t asked = subscribe(subscriptions, fd, events);
    subscriptions[asked++] = clock_for(NANOSECONDS_PER_MS);
    if (__wasi_poll_oneoff(subscriptions, answers, asked, &count) != 0) return events;
    unsigned ready = 0;
    for (__wasi_size_t i = 0; i < count; i++) ready |= event_of(&answers[i]);
    return ready;
}

static int probe(int fd, unsigned events) {
    __wasi_fdstat_t status;
    if (__wasi_fd_fdstat_get((__wasi_fd_t)fd, &status) != 0) return GREENLET_EBADF;
    if (is_always_ready(status.fs_filetype)) return (int)events;
    unsigned ready = recall(fd, events);
    if (ready) return (int)ready;
    ready = ask(fd, events);
    if (ready) {
        seen.fd = fd;
        seen.events = ready;
    }
    return (int)ready;
}

static int grow(void) {
    if (watches.count < watches.capacity) return GREENLET_OK;
    size_t capacity = watches.capacity ? 2 * watches.capacity : 8, polled = EVENTS * capacity + 1;
    loop_watch_t **items = memory_alloc(capacity * sizeof *items);
    __wasi_subscription_t *subscriptions = memory_alloc(polled * sizeof *subscriptions);
    __wasi_event_t *events = memory_alloc(polled * sizeof *events);
    int has_all = items && subscriptions && events;
    if (has_all && watches.count) memcpy(items, watches.items, watches.count * sizeof *items);
    memory_free(has_all ? (void *)watches.items : items);
    memory_free(has_all ? watches.subscriptions : subscriptions);
    memory_free(has_all ? watches.events : events);
    if (!has_all) return GREENLET_ENOMEM;
    watches.items = items;
    watches.subscriptions = subscriptions;
    watches.events = events;
    watches.capacity = capacity;
    return GREENLET_OK;
}

static int open_watch(loop_watch_t *watch) {
    int code = grow();
    if (code == GREENLET_OK) watches.items[watches.count++] = watch;
    return code;
}

static void arm_watch(loop_watch_t *watch, unsigned events) {
    watch->events = events;
}

static void free_all(void) {
    memory_free(watches.items);
    memory_free(watches.subscriptions);
    memory_free(watches.events);
    memset(&watches, 0, sizeof watches);
}

static void close_watch(loop_watch_t *watch) {
    size_t at = 0;
    while (watches.items[at] != watch) at++;
    watches.items[at] = watches.items[--watches.count];
    if (watches.count == 0) free_all();
}

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};

static const loop_t loop_wasi = {.name = "poll_oneoff", .now = now, .wait = wait, .fds = &fds};

const loop_t *loop_default(void) {
    return &loop_wasi;
}
