// What libc reads and polls: what each gives, as text.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "gevent.h"

static int give(char **result, const char *text) {
    *result = strdup(text);
    return *result ? GREENLET_OK : GREENLET_ENOMEM;
}

int read_line(char **result) {
    char line[80];
    return give(result, fgets(line, sizeof line, stdin) ? line : "end");
}
GEVENT_EXPORT(string, read_line)

static int read_and_close(int fd, char **result) {
    char text[2] = "";
    ssize_t size = read(fd, text, 1);
    const char *said = size < 0 ? strerror(errno) : text;
    (void)close(fd);
    return give(result, said);
}

int read_copy(char **result) {
    return read_and_close(dup(0), result);
}
GEVENT_EXPORT(string, read_copy)

int read_device(char **result) {
    return read_and_close(open("/dev/stdin", O_RDONLY), result);
}
GEVENT_EXPORT(string, read_device)

int poll_output(int32_t *result) {
    struct pollfd poller = {.fd = 1, .events = POLLIN | POLLOUT};
    *result = poll(&poller, 1, -1);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, poll_output)

static int write_later(void *fd, void **result) {
    (void)result;
    usleep(100000);
    return write((int)(intptr_t)fd, "x", 1) == 1 ? GREENLET_OK : GREENLET_EFAILED;
}

int poll_pipe(char **result) {
    int ends[2];
    char text[8] = "";
    if (pipe(ends) < 0) return GREENLET_EFAILED;
    int code = gevent_spawn(write_later, (void *)(intptr_t)ends[1], NULL);
    if (code < 0) return code;
    struct pollfd poller = {.fd = ends[0], .events = POLLIN};
    double start = gevent_now();
    int count = poll(&poller, 1, -1);
    const char *when = gevent_now() - start < 0.1 ? "before, " : "then, ";
    if (count != 1 || read(ends[0], text, 1) != 1) return give(result, strerror(errno));
    char said[16];
    snprintf(said, sizeof said, "%s%s", when, text);
    return give(result, said);
}
GEVENT_EXPORT(string, poll_pipe)

int select_pipe(char **result) {
    int ends[2];
    fd_set set;
    struct timeval time = {1, 500000};
    if (pipe(ends) < 0) return GREENLET_EFAILED;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    double start = gevent_now();
    int count = select(ends[0] + 1, &set, NULL, NULL, &time);
    int is_late = gevent_now() - start >= 1.5;
    return give(result, count == 0 && is_late ? "time is over" : "too early");
}
GEVENT_EXPORT(string, select_pipe)

int read_pipe(char **result) {
    int ends[2];
    return pipe(ends) < 0 ? GREENLET_EFAILED : read_and_close(ends[0], result);
}
GEVENT_EXPORT(string, read_pipe)

int poll_closed(char **result) {
    struct pollfd poller = {.fd = 77, .events = POLLIN};
    int count = poll(&poller, 1, -1);
    return give(result, count == 1 && poller.revents == POLLNVAL ? "not open" : "open");
}
GEVENT_EXPORT(string, poll_closed)
