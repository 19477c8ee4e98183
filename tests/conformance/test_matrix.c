// The matrix: every call that waits (matrix.h), times whatever can hit it while it does, or just
// after it was woken. Each cell is a test. A task, the victim, makes the call, and another one, the
// next, makes it after that; the victim is hit. Its call says so, the next still gets what it came
// for, the object is as it was, and no memory is left.
//
// SPDX-License-Identifier: MIT
#include "matrix.h"

enum { NEVER_RETURNED = 1000 };
#define SOON 0.1

typedef struct cell {
    const call_t *call;
    double seconds;  // that the victim's call gets
    double limit;    // that the victim sets itself by a timeout
    size_t failing;  // the allocation that fails, from the victim's call on; 0: none
    int victim_code; // of its call
    int next_code;
    gevent_task_t *victim, *next;
    gevent_scope_t *scope; // the victim's, around the call
} cell_t;

static cell_t cell;

void nothing_to_do(void) {}

void pass_time(double seconds) {
    int code;
    do code = gevent_sleep(seconds);
    while (code == GREENLET_ENOMEM);
    CHECK_INT(code, GREENLET_OK);
}

static void let_all_run(void) {
    pass_time(1e-6);
}

// ---- the gate -----------------------------------------------------------------------------------

gevent_event_t gate;

int open_gate(void) {
    gevent_event_set(&gate);
    return GREENLET_OK;
}

int run_until_open(void *value, void **result) {
    (void)value, (void)result;
    return gevent_event_wait(&gate, GEVENT_FOREVER);
}

int run_until_open_stubbornly(void *value, void **result) {
    (void)value, (void)result;
    while (gevent_event_wait(&gate, GEVENT_FOREVER) < 0) continue;
    return GREENLET_OK;
}

// ---- the two tasks ------------------------------------------------------------------------------

// Both have started before either makes the call, so that no start can fail in between.
static int run_victim(void *value, void **result) {
    gevent_timeout_t timeout;
    gevent_scope_t scope;
    (void)value, (void)result;
    CHECK_OK(gevent_timeout_start(&timeout, cell.limit));
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    cell.scope = &scope;
    CHECK_OK(gevent_yield());
    memory_fail_at(cell.failing);
    int code = cell.call->block(cell.seconds);
    cell.victim_code = code;
    cell.scope = NULL;
    code = gevent_scope_close(&scope, code);
    gevent_timeout_cancel(&timeout);
    return code;
}

static int run_next(void *value, void **result) {
    (void)value, (void)result;
    CHECK_OK(gevent_yield());
    cell.next_code = cell.call->block(GEVENT_FOREVER);
    return GREENLET_OK;
}

static void call_if_any(void (*function)(void)) {
    if (function) function();
}

static void prepare(const call_t *call, double seconds, double limit, size_t failing) {
    cell = (cell_t){.call = call, .seconds = seconds, .limit = limit, .failing = failing};
    cell.victim_code = cell.next_code = NEVER_RETURNED;
    gevent_set_unhandled(ignore_error);
    call_if_any(call->set_up);
    CHECK_OK(gevent_spawn(run_victim, NULL, &cell.victim));
    CHECK_OK(gevent_spawn(run_next, NULL, &cell.next));
}

static void begin(const call_t *call, double seconds, double limit, size_t failing) {
    prepare(call, seconds, limit, failing);
    let_all_run();
    if (failing) return;
    CHECK_INT(cell.victim_code, NEVER_RETURNED);
    CHECK_INT(cell.next_code, NEVER_RETURNED);
}

static void satisfy(void) {
    int code;
    do code = cell.call->satisfy();
    while (code == GREENLET_ENOMEM);
    CHECK_INT(code, GREENLET_OK);
}

// Once more if whoever would have let it go on was short of memory.
static void let_go_on(const gevent_task_t *task) {
    for (int i = 0; i < 2 && gevent_status(task) == GEVENT_PENDING; i++) {
        satisfy();
        let_all_run();
    }
    CHECK(gevent_status(task) != GEVENT_PENDING);
}

static void end(void) {
    memory_fail_at(0);
    call_if_any(cell.call->check);
    call_if_any(cell.call->tear_down);
    gevent_task_unref(cell.victim);
    gevent_task_unref(cell.next);
    gevent_set_unhandled(NULL);
    let_all_run();
}

// Whoever came after the victim gets what he came for.
static void end_with_next(void) {
    let_all_run();
    let_go_on(cell.victim);
    let_go_on(cell.next);
    int is_broken = cell.victim_code != GREENLET_OK && cell.next_code != GREENLET_OK;
    CHECK_INT(cell.next_code, is_broken ? cell.call->broken : GREENLET_OK);
    end();
}

