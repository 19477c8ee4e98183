// Threads: making, joining, detaching, ending, and their attributes.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

static void *add_one(void *argument) {
    return (char *)argument + 1;
}

static void *name_self(void *argument) {
    *(pthread_t *)argument = pthread_self();
    return NULL;
}

static void *join_it(void *argument) {
    return V(pthread_join(*(pthread_t *)argument, NULL));
}

static void exit_with(void *result) {
    pthread_exit(result);
}

static void *exit_from_within(void *result) {
    exit_with(result);
    return NULL;
}

static void *wait_there(void *gate) {
    pass_gate(gate);
    return NULL;
}

TEST(PTHREAD_join_gives_what_the_function_returned) {
    void *result = NULL;
    pthread_t thread = start(add_one, V(6));
    CHECK_INT(pthread_join(thread, &result), 0);
    CHECK_INT(INT(result), 7);
}

TEST(PTHREAD_join_gives_what_was_handed_to_exit) {
    CHECK_INT(INT(end_of(start(exit_from_within, V(42)))), 42);
}

TEST(PTHREAD_self_is_what_create_gave) {
    pthread_t inside = pthread_self();
    pthread_t thread = start(name_self, &inside);
    (void)end_of(thread);
    CHECK(pthread_equal(thread, inside));
    CHECK(!pthread_equal(thread, pthread_self()));
}

TEST(PTHREAD_nobody_joins_himself) {
    CHECK_INT(pthread_join(pthread_self(), NULL), EDEADLK);
}

TEST(PTHREAD_a_detached_thread_is_not_joined) {
    gate_t gate = GATE_CLOSED;
    pthread_t thread = start(wait_there, &gate);
    CHECK_INT(pthread_detach(thread), 0);
    CHECK_INT(pthread_detach(thread), EINVAL);
    CHECK_INT(pthread_join(thread, NULL), EINVAL);
    open_gate(&gate);
    leave_gate(&gate, 1);
}

TEST(PTHREAD_a_thread_is_joined_by_one_only) {
    gate_t gate = GATE_CLOSED;
    pthread_t thread = start(wait_there, &gate);
    pthread_t joiner = start(join_it, &thread);
    let_others_run();
#ifdef __wasm__
    CHECK_INT(pthread_join(thread, NULL), EINVAL);
#endif
    open_gate(&gate);
    CHECK_INT(INT(end_of(joiner)), 0);
    leave_gate(&gate, 1);
}

TEST(PTHREAD_one_is_made_detached) {
    gate_t gate = GATE_CLOSED;
    pthread_attr_t attr;
    pthread_t thread;
    CHECK_INT(pthread_attr_init(&attr), 0);
    CHECK_INT(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
    CHECK_INT(pthread_create(&thread, &attr, wait_there, &gate), 0);
    CHECK_INT(pthread_join(thread, NULL), EINVAL);
    CHECK_INT(pthread_attr_destroy(&attr), 0);
    open_gate(&gate);
    leave_gate(&gate, 1);
}

static void *use_stack(void *argument) {
    volatile char room[100 * 1024];
    room[0] = 1;
    room[sizeof room - 1] = 2;
    (void)argument;
    return V(room[0] + room[sizeof room - 1]);
}

TEST(PTHREAD_a_stack_is_as_large_as_asked_for) {
    pthread_attr_t attr;
    pthread_t thread;
    size_t size = 0;
    (void)pthread_attr_init(&attr);
    CHECK_INT(pthread_attr_setstacksize(&attr, 1), EINVAL);
    CHECK_INT(pthread_attr_setstacksize(&attr, 256 * 1024), 0);
    CHECK_INT(pthread_attr_getstacksize(&attr, &size), 0);
    CHECK_INT(size, 256 * 1024);
    CHECK_INT(pthread_create(&thread, &attr, use_stack, NULL), 0);
    CHECK_INT(INT(end_of(thread)), 3);
    (void)pthread_attr_destroy(&attr);
}

TEST(PTHREAD_attributes_are_kept_and_checked) {
    pthread_attr_t attr;
    int state = -1, scope = -1;
    (void)pthread_attr_init(&attr);
    CHECK_INT(pthread_attr_getdetachstate(&attr, &state), 0);
    CHECK_INT(state, PTHREAD_CREATE_JOINABLE);
    CHECK_INT(pthread_attr_setdetachstate(&attr, 17), EINVAL);
    CHECK_INT(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS), ENOTSUP);
    CHECK_INT(pthread_attr_getscope(&attr, &scope), 0);
    CHECK_INT(scope, PTHREAD_SCOPE_SYSTEM);
    (void)pthread_attr_destroy(&attr);
}

TEST(PTHREAD_names_are_kept_and_checked) {
    char name[16];
    gate_t gate = GATE_CLOSED;
    pthread_t thread = start(wait_there, &gate);
    CHECK_INT(pthread_setname_np(thread, "sixteen letters!"), ERANGE);
    CHECK_INT(pthread_setname_np(thread, "cook"), 0);
    CHECK_INT(pthread_getname_np(thread, name, sizeof name), 0);
    CHECK_STR(name, "cook");
    open_gate(&gate);
    (void)end_of(thread);
    leave_gate(&gate, 1);
}

TEST(PTHREAD_join_can_have_enough_of_waiting) {
    gate_t gate = GATE_CLOSED;
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    pthread_t thread = start(wait_there, &gate);
    CHECK_INT(pthread_tryjoin_np(thread, NULL), EBUSY);
    CHECK_INT(pthread_timedjoin_np(thread, NULL, &soon), ETIMEDOUT);
    open_gate(&gate);
    CHECK_INT(pthread_join(thread, NULL), 0);
    leave_gate(&gate, 1);
}

#ifdef __wasm__
TEST(PTHREAD_who_is_gone_is_not_found) {
    pthread_t thread = start(add_one, NULL);
    (void)end_of(thread);
    CHECK_INT(pthread_join(thread, NULL), ESRCH);
    CHECK_INT(pthread_detach(thread), ESRCH);
    CHECK_INT(pthread_cancel(thread), ESRCH);
}

TEST(PTHREAD_threads_are_tasks_with_names) {
    gate_t gate = GATE_CLOSED;
    char name[16];
    pthread_t first = start(wait_there, &gate), second = start(wait_there, &gate);
    CHECK_INT(pthread_getname_np(second, name, sizeof name), 0);
    CHECK_STR(name, "thread-2");
    CHECK_INT(pthread_getname_np(second, name, 3), ERANGE);
    open_gate(&gate);
    (void)end_of(first);
    (void)end_of(second);
    leave_gate(&gate, 2);
}
#endif
