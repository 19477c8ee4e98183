// Threads: each has its own tree and hub; a greenlet of another one is out of reach, by name and
// with nothing changed (rules TD-01, TD-02, PA-10). Prints a line per check.
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

int main(void) {
    test_out_of_reach();
    test_a_tree_each();
    return 0;
}
