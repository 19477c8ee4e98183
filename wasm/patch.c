// The cooperative libc in wasm (../docs/libc.md). The functions of preview 1 that libc imports are
// defined here under the names by which it calls them, so that the linker takes these for whatever
// calls libc; the host's own go by other names.
//
// SPDX-License-Identifier: MIT
#include "../src/patch/patch.h"

#include <errno.h>
#include <time.h>
#include <wasi/api.h>

#include "../src/gevent/fd_internal.h"
#include "../src/memory.h"
#include "wasm.h"

#define HOST(name) WASM_IMPORT("wasi_snapshot_preview1", name)
#define LIBC(name) __imported_wasi_snapshot_preview1_##name

HOST("poll_oneoff") int32_t host_poll(int32_t in, int32_t out, int32_t count, int32_t result);
HOST("fd_read") int32_t host_read(int32_t fd, int32_t parts, int32_t count, int32_t result);
HOST("fd_write") int32_t host_write(int32_t fd, int32_t parts, int32_t count, int32_t result);
HOST("fd_close") int32_t host_close(int32_t fd);
HOST("fd_renumber") int32_t host_renumber(int32_t from, int32_t to);
HOST("fd_fdstat_set_flags") int32_t host_set_flags(int32_t fd, int32_t flags);
HOST("sock_accept") int32_t host_accept(int32_t fd, int32_t flags, int32_t result);
HOST("sock_recv")
int32_t host_receive(int32_t fd, int32_t parts, int32_t count, int32_t flags, int32_t size,
                     int32_t result);
HOST("sock_send")
int32_t host_send(int32_t fd, int32_t parts, int32_t count, int32_t flags, int32_t result);
HOST("sched_yield") int32_t host_yield(void);

enum {
    STANDARD_STREAMS = 3,
    SHORTEST_LOOK = 1000000 // nanoseconds; for less, hosts look at nothing (loop_wasi.c)
};

// There are neither handlers of signals nor children.
int patch_is_out_of_place(void) {
    return 0;
}

// ---- transfers ----------------------------------------------------------------------------------

// Whose flags the program has set. Those of a standard stream may be somebody else's, who has the
// other end or another name of it.
static unsigned char is_set[STANDARD_STREAMS];

int32_t LIBC(fd_fdstat_set_flags)(int32_t fd, int32_t flags) {
    if (fd >= 0 && fd < STANDARD_STREAMS) is_set[fd] = 1;
    return host_set_flags(fd, flags);
}

static int is_nonblocking(int fd) {
    __wasi_fdstat_t status;
    if (fd >= 0 && fd < STANDARD_STREAMS && !is_set[fd]) return 0;
    return __wasi_fd_fdstat_get((__wasi_fd_t)fd, &status) != 0 ||
           status.fs_flags & __WASI_FDFLAGS_NONBLOCK;
}

// gevent_select, in which a thread can be cancelled, where the program does that to any
// (pthread/cancel.c).
__attribute__((weak)) int cancel_select(gevent_case_t *cases, size_t count, double seconds);

static int wait_for_cases(gevent_case_t *cases, size_t count, double seconds) {
    return cancel_select ? cancel_select(cases, count, seconds)
                         : gevent_select(cases, count, seconds);
}

// 0, or the number of an error.
static int park(gevent_case_t each) {
    int code = wait_for_cases(&each, 1, GEVENT_FOREVER);
    if (code >= 0) code = each.code;
    if (code >= 0) return 0;
    (void)patch_fail(code);
    return errno;
}

// Until it can be done without blocking. 0, or the number of the error with which it fails.
static int begin(int fd, gevent_case_t each) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return errno;
    return mode == PATCH_PLAIN || is_nonblocking(fd) ? 0 : park(each);
}

int32_t LIBC(fd_read)(int32_t fd, int32_t parts, int32_t count, int32_t result) {
    int error = begin(fd, gevent_fd_case(fd, GEVENT_READABLE));
    return error ? error : host_read(fd, parts, count, result);
}

