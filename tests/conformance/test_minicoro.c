// minicoro's API: programs as they are written for it, each result, and coroutines that wait.
//
// SPDX-License-Identifier: MIT
#define MINICORO_IMPL
#define MCO_ZERO_MEMORY
#define MCO_DEFAULT_STORAGE_SIZE 64
#include "compat/minicoro.h"

#include "check.h"
#include "generator.h"
#include "gevent.h"

#define CHECK_MCO(call, expected) CHECK_STR(mco_result_description(call), text_of(expected))
#define CHECK_SUCCESS(call) CHECK_MCO(call, MCO_SUCCESS)

static const char *text_of(mco_result result) {
    return mco_result_description(result);
}

static mco_coro *make_coro(void (*func)(mco_coro *co), void *user_data) {
    mco_coro *co = NULL;
    mco_desc desc = mco_desc_init(func, 0);
    desc.user_data = user_data;
    CHECK_SUCCESS(mco_create(&co, &desc));
    return co;
}

// ---- programs -----------------------------------------------------------------------------------

static void say_twice(mco_coro *co) {
    log_add("one");
    mco_yield(co);
    log_add("two");
}

TEST(minicoro_goes_on_after_each_yield) {
    mco_coro *co = make_coro(say_twice, NULL);
    CHECK_INT(mco_status(co), MCO_SUSPENDED);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_INT(mco_status(co), MCO_SUSPENDED);
    log_add("between");
    CHECK_SUCCESS(mco_resume(co));
    CHECK_INT(mco_status(co), MCO_DEAD);
    CHECK_SUCCESS(mco_destroy(co));
    CHECK_LOG("one between two");
}

static void fibonacci(mco_coro *co) {
    unsigned long m = 1, n = 1, last = 0;
    mco_pop(co, &last, sizeof last);
    while (m < last) {
        mco_push(co, &m, sizeof m);
        mco_yield(mco_running());
        unsigned long sum = m + n;
        m = n;
        n = sum;
    }
    mco_push(co, &m, sizeof m);
}

TEST(minicoro_generates_through_its_storage) {
    unsigned long last = 50, number;
    mco_coro *co = make_coro(fibonacci, NULL);
    CHECK_SUCCESS(mco_push(co, &last, sizeof last));
    while (mco_status(co) == MCO_SUSPENDED) {
        CHECK_SUCCESS(mco_resume(co));
        CHECK_SUCCESS(mco_pop(co, &number, sizeof number));
        log_add("%lu", number);
    }
    CHECK_SUCCESS(mco_destroy(co));
    CHECK_LOG("1 1 2 3 5 8 13 21 34 55");
}

typedef struct node {
    int key;
    const struct node *left, *right;
} node_t;

static void walk(mco_coro *co, const node_t *node) {
    if (!node) return;
    walk(co, node->left);
    mco_push(co, &node->key, sizeof node->key);
    mco_yield(co);
    walk(co, node->right);
}

static void walk_tree(mco_coro *co) {
    walk(co, mco_get_user_data(co));
}

TEST(minicoro_yields_out_of_recursion) {
    static const node_t one = {1, NULL, NULL}, three = {3, NULL, NULL}, two = {2, &one, &three};
    static const node_t five = {5, NULL, NULL}, four = {4, &two, &five};
    mco_coro *co = make_coro(walk_tree, (void *)(uintptr_t)&four);
    while (mco_resume(co) == MCO_SUCCESS && mco_status(co) == MCO_SUSPENDED) {
        int key = 0;
        CHECK_SUCCESS(mco_pop(co, &key, sizeof key));
        log_add("%d", key);
    }
    CHECK_SUCCESS(mco_destroy(co));
    CHECK_LOG("1 2 3 4 5");
}

static void produce(mco_coro *co) {
    for (int item = 1; item <= 3; item++) {
        mco_push(co, &item, sizeof item);
        log_add("make %d", item);
        mco_yield(co);
    }
}

