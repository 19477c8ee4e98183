// Threads: each has its own tree and hub; a greenlet of another one is out of reach, by name and
// with nothing changed; what the end of a thread leaves, and references that others hold. Prints
// `ok NAME` for each test, and aborts at the first check that fails.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/gevent.h"
#include "../src/greenlet_context.h"

enum { THREADS = 8, ROUNDS = 1000 };

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

// The name begins with the rules that the test proves, or with a word where there is none.
#define TEST(name) static void name(void)
#define RUN(name) (name(), puts("ok " #name))

static int echo(void *value, void **result) {
    int code = GREENLET_OK;
    while (code >= 0 && value) code = greenlet_switch(greenlet_main(), value, &value);
    *result = value;
    return code;
}

static void run_thread(void *(*function)(void *argument), void *argument) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, function, argument) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
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

static _Thread_local int events;

static int count_events(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                        const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error, (void)data;
    events++;
    return GREENLET_OK;
}

// ---- out of reach -------------------------------------------------------------------------------

typedef struct foreign {
    greenlet_t *fresh, *suspended, *dead, *main;
} foreign_t;

// Makes one in each state, with this thread's main greenlet as its parent.
static void make_each(foreign_t *made) {
    made->main = greenlet_main();
    CHECK(greenlet_new(echo, NULL, &made->fresh) == 0);
    CHECK(greenlet_new(echo, NULL, &made->suspended) == 0);
    CHECK(greenlet_new(echo, NULL, &made->dead) == 0);
    CHECK(greenlet_switch(made->suspended, made, NULL) == 0);
    CHECK(greenlet_switch(made->dead, NULL, NULL) == 0 && greenlet_dead(made->dead));
}

static void drop_each(foreign_t *made) {
    greenlet_unref(made->fresh);
    greenlet_unref(made->suspended);
    greenlet_unref(made->dead);
}

static void check_refused(greenlet_t *target) {
    void *result = &result;
    CHECK(greenlet_switch(target, NULL, &result) == GREENLET_ETHREAD);
    CHECK(greenlet_error_code(greenlet_last_error()) == GREENLET_ETHREAD);
    CHECK(greenlet_throw(target, NULL, &result) == GREENLET_ETHREAD);
    CHECK(result == &result);
}

static void check_parent_refused(greenlet_t *greenlet, greenlet_t *parent) {
    greenlet_t *previous = greenlet_parent(greenlet);
    CHECK(greenlet_set_parent(greenlet, parent) == GREENLET_ETHREAD);
    CHECK(greenlet_error_code(greenlet_last_error()) == GREENLET_ETHREAD);
    CHECK(greenlet_parent(greenlet) == previous);
}

static int finish_elsewhere(void *value, void **result) {
    CHECK(greenlet_finish_to(value, NULL, result) == GREENLET_ETHREAD);
    return GREENLET_OK;
}

static void check_no_successor(greenlet_t *target) {
    greenlet_t *greenlet;
    CHECK(greenlet_new(finish_elsewhere, NULL, &greenlet) == 0);
    CHECK(greenlet_switch(greenlet, target, NULL) == 0 && greenlet_dead(greenlet));
    greenlet_unref(greenlet);
}

static void *visit(void *argument) {
    const foreign_t *foreign = argument;
    greenlet_set_trace(count_events, NULL);
    check_refused(foreign->fresh);
    check_refused(foreign->suspended);
    check_refused(foreign->dead);
    check_refused(foreign->main);
    CHECK(greenlet_set_trace(NULL, NULL) == count_events && events == 0);
    CHECK(greenlet_set_context(foreign->suspended, NULL) == GREENLET_ETHREAD);
    check_no_successor(foreign->suspended);
    check_parent_refused(foreign->fresh, greenlet_main());
    check_parent_refused(foreign->suspended, greenlet_main());
    check_parent_refused(foreign->dead, greenlet_main());
    greenlet_error_unref(greenlet_error_take());
    return NULL;
}

