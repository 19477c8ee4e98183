// SPDX-License-Identifier: MIT
#include "helpers.h"

#include "gevent/hub_internal.h"

pipe_ends_t open_pipe(void) {
    int fds[2];
    CHECK_INT(pipe(fds), 0);
    return (pipe_ends_t){fds[0], fds[1]};
}

pipe_ends_t open_sockets(int type) {
    int fds[2];
    CHECK_INT(socketpair(AF_UNIX, type, 0, fds), 0);
    return (pipe_ends_t){fds[0], fds[1]};
}

void close_end(int *fd) {
    if (*fd >= 0) CHECK_INT(close(*fd), 0);
    *fd = -1;
}

void close_pipe(pipe_ends_t *ends) {
    close_end(&ends->reader);
    close_end(&ends->writer);
}

static int run_function(void *value, void **result) {
    void (*function)(void);
    (void)result;
    memcpy(&function, &value, sizeof function);
    function();
    return GREENLET_OK;
}

gevent_task_t *run_in_task(void (*function)(void)) {
    gevent_task_t *task;
    void *argument;
    memcpy(&argument, &function, sizeof argument);
    CHECK_OK(gevent_spawn(run_function, argument, &task));
    return task;
}

void wait_for(gevent_task_t *task) {
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    gevent_task_unref(task);
}

void let_others_run(void) {
    CHECK_OK(gevent_yield());
}

void use_real_clock(void) {
    hub_get()->loop = loop_default();
}

void use_virtual_clock(void) {
    hub_get()->loop = &loop_virtual;
}