// Resumes the producer itself, from within.
static void consume(mco_coro *co) {
    mco_coro *producer = mco_get_user_data(co);
    int item;
    while (mco_resume(producer) == MCO_SUCCESS && mco_status(producer) == MCO_SUSPENDED) {
        mco_pop(producer, &item, sizeof item);
        log_add("use %d", item);
        mco_yield(co);
    }
}

TEST(minicoro_consumes_what_another_one_produces) {
    mco_coro *producer = make_coro(produce, NULL);
    mco_coro *consumer = make_coro(consume, producer);
    while (mco_status(consumer) == MCO_SUSPENDED) CHECK_SUCCESS(mco_resume(consumer));
    CHECK_SUCCESS(mco_destroy(consumer));
    CHECK_SUCCESS(mco_destroy(producer));
    CHECK_LOG("make 1 use 1 make 2 use 2 make 3 use 3");
}

static void take_turns(mco_coro *co) {
    const char *name = mco_get_user_data(co);
    for (int i = 0; i < 2; i++) {
        log_add("%s%d", name, i);
        mco_yield(co);
    }
}

TEST(minicoro_runs_under_a_scheduler_of_its_own) {
    mco_coro *turns[] = {make_coro(take_turns, "a"), make_coro(take_turns, "b"),
                         make_coro(take_turns, "c")};
    for (int left = 3; left;)
        for (int i = 0; i < 3; i++) {
            if (mco_status(turns[i]) == MCO_DEAD) continue;
            CHECK_SUCCESS(mco_resume(turns[i]));
            left -= mco_status(turns[i]) == MCO_DEAD;
        }
    for (int i = 0; i < 3; i++) CHECK_SUCCESS(mco_destroy(turns[i]));
    CHECK_LOG("a0 b0 c0 a1 b1 c1");
}

// ---- who runs -----------------------------------------------------------------------------------

static void look_at_outer(mco_coro *co) {
    mco_coro *outer = mco_get_user_data(co);
    CHECK_PTR(mco_running(), co);
    CHECK_PTR(co->prev_co, outer);
    CHECK_INT(mco_status(outer), MCO_NORMAL);
    CHECK_MCO(mco_resume(outer), MCO_NOT_SUSPENDED);
    CHECK_MCO(mco_yield(outer), MCO_NOT_RUNNING);
    CHECK_MCO(mco_destroy(outer), MCO_INVALID_OPERATION);
    CHECK_SUCCESS(mco_yield(co));
}

static void resume_inner(mco_coro *co) {
    mco_coro *inner = make_coro(look_at_outer, co);
    CHECK_SUCCESS(mco_resume(inner));
    CHECK_INT(mco_status(co), MCO_RUNNING);
    CHECK_PTR(mco_running(), co);
    CHECK_PTR(inner->prev_co, NULL);
    CHECK_SUCCESS(mco_resume(inner));
    CHECK_INT(mco_status(inner), MCO_DEAD);
    CHECK_SUCCESS(mco_destroy(inner));
}

TEST(minicoro_nests) {
    mco_coro *co = make_coro(resume_inner, NULL);
    CHECK_PTR(mco_running(), NULL);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_PTR(mco_running(), NULL);
    CHECK_INT(mco_status(co), MCO_DEAD);
    CHECK_SUCCESS(mco_destroy(co));
}

static int look_from_elsewhere(void *argument, void **result) {
    (void)result;
    CHECK_PTR(mco_running(), NULL);
    CHECK_MCO(mco_yield(argument), MCO_NOT_RUNNING);
    return GREENLET_OK;
}

