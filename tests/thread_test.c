// Threads: each has its own tree and hub; a greenlet of another one is out of reach, by name and
// with nothing changed (rules TD-01, TD-02, PA-10); what the end of a thread leaves, and references
// that others hold. Prints a line per check.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../src/gevent.h"

enum { THREADS = 8, ROUNDS = 1000 };

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static int echo(void *value, void **result) {
    int code = GREENLET_OK;
    while (code >= 0 && value) code = greenlet_switch(greenlet_main(), value, &value);
    *result = value;
    return code;
}

// ---- TD-02: out of reach ------------------------------------------------------------------------

typedef struct foreign {
    greenlet_t *fresh, *suspended, *dead, *main;
} foreign_t;

static void check_refused(greenlet_t *target) {
    void *result = &result;
    CHECK(greenlet_switch(target, NULL, &result) == GREENLET_ETHREAD);
    CHECK(greenlet_error_code(greenlet_last_error()) == GREENLET_ETHREAD);
    CHECK(greenlet_throw(target, NULL, &result) == GREENLET_ETHREAD);
    CHECK(result == &result);
}

static void *visit(void *argument) {
    const foreign_t *foreign = argument;
    check_refused(foreign->fresh);
    check_refused(foreign->suspended);
    check_refused(foreign->dead);
    check_refused(foreign->main);
    CHECK(greenlet_set_parent(foreign->suspended, greenlet_current()) == GREENLET_ETHREAD);
    greenlet_error_unref(greenlet_error_take());
    return NULL;
}

static void test_out_of_reach(void) {
    foreign_t foreign = {.main = greenlet_main()};
    CHECK(greenlet_new(echo, NULL, &foreign.fresh) == 0);
    CHECK(greenlet_new(echo, NULL, &foreign.suspended) == 0);
    CHECK(greenlet_new(echo, NULL, &foreign.dead) == 0);
    CHECK(greenlet_switch(foreign.suspended, &foreign, NULL) == 0);
    CHECK(greenlet_switch(foreign.dead, NULL, NULL) == 0 && greenlet_dead(foreign.dead));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, visit, &foreign) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(!greenlet_started(foreign.fresh) && greenlet_active(foreign.suspended));
    CHECK(greenlet_parent(foreign.suspended) == greenlet_main());
    void *result;
    CHECK(greenlet_switch(foreign.suspended, NULL, &result) == 0 && result == NULL);
    CHECK(greenlet_dead(foreign.suspended));
    greenlet_unref(foreign.fresh);
    greenlet_unref(foreign.suspended);
    greenlet_unref(foreign.dead);
    puts("ok a greenlet of another thread is out of reach");
}

// ---- TD-01: a tree and a hub each ---------------------------------------------------------------

static int nap(void *argument, void **result) {
    int *naps = argument;
    for (int i = 0; i < 10; i++) {
        int code = gevent_sleep(0.001);
        if (code < 0) return code;
        ++*naps;
    }
    *result = naps;
    return GREENLET_OK;
}

static void check_tree(void) {
    greenlet_t *greenlet;
    int payload = 0;
    void *result = NULL;
    CHECK(greenlet_new(echo, NULL, &greenlet) == 0);
    for (int i = 0; i < ROUNDS; i++)
        CHECK(greenlet_switch(greenlet, &payload, &result) == 0 && result == &payload);
    CHECK(greenlet_switch(greenlet, NULL, &result) == 0 && greenlet_dead(greenlet));
    greenlet_unref(greenlet);
}

static void check_hub(void) {
    int naps = 0;
    void *result = NULL;
    gevent_task_t *task;
    CHECK(gevent_use_virtual_clock() == 0);
    CHECK(gevent_spawn(nap, &naps, &task) == 0);
    CHECK(gevent_get(task, GEVENT_FOREVER, &result) == 0 && result == &naps && naps == 10);
    gevent_task_unref(task);
}

static void *live(void *argument) {
    CHECK(greenlet_current() == greenlet_main() && greenlet_live_count() == 0);
    check_tree();
    check_hub();
    return argument;
}

static void test_a_tree_each(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, live, NULL) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    puts("ok each thread has a tree and a hub of its own");
}

// ---- TD-05, DE-05, TD-03: the end of a thread ---------------------------------------------------

static void run_thread(void *(*function)(void *argument), void *argument) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, function, argument) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

// Counts those that are let end.
static int clean_up(void *value, void **result) {
    int *count = value;
    char *block = malloc(100);
    int code = greenlet_switch(greenlet_parent(greenlet_current()), NULL, result);
    free(block);
    ++*count;
    return code;
}

static int sleep_long(void *argument, void **result) {
    int *count = argument;
    (void)result;
    int code = gevent_sleep(3600);
    ++*count;
    return code;
}

typedef struct left {
    greenlet_t *greenlets[3];
    int count;
} left_t;

static void *leave_suspended(void *argument) {
    left_t *left = argument;
    gevent_task_t *asleep, *unstarted;
    for (int i = 0; i < 3; i++) {
        CHECK(greenlet_new(clean_up, NULL, &left->greenlets[i]) == 0);
        CHECK(greenlet_switch(left->greenlets[i], &left->count, NULL) == 0);
    }
    CHECK(gevent_use_virtual_clock() == 0);
    CHECK(gevent_spawn(sleep_long, &left->count, &asleep) == 0);
    CHECK(gevent_sleep(1) == 0);
    CHECK(gevent_spawn(sleep_long, &left->count, &unstarted) == 0);
    gevent_task_unref(asleep);
    gevent_task_unref(unstarted);
    CHECK(greenlet_fail(GREENLET_EINVAL) < 0); // a last error
    return NULL;
}

