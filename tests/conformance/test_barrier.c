// Barriers.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_barrier_t barrier;

static void log_outcome(int number, int code, int index) {
    if (code < 0)
        log_add("%d:%s", number, greenlet_error_name(code));
    else
        log_add("%d:%d", number, index);
}

static int run_wait(void *value, void **result) {
    (void)result;
    int index = -1;
    int code = gevent_barrier_wait(&barrier, GEVENT_FOREVER, &index);
    log_outcome((int)INT(value), code, index);
    return code == GREENLET_EBROKEN ? GREENLET_OK : code;
}

static gevent_task_t *tasks[4];

static void spawn_parties(int parties, int count) {
    CHECK_OK(gevent_barrier_init(&barrier, parties));
    for (int i = 1; i <= count; i++) CHECK_OK(gevent_spawn(run_wait, V(i), &tasks[i]));
    CHECK_OK(gevent_yield());
}

static void end_parties(int count) {
    CHECK_OK(gevent_run());
    for (int i = 1; i <= count; i++) gevent_task_unref(tasks[i]);
    CHECK_INT(gevent_barrier_waiting(&barrier), 0);
}

TEST(BARRIER_the_last_to_come_goes_on_first_and_each_has_a_number) {
    spawn_parties(3, 2);
    CHECK_INT(gevent_barrier_waiting(&barrier), 2);
    int index = -1;
    CHECK_OK(gevent_barrier_wait(&barrier, GEVENT_FOREVER, &index));
    CHECK_INT(index, 2);
    CHECK_LOG("");
    end_parties(2);
    CHECK_LOG("1:0 2:1");
}

static int run_rounds(void *value, void **result) {
    (void)result;
    int code = GREENLET_OK;
    for (int i = 0; i < 3 && code >= 0; i++) {
        code = gevent_barrier_wait(&barrier, GEVENT_FOREVER, NULL);
        log_add("%d", (int)INT(value) + i);
    }
    return code;
}

TEST(BARRIER_rounds_do_not_mix) {
    CHECK_OK(gevent_barrier_init(&barrier, 3));
    for (int i = 10; i <= 30; i += 10) CHECK_OK(gevent_spawn(run_rounds, V(i), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("30 10 20 21 31 11 12 22 32");
}

TEST(BARRIER_of_one_never_waits_and_of_none_is_refused) {
    CHECK_CODE(gevent_barrier_init(&barrier, 0), GREENLET_EINVAL);
    CHECK_OK(gevent_barrier_init(&barrier, 1));
    int index = -1;
    CHECK_OK(gevent_barrier_wait(&barrier, GEVENT_NOWAIT, &index));
    CHECK_INT(index, 0);
}

TEST(BARRIER_one_that_times_out_breaks_it) {
    spawn_parties(4, 2);
    CHECK_CODE(gevent_barrier_wait(&barrier, 0.1, NULL), GREENLET_ETIMEDOUT);
    CHECK_INT(gevent_barrier_is_broken(&barrier), 1);
    CHECK_CODE(gevent_barrier_wait(&barrier, GEVENT_FOREVER, NULL), GREENLET_EBROKEN);
    end_parties(2);
    CHECK_LOG("1:GREENLET_EBROKEN 2:GREENLET_EBROKEN");
}

TEST(BARRIER_one_that_is_killed_breaks_it) {
    spawn_parties(4, 3);
    CHECK_OK(gevent_kill(tasks[2], NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_barrier_is_broken(&barrier), 1);
    end_parties(3);
    CHECK_LOG("2:GREENLET_EEXIT 1:GREENLET_EBROKEN 3:GREENLET_EBROKEN");
}

TEST(BARRIER_one_that_is_killed_hard_breaks_it) {
    spawn_parties(4, 3);
    CHECK_OK(gevent_kill_hard(tasks[3]));
    CHECK_INT(gevent_barrier_is_broken(&barrier), 1);
    end_parties(3);
    CHECK_LOG("1:GREENLET_EBROKEN 2:GREENLET_EBROKEN");
}

TEST(BARRIER_one_killed_after_all_have_come_breaks_nothing) {
    spawn_parties(3, 2);
    CHECK_OK(gevent_barrier_wait(&barrier, GEVENT_FOREVER, NULL));
    CHECK_OK(gevent_kill_hard(tasks[1]));
    CHECK_INT(gevent_barrier_is_broken(&barrier), 0);
    end_parties(2);
    CHECK_LOG("2:1");
}

TEST(BARRIER_abort_fails_all_until_it_is_reset) {
    spawn_parties(3, 2);
    gevent_barrier_abort(&barrier);
    CHECK_CODE(gevent_barrier_wait(&barrier, GEVENT_FOREVER, NULL), GREENLET_EBROKEN);
    gevent_barrier_reset(&barrier);
    CHECK_INT(gevent_barrier_is_broken(&barrier), 0);
    CHECK_CODE(gevent_barrier_wait(&barrier, 1, NULL), GREENLET_ETIMEDOUT); // it waited
    end_parties(2);
    CHECK_LOG("1:GREENLET_EBROKEN 2:GREENLET_EBROKEN");
}

TEST(BARRIER_reset_fails_those_who_wait_and_begins_anew) {
    spawn_parties(2, 1);
    gevent_barrier_reset(&barrier);
    CHECK_INT(gevent_barrier_waiting(&barrier), 0);
    CHECK_OK(gevent_spawn(run_wait, V(2), &tasks[2]));
    int index = -1;
    CHECK_OK(gevent_barrier_wait(&barrier, GEVENT_FOREVER, &index));
    CHECK_INT(index, 0);
    end_parties(2);
    CHECK_LOG("1:GREENLET_EBROKEN 2:1");
}

TEST(BARRIER_who_could_not_wait_has_not_come) {
    CHECK_OK(gevent_barrier_init(&barrier, 2));
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    gevent_scope_cancel(&scope);
    CHECK_CODE(gevent_barrier_wait(&barrier, 1, NULL), GREENLET_ECANCELED);
    CHECK_INT(gevent_barrier_waiting(&barrier), 0);
    CHECK_INT(gevent_barrier_is_broken(&barrier), 0);
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_OK);
}