int32_t LIBC(sock_recv)(int32_t fd, int32_t parts, int32_t count, int32_t flags, int32_t size,
                        int32_t result) {
    int error = begin(fd, gevent_fd_case(fd, GEVENT_READABLE));
    return error ? error : host_receive(fd, parts, count, flags, size, result);
}

int32_t LIBC(sock_accept)(int32_t fd, int32_t flags, int32_t result) {
    int error = begin(fd, fd_shared_case(fd, GEVENT_READABLE));
    return error ? error : host_accept(fd, flags, result);
}

int32_t LIBC(sock_send)(int32_t fd, int32_t parts, int32_t count, int32_t flags, int32_t result) {
    int error = begin(fd, fd_shared_case(fd, GEVENT_WRITABLE));
    return error ? error : host_send(fd, parts, count, flags, result);
}

// Waits in the host, and everybody with it.
static int block_until_writable(int fd) {
    __wasi_subscription_t subscription = {
        .u = {.tag = __WASI_EVENTTYPE_FD_WRITE, .u.fd_write.file_descriptor = (__wasi_fd_t)fd}};
    __wasi_event_t event;
    __wasi_size_t count;
    return host_poll((int32_t)&subscription, (int32_t)&event, 1, (int32_t)&count);
}

// A stream writes two parts, and must not be written to by others meanwhile.
static int wait_writable(int fd, int count) {
    if (count > 1 || patch_begin() != PATCH_COOPERATIVE) return block_until_writable(fd);
    return park(fd_shared_case(fd, GEVENT_WRITABLE));
}

// Who has been killed may still say so.
int32_t LIBC(fd_write)(int32_t fd, int32_t parts, int32_t count, int32_t result) {
    int32_t error = host_write(fd, parts, count, result);
    while (error == EAGAIN && !is_nonblocking(fd)) {
        error = wait_writable(fd, count);
        if (error) return error;
        error = host_write(fd, parts, count, result);
    }
    return error;
}

// ---- closing ------------------------------------------------------------------------------------

int32_t LIBC(fd_close)(int32_t fd) {
    gevent_fd_closed(fd);
    return host_close(fd);
}

int32_t LIBC(fd_renumber)(int32_t from, int32_t to) {
    gevent_fd_closed(to);
    return host_renumber(from, to);
}

int32_t LIBC(sched_yield)(void) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return errno;
    if (mode == PATCH_PLAIN) return host_yield();
    int code = gevent_yield();
    if (code >= 0) return 0;
    (void)patch_fail(code);
    return errno;
}

// ---- poll_oneoff --------------------------------------------------------------------------------

typedef struct poll {
    const __wasi_subscription_t *in;
    size_t count;
    const __wasi_subscription_t *clock; // the nearest, or NULL
    double seconds;                     // until then
    gevent_case_t *cases;               // of the descriptors; those of clocks never happen
    __wasi_subscription_t *again;       // room for the descriptors and a clock
    __wasi_event_t *events;             // likewise
} poll_t;

static int is_clock(const __wasi_subscription_t *each) {
    return each->u.tag == __WASI_EVENTTYPE_CLOCK;
}

static double seconds_until(const __wasi_subscription_clock_t *clock) {
    __wasi_timestamp_t now = 0;
    if (clock->flags & __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME)
        (void)__wasi_clock_time_get(clock->id, 1, &now);
    return clock->timeout > now ? (double)(clock->timeout - now) / 1e9 : 0;
}

static void find_clock(poll_t *poll) {
    poll->seconds = GEVENT_FOREVER;
    for (size_t i = 0; i < poll->count; i++) {
        if (!is_clock(&poll->in[i])) continue;
        double seconds = seconds_until(&poll->in[i].u.u.clock);
        if (poll->clock && seconds >= poll->seconds) continue;
        poll->clock = &poll->in[i];
        poll->seconds = seconds;
    }
}

static gevent_case_t case_for(const __wasi_subscription_t *each) {
    if (is_clock(each)) return gevent_never_case();
    int is_read = each->u.tag == __WASI_EVENTTYPE_FD_READ;
    return fd_shared_case((int)each->u.u.fd_read.file_descriptor,
                          is_read ? GEVENT_READABLE : GEVENT_WRITABLE);
}

