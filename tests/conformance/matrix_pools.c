// The matrix's calls that wait for groups, pools and what runs in them.
//
// SPDX-License-Identifier: MIT
#include "matrix.h"

enum { PLACES = 2 };

static gevent_pool_t pool;

static void set_up_empty(void) {
    gevent_event_init(&gate);
    gevent_pool_init(&pool, PLACES);
}

static void fill(greenlet_run_fn run) {
    set_up_empty();
    for (int i = 0; i < PLACES; i++)
        CHECK_OK(gevent_pool_spawn(&pool, run, NULL, GEVENT_NOWAIT, NULL));
}

static void set_up_full(void) {
    fill(run_until_open);
}

static void set_up_stubborn(void) {
    fill(run_until_open_stubbornly);
}

// No place was lost, and no member forgotten.
static void check_pool(void) {
    CHECK_OK(gevent_group_join(&pool.group, GEVENT_FOREVER, 0));
    CHECK_INT(gevent_pool_free_count(&pool), PLACES);
    CHECK_INT(gevent_group_length(&pool.group), 0);
}

static void close_pool(void) {
    gevent_group_close(&pool.group);
    gevent_event_set(&gate);
}

#define POOL_CALL(up, call, how_late)                                                              \
    {                                                                                              \
        .set_up = up, .block = call, .satisfy = open_gate, .close = close_pool,                    \
        .check = check_pool, .late = how_late, .closed = GREENLET_ECLOSED                          \
    }

static int spawn(double seconds) {
    return gevent_pool_spawn(&pool, run_until_open, NULL, seconds, NULL);
}
const call_t call_pool_spawn = POOL_CALL(set_up_full, spawn, GREENLET_ETIMEDOUT);

static int wait_for_place(double seconds) {
    return gevent_pool_wait(&pool, seconds);
}
const call_t call_pool_wait = POOL_CALL(set_up_full, wait_for_place, GREENLET_ETIMEDOUT);

// One for the victim, one for the next, who take it into the pool.
static gevent_task_t *tasks[2];
static int taken; // of them

static void set_up_full_and_spawn(void) {
    set_up_full();
    taken = 0;
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_until_open, NULL, &tasks[i]));
}

static void set_up_full_and_make(void) {
    set_up_full();
    taken = 0;
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_new(run_until_open, NULL, &tasks[i]));
}

static void drop_tasks(void) {
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
}

#define POOL_TASK_CALL(up, call)                                                                   \
    {                                                                                              \
        .set_up = up, .block = call, .satisfy = open_gate, .close = close_pool,                    \
        .check = check_pool, .tear_down = drop_tasks, .late = GREENLET_ETIMEDOUT,                  \
        .closed = GREENLET_ECLOSED                                                                 \
    }

static int add(double seconds) {
    return gevent_pool_add(&pool, tasks[taken++], seconds);
}
const call_t call_pool_add = POOL_TASK_CALL(set_up_full_and_spawn, add);

static int start(double seconds) {
    return gevent_pool_start(&pool, tasks[taken++], seconds);
}
const call_t call_pool_start = POOL_TASK_CALL(set_up_full_and_make, start);

static int join(double seconds) {
    return gevent_group_join(&pool.group, seconds, 0);
}
const call_t call_group_join = POOL_CALL(set_up_full, join, GREENLET_ETIMEDOUT);

static int kill_all(double seconds) {
    return gevent_group_kill(&pool.group, NULL, seconds);
}
const call_t call_group_kill = POOL_CALL(set_up_stubborn, kill_all, GREENLET_ETIMEDOUT);

static int kill_one(double seconds) {
    gevent_task_t *member;
    if (gevent_group_members(&pool.group, &member, 1) == 0) return GREENLET_OK;
    return gevent_group_kill_one(&pool.group, member, NULL, seconds);
}
const call_t call_group_kill_one = POOL_CALL(set_up_stubborn, kill_one, GREENLET_ETIMEDOUT);

// ---- what runs in a pool ------------------------------------------------------------------------

// Two places: one for the victim's, one for the next one's.
static int apply(double seconds) {
    (void)seconds;
    return gevent_pool_apply(&pool, run_until_open, NULL, NULL);
}
const call_t call_pool_apply = POOL_CALL(set_up_empty, apply, 0);
const call_t call_pool_apply_full = POOL_CALL(set_up_full, apply, 0);

static void *items[3] = {NULL};

static int map(double seconds) {
    (void)seconds;
    return gevent_pool_map(&pool, run_until_open, items, NULL, 3);
}
const call_t call_pool_map = POOL_CALL(set_up_empty, map, 0);

static gevent_imap_t *imap;

static void set_up_imap(void) {
    set_up_empty();
    CHECK_OK(gevent_pool_imap(&pool, run_until_open, items, 2, 0, &imap));
}

static int next(double seconds) {
    (void)seconds;
    return gevent_imap_next(imap, NULL);
}

static void end_imap(void) {
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK));
}

const call_t call_imap_next = {.set_up = set_up_imap,
                               .block = next,
                               .satisfy = open_gate,
                               .check = check_pool,
                               .tear_down = end_imap};

// ---- asyncio's words ----------------------------------------------------------------------------

static int run_until_complete(double seconds) {
    (void)seconds;
    return gevent_run_until_complete(run_until_open, NULL, NULL);
}
const call_t call_run_until_complete = {
    .set_up = set_up_empty, .block = run_until_complete, .satisfy = open_gate, .check = check_pool};

static int with_timeout(double seconds) {
    return gevent_with_timeout(seconds, run_until_open, NULL, NULL);
}
const call_t call_with_timeout = {.set_up = set_up_empty,
                                  .block = with_timeout,
                                  .satisfy = open_gate,
                                  .check = check_pool,
                                  .late = GEVENT_EXPIRED};

static void set_up_tasks(void) {
    set_up_empty();
    taken = 0;
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_until_open, NULL, &tasks[i]));
}

// Those whose caller failed were killed.
static void check_tasks(void) {
    for (int i = 0; i < 2; i++) CHECK(gevent_status(tasks[i]) != GEVENT_PENDING);
}

static int wait_for(double seconds) {
    return gevent_wait_for(tasks[taken++], seconds, NULL);
}
const call_t call_wait_for = {.set_up = set_up_tasks,
                              .block = wait_for,
                              .satisfy = open_gate,
                              .check = check_tasks,
                              .tear_down = drop_tasks,
                              .late = GREENLET_ETIMEDOUT};

static int gather(double seconds) {
    (void)seconds;
    return gevent_gather(&tasks[taken++], 1, NULL, NULL);
}
const call_t call_gather = {.set_up = set_up_tasks,
                            .block = gather,
                            .satisfy = open_gate,
                            .check = check_tasks,
                            .tear_down = drop_tasks};
