// Memory: nothing is left behind (GC), and every single allocation may fail.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static greenlet_t *a, *b;

// ---- GC: leaks ----------------------------------------------------------------------------------

static void make_run_and_drop(int count) {
    for (int i = 0; i < count; i++) {
        a = make(run_42);
        (void)greenlet_switch(a, NULL, NULL);
        drop(&a);
    }
}

TEST(GC_03_running_to_the_end_leaves_nothing) {
    make_run_and_drop(1000);
    size_t bytes = memory_live_bytes();
    make_run_and_drop(1000);
    CHECK_INT(memory_live_bytes(), bytes);
}

static int exits;

static int run_count_exit(void *value, void **result) {
    int code = up(value, result);
    exits += code == GREENLET_EEXIT;
    return code;
}

static void make_start_and_drop(int count) {
    for (int i = 0; i < count; i++) {
        a = make(run_count_exit);
        (void)greenlet_switch(a, NULL, NULL);
        drop(&a);
    }
}

TEST(GC_04_dropping_suspended_ones_leaves_nothing) {
    exits = 0;
    make_start_and_drop(1000);
    size_t bytes = memory_live_bytes();
    CHECK_INT(exits, 1000);
    make_start_and_drop(1000);
    CHECK_INT(memory_live_bytes(), bytes);
    CHECK_INT(exits, 2000);
}

TEST(U_18_all_drops_that_were_put_off_are_made_up_for_at_once) {
    exits = 0;
    a = make(run_count_exit);
    b = make(run_count_exit);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    greenlet_forbid_switches();
    drop(&a);
    drop(&b);
    CHECK_INT(exits, 0);
    greenlet_allow_switches();
    CHECK_OK(greenlet_switch(greenlet_current(), NULL, NULL));
    CHECK_INT(exits, 2);
}

TEST(GC_05_values_are_not_touched) {
    int payload = 17;
    void *result;
    a = make(run_up_for_ever);
    CHECK_OK(greenlet_switch(a, &payload, NULL));
    size_t bytes = memory_live_bytes();
    for (int i = 0; i < 100; i++) {
        CHECK_OK(greenlet_switch(a, &payload, &result));
        CHECK_PTR(result, &payload);
    }
    CHECK_INT(payload, 17);
    CHECK_INT(memory_live_bytes(), bytes);
    drop(&a);
}

TEST(GC_06_failing_ones_leave_nothing) {
    size_t live = greenlet_live_count();
    for (int i = 0; i < 1000; i++) {
        a = make(run_fail_e1);
        if (greenlet_switch(a, NULL, NULL) != CODE_E1) FAIL("failed");
        drop(&a);
    }
    CHECK_INT(greenlet_live_count(), live);
}

TEST(GC_07_references_are_owned_once) {
    greenlet_t *parent = make_suspended();
    a = make_under(run_42, parent);
    for (int i = 0; i < 100; i++) { // what these return is borrowed
        CHECK_PTR(greenlet_current(), greenlet_main());
        CHECK_PTR(greenlet_parent(a), parent);
        CHECK_PTR(greenlet_ref(a), a);
        greenlet_unref(a);
    }
    CHECK_INT(greenlet_active(parent), 1);
    greenlet_unref(parent);
    CHECK_INT(greenlet_active(parent), 1); // the child's
    drop(&a);
}

static int released;

static void count_release(void *user) {
    (void)user;
    released++;
}

TEST(GC_08_a_dead_one_goes_with_its_last_reference) {
    released = 0;
    a = make_dead();
    greenlet_set_user(a, NULL, count_release);
    b = greenlet_ref(a);
    drop(&a);
    CHECK_INT(released, 0);
    drop(&b);
    CHECK_INT(released, 1);
}

// ---- every allocation fails once ----------------------------------------------------------------

static int make_and_run(void) {
    greenlet_t *greenlet;
    void *result = V(1);
    int code = greenlet_new(run_up, NULL, &greenlet);
    if (code < 0) return code;
    code = greenlet_set_name(greenlet, "named");
    if (code >= 0) code = greenlet_switch(greenlet, V(2), &result);
    if (code < 0) {
        CHECK_INT(greenlet_started(greenlet), 0); // refused with nothing changed
        CHECK_INT(INT(result), 1);
    } else {
        CHECK_INT(INT(result), 2);
    }
    greenlet_unref(greenlet);
    return code;
}

