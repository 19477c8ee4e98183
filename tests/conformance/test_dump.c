// Who is there, who waits for what, and who can never go on (HUB).
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_SITES
#define GREENLET_SITES
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_event_t event;
static char text[8192];

static gevent_task_t *spawn_named(greenlet_run_fn run, void *argument, const char *name) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(run, argument, &task));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), name));
    return task;
}

static void end(gevent_task_t *task) {
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_task_unref(task);
}

static int run_join(void *task, void **result) {
    (void)result;
    return gevent_join(task, GEVENT_FOREVER);
}

static int sleep_line;

static int run_sleep(void *value, void **result) {
    (void)value, (void)result;
    sleep_line = __LINE__ + 1;
    return gevent_sleep(10);
}

// ---- the forest ---------------------------------------------------------------------------------

static gevent_task_t *child;

static int run_parent(void *value, void **result) {
    child = spawn_named(run_sleep, value, "child");
    return run_sleep(value, result);
}

// The line of a greenlet, without its number; "" if it has none.
static const char *line_of(const char *name) {
    static char line[256];
    char pattern[64];
    snprintf(pattern, sizeof pattern, "%s #", name);
    const char *start = strstr(text, pattern);
    if (!start) return "";
    while (start > text && start[-1] == ' ') start--;
    size_t length = strcspn(start, "\n");
    snprintf(line, sizeof line, "%.*s", (int)length, start);
    return line;
}

static int starts_with(const char *line, const char *name, const char *rest) {
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0) return 0;
    const char *number = line + length;
    return strncmp(number + strspn(number, "#0123456789"), rest, strlen(rest)) == 0;
}

TEST(HUB_dump_is_the_forest_of_who_made_whom) {
    gevent_task_t *parent = spawn_named(run_parent, NULL, "parent");
    CHECK_OK(gevent_sleep(0.005));
    gevent_task_t *fresh = spawn_named(run_sleep, NULL, "fresh");
    size_t length = gevent_dump(text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK(starts_with(line_of("main"), "main ", " is running"));
    CHECK(starts_with(line_of("hub"), "  hub ", " is suspended"));
    CHECK(starts_with(line_of("parent"), "  parent ", " waits in sleep since 0.005 s ago; stack "));
    CHECK(starts_with(line_of("child"), "    child ", " waits in sleep since 0.005 s ago; stack "));
    CHECK(starts_with(line_of("fresh"), "  fresh ", " is new; spawned at "));
    CHECK(strstr(text, "3 of them tasks that have not finished; ") != NULL);
    end(parent);
    gevent_dump(text, sizeof text);
    CHECK(starts_with(line_of("child"), "child ", " waits in sleep")); // who made it is gone
    end(child);
    end(fresh);
}

TEST(HUB_dump_says_where_in_the_source) {
    char place[64];
    int line = __LINE__ + 1;
    gevent_task_t *task = spawn_named(run_sleep, NULL, "task");
    CHECK_OK(gevent_yield());
    gevent_dump(text, sizeof text);
    CHECK(line > 0 && strstr(line_of("task"), "spawned at ") != NULL);
    snprintf(place, sizeof place, "test_dump.c:%d", sleep_line);
    CHECK(strstr(line_of("task"), place) != NULL);
    CHECK(strstr(greenlet_parked_at(gevent_task_greenlet(task)), place) != NULL);
    end(task);
}

// ---- JSON ---------------------------------------------------------------------------------------

static size_t count_of(const char *pattern) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, pattern)); at++) count++;
    return count;
}