static void run_others(mco_coro *co) {
    generator_t *generator;
    gevent_task_t *task;
    CHECK_OK(generator_new(look_from_elsewhere, co, &generator));
    CHECK_INT(generator_next(generator, NULL), GENERATOR_DONE);
    generator_unref(generator);
    CHECK_OK(gevent_spawn(look_from_elsewhere, co, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    gevent_task_unref(task);
    CHECK_PTR(mco_running(), co);
}

TEST(minicoro_is_not_what_runs_in_a_generator_or_task_that_it_started) {
    mco_coro *co = make_coro(run_others, NULL);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_SUCCESS(mco_destroy(co));
}

static void look_at_stack(mco_coro *co) {
    char local;
    const char *low = co->stack_base;
    CHECK(low < &local && &local < low + co->stack_size);
}

TEST(minicoro_tells_where_its_stack_is) {
    mco_coro *co = NULL;
    mco_desc desc = mco_desc_init(look_at_stack, 100000);
    CHECK_INT(desc.stack_size, 100000);
    CHECK_INT(mco_desc_init(look_at_stack, 1).stack_size, 32768);
    CHECK_INT(mco_desc_init(look_at_stack, 0).stack_size, 57344);
    CHECK_SUCCESS(mco_create(&co, &desc));
    CHECK_PTR(co->stack_base, NULL);
    CHECK_SUCCESS(mco_resume(co));
    CHECK(co->stack_size >= 100000 - 4096);
    CHECK_SUCCESS(mco_destroy(co));
}

// ---- misuse -------------------------------------------------------------------------------------

static void misuse_itself(mco_coro *co) {
    CHECK_MCO(mco_resume(co), MCO_NOT_SUSPENDED);
    CHECK_MCO(mco_uninit(co), MCO_INVALID_OPERATION);
    CHECK_MCO(mco_destroy(co), MCO_INVALID_OPERATION);
}

TEST(minicoro_refuses_what_its_state_forbids) {
    mco_coro *co = make_coro(misuse_itself, NULL);
    CHECK_MCO(mco_yield(co), MCO_NOT_RUNNING);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_MCO(mco_resume(co), MCO_NOT_SUSPENDED);
    CHECK_MCO(mco_yield(co), MCO_NOT_RUNNING);
    CHECK_SUCCESS(mco_uninit(co));
    CHECK_SUCCESS(mco_uninit(co));
    CHECK_INT(mco_status(co), MCO_DEAD);
    CHECK_MCO(mco_resume(co), MCO_NOT_SUSPENDED);
    CHECK_SUCCESS(mco_destroy(co));
}

TEST(minicoro_refuses_no_coroutine) {
    int byte = 0;
    CHECK_MCO(mco_resume(NULL), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_yield(NULL), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_uninit(NULL), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_destroy(NULL), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_init(NULL, NULL), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_push(NULL, &byte, 1), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_pop(NULL, &byte, 1), MCO_INVALID_COROUTINE);
    CHECK_MCO(mco_peek(NULL, &byte, 1), MCO_INVALID_COROUTINE);
    CHECK_INT(mco_get_bytes_stored(NULL), 0);
    CHECK_INT(mco_get_storage_size(NULL), 0);
    CHECK_INT(mco_status(NULL), MCO_DEAD);
    CHECK_PTR(mco_get_user_data(NULL), NULL);
}

static void check_refused(mco_desc desc) {
    mco_coro *co = (mco_coro *)&desc;
    CHECK_MCO(mco_create(&co, &desc), MCO_INVALID_ARGUMENTS);
    CHECK_PTR(co, NULL);
}

TEST(minicoro_refuses_descriptions_that_do_not_fit) {
    mco_coro *co, memory;
    mco_desc good = mco_desc_init(say_twice, 0);
    mco_desc bad = good;
    CHECK_MCO(mco_create(NULL, &good), MCO_INVALID_POINTER);
    CHECK_MCO(mco_create(&co, NULL), MCO_INVALID_ARGUMENTS);
    CHECK_MCO(mco_init(&memory, NULL), MCO_INVALID_ARGUMENTS);
    bad.func = NULL;
    check_refused(bad);
    bad = good;
    bad.stack_size = 32767;
    check_refused(bad);
    bad = good;
    bad.alloc_cb = NULL;
    check_refused(bad);
    bad = good;
    bad.dealloc_cb = NULL;
    check_refused(bad);
    bad = good;
    bad.coro_size = sizeof memory;
    CHECK_MCO(mco_init(&memory, &bad), MCO_INVALID_ARGUMENTS);
    CHECK_INT(mco_status(&memory), MCO_DEAD);
    CHECK_MCO(mco_resume(&memory), MCO_NOT_SUSPENDED);
}

TEST(minicoro_describes_each_result) {
    for (int a = MCO_SUCCESS; a <= MCO_STACK_OVERFLOW; a++)
        for (int b = MCO_SUCCESS; b < a; b++)
            CHECK(strcmp(text_of((mco_result)a), text_of((mco_result)b)) != 0);
    CHECK(text_of((mco_result)99) != NULL);
    CHECK(text_of((mco_result)-1) != NULL);
}

static void yield_where_it_must_not(mco_coro *co) {
    greenlet_forbid_switches();
    CHECK_MCO(mco_yield(co), MCO_SWITCH_CONTEXT_ERROR);
    greenlet_allow_switches();
    CHECK_INT(mco_status(co), MCO_RUNNING);
}

TEST(minicoro_says_where_it_cannot_switch) {
    mco_coro *co = make_coro(yield_where_it_must_not, NULL);
    greenlet_forbid_switches();
    CHECK_MCO(mco_resume(co), MCO_SWITCH_CONTEXT_ERROR);
    greenlet_allow_switches();
    CHECK_INT(mco_status(co), MCO_SUSPENDED);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_INT(mco_status(co), MCO_DEAD);
    CHECK_SUCCESS(mco_destroy(co));
}

// ---- storage ------------------------------------------------------------------------------------

TEST(minicoro_stores_bytes_last_in_first_out) {
    char text[8] = "";
    mco_coro *co = make_coro(say_twice, NULL);
    CHECK_INT(mco_get_storage_size(co), 64);
    CHECK_SUCCESS(mco_push(co, "abc", 3));
    CHECK_SUCCESS(mco_push(co, "de", 2));
    CHECK_INT(mco_get_bytes_stored(co), 5);
    CHECK_SUCCESS(mco_peek(co, text, 5));
    CHECK_STR(text, "abcde");
    CHECK_SUCCESS(mco_pop(co, NULL, 2));
    CHECK_INT(co->storage[3], 0);
    memset(text, 0, sizeof text);
    CHECK_SUCCESS(mco_pop(co, text, 3));
    CHECK_STR(text, "abc");
    CHECK_INT(mco_get_bytes_stored(co), 0);
    CHECK_SUCCESS(mco_destroy(co));
}

TEST(minicoro_refuses_what_does_not_fit_into_its_storage) {
    static const char bytes[65];
    mco_coro *co = make_coro(say_twice, NULL);
    CHECK_MCO(mco_push(co, bytes, 65), MCO_NOT_ENOUGH_SPACE);
    CHECK_MCO(mco_push(co, bytes, (size_t)-1), MCO_NOT_ENOUGH_SPACE);
    CHECK_MCO(mco_push(co, NULL, 1), MCO_INVALID_POINTER);
    CHECK_SUCCESS(mco_push(co, NULL, 0));
    CHECK_SUCCESS(mco_push(co, bytes, 64));
    CHECK_MCO(mco_push(co, bytes, 1), MCO_NOT_ENOUGH_SPACE);
    CHECK_MCO(mco_pop(co, NULL, 65), MCO_NOT_ENOUGH_SPACE);
    CHECK_MCO(mco_peek(co, NULL, 65), MCO_NOT_ENOUGH_SPACE);
    CHECK_MCO(mco_peek(co, NULL, 1), MCO_INVALID_POINTER);
    CHECK_INT(mco_get_bytes_stored(co), 64);
    CHECK_SUCCESS(mco_destroy(co));
}

// ---- memory -------------------------------------------------------------------------------------

static void *allocate(size_t size, void *data) {
    *(size_t *)data += size;
    return malloc(size);
}

static void deallocate(void *memory, size_t size, void *data) {
    *(size_t *)data -= size;
    free(memory);
}

TEST(minicoro_gets_its_memory_where_the_description_says) {
    size_t live = 0;
    mco_coro *co;
    mco_desc desc = mco_desc_init(say_twice, 0);
    desc.alloc_cb = allocate;
    desc.dealloc_cb = deallocate;
    desc.allocator_data = &live;
    desc.storage_size = 5000;
    CHECK_SUCCESS(mco_create(&co, &desc));
    CHECK(live >= sizeof *co + 5000);
    CHECK_INT(mco_get_storage_size(co), 5000);
    CHECK_SUCCESS(mco_destroy(co));
    CHECK_INT(live, 0);
}

TEST(minicoro_lives_in_memory_of_the_program) {
    mco_desc desc = mco_desc_init(say_twice, 0);
    desc.dealloc_cb = NULL;
    mco_coro *co = malloc(desc.coro_size);
    CHECK_SUCCESS(mco_init(co, &desc));
    CHECK_SUCCESS(mco_resume(co));
    CHECK_SUCCESS(mco_uninit(co));
    CHECK_SUCCESS(mco_init(co, &desc));
    CHECK_SUCCESS(mco_resume(co));
    CHECK_SUCCESS(mco_resume(co));
    CHECK_MCO(mco_destroy(co), MCO_INVALID_POINTER);
    free(co);
    CHECK_LOG("one one two");
}

static void *have_none(size_t size, void *data) {
    (void)size, (void)data;
    return NULL;
}

TEST(minicoro_says_that_its_allocator_has_none) {
    mco_coro *co;
    mco_desc desc = mco_desc_init(say_twice, 0);
    desc.alloc_cb = have_none;
    CHECK_MCO(mco_create(&co, &desc), MCO_OUT_OF_MEMORY);
    CHECK_PTR(co, NULL);
}

static int code_of(mco_result result) {
    if (result == MCO_OUT_OF_MEMORY) return GREENLET_ENOMEM;
    return result == MCO_SUCCESS ? GREENLET_OK : GREENLET_EFAILED;
}

static mco_result yield_result;

static void note_yield(mco_coro *co) {
    yield_result = mco_yield(co);
}

static int create_and_run(void) {
    mco_coro *co;
    mco_desc desc = mco_desc_init(note_yield, 0);
    mco_result result = mco_create(&co, &desc);
    if (result != MCO_SUCCESS) return code_of(result);
    yield_result = MCO_SUCCESS;
    while (result == MCO_SUCCESS && mco_status(co) == MCO_SUSPENDED) result = mco_resume(co);
    if (result == MCO_SUCCESS) result = yield_result;
    CHECK_SUCCESS(mco_destroy(co));
    return code_of(result);
}

TEST(minicoro_survives_each_allocation_that_fails) {
    fail_each_allocation(create_and_run);
}

// ---- a stack that vanishes ----------------------------------------------------------------------

static void log_cleanup(void *text) {
    log_add("%s", (const char *)text);
}

static void hold_things(mco_coro *co) {
    gevent_cleanup_t cleanup;
    gevent_timeout_t timeout;
    gevent_cleanup_push(&cleanup, log_cleanup, "cleanup");
    CHECK_OK(gevent_timeout_start(&timeout, 1));
    log_add("held");
    mco_yield(co);
    log_add("never");
}

TEST(minicoro_vanishes_with_what_lies_on_its_stack) {
    mco_coro *co = make_coro(hold_things, NULL);
    CHECK_SUCCESS(mco_resume(co));
    CHECK_SUCCESS(mco_destroy(co));
    CHECK_LOG("held cleanup");
    CHECK_OK(gevent_sleep(2));
}

static void destroy_other(mco_coro *co) {
    CHECK_SUCCESS(mco_destroy(mco_get_user_data(co)));
    mco_yield(co);
}

TEST(minicoro_vanishes_at_the_hands_of_another_one) {
    mco_coro *suspended = make_coro(say_twice, NULL);
    mco_coro *fresh = make_coro(destroy_other, suspended);
    CHECK_SUCCESS(mco_resume(suspended));
    CHECK_SUCCESS(mco_resume(fresh));
    CHECK_SUCCESS(mco_destroy(fresh));
    CHECK_SUCCESS(mco_destroy(make_coro(say_twice, NULL)));
    CHECK_LOG("one");
}

// ---- coroutines that wait -----------------------------------------------------------------------

static void sleep_between(mco_coro *co) {
    const char *name = mco_get_user_data(co);
    for (int i = 0; i < 2; i++) {
        int code = gevent_sleep(1);
        log_add("%s@%d", name, now_ms());
        if (code < 0) log_add("%s", greenlet_error_name(code));
        mco_yield(co);
    }
}

static int resume_all(void *co, void **result) {
    (void)result;
    while (mco_status(co) == MCO_SUSPENDED) {
        mco_result outcome = mco_resume(co);
        if (outcome == MCO_GENERIC_ERROR) return greenlet_error_code(greenlet_last_error());
        CHECK_SUCCESS(outcome);
    }
    return GREENLET_OK;
}

static int start_ms;

TEST(minicoro_waits_and_others_run) {
    mco_coro *a = make_coro(sleep_between, "a"), *b = make_coro(sleep_between, "b");
    gevent_task_t *tasks[2];
    start_ms = now_ms();
    CHECK_OK(gevent_spawn(resume_all, a, &tasks[0]));
    CHECK_OK(gevent_spawn(resume_all, b, &tasks[1]));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_INT(mco_status(a), MCO_RUNNING);
    CHECK_MCO(mco_resume(a), MCO_NOT_SUSPENDED);
    CHECK_MCO(mco_destroy(a), MCO_INVALID_OPERATION);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(gevent_join(tasks[i], GEVENT_FOREVER));
        gevent_task_unref(tasks[i]);
    }
    CHECK_INT(now_ms() - start_ms, 2000);
    CHECK_SUCCESS(mco_destroy(a));
    CHECK_SUCCESS(mco_destroy(b));
    log_clear();
}

TEST(minicoro_is_told_of_a_kill_and_tells_its_resumer) {
    mco_coro *co = make_coro(sleep_between, "a");
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(resume_all, co, &task));
    CHECK_OK(gevent_sleep(0.5));
    log_clear();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(mco_status(co), MCO_SUSPENDED);
    gevent_task_unref(task);
    CHECK_SUCCESS(mco_destroy(co));
    log_clear();
}