// A code. Whoever looks again and again, for no time, lets others run.
static int wait_for(poll_t *poll) {
    if (poll->seconds <= 0) return gevent_yield();
    for (size_t i = 0; i < poll->count; i++) poll->cases[i] = case_for(&poll->in[i]);
    int chosen = wait_for_cases(poll->cases, poll->count, poll->seconds);
    return chosen < 0 ? chosen : poll->cases[chosen].code;
}

// What the host says of the descriptors at this moment: how many events.
static size_t look(poll_t *poll) {
    __wasi_size_t asked = 0, count = 0;
    for (size_t i = 0; i < poll->count; i++)
        if (!is_clock(&poll->in[i])) poll->again[asked++] = poll->in[i];
    if (asked == 0) return 0;
    poll->again[asked++] = (__wasi_subscription_t){
        .u = {.tag = __WASI_EVENTTYPE_CLOCK,
              .u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = SHORTEST_LOOK}}};
    int32_t in = (int32_t)poll->again, out = (int32_t)poll->events;
    if (host_poll(in, out, (int32_t)asked, (int32_t)&count) != 0) return 0;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (poll->events[i].type != __WASI_EVENTTYPE_CLOCK) poll->events[kept++] = poll->events[i];
    return kept;
}

static size_t answer(poll_t *poll, __wasi_event_t *out) {
    size_t count = look(poll);
    for (size_t i = 0; i < count; i++) out[i] = poll->events[i];
    if (count > 0 || !poll->clock) return count;
    out[0] = (__wasi_event_t){.userdata = poll->clock->userdata, .type = __WASI_EVENTTYPE_CLOCK};
    return 1;
}

// Of descriptors that have been closed meanwhile the host knows what to say.
static int32_t run(poll_t *poll, __wasi_event_t *out, __wasi_size_t *result) {
    int code = wait_for(poll);
    if (code < 0 && code != GREENLET_ETIMEDOUT && code != GREENLET_EBADF) {
        (void)patch_fail(code);
        return errno;
    }
    *result = answer(poll, out);
    return 0;
}

// One block for all, which goes even if the greenlet is dropped.
static int32_t poll_cooperatively(poll_t *poll, __wasi_event_t *out, __wasi_size_t *result) {
    size_t room = poll->count + 1;
    size_t each = sizeof *poll->again + sizeof *poll->events + sizeof *poll->cases;
    char *block = memory_alloc(room * each);
    if (!block) return ENOMEM;
    poll->again = (void *)block;
    poll->events = (void *)(poll->again + room);
    poll->cases = (void *)(poll->events + room);
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, memory_free, block);
    find_clock(poll);
    int32_t error = run(poll, out, result);
    gevent_cleanup_pop(&cleanup, 1);
    return error;
}

int32_t LIBC(poll_oneoff)(int32_t in, int32_t out, int32_t count, int32_t result) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return errno;
    if (mode == PATCH_PLAIN || count <= 0) return host_poll(in, out, count, result);
    poll_t poll = {.in = (const __wasi_subscription_t *)in, .count = (size_t)count};
    return poll_cooperatively(&poll, (__wasi_event_t *)out, (__wasi_size_t *)result);
}

// libc's says ENOTSUP whatever it was that ended the wait.
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *left) {
    (void)left; // nothing interrupts it
    if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= 1000000000) return EINVAL;
    __wasi_clockid_t id =
        clock == CLOCK_REALTIME ? __WASI_CLOCKID_REALTIME : __WASI_CLOCKID_MONOTONIC;
    __wasi_timestamp_t nanoseconds = (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_nsec;
    __wasi_subscription_t subscription = {
        .u = {.tag = __WASI_EVENTTYPE_CLOCK,
              .u.clock = {.id = id,
                          .timeout = nanoseconds,
                          .flags = flags & TIMER_ABSTIME
                                       ? __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME
                                       : 0}}};
    __wasi_event_t event;
    __wasi_size_t count;
    return __wasi_poll_oneoff(&subscription, &event, 1, &count);
}

// By which name libc's thrd_sleep calls it.
__attribute__((alias("clock_nanosleep"))) int
__clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left);