TEST(HUB_dump_json_has_an_object_for_each) {
    gevent_task_t *sleeper = spawn_named(run_sleep, NULL, "a \"sleeper\"\\\n");
    gevent_task_t *joiner = spawn_named(run_join, sleeper, "joiner");
    CHECK_OK(gevent_sleep(0.25));
    size_t length = gevent_dump_json(text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK(count_of("{\"id\":") >= 4);
    CHECK_INT(count_of("\"name\":\"main\",\"parent\":null,\"creator\":null"), 1);
    CHECK_INT(count_of("\"name\":\"a \\\"sleeper\\\"\\\\\\u000a\",\"parent\":2,\"creator\":1"), 1);
    CHECK_INT(count_of("\"wait\":{\"seconds\":0.250000000,\"in\":\"sleep\",\"for\":null,"
                       "\"id\":null}"),
              1);
    CHECK_INT(count_of("\"in\":\"join\",\"for\":\"a \\\"sleeper\\\"\\\\\\u000a\",\"id\":"), 1);
    CHECK_INT(count_of("\"tasks\":2,"), 1);
    CHECK_INT(count_of("\"virtual\":true"), 1);
    CHECK_INT(count_of("\"is_stuck\":true"), 0);
    CHECK_INT(count_of("\"spawned_at\":\""), 2);
    char small[8];
    CHECK_INT(gevent_dump_json(small, sizeof small), strlen(text));
    CHECK_STR(small, "{\"now\":");
    end(joiner);
    end(sleeper);
}

// ---- long chains, and no memory -----------------------------------------------------------------

enum { CHAIN = 2000 };

static int run_link(void *value, void **result) {
    (void)result;
    if (INT(value) > 0) CHECK_OK(gevent_spawn(run_link, V(INT(value) - 1), NULL));
    return gevent_event_wait(&event, GEVENT_FOREVER);
}

TEST(HUB_dump_of_a_long_chain) {
    gevent_event_init(&event);
    greenlet_set_default_stack_size(16384);
    CHECK_OK(gevent_spawn(run_link, V(CHAIN - 1), NULL));
    CHECK_OK(gevent_sleep(1));
    size_t length = gevent_dump(NULL, 0);
    CHECK(length > (size_t)CHAIN * CHAIN); // each is two columns further right
    gevent_event_set(&event);
    CHECK_OK(gevent_run());
    CHECK(gevent_dump(NULL, 0) < length);
    greenlet_set_default_stack_size(0);
}

TEST(HUB_dump_without_memory_is_a_list) {
    gevent_task_t *parent = spawn_named(run_parent, NULL, "parent");
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_yield());
    memory_fail_at(1);
    gevent_dump(text, sizeof text);
    memory_fail_at(0);
    CHECK(starts_with(line_of("child"), "child ", " waits in sleep"));
    CHECK(starts_with(line_of("parent"), "parent ", " waits in sleep"));
    end(child);
    end(parent);
}

// ---- who can never go on ------------------------------------------------------------------------

static gevent_task_t *ring[3];

static int run_join_next(void *place, void **result) {
    (void)result;
    return gevent_join(ring[(INT(place) + 1) % 3], GEVENT_FOREVER);
}

static void spawn_ring(void) {
    static const char *const names[] = {"anna", "bert", "cleo"};
    for (int i = 0; i < 3; i++) ring[i] = spawn_named(run_join_next, V(i), names[i]);
}

static int server(void *argument) {
    (void)argument;
    return GREENLET_OK;
}

TEST(HUB_stuck_is_found_in_a_circle_and_behind_it_while_a_server_goes_on) {
    gevent_timer_t timer = {0};
    greenlet_t *stuck[2];
    CHECK_OK(gevent_timer_start(&timer, 1, 1, server, NULL));
    spawn_ring();
    CHECK_INT(gevent_find_stuck(stuck, 2), 0); // they have not run yet
    gevent_task_t *behind = spawn_named(run_join, ring[1], "behind");
    gevent_task_t *sleeper = spawn_named(run_sleep, NULL, "sleeper");
    gevent_task_t *free_one = spawn_named(run_join, sleeper, "free");
    CHECK_CODE(gevent_run_for(5), GREENLET_ETIMEDOUT);
    CHECK_INT(gevent_find_stuck(NULL, 0), 4);
    CHECK_INT(gevent_find_stuck(stuck, 2), 4);
    CHECK_STR(greenlet_name(stuck[0]), "anna");
    CHECK_STR(greenlet_name(stuck[1]), "bert");
    gevent_dump(text, sizeof text);
    CHECK(strstr(line_of("cleo"), "waits in join for anna since 5.000 s ago, for ever") != NULL);
    CHECK(strstr(line_of("behind"), "for ever") != NULL);
    CHECK(strstr(line_of("free"), "for ever") == NULL);
    gevent_dump_json(text, sizeof text);
    CHECK_INT(count_of("\"is_stuck\":true"), 4);
    CHECK_OK(gevent_kill(ring[2], NULL, GEVENT_NOWAIT)); // queued: that is how it is solved
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    for (int i = 0; i < 3; i++) {
        CHECK(gevent_status(ring[i]) != GEVENT_PENDING);
        gevent_task_unref(ring[i]);
    }
    end(free_one);
    end(sleeper);
    end(behind);
    gevent_timer_stop(&timer);
}

static int run_join_next_for(void *place, void **result) {
    (void)result;
    int code = gevent_join(ring[(INT(place) + 1) % 3], 3);
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

static int run_join_next_in_timeout(void *place, void **result) {
    gevent_timeout_t timeout;
    CHECK_OK(gevent_timeout_start(&timeout, 3));
    int code = run_join_next(place, result);
    return gevent_timed_out_by(&timeout) ? GREENLET_OK : code;
}

static int run_join_next_in_scope(void *place, void **result) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 3));
    int code = gevent_scope_close(&scope, run_join_next(place, result));
    return code == GREENLET_EEXPIRED ? GREENLET_OK : code;
}

