// C that blocks, in tasks. SCENARIO in the environment says which.
//
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gevent.h"
#include "greenlet_patch.h"

static double start;

// With the tenths of a second since the start.
static void say(const char *format, ...) {
    va_list values;
    va_start(values, format);
    printf("%.1f ", gevent_now() - start);
    vprintf(format, values);
    putchar('\n');
    fflush(stdout);
    va_end(values);
}

static int call(void *argument, void **result) {
    (void)result;
    ((void (*)(void))argument)();
    return GREENLET_OK;
}

static gevent_task_t *spawn(void (*function)(void)) {
    gevent_task_t *task = NULL;
    if (gevent_spawn(call, (void *)function, &task) < 0) abort();
    return task;
}

static void end(gevent_task_t *task) {
    (void)gevent_join(task, GEVENT_FOREVER);
    gevent_task_unref(task);
}

// ---- what the tasks do --------------------------------------------------------------------------

static void use_sleep(void) {
    say("sleep %u", sleep(3));
}

static void use_usleep(void) {
    say("usleep %d", usleep(200000));
}

static void use_nanosleep(void) {
    struct timespec time = {1, 500000000};
    int code = nanosleep(&time, NULL);
    say("nanosleep %d, %d", code, clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL));
}

static void sleep_until(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += 2;
    say("until %d", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
}

static void read_lines(void) {
    char line[32];
    while (fgets(line, sizeof line, stdin)) say("line %.*s", (int)strcspn(line, "\n"), line);
    say("end %d", feof(stdin) != 0);
}

static void read_some(void) {
    char byte;
    ssize_t size = read(0, &byte, 1);
    say("read %zd %s", size, size < 0 ? strerror(errno) : "");
}

static void read_line(void) {
    char line[32];
    if (fgets(line, sizeof line, stdin)) say("line %.*s", (int)strcspn(line, "\n"), line);
}

static void hold_stdout(void) {
    flockfile(stdout);
    fputs("held", stdout);
    (void)usleep(100000);
    fputs(" still\n", stdout);
    funlockfile(stdout);
}

static void write_too(void) {
    fprintf(stderr, "%d\n", ftrylockfile(stdout) != 0);
    printf("then %s\n", "free");
    fprintf(stderr, "%d\n", ftrylockfile(stdout) != 0);
    funlockfile(stdout);
}

static void use_poll(void) {
    struct pollfd poller = {.fd = 0, .events = POLLIN};
    say("poll %d", poll(&poller, 1, 400));
    say("poll %d %d", poll(&poller, 1, 5000), poller.revents == POLLIN);
}

static void use_select(void) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval time = {5, 0};
    int count = select(1, &set, NULL, NULL, &time);
    say("select %d %d", count, FD_ISSET(0, &set) != 0);
}

static void yield_twice(void) {
    for (int i = 0; i < 2; i++) say("turn %d %d", i, sched_yield());
}

static void ignore_errors(void) {
    for (int i = 0; i < 3; i++) {
        int code = usleep(100000);
        say("ignored %d %s", code, strerror(errno));
    }
}

static void use_write(void) {
    fprintf(stderr, "written %zd\n", write(1, "w", 1));
}

static void use_stream(void) {
    fprintf(stderr, "written %d\n", printf("s") == 1 && fflush(stdout) == 0);
}

static void sleep_meanwhile(void) {
    fprintf(stderr, "slept %d\n", usleep(100000));
}

enum { LISTENER = 3 }; // that the host has opened

static void serve_one(void) {
    char text[16];
    int fd = accept(LISTENER, NULL, NULL);
    say("accept %d", fd);
    for (ssize_t size; (size = recv(fd, text, sizeof text, 0)) > 0;) {
        say("recv %.*s", (int)size, text);
        say("send %zd", send(fd, text, (size_t)size, 0));
    }
    say("close %d", close(fd));
}

static void receive(void) {
    char byte;
    int fd = accept(LISTENER, NULL, NULL);
    ssize_t size = recv(fd, &byte, 1, 0);
    say("recv %zd %s", size, size < 0 ? strerror(errno) : "");
}

// ---- scenarios ----------------------------------------------------------------------------------

static void overlap(void) {
    gevent_task_t *tasks[] = {spawn(use_sleep), spawn(use_usleep), spawn(use_nanosleep),
                              spawn(sleep_until), spawn(read_lines)};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) end(tasks[i]);
}

static void look(void) {
    gevent_task_t *tasks[] = {spawn(use_poll), spawn(use_select)};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) end(tasks[i]);
}

static void take_turns(void) {
    gevent_task_t *first = spawn(yield_twice), *second = spawn(yield_twice);
    end(first);
    end(second);
}

static void share(void) {
    gevent_task_t *first = spawn(read_some), *second = spawn(read_some);
    end(second);
    end(first);
}

static void use_both(void (*one)(void), void (*other)(void)) {
    gevent_task_t *first = spawn(one), *second = spawn(other);
    end(first);
    end(second);
}

static void shut(void) {
    gevent_task_t *reader = spawn(read_some);
    (void)usleep(100000);
    say("close %d", close(0));
    end(reader);
}

static void serve(void) {
    gevent_task_t *tasks[] = {spawn(serve_one), spawn(serve_one), spawn(use_usleep)};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) end(tasks[i]);
}

static void kill_receiver(void) {
    gevent_task_t *task = spawn(receive);
    (void)usleep(100000);
    (void)gevent_kill(task, NULL, GEVENT_FOREVER);
    end(task);
}

static void kill_sleeper(unsigned limit) {
    greenlet_patch_set_limit(limit);
    gevent_task_t *task = spawn(ignore_errors);
    (void)usleep(50000);
    (void)gevent_kill(task, NULL, GEVENT_FOREVER);
    end(task);
    say("gone");
}

static void fill(void (*use)(void)) {
    gevent_task_t *writer = spawn(use), *sleeper = spawn(sleep_meanwhile);
    end(writer);
    end(sleeper);
}

int main(void) {
    const char *scenario = getenv("SCENARIO");
    start = gevent_now();
    if (!scenario) return 2;
    if (strcmp(scenario, "overlap") == 0) overlap();
    if (strcmp(scenario, "look") == 0) look();
    if (strcmp(scenario, "turns") == 0) take_turns();
    if (strcmp(scenario, "share") == 0) share();
    if (strcmp(scenario, "lines") == 0) use_both(read_line, read_line);
    if (strcmp(scenario, "hold") == 0) use_both(hold_stdout, write_too);
    if (strcmp(scenario, "shut") == 0) shut();
    if (strcmp(scenario, "full") == 0) fill(use_write);
    if (strcmp(scenario, "full stream") == 0) fill(use_stream);
    if (strcmp(scenario, "serve") == 0) serve();
    if (strcmp(scenario, "kill receiver") == 0) kill_receiver();
    if (strcmp(scenario, "kill") == 0) kill_sleeper(0);
    if (strcmp(scenario, "limit") == 0) kill_sleeper(2);
    return 0;
}
