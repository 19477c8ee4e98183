// libco's API: programs as they are written for it, memory that is brought, and cothreads that
// wait.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "check.h"
#include "compat/libco.h"
#include "generator.h"
#include "gevent.h"

enum { STACK = 16384 * sizeof(void *) };

static cothread_t home, a, b;

// ---- programs -----------------------------------------------------------------------------------

static void ping(void) {
    for (;;) {
        log_add("ping");
        co_switch(b);
    }
}

static void pong(void) {
    for (int i = 0;; i++) {
        log_add("pong");
        co_switch(i < 1 ? a : home);
    }
}

TEST(libco_goes_from_one_to_the_next_and_home) {
    home = co_active();
    a = co_create(STACK, ping);
    b = co_create(STACK, pong);
    co_switch(a);
    CHECK_PTR(co_active(), home);
    CHECK_LOG("ping pong ping pong");
    co_switch(b);
    CHECK_LOG("pong");
    co_delete(a);
    co_delete(b);
}

enum { THREADS = 3 };
static cothread_t threads[THREADS];
static int turn, work[THREADS];

static void run_thread(void) {
    int self = turn;
    for (;;) {
        CHECK_PTR(co_active(), threads[self]);
        log_add("%c%d", 'a' + self, work[self]--);
        co_switch(home);
    }
}

// A scheduler that gives each its turn until all work is done.
TEST(libco_schedules_cothreads) {
    home = co_active();
    for (int i = 0; i < THREADS; i++) {
        threads[i] = co_create(STACK, run_thread);
        work[i] = i + 1;
    }
    for (int left = THREADS; left;)
        for (turn = 0, left = 0; turn < THREADS; turn++) {
            if (work[turn]) co_switch(threads[turn]);
            left += work[turn];
        }
    for (int i = 0; i < THREADS; i++) co_delete(threads[i]);
    CHECK_LOG("a1 b2 c3 b1 c2 c1");
}

static int emulated;

static void count_cycles(void) {
    for (;;) {
        emulated++;
        if (emulated % 100 == 0) co_switch(home);
    }
}

TEST(libco_emulates_a_processor) {
    home = co_active();
    a = co_create(STACK, count_cycles);
    for (int frame = 0; frame < 5; frame++) co_switch(a);
    CHECK_INT(emulated, 500);
    co_delete(a);
}

TEST(libco_stays_where_it_is_if_it_switches_to_itself) {
    home = co_active();
    CHECK(home != NULL);
    co_switch(co_active());
    CHECK_PTR(co_active(), home);
    CHECK_INT(co_serializable(), 0);
}

// ---- memory -------------------------------------------------------------------------------------

TEST(libco_makes_none_without_an_entry_or_memory) {
    char memory[64];
    CHECK_PTR(co_create(STACK, NULL), NULL);
    CHECK_PTR(co_derive(NULL, STACK, ping), NULL);
    CHECK_PTR(co_derive(memory, sizeof memory, NULL), NULL);
}

static void log_cleanup(void *text) {
    log_add("%s", (const char *)text);
}

static void hold(void) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, log_cleanup, "cleanup");
    log_add("held");
    co_switch(home);
    log_add("never");
}

TEST(libco_derives_from_memory_that_says_who_is_alive) {
    void *memory = malloc(STACK);
    home = co_active();
    a = co_derive(memory, STACK, hold);
    co_switch(a);
    CHECK_LOG("held");
    b = co_derive((char *)memory + STACK / 2, STACK / 2, hold);
    CHECK_LOG("cleanup");
    co_switch(b);
    co_delete(b);
    CHECK_LOG("held cleanup");
    a = co_derive(memory, STACK, hold);
    co_delete(a);
    free(memory);
}

TEST(libco_leaves_its_neighbours_alone) {
    char *memory = malloc(3 * STACK);
    cothread_t middle = co_derive(memory + STACK, STACK, hold);
    home = co_active();
    co_switch(middle);
    a = co_derive(memory, STACK, ping);
    b = co_derive(memory + 2 * STACK, STACK, ping);
    CHECK_LOG("held");
    co_delete(middle);
    co_delete(a);
    co_delete(b);
    free(memory);
    CHECK_LOG("cleanup");
}