static void check_ring_is_free(greenlet_run_fn first) {
    spawn_ring();
    end(ring[0]);
    ring[0] = spawn_named(first, V(0), "first");
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    CHECK_OK(gevent_run());
    for (int i = 0; i < 3; i++) gevent_task_unref(ring[i]);
}

TEST(HUB_stuck_nobody_is_while_one_of_them_has_a_deadline) {
    check_ring_is_free(run_join_next_for);
    check_ring_is_free(run_join_next_in_timeout);
    check_ring_is_free(run_join_next_in_scope);
}

static int run_join_next_or_sleeper(void *sleeper, void **result) {
    gevent_task_t *const tasks[] = {ring[1], sleeper};
    (void)result;
    return gevent_joinall(tasks, 2, GEVENT_FOREVER, 0, 1, NULL);
}

TEST(HUB_stuck_nobody_is_who_waits_for_one_of_several) {
    spawn_ring();
    end(ring[0]);
    gevent_task_t *sleeper = spawn_named(run_sleep, NULL, "sleeper");
    ring[0] = spawn_named(run_join_next_or_sleeper, sleeper, "first");
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    CHECK_OK(gevent_run());
    for (int i = 0; i < 3; i++) gevent_task_unref(ring[i]);
    gevent_task_unref(sleeper);
}

static gevent_rlock_t first_lock, second_lock;

static int run_lock_both(void *value, void **result) {
    gevent_rlock_t *mine = value ? &first_lock : &second_lock;
    gevent_rlock_t *other = value ? &second_lock : &first_lock;
    (void)result;
    CHECK_OK(gevent_rlock_acquire(mine, GEVENT_FOREVER));
    CHECK_OK(gevent_yield());
    int code = gevent_rlock_acquire(other, GEVENT_FOREVER);
    if (code >= 0) CHECK_OK(gevent_rlock_release(other));
    CHECK_OK(gevent_rlock_release(mine));
    return code;
}

TEST(HUB_stuck_is_who_takes_two_locks_in_the_other_order) {
    gevent_task_t *one = spawn_named(run_lock_both, V(0), "one");
    gevent_task_t *two = spawn_named(run_lock_both, V(1), "two");
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 2);
    end(one);
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    end(two);
}

static gevent_task_t *killer, *victim;

static int run_kill(void *value, void **result) {
    (void)value, (void)result;
    return gevent_kill(victim, NULL, GEVENT_FOREVER);
}

static int look_at_stuck(void *argument) {
    (void)argument;
    log_add("%d", (int)gevent_find_stuck(NULL, 0));
    return GREENLET_OK;
}

static int run_join_killer(void *value, void **result) {
    (void)value, (void)result;
    return gevent_join(killer, GEVENT_FOREVER);
}

TEST(HUB_stuck_nobody_is_who_is_being_killed) {
    gevent_callback_t callback = {0};
    victim = spawn_named(run_join_killer, NULL, "victim");
    killer = spawn_named(run_kill, NULL, "killer");
    CHECK_OK(gevent_run_callback(&callback, look_at_stuck, NULL)); // before the kill is delivered
    CHECK_OK(gevent_run());
    CHECK_LOG("0");
    CHECK_INT(gevent_status(victim), GEVENT_KILLED);
    gevent_task_unref(victim);
    gevent_task_unref(killer);
}

// ---- events that have an owner ------------------------------------------------------------------

static int run_wait(void *seconds, void **result) {
    (void)result;
    int code = gevent_event_wait(&event, seconds ? *(double *)seconds : GEVENT_FOREVER);
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

static gevent_task_t *spawn_owner(greenlet_run_fn run, void *argument) {
    gevent_task_t *owner = spawn_named(run, argument, "owner");
    gevent_event_init(&event);
    CHECK_OK(gevent_event_set_owner(&event, owner));
    return owner;
}

TEST(HUB_stuck_is_who_waits_for_an_event_whose_owner_has_finished) {
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_timer_start(&timer, 1, 1, server, NULL));
    gevent_task_t *owner = spawn_owner(run_sleep, NULL);
    gevent_task_t *waiter = spawn_named(run_wait, NULL, "waiter");
    gevent_task_t *behind = spawn_named(run_join, waiter, "behind");
    CHECK_OK(gevent_sleep(5));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    gevent_dump(text, sizeof text);
    CHECK(strstr(line_of("waiter"), "waits in event for owner since 5.000 s ago") != NULL);
    CHECK_OK(gevent_sleep(6));
    CHECK_INT(gevent_find_stuck(NULL, 0), 2);
    gevent_task_unref(owner);
    CHECK_INT(gevent_find_stuck(NULL, 0), 2);
    gevent_dump(text, sizeof text);
    CHECK(strstr(line_of("waiter"),
                 "for a task, which has finished, since 11.000 s ago, for ever") != NULL);
    gevent_event_set(&event);
    gevent_event_clear(&event);
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    CHECK_OK(gevent_join(behind, GEVENT_FOREVER));
    gevent_timer_stop(&timer);
    gevent_task_unref(behind);
    gevent_task_unref(waiter);
}