static void sleep_long(mco_coro *co) {
    (void)co;
    log_add("%s", greenlet_error_name(gevent_sleep(9)));
}

TEST(minicoro_hands_a_timeout_of_its_resumer_back) {
    mco_coro *co = make_coro(sleep_long, NULL);
    gevent_timeout_t limit;
    CHECK_OK(gevent_timeout_start(&limit, 0.5));
    CHECK_MCO(mco_resume(co), MCO_GENERIC_ERROR);
    CHECK_INT(mco_status(co), MCO_DEAD);
    CHECK(gevent_timed_out_by(&limit));
    CHECK_LOG("GREENLET_EEXPIRED");
    gevent_timeout_cancel(&limit);
    CHECK_SUCCESS(mco_destroy(co));
}

static void resume_sleeper(mco_coro *co) {
    (void)mco_resume(mco_get_user_data(co));
    log_add("never");
}

TEST(minicoro_is_dead_if_who_resumed_it_is_killed_hard) {
    mco_coro *inner = make_coro(sleep_long, NULL), *outer = make_coro(resume_sleeper, inner);
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(resume_all, outer, &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_INT(mco_status(outer), MCO_NORMAL);
    CHECK_OK(gevent_kill_hard(task));
    CHECK_INT(mco_status(outer), MCO_DEAD);
    CHECK_INT(mco_status(inner), MCO_DEAD);
    gevent_task_unref(task);
    CHECK_SUCCESS(mco_destroy(outer));
    CHECK_SUCCESS(mco_destroy(inner));
}