static int create_and_derive(void) {
    static char memory[1024];
    cothread_t created = co_create(STACK, ping);
    cothread_t derived = created ? co_derive(memory, sizeof memory, ping) : NULL;
    if (created) co_delete(created);
    if (derived) co_delete(derived);
    return derived ? GREENLET_OK : GREENLET_ENOMEM;
}

TEST(libco_makes_none_if_an_allocation_fails) {
    fail_each_allocation(create_and_derive);
}

// ---- cothreads that wait ------------------------------------------------------------------------

typedef struct flow {
    cothread_t home, sleeper, other;
    const char *name;
    int start;
} flow_t;

static flow_t flows[2], *starting;

static void sleep_and_go_on(void) {
    const flow_t *flow = starting;
    for (;;) {
        int code = gevent_sleep(1);
        log_add("%s %d", flow->name, now_ms() - flow->start);
        if (code < 0) log_add("%s", greenlet_error_name(code));
        co_switch(flow->other);
    }
}

static void go_home(void) {
    const flow_t *flow = starting;
    for (;;) co_switch(flow->home);
}

static void open_flow(flow_t *flow, const char *name) {
    *flow = (flow_t){.home = co_active(), .name = name, .start = now_ms()};
    flow->sleeper = co_create(STACK, sleep_and_go_on);
    flow->other = co_create(STACK, go_home);
    starting = flow;
    co_switch(flow->other);
}

static void close_flow(const flow_t *flow) {
    co_delete(flow->sleeper);
    co_delete(flow->other);
}

static int run_flow(void *index, void **result) {
    flow_t *flow = &flows[INT(index)];
    (void)result;
    open_flow(flow, INT(index) ? "b" : "a");
    for (int i = 0; i < 2; i++) {
        starting = flow;
        co_switch(flow->sleeper);
        log_add("%s home", flow->name);
    }
    int code = greenlet_error_code(greenlet_last_error());
    close_flow(flow);
    return code;
}

TEST(libco_waits_and_other_tasks_run) {
    gevent_task_t *tasks[2];
    int start = now_ms();
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_flow, V(i), &tasks[i]));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(gevent_join(tasks[i], GEVENT_FOREVER));
        CHECK_INT(gevent_status(tasks[i]), GEVENT_RETURNED);
        gevent_task_unref(tasks[i]);
    }
    CHECK_INT(now_ms() - start, 2000);
    CHECK_LOG("a 1000 a home b 1000 b home a 2000 a home b 2000 b home");
}

TEST(libco_is_told_of_a_kill_where_it_waits) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_flow, V(0), &task));
    CHECK_OK(gevent_sleep(1.5));
    log_clear();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("a 1500 GREENLET_EEXIT a home");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

TEST(libco_waits_within_a_timeout_of_its_home) {
    gevent_timeout_t limit;
    open_flow(&flows[0], "a");
    CHECK_OK(gevent_timeout_start(&limit, 0.5));
    starting = &flows[0];
    co_switch(flows[0].sleeper);
    CHECK(gevent_timed_out_by(&limit));
    gevent_timeout_cancel(&limit);
    close_flow(&flows[0]);
    CHECK_LOG("a 500 GREENLET_EEXPIRED");
}

TEST(libco_loses_who_is_active_with_its_home) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_flow, V(0), &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_OK(gevent_kill_hard(task));
    gevent_task_unref(task);
    CHECK(greenlet_dead(flows[0].sleeper));
    CHECK(!greenlet_dead(flows[0].other));
    close_flow(&flows[0]);
    CHECK_OK(gevent_sleep(2));
    CHECK_LOG("");
}

// ---- beside generators --------------------------------------------------------------------------

static int swap_within(void *cothread, void **result) {
    (void)result;
    cothread_t outer = home;
    home = co_active();
    co_switch(cothread);
    home = outer;
    return generator_yield(V(1), NULL);
}

static void advance_for_ever(void) {
    for (;;) {
        log_add("in");
        co_switch(home);
    }
}

TEST(libco_has_a_flow_of_its_own_in_a_generator) {
    generator_t *generator;
    home = co_active();
    a = co_create(STACK, advance_for_ever);
    CHECK_OK(generator_new(swap_within, a, &generator));
    CHECK_OK(generator_next(generator, NULL));
    CHECK_INT(generator_next(generator, NULL), GENERATOR_DONE);
    generator_unref(generator);
    co_switch(a);
    co_delete(a);
    CHECK_LOG("in in");
}