TEST(HUB_stuck_is_who_joins_him_who_waits_for_his_event) {
    gevent_task_t *waiter = spawn_named(run_wait, NULL, "waiter");
    gevent_task_t *owner = spawn_owner(run_join, waiter);
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 2);
    CHECK_OK(gevent_event_set_owner(&event, NULL));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    end(waiter);
    end(owner);
}

TEST(HUB_stuck_nobody_is_who_has_a_deadline_at_an_abandoned_event) {
    double seconds = 20;
    gevent_task_t *owner = spawn_owner(run_sleep, NULL);
    gevent_task_t *waiter = spawn_named(run_wait, &seconds, "waiter");
    CHECK_OK(gevent_sleep(11));
    CHECK_INT(gevent_ready(owner), 1);
    CHECK_INT(gevent_ready(waiter), 0);
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    CHECK_OK(gevent_run());
    gevent_task_unref(owner);
    gevent_task_unref(waiter);
}

static gevent_result_t *outcome;

static int run_wait_for_result(void *argument, void **result) {
    (void)argument;
    return gevent_result_get(outcome, GEVENT_FOREVER, result);
}

static int run_settle(void *argument, void **result) {
    (void)argument, (void)result;
    int code = gevent_sleep(9);
    gevent_result_set(outcome, V(7));
    return code;
}

static gevent_task_t *spawn_settler(void) {
    gevent_task_t *owner = spawn_named(run_settle, NULL, "owner");
    CHECK_OK(gevent_result_new(&outcome));
    CHECK_OK(gevent_result_set_owner(outcome, owner));
    return owner;
}

static void drop_outcome(void) {
    gevent_result_unref(outcome);
    outcome = NULL;
}

TEST(HUB_stuck_is_not_who_waits_for_a_result_that_its_owner_settles) {
    gevent_task_t *owner = spawn_settler();
    gevent_task_t *waiter = spawn_named(run_wait_for_result, NULL, "waiter");
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    gevent_dump(text, sizeof text);
    CHECK(strstr(line_of("waiter"), "waits in result for owner since 1.000 s") != NULL);
    CHECK_OK(gevent_kill(owner, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    end(waiter);
    end(owner);
    drop_outcome();
}

TEST(HUB_stuck_is_who_waits_for_a_result_whose_owner_has_finished) {
    greenlet_t *stuck = NULL;
    gevent_task_t *owner = spawn_settler();
    gevent_task_t *waiter = spawn_named(run_wait_for_result, NULL, "waiter");
    CHECK_OK(gevent_sleep(1));
    CHECK_OK(gevent_kill_hard(owner));
    CHECK_INT(gevent_find_stuck(&stuck, 1), 1);
    CHECK_PTR(stuck, gevent_task_greenlet(waiter));
    CHECK_OK(gevent_result_set_owner(outcome, NULL));
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    end(waiter);
    end(owner);
    drop_outcome();
}

static int run_wait_and_look(void *argument, void **result) {
    int code = run_wait(argument, result);
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    return code;
}

TEST(HUB_stuck_nobody_is_while_all_are_being_told) {
    gevent_task_t *owner = spawn_owner(run_nothing, NULL);
    gevent_task_t *first = spawn_named(run_wait_and_look, NULL, "first");
    gevent_task_t *second = spawn_named(run_wait_and_look, NULL, "second");
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(NULL, 0), 2);
    gevent_event_set(&event);
    gevent_event_clear(&event);
    CHECK_INT(gevent_find_stuck(NULL, 0), 0);
    end(first);
    end(second);
    end(owner);
}

TEST(MEMORY_owners) {
    gevent_event_t owned = {0};
    gevent_task_t *owner = spawn_named(run_sleep, NULL, "owner");
    CHECK_OK(gevent_result_new(&outcome));
    memory_fail_at(1);
    CHECK_CODE(gevent_event_set_owner(&owned, owner), GREENLET_ENOMEM);
    memory_fail_at(1);
    CHECK_CODE(gevent_result_set_owner(outcome, owner), GREENLET_ENOMEM);
    memory_fail_at(0);
    CHECK_INT(owned.owner.id, 0);
    drop_outcome();
    end(owner);
}
