// Libc and gevent's own calls on stdin. What they give, as text: what was read, "end", or the
// error.
//
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <unistd.h>

#include <gevent.h>

static int give(char **result, const char *text) {
    *result = strdup(text);
    return *result ? GREENLET_OK : greenlet_raise(&GREENLET_ERROR, "no memory");
}

static const char *describe(ssize_t size, const char *text) {
    return size < 0 ? strerror(errno) : size == 0 ? "end" : text;
}

GEVENT_EXPORT(string, line)
int line(char **result) {
    char text[64];
    const char *got = fgets(text, sizeof text, stdin);
    return give(result, got ? got : ferror(stdin) ? strerror(errno) : "end");
}

GEVENT_EXPORT(string, byte)
int byte(char **result) {
    char text[2] = "";
    return give(result, describe(read(0, text, 1), text));
}

// Two parts, with something between them.
GEVENT_EXPORT(string, parts)
int parts(char **result) {
    char text[] = "..|...";
    const struct iovec places[] = {{text, 2}, {text + 3, 3}};
    return give(result, describe(readv(0, places, 2), text));
}

GEVENT_EXPORT(i32, number)
int number(int32_t *result) {
    return scanf("%d", (int *)result) == 1 ? GREENLET_OK : greenlet_raise(&GREENLET_ERROR, "none");
}

// Whatever the first one says.
GEVENT_EXPORT(string, two_bytes)
int two_bytes(char **result) {
    char both[80] = "", *text = NULL;
    for (int i = 0; i < 2; i++) {
        int code = byte(&text);
        if (code < 0) return code;
        snprintf(both + strlen(both), sizeof both - strlen(both), "%s%s", i ? ", " : "", text);
        free(text);
    }
    return give(result, both);
}

GEVENT_EXPORT(string, byte_within, f64)
int byte_within(double seconds, char **result) {
    gevent_timeout_t timeout;
    int code = gevent_timeout_start(&timeout, seconds);
    if (code >= 0) code = byte(result);
    gevent_timeout_cancel(&timeout);
    return code;
}

static int count_or_fail(int count, int32_t *result) {
    *result = count;
    return count < 0 ? greenlet_raise(&GREENLET_ERROR, "%s", strerror(errno)) : GREENLET_OK;
}

// Whether it can be done; 99: the descriptor is bad.
GEVENT_EXPORT(i32, poll_for, i32, i32, i32)
int poll_for(int32_t fd, int32_t is_write, int32_t milliseconds, int32_t *result) {
    struct pollfd poller = {.fd = fd, .events = is_write ? POLLOUT : POLLIN};
    int count = poll(&poller, 1, milliseconds);
    return count_or_fail(count > 0 && poller.revents & POLLNVAL ? 99 : count, result);
}

GEVENT_EXPORT(i32, select_for, i32)
int select_for(int32_t milliseconds, int32_t *result) {
    struct timeval time = {0, milliseconds * 1000};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    return count_or_fail(select(1, &set, NULL, NULL, milliseconds < 0 ? NULL : &time), result);
}

GEVENT_EXPORT(i32, wait_fd, i32, i32, f64)
int wait_fd(int32_t fd, int32_t events, double seconds, int32_t *result) {
    unsigned ready = 0;
    int code = gevent_wait_fd(fd, (unsigned)events, seconds, &ready);
    *result = (int32_t)ready;
    return code;
}

GEVENT_EXPORT(void, close_fd, i32)
int close_fd(int32_t fd) {
    return gevent_close_fd(fd);
}

GEVENT_EXPORT(i32, close_plainly, i32)
int close_plainly(int32_t fd, int32_t *result) {
    *result = close(fd);
    return GREENLET_OK;
}

GEVENT_EXPORT(i32, set_nonblocking)
int set_nonblocking(int32_t *result) {
    *result = fcntl(0, F_SETFL, O_NONBLOCK);
    return fcntl(0, F_GETFL) & O_NONBLOCK ? GREENLET_OK : GREENLET_EINVAL;
}

GEVENT_EXPORT(void, print, string)
int print(const char *text) {
    puts(text);
    return GREENLET_OK;
}