TEST(MEMORY_making_starting_and_killing) {
    fail_each_allocation(make_and_run);
}

enum { DEEP_STACK = 65536, LEFT_OF_IT = 8192 };

// Goes to `target` from so deep that the saved frames of an unwinding backend have no room left on
// the stack, and need memory.
static int switch_deep_down(const volatile char *top, greenlet_t *target) {
    volatile char here[64] = {0};
    int is_deep = top - here > DEEP_STACK - LEFT_OF_IT;
    int code = is_deep ? greenlet_switch(target, NULL, NULL) : switch_deep_down(top, target);
    for (size_t i = 0; i < sizeof here; i++)
        if (here[i]) return GREENLET_EFAILED;
    return code;
}

static int run_deep(void *value, void **result) {
    volatile char top = 0;
    (void)result;
    int code = switch_deep_down(&top, value);
    if (code == GREENLET_ENOMEM) CHECK_INT(greenlet_started(value), value == greenlet_main());
    return code;
}

static int leave_deep_stack_to(greenlet_t *target) {
    greenlet_t *greenlet;
    int code = greenlet_new(run_deep, NULL, &greenlet);
    if (code < 0) return code;
    code = greenlet_set_stack_size(greenlet, DEEP_STACK);
    if (code >= 0) code = greenlet_switch(greenlet, target, NULL);
    if (code >= 0 && !greenlet_dead(greenlet)) code = greenlet_switch(greenlet, NULL, NULL);
    greenlet_unref(greenlet);
    return code;
}

static int leave_deep_stack(void) {
    return leave_deep_stack_to(greenlet_main());
}

TEST(WA_03_leaving_a_deep_stack_without_memory) {
    fail_each_allocation(leave_deep_stack);
}

// A chunk for saved frames is kept for the next time.
static int run_leave_deep_twice(void *value, void **result) {
    volatile char top = 0;
    (void)result;
    int code = switch_deep_down(&top, value);
    memory_fail_at(1);
    if (code == GREENLET_OK) code = switch_deep_down(&top, value);
    memory_fail_at(0);
    return code;
}

TEST(MEMORY_leaving_as_deep_a_second_time_takes_none) {
    a = make(run_leave_deep_twice);
    CHECK_OK(greenlet_set_stack_size(a, DEEP_STACK));
    for (int i = 0; i < 3; i++) CHECK_OK(greenlet_switch(a, greenlet_main(), NULL));
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

// Without memory, to main and back.
static int run_visit_main(void *value, void **result) {
    (void)value, (void)result;
    memory_fail_at(1);
    int code = greenlet_switch(greenlet_main(), NULL, NULL);
    memory_fail_at(0);
    return code;
}

// Whoever goes to main may lie on the engine's stack above somebody, who then has to leave it too.
static void visit_main_above_a_deep_stack(void) {
    a = make(run_deep);
    b = make(run_visit_main);
    CHECK_OK(greenlet_set_stack_size(a, DEEP_STACK));
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(greenlet_switch(a, b, NULL));
    memory_fail_at(0);
    CHECK_INT(greenlet_active(a) && greenlet_active(b), 1);
    CHECK_OK(greenlet_switch(b, NULL, NULL)); // which ends, and then its parent
    CHECK_INT(greenlet_dead(a) && greenlet_dead(b), 1);
    drop(&a);
    drop(&b);
}

TEST(WA_03_making_way_from_a_deep_stack_takes_no_memory) {
    for (int i = 0; i < 2; i++) visit_main_above_a_deep_stack();
}

// Started before, and gone to from a deep stack: its wait takes no memory, and it ends in who came.
static int run_nap(void *value, void **result) {
    int code = up(value, result);
    return code < 0 ? code : gevent_sleep(1);
}

static int go_deep_without_memory(void *value, void **result) {
    volatile char top = 0;
    CHECK_OK(greenlet_set_parent(b, greenlet_current()));
    memory_fail_at(1);
    int code = switch_deep_down(&top, value);
    memory_fail_at(0);
    *result = V(code);
    return GREENLET_OK;
}

static int visit_hub_above_a_deep_stack(void) {
    gevent_task_t *task;
    void *code;
    b = make(run_nap);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_OK(gevent_spawn(go_deep_without_memory, b, &task));
    CHECK_OK(greenlet_set_stack_size(gevent_task_greenlet(task), DEEP_STACK));
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &code));
    CHECK_INT(greenlet_dead(b), INT(code) == GREENLET_OK);
    gevent_task_unref(task);
    drop(&b);
    return (int)INT(code);
}