static void test_TD_05_the_end_of_a_thread_kills(void) {
    left_t left = {.count = 0};
    run_thread(leave_suspended, &left);
    CHECK(left.count == 4);
    for (int i = 0; i < 3; i++) greenlet_unref(left.greenlets[i]);
    puts("ok TD-05 a thread that ends kills its greenlets and tasks, which clean up");
}

typedef struct remains {
    greenlet_t *started, *stubborn, *fresh, *dead, *main;
    int count;
} remains_t;

static int ignore_exit(void *value, void **result) {
    (void)value, (void)result;
    for (;;) (void)greenlet_switch(greenlet_main(), NULL, NULL);
    return GREENLET_OK;
}

static void ignore(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
}

static void *leave_remains(void *argument) {
    remains_t *remains = argument;
    (void)greenlet_set_unraisable(ignore);
    CHECK(greenlet_new(clean_up, NULL, &remains->started) == 0);
    CHECK(greenlet_new(ignore_exit, NULL, &remains->stubborn) == 0);
    CHECK(greenlet_new(echo, NULL, &remains->fresh) == 0);
    CHECK(greenlet_new(echo, NULL, &remains->dead) == 0);
    CHECK(greenlet_switch(remains->started, &remains->count, NULL) == 0);
    CHECK(greenlet_switch(remains->stubborn, NULL, NULL) == 0);
    CHECK(greenlet_switch(remains->dead, NULL, NULL) == 0);
    remains->main = greenlet_ref(greenlet_main());
    return NULL;
}

static void *drop_remains(void *argument) {
    remains_t *remains = argument;
    check_refused(greenlet_ref(remains->started));
    greenlet_unref(remains->started);
    greenlet_unref(remains->started);
    greenlet_unref(remains->dead);
    return NULL;
}

static void test_DE_05_TD_03_KI_23_what_remains(void) {
    remains_t remains = {.count = 0};
    run_thread(leave_remains, &remains);
    CHECK(remains.count == 1);
    CHECK(greenlet_dead(remains.started) && greenlet_dead(remains.stubborn));
    CHECK(greenlet_dead(remains.dead) && greenlet_dead(remains.main));
    CHECK(!greenlet_started(remains.fresh));
    check_refused(remains.started);
    check_refused(remains.stubborn);
    check_refused(remains.fresh);
    check_refused(remains.dead);
    check_refused(remains.main);
    greenlet_error_unref(greenlet_error_take());
    run_thread(drop_remains, &remains);
    greenlet_unref(remains.main);
    greenlet_unref(remains.stubborn);
    greenlet_unref(remains.fresh);
    puts("ok DE-05 TD-03 KI-23 what a thread leaves is dead, out of reach, and can be dropped");
}

// ---- KI-22: dropped elsewhere -------------------------------------------------------------------

static void *drop_one(void *greenlet) {
    greenlet_unref(greenlet);
    return NULL;
}

static void test_KI_22_CR_09_dropped_elsewhere(void) {
    int count = 0;
    greenlet_t *suspended, *fresh, *next;
    CHECK(greenlet_new(clean_up, NULL, &suspended) == 0);
    CHECK(greenlet_new(echo, NULL, &fresh) == 0);
    CHECK(greenlet_switch(suspended, &count, NULL) == 0);
    size_t live = greenlet_live_count();
    run_thread(drop_one, suspended);
    run_thread(drop_one, fresh);
    CHECK(count == 0 && greenlet_live_count() == live);
    CHECK(greenlet_new(echo, NULL, &next) == 0);
    CHECK(count == 1 && greenlet_live_count() == live - 1);
    greenlet_unref(next);
    puts("ok KI-22 CR-09 what another thread drops is killed by its own, when that looks");
}

static void *ref_and_unref(void *argument) {
    greenlet_t *greenlet = argument; // with a reference of this thread's
    for (int i = 0; i < ROUNDS; i++) greenlet_unref(greenlet_ref(greenlet));
    greenlet_unref(greenlet);
    return NULL;
}

static void test_many_count_at_once(void) {
    int count = 0;
    greenlet_t *greenlet;
    pthread_t threads[THREADS];
    CHECK(greenlet_new(clean_up, NULL, &greenlet) == 0);
    CHECK(greenlet_switch(greenlet, &count, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, ref_and_unref, greenlet_ref(greenlet)) == 0);
    for (int i = 0; i < ROUNDS; i++) {
        greenlet_unref(greenlet_ref(greenlet));
        if (i % 100 == 0) check_tree();
    }
    greenlet_unref(greenlet);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    check_tree();
    CHECK(count == 1 && greenlet_live_count() == 0);
    puts("ok references are counted from many threads at once");
}

int main(void) {
    test_out_of_reach();
    test_a_tree_each();
    test_TD_05_the_end_of_a_thread_kills();
    test_DE_05_TD_03_KI_23_what_remains();
    test_KI_22_CR_09_dropped_elsewhere();
    test_many_count_at_once();
    return 0;
}
