// What becomes of a task. It is made, started, runs, and ends in one of three ways: with a value,
// with an error, or killed, which is a success too. Look at the last lines: kill throws into the
// task, which gets to clean up; what it is killed with says whether it has failed.
//
//   greenlet-wasm run examples/lessons/36-what-becomes-of-a-task.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static const greenlet_error_type_t VALUE_ERROR = {"ValueError", &GREENLET_ERROR, GREENLET_EUSER};

// ---- what is shown ------------------------------------------------------------------------------

static const char *truth(int is_true) {
    return is_true ? "True" : "False";
}

static void print_value(const gevent_task_t *task) {
    const char *value = gevent_value(task);
    if (gevent_status(task) == GEVENT_KILLED)
        printf("%s()", greenlet_error_type(gevent_value(task))->name);
    else if (value)
        printf("'%s'", value);
    else
        printf("None");
}

static void print_error(const greenlet_error_t *error) {
    if (error)
        printf("%s('%s')", greenlet_error_type(error)->name, greenlet_error_message(error));
    else
        printf("None");
}

static void show(const char *when, const gevent_task_t *task) {
    printf("%s started %s ready %s successful %s value ", when, truth(gevent_started(task)),
           truth(gevent_ready(task)), truth(gevent_successful(task)));
    print_value(task);
    printf(" exception ");
    print_error(gevent_error(task));
    printf(" bool %s dead %s\n", truth(gevent_started(task)), truth(gevent_dead(task)));
}

// ---- what is run --------------------------------------------------------------------------------

static int give_v(void *argument, void **result) {
    (void)argument;
    int status = gevent_sleep(1);
    if (status < 0) return status;
    *result = "v";
    return GREENLET_OK;
}

static int fail(void *argument, void **result) {
    (void)argument, (void)result;
    return greenlet_raise(&VALUE_ERROR, "boom");
}

static int clean_up(void *argument, void **result) {
    (void)argument, (void)result;
    int status = gevent_sleep(100);
    printf("cleanup\n");
    return status;
}

static void say_nothing(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
}

// ---- three lives --------------------------------------------------------------------------------

static int returns(void) {
    gevent_task_t *task;
    if (gevent_new(give_v, NULL, &task) < 0) return 1;
    show("created", task);
    if (gevent_start(task) < 0) return 1;
    show("start()ed", task);
    if (gevent_yield() < 0) return 1;
    show("running", task);
    if (gevent_join(task, GEVENT_FOREVER) < 0) return 1;
    show("done", task);
    gevent_task_unref(task);
    return 0;
}

static int fails(void) {
    gevent_task_t *task;
    if (gevent_spawn(fail, NULL, &task) < 0) return 1;
    if (gevent_join(task, GEVENT_FOREVER) < 0) return 1;
    show("failed", task);
    if (gevent_get(task, GEVENT_FOREVER, NULL) < 0)
        printf("get raises %s\n", greenlet_error_message(greenlet_last_error()));
    gevent_task_unref(task);
    return 0;
}

// `yields` times after it was spawned; the task is the caller's.
static gevent_task_t *kill_one(greenlet_run_fn run, int yields, const greenlet_error_t *error) {
    gevent_task_t *task;
    if (gevent_spawn(run, NULL, &task) < 0) return NULL;
    while (yields-- > 0)
        if (gevent_yield() < 0) return NULL;
    return gevent_kill(task, error, GEVENT_FOREVER) < 0 ? NULL : task;
}

static int is_killed(void) {
    void *value;
    greenlet_error_t *error = greenlet_error_new(&VALUE_ERROR, "k");
    gevent_task_t *unstarted = kill_one(give_v, 0, NULL);
    gevent_task_t *running = kill_one(give_v, 1, NULL);
    if (!unstarted || !running) return 1;
    show("killed unstarted", unstarted);
    show("killed running", running);
    if (gevent_get(running, GEVENT_FOREVER, &value) >= 0)
        printf("get after kill %s()\n", greenlet_error_type(value)->name);
    gevent_task_t *cleaning = kill_one(clean_up, 1, error);
    if (!cleaning) return 1;
    show("killed with ValueError", cleaning);
    greenlet_error_unref(error);
    gevent_task_unref(unstarted);
    gevent_task_unref(running);
    gevent_task_unref(cleaning);
    return 0;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    gevent_set_unhandled(say_nothing); // of the two that fail
    return returns() || fails() || is_killed();
}