TEST(TD_02_TR_11_CX_08_a_greenlet_of_another_thread_is_out_of_reach) {
    foreign_t foreign;
    make_each(&foreign);
    run_thread(visit, &foreign);
    CHECK(!greenlet_started(foreign.fresh) && greenlet_active(foreign.suspended));
    CHECK(greenlet_parent(foreign.suspended) == greenlet_main());
    void *result;
    CHECK(greenlet_switch(foreign.suspended, NULL, &result) == 0 && result == NULL);
    CHECK(greenlet_dead(foreign.suspended));
    drop_each(&foreign);
}

static void check_no_parent(const foreign_t *mine, greenlet_t *parent) {
    greenlet_t *child = NULL;
    check_parent_refused(mine->fresh, parent);
    check_parent_refused(mine->suspended, parent);
    check_parent_refused(mine->dead, parent);
    CHECK(greenlet_new(echo, parent, &child) == GREENLET_ETHREAD && !child);
}

static void *adopt(void *argument) {
    const foreign_t *foreign = argument;
    foreign_t mine;
    void *result = NULL;
    make_each(&mine);
    check_no_parent(&mine, foreign->main);
    check_no_parent(&mine, foreign->fresh);
    CHECK(greenlet_switch(mine.fresh, &mine, &result) == 0 && result == &mine);
    drop_each(&mine);
    greenlet_error_unref(greenlet_error_take());
    return NULL;
}

TEST(PA_10_PA_11_CR_06_a_parent_of_another_thread_is_refused) {
    foreign_t foreign;
    void *result = NULL;
    make_each(&foreign);
    run_thread(adopt, &foreign);
    CHECK(greenlet_parent(foreign.fresh) == greenlet_main());
    CHECK(greenlet_switch(foreign.fresh, &foreign, &result) == 0 && result == &foreign);
    drop_each(&foreign);
}

static void *try_often(void *argument) {
    for (int i = 0; i < ROUNDS; i++) (void)visit(argument);
    return NULL;
}

TEST(TD_04_many_that_try_at_once_all_fail) {
    foreign_t foreign;
    void *result = NULL;
    pthread_t threads[THREADS];
    make_each(&foreign);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, try_often, &foreign) == 0);
    for (int i = 0; i < 100; i++) check_tree();
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(!greenlet_started(foreign.fresh) && greenlet_active(foreign.suspended));
    CHECK(greenlet_switch(foreign.suspended, &foreign, &result) == 0 && result == &foreign);
    drop_each(&foreign);
}

// ---- the trace callback -------------------------------------------------------------------------

static void *check_no_trace(void *argument) {
    CHECK(greenlet_get_trace() == NULL);
    check_tree();
    CHECK(events == 0);
    CHECK(greenlet_set_trace(count_events, NULL) == NULL);
    check_tree();
    CHECK(events > ROUNDS && greenlet_set_trace(NULL, NULL) == count_events);
    return argument;
}

TEST(TR_23_the_trace_callback_belongs_to_the_thread) {
    CHECK(greenlet_set_trace(count_events, NULL) == NULL);
    run_thread(check_no_trace, NULL);
    CHECK(greenlet_get_trace() == count_events && events == 0);
    check_tree();
    CHECK(events > ROUNDS);
    CHECK(greenlet_set_trace(NULL, NULL) == count_events);
}

// ---- a tree and a hub each ----------------------------------------------------------------------

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

static void check_hub(void) {
    int naps = 0;
    void *result = NULL;
    gevent_task_t *task;
    CHECK(gevent_use_virtual_clock() == 0);
    CHECK(gevent_spawn(nap, &naps, &task) == 0);
    CHECK(gevent_get(task, GEVENT_FOREVER, &result) == 0 && result == &naps && naps == 10);
    gevent_task_unref(task);
}

// Whether there is a hub yet makes no difference to others.
static void check_numbers(void) {
    greenlet_t *first, *second;
    CHECK(greenlet_new(echo, NULL, &first) == 0);
    CHECK(greenlet_id(first) == 3 && greenlet_live_count() == 1);
    CHECK(greenlet_id(gevent_hub()) == 2 && greenlet_live_count() == 1);
    CHECK(greenlet_new(echo, NULL, &second) == 0);
    CHECK(greenlet_id(second) == 4 && greenlet_live_count() == 2);
    greenlet_unref(first);
    greenlet_unref(second);
    CHECK(greenlet_live_count() == 0);
}