// ---- what hits it while it waits ----------------------------------------------------------------

static void killed(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    CHECK_OK(gevent_kill(cell.victim, NULL, GEVENT_FOREVER));
    CHECK_INT(cell.victim_code, GREENLET_EEXIT);
    end_with_next();
}

static void killed_hard(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    CHECK_OK(gevent_kill_hard(cell.victim));
    CHECK_INT(cell.victim_code, NEVER_RETURNED);
    CHECK_INT(gevent_status(cell.victim), GEVENT_KILLED);
    end_with_next();
}

static void cancelled(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    gevent_scope_cancel(cell.scope);
    let_all_run();
    CHECK_INT(cell.victim_code, GREENLET_ECANCELED);
    end_with_next();
}

static void expired(const call_t *call) {
    begin(call, GEVENT_FOREVER, SOON, 0);
    pass_time(2 * SOON);
    CHECK_INT(cell.victim_code, GREENLET_EEXPIRED);
    end_with_next();
}

static void late(const call_t *call) {
    begin(call, SOON, GEVENT_FOREVER, 0);
    pass_time(2 * SOON);
    CHECK_INT(cell.victim_code, call->late);
    end_with_next();
}

static void closed(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    call->close();
    let_all_run();
    CHECK_INT(cell.victim_code, call->closed);
    CHECK_INT(cell.next_code, call->closed);
    end();
}

// ---- what hits it when it has been woken already ------------------------------------------------

// It may have been woken in time, or not; what it did not take the next one has by now.
static void end_having(int code) {
    let_all_run();
    if (cell.victim_code != GREENLET_OK) {
        CHECK_INT(cell.victim_code, code);
        CHECK(cell.next_code == GREENLET_OK || cell.next_code == cell.call->broken);
    }
    end_with_next();
}

static void woken_and_killed(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    satisfy();
    CHECK_OK(gevent_kill(cell.victim, NULL, GEVENT_FOREVER));
    end_having(GREENLET_EEXIT);
}

static void killed_and_woken(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    CHECK_OK(gevent_kill(cell.victim, NULL, GEVENT_NOWAIT));
    satisfy();
    end_having(GREENLET_EEXIT);
}

static void woken_and_killed_hard(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    satisfy();
    CHECK_OK(gevent_kill_hard(cell.victim));
    end_having(NEVER_RETURNED);
}

static void woken_and_cancelled(const call_t *call) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, 0);
    satisfy();
    if (cell.scope) gevent_scope_cancel(cell.scope);
    end_having(GREENLET_ECANCELED);
}

// At the moment in which its time is over, and before it hears of that: main's timer was first.
static void woken_and_late(const call_t *call) {
    prepare(call, SOON, GEVENT_FOREVER, 0);
    pass_time(SOON);
    CHECK_INT(cell.victim_code, NEVER_RETURNED);
    satisfy();
    end_having(call->late);
}

// ---- every allocation fails once ----------------------------------------------------------------

static int is_fine(int code) {
    return code == GREENLET_OK || code == GREENLET_ENOMEM || code == cell.call->broken;
}

// 1 if there was such an allocation.
static int fails(const call_t *call, size_t n) {
    begin(call, GEVENT_FOREVER, GEVENT_FOREVER, n);
    let_go_on(cell.victim);
    let_go_on(cell.next);
    int has_failed = memory_has_failed();
    CHECK(is_fine(cell.victim_code));
    CHECK(is_fine(cell.next_code));
    if (!has_failed) CHECK_INT(cell.victim_code + cell.next_code, GREENLET_OK);
    end();
    return has_failed;
}

static void without_memory(const call_t *call) {
    for (size_t n = 1; fails(call, n); n++) continue;
}

// ---- the cells ----------------------------------------------------------------------------------

#define CELL(call, hit)                                                                            \
    TEST(MATRIX_##call##_##hit) {                                                                  \
        hit(&call_##call);                                                                         \
    }
#define NO_SECONDS(call)
#define NO_CLOSE(call)
#define CLOSE(call) CELL(call, closed)
#define SECONDS(call)                                                                              \
    CELL(call, late)                                                                               \
    CELL(call, woken_and_late)
#define ROW(call, seconds, closing)                                                                \
    CELL(call, killed)                                                                             \
    CELL(call, killed_hard)                                                                        \
    CELL(call, cancelled)                                                                          \
    CELL(call, expired)                                                                            \
    CELL(call, without_memory)                                                                     \
    CELL(call, woken_and_killed)                                                                   \
    CELL(call, killed_and_woken)                                                                   \
    CELL(call, woken_and_killed_hard)                                                              \
    CELL(call, woken_and_cancelled)                                                                \
    seconds(call) closing(call)

MATRIX(ROW)