// It may be refused where a task lies above others already; but the second time is as the first.
TEST(WA_03_making_way_for_the_hub_takes_no_memory) {
    CHECK_OK(gevent_sleep(1)); // the hub has room for a timer
    int code = visit_hub_above_a_deep_stack();
    CHECK(code == GREENLET_OK || code == GREENLET_ENOMEM);
    CHECK_CODE(visit_hub_above_a_deep_stack(), code);
}

static int start_from_deep_stack(void) {
    greenlet_t *target;
    int code = greenlet_new(run_up, NULL, &target);
    if (code < 0) return code;
    code = leave_deep_stack_to(target);
    greenlet_unref(target);
    return code;
}

TEST(MEMORY_starting_another_from_a_deep_stack) {
    fail_each_allocation(start_from_deep_stack);
}

static int run_raise_with_cause(void *value, void **result) {
    (void)value, (void)result;
    (void)greenlet_raise(&E1, "a message of %d words", 5);
    return CODE_E2; // a new error, with the last one as cause
}

// Without memory an error is delivered as ENOMEM, never lost.
static int fail_with_cause(void) {
    greenlet_t *greenlet;
    int code = greenlet_new(run_raise_with_cause, NULL, &greenlet);
    if (code < 0) return code;
    code = greenlet_switch(greenlet, NULL, NULL);
    CHECK(code == CODE_E2 || code == GREENLET_ENOMEM);
    CHECK_INT(greenlet_error_code(greenlet_last_error()), code);
    greenlet_unref(greenlet);
    return code == CODE_E2 ? GREENLET_OK : code;
}

TEST(MEMORY_failing) {
    fail_each_allocation(fail_with_cause);
}

static int run_sleep(void *value, void **result) {
    *result = value;
    return gevent_sleep(1);
}

static int spawn_and_get(void) {
    gevent_task_t *task;
    void *result = V(1);
    int code = gevent_spawn(run_sleep, V(4), &task);
    if (code < 0) return code;
    code = gevent_get(task, GEVENT_FOREVER, &result);
    CHECK_INT(INT(result), code < 0 ? 1 : 4);
    gevent_task_unref(task);
    return code;
}

TEST(MEMORY_spawning_and_getting) {
    gevent_set_unhandled(check_no_memory);
    fail_each_allocation(spawn_and_get);
}

static int spawn_and_kill(void) {
    gevent_task_t *task;
    int code = gevent_spawn(run_sleep, V(4), &task);
    if (code < 0) return code;
    code = gevent_yield();
    int killed = gevent_kill(task, NULL, GEVENT_FOREVER);
    while (gevent_status(task) == GEVENT_PENDING)
        if (gevent_join(task, GEVENT_FOREVER) < 0) FAIL("joined");
    gevent_task_unref(task);
    return code < 0 ? code : killed;
}

TEST(MEMORY_killing) {
    gevent_set_unhandled(check_no_memory);
    fail_each_allocation(spawn_and_kill);
}

static int expire(void) {
    gevent_timeout_t timeout;
    int code = gevent_timeout_start(&timeout, 0.5);
    if (code < 0) return code;
    code = gevent_sleep(1);
    CHECK_INT(code, GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&timeout), 1);
    CHECK_INT(gevent_timeout_pending(&timeout), 0);
    return gevent_yield(); // the hub lets go of the error
}

TEST(MEMORY_timeouts) {
    fail_each_allocation(expire);
}