static void *live(void *argument) {
    CHECK(greenlet_current() == greenlet_main() && greenlet_live_count() == 0);
    check_numbers();
    check_tree();
    check_hub();
    return argument;
}

TEST(TD_01_each_thread_has_a_tree_and_a_hub) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, live, NULL) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

// ---- the end of a thread ------------------------------------------------------------------------

// Counts those that EXIT lets end, in their own thread.
static int clean_up(void *value, void **result) {
    int *count = value;
    pthread_t mine = pthread_self();
    char *block = malloc(100);
    int code = greenlet_switch(greenlet_parent(greenlet_current()), NULL, result);
    CHECK(code == GREENLET_EEXIT && pthread_equal(mine, pthread_self()));
    free(block);
    ++*count;
    return code;
}

static int sleep_long(void *argument, void **result) {
    int *count = argument;
    (void)result;
    int code = gevent_sleep(3600);
    CHECK(code == GREENLET_EEXIT);
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

TEST(TD_05_GC_09_a_thread_that_ends_kills_its_greenlets) {
    left_t left = {.count = 0};
    run_thread(leave_suspended, &left);
    CHECK(left.count == 4);
    for (int i = 0; i < 3; i++) greenlet_unref(left.greenlets[i]);
}

static int wait_and_kill(void *argument, void **result) {
    (void)result;
    return gevent_kill(argument, NULL, GEVENT_FOREVER);
}

static int never_called(gevent_task_t *task, void *argument) {
    (void)task, (void)argument;
    CHECK(!"called");
    return GREENLET_OK;
}

static int never_run(void *argument, void **result) {
    (void)result;
    return never_called(NULL, argument);
}

// Of all this only the task that sleeps has begun. What is lost is for the leak checkers to find.
static void *leave_undone(void *argument) {
    gevent_task_t *task, *asleep;
    CHECK(gevent_use_virtual_clock() == 0);
    CHECK(gevent_spawn(sleep_long, argument, &asleep) == 0);
    CHECK(gevent_rawlink(asleep, never_called, NULL) == 0);
    CHECK(gevent_link(asleep, never_called, NULL) == 0);
    CHECK(gevent_sleep(1) == 0);
    CHECK(gevent_spawn(wait_and_kill, asleep, NULL) == 0);
    CHECK(gevent_kill(asleep, NULL, GEVENT_NOWAIT) == 0);
    gevent_task_unref(asleep);
    CHECK(gevent_spawn_later(1, never_run, NULL, &task) == 0);
    CHECK(gevent_link(task, never_called, NULL) == 0);
    gevent_task_unref(task);
    CHECK(gevent_spawn_later(GEVENT_FOREVER, never_run, NULL, NULL) == 0);
    CHECK(gevent_spawn_raw(never_run, NULL, NULL) == 0);
    return NULL;
}

TEST(TD_05_what_a_thread_has_queued_is_dropped) {
    int count = 0;
    run_thread(leave_undone, &count);
    CHECK(count == 1);
}

// Members of all kinds: asleep, unstarted, standing in line for a place; and the group is gone with
// the thread's frames.
static void *leave_members(void *argument) {
    gevent_pool_t pool;
    gevent_group_t group = {0};
    gevent_task_t *asleep;
    gevent_pool_init(&pool, 1);
    CHECK(gevent_use_virtual_clock() == 0);
    CHECK(gevent_pool_apply_async(&pool, sleep_long, argument, &asleep) == 0);
    CHECK(gevent_group_add(&group, asleep) == 0);
    gevent_task_unref(asleep);
    CHECK(gevent_sleep(1) == 0);
    CHECK(gevent_pool_apply_async(&pool, never_run, NULL, NULL) == 0);
    CHECK(gevent_group_spawn(&group, never_run, NULL, &asleep) == 0);
    CHECK(gevent_link(asleep, never_called, NULL) == 0);
    gevent_task_unref(asleep);
    return NULL;
}

TEST(TD_05_members_of_groups_are_dropped_with_their_thread) {
    int count = 0;
    run_thread(leave_members, &count);
    CHECK(count == 1);
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

static void check_described(const greenlet_t *greenlet, const char *end) {
    char text[96];
    size_t length = greenlet_describe(greenlet, text, sizeof text);
    CHECK(length > strlen(end) && strcmp(text + length - strlen(end), end) == 0);
}

TEST(DE_05_DE_06_TD_03_KI_23_PA_12_what_a_thread_leaves_is_dead_and_out_of_reach) {
    remains_t remains = {.count = 0};
    foreign_t mine;
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
    check_described(remains.fresh, " pending thread-ended>");
    check_described(remains.started, " dead thread-ended>");
    check_described(remains.stubborn, " dead thread-ended>");
    check_described(remains.dead, " dead thread-ended>");
    check_described(remains.main, " dead main thread-ended>");
    make_each(&mine);
    check_no_parent(&mine, remains.main);
    check_no_parent(&mine, remains.fresh);
    drop_each(&mine);
    greenlet_error_unref(greenlet_error_take());
    run_thread(drop_remains, &remains);
    greenlet_unref(remains.main);
    greenlet_unref(remains.stubborn);
    greenlet_unref(remains.fresh);
}

// ---- dropped elsewhere --------------------------------------------------------------------------

static void count_release(void *count) {
    ++*(int *)count;
}

static void *drop_one(void *greenlet) {
    greenlet_unref(greenlet);
    return NULL;
}

TEST(KI_22_CR_09_what_another_thread_drops_is_killed_by_its_own) {
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
}

// Takes a reference that its own thread does not see before it ends.
static void *ref_one(void *greenlet) {
    greenlet_ref(greenlet);
    return NULL;
}

static void *leave_one_referred_to(void *argument) {
    greenlet_t **greenlet = argument;
    CHECK(greenlet_new(echo, NULL, greenlet) == 0);
    run_thread(ref_one, *greenlet);
    return NULL;
}

TEST(KI_23_a_reference_taken_elsewhere_outlives_the_thread) {
    greenlet_t *greenlet;
    int released = 0;
    run_thread(leave_one_referred_to, &greenlet);
    greenlet_set_user(greenlet, &released, count_release);
    greenlet_unref(greenlet);
    CHECK(released == 0 && !greenlet_started(greenlet));
    greenlet_unref(greenlet_ref(greenlet));
    CHECK(released == 0);
    greenlet_unref(greenlet);
    CHECK(released == 1);
}

// Its clean-up leaves another one suspended.
static int leave_a_successor(void *value, void **result) {
    left_t *left = value;
    int code = greenlet_switch(greenlet_main(), NULL, result);
    CHECK(greenlet_new(clean_up, NULL, &left->greenlets[1]) == 0);
    greenlet_error_t *pending = greenlet_error_take();
    CHECK(greenlet_switch(left->greenlets[1], &left->count, NULL) >= 0);
    left->count += 10;
    greenlet_error_restore(pending);
    return code;
}

static void *leave_one_after_the_other(void *argument) {
    left_t *left = argument;
    CHECK(greenlet_new(leave_a_successor, NULL, &left->greenlets[0]) == 0);
    CHECK(greenlet_switch(left->greenlets[0], left, NULL) == 0);
    return NULL;
}

TEST(TD_05_what_clean_up_starts_is_killed_too) {
    left_t left = {.count = 0};
    run_thread(leave_one_after_the_other, &left);
    CHECK(greenlet_dead(left.greenlets[0]) && greenlet_dead(left.greenlets[1]));
    CHECK(left.count == 11);
    greenlet_unref(left.greenlets[0]);
    greenlet_unref(left.greenlets[1]);
}

// glibc goes back to the thread's own stack first, and the sanitizers take that for the greenlet's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
TEST(TD_05_a_thread_that_ends_within_a_greenlet_kills_what_was_dropped) {}
#else

typedef struct within {
    greenlet_t *dropped, *kept, *leaver, *main;
    int dropped_count, kept_count, main_released;
} within_t;

static int leave_thread(void *value, void **result) {
    within_t *within = value;
    (void)result;
    run_thread(drop_one, within->dropped);
    within->main = greenlet_ref(greenlet_main());
    greenlet_set_user(within->main, &within->main_released, count_release);
    pthread_exit(NULL);
}

static void *end_within(void *argument) {
    within_t *within = argument;
    CHECK(greenlet_new(clean_up, NULL, &within->dropped) == 0);
    CHECK(greenlet_new(clean_up, NULL, &within->kept) == 0);
    CHECK(greenlet_new(leave_thread, NULL, &within->leaver) == 0);
    CHECK(greenlet_switch(within->dropped, &within->dropped_count, NULL) == 0);
    CHECK(greenlet_switch(within->kept, &within->kept_count, NULL) == 0);
    (void)greenlet_switch(within->leaver, within, NULL);
    abort();
}

TEST(TD_05_a_thread_that_ends_within_a_greenlet_kills_what_was_dropped) {
    within_t within = {.dropped_count = 0};
    run_thread(end_within, &within);
    CHECK(within.dropped_count == 1 && within.kept_count == 0);
    CHECK(greenlet_dead(within.kept) && greenlet_dead(within.leaver) && greenlet_dead(within.main));
    greenlet_unref(within.kept);
    greenlet_unref(within.leaver);
    CHECK(within.main_released == 0);
    greenlet_unref(within.main);
    CHECK(within.main_released == 1);
}
#endif

static void *use_main(void *released) {
    greenlet_set_user(greenlet_main(), released, count_release);
    return NULL;
}

TEST(THREAD_the_main_greenlet_goes_with_its_thread) {
    int released = 0;
    run_thread(use_main, &released);
    CHECK(released == 1);
}

static atomic_int in_use;

static void *allocate_counted(size_t size) {
    void *memory = malloc(size);
    if (memory) in_use++;
    return memory;
}

static void release_counted(void *memory) {
    if (memory) in_use--;
    free(memory);
}

static void *end_with_an_error(void *unused) {
    CHECK(greenlet_raise(&GREENLET_ERROR, "nobody looks at this") == GREENLET_EFAILED);
    return unused;
}

TEST(THREAD_what_it_has_allocated_goes_with_it) {
    const greenlet_allocator_t counted = {allocate_counted, release_counted};
    greenlet_set_allocator(&counted);
    run_thread(end_with_an_error, NULL);
    greenlet_set_allocator(NULL);
    CHECK(in_use == 0);
}

static void *ref_and_unref(void *argument) {
    greenlet_t *greenlet = argument; // with a reference of this thread's
    for (int i = 0; i < ROUNDS; i++) greenlet_unref(greenlet_ref(greenlet));
    greenlet_unref(greenlet);
    return NULL;
}

TEST(REFERENCES_are_counted_from_many_threads_at_once) {
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
}

int main(void) {
    RUN(TD_02_TR_11_CX_08_a_greenlet_of_another_thread_is_out_of_reach);
    RUN(PA_10_PA_11_CR_06_a_parent_of_another_thread_is_refused);
    RUN(TD_04_many_that_try_at_once_all_fail);
    RUN(TR_23_the_trace_callback_belongs_to_the_thread);
    RUN(TD_01_each_thread_has_a_tree_and_a_hub);
    RUN(TD_05_GC_09_a_thread_that_ends_kills_its_greenlets);
    RUN(TD_05_what_a_thread_has_queued_is_dropped);
    RUN(TD_05_members_of_groups_are_dropped_with_their_thread);
    RUN(DE_05_DE_06_TD_03_KI_23_PA_12_what_a_thread_leaves_is_dead_and_out_of_reach);
    RUN(KI_22_CR_09_what_another_thread_drops_is_killed_by_its_own);
    RUN(KI_23_a_reference_taken_elsewhere_outlives_the_thread);
    RUN(TD_05_what_clean_up_starts_is_killed_too);
    RUN(TD_05_a_thread_that_ends_within_a_greenlet_kills_what_was_dropped);
    RUN(THREAD_the_main_greenlet_goes_with_its_thread);
    RUN(THREAD_what_it_has_allocated_goes_with_it);
    RUN(REFERENCES_are_counted_from_many_threads_at_once);
    return 0;
}
