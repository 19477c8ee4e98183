// The matrix's calls that wait for queues, channels and one of several things.
//
// SPDX-License-Identifier: MIT
#include "matrix.h"

static gevent_queue_t queue;
static size_t were_put, were_got; // that succeeded

static int put(double seconds) {
    int code = gevent_queue_put(&queue, V(1), seconds);
    if (code == GREENLET_OK) were_put++;
    return code;
}

static int get(double seconds) {
    int code = gevent_queue_get(&queue, seconds, NULL);
    if (code == GREENLET_OK) were_got++;
    return code;
}

static void set_up_empty(void) {
    were_put = were_got = 0;
    gevent_queue_init(&queue, 0);
}

static void set_up_full(void) {
    were_put = were_got = 0;
    gevent_queue_init(&queue, 1);
    CHECK_OK(put(GEVENT_NOWAIT));
}

static int put_one(void) {
    return put(GEVENT_NOWAIT);
}

static int get_one(void) {
    return gevent_queue_is_empty(&queue) ? GREENLET_OK : get(GEVENT_NOWAIT);
}

// Nothing was lost, and nothing was put or got by who failed.
static void check_queue(void) {
    CHECK_INT(gevent_queue_size(&queue), were_put - were_got);
}

static void close_queue(void) {
    gevent_queue_close(&queue);
}

static void free_queue(void) {
    gevent_queue_free(&queue);
}

#define QUEUE_CALL(up, call, done)                                                                 \
    {                                                                                              \
        .set_up = up, .block = call, .satisfy = done, .close = close_queue, .check = check_queue,  \
        .tear_down = free_queue, .late = GREENLET_ETIMEDOUT, .closed = GREENLET_ECLOSED            \
    }

const call_t call_queue_put = QUEUE_CALL(set_up_full, put, get_one);
const call_t call_queue_get = QUEUE_CALL(set_up_empty, get, put_one);

static int peek(double seconds) {
    return gevent_queue_peek(&queue, seconds, NULL);
}
const call_t call_queue_peek = QUEUE_CALL(set_up_empty, peek, put_one);

static int join(double seconds) {
    return gevent_queue_join(&queue, seconds);
}

static int finish_one(void) {
    return gevent_queue_unfinished(&queue) > 0 ? gevent_queue_task_done(&queue) : GREENLET_OK;
}

static void check_unfinished(void) {
    CHECK_INT(gevent_queue_unfinished(&queue), 0);
    check_queue();
}
const call_t call_queue_join = {.set_up = set_up_full,
                                .block = join,
                                .satisfy = finish_one,
                                .check = check_unfinished,
                                .tear_down = free_queue,
                                .late = GREENLET_ETIMEDOUT};

// ---- channels -----------------------------------------------------------------------------------

static gevent_channel_t channel;

static void set_up_channel(void) {
    gevent_channel_init(&channel);
}

static int put_into_channel(double seconds) {
    return gevent_channel_put(&channel, V(1), seconds);
}

static int get_from_channel(double seconds) {
    return gevent_channel_get(&channel, seconds, NULL);
}

static int run_peer(void *value, void **result) {
    (void)result;
    return value ? put_into_channel(GEVENT_FOREVER) : get_from_channel(GEVENT_FOREVER);
}

// Somebody comes to the other side, who waits there if nobody is left on this one.
static int meet_who_gets(void) {
    return gevent_spawn(run_peer, V(1), NULL);
}

static int meet_who_puts(void) {
    return gevent_spawn(run_peer, V(0), NULL);
}

static void close_channel(void) {
    gevent_channel_close(&channel);
}

static void check_channel(void) {
    CHECK_INT(gevent_channel_balance(&channel), 0);
}

#define CHANNEL_CALL(call, done)                                                                   \
    {                                                                                              \
        .set_up = set_up_channel, .block = call, .satisfy = done, .close = close_channel,          \
        .check = check_channel, .late = GREENLET_ETIMEDOUT, .closed = GREENLET_ECLOSED             \
    }

const call_t call_channel_put = CHANNEL_CALL(put_into_channel, meet_who_puts);
const call_t call_channel_get = CHANNEL_CALL(get_from_channel, meet_who_gets);

// Who puts does not wait, and hands over to one who does.
static int hand_over_at_once(void) {
    int code = put_into_channel(GEVENT_NOWAIT);
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

const call_t call_channel_get_at_once = CHANNEL_CALL(get_from_channel, hand_over_at_once);

// ---- one of several -----------------------------------------------------------------------------

static void set_up_both(void) {
    set_up_empty();
    set_up_channel();
}

static int select_one(double seconds) {
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_get_case(&queue)};
    int chosen = gevent_select(cases, 2, seconds);
    if (chosen < 0) return chosen;
    CHECK_INT(chosen, 1);
    were_got++;
    return GREENLET_OK;
}

static void check_both(void) {
    check_channel();
    check_queue();
}

const call_t call_select = {.set_up = set_up_both,
                            .block = select_one,
                            .satisfy = put_one,
                            .check = check_both,
                            .tear_down = free_queue,
                            .late = GREENLET_ETIMEDOUT};

static int wait_for_one(double seconds) {
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_get_case(&queue)};
    int count = gevent_wait(cases, 2, 1, seconds, NULL);
    if (count < 0) return count;
    return count == 1 ? GREENLET_OK : greenlet_fail(GREENLET_ETIMEDOUT);
}

const call_t call_wait = {.set_up = set_up_both,
                          .block = wait_for_one,
                          .satisfy = put_one,
                          .check = check_both,
                          .tear_down = free_queue,
                          .late = GREENLET_ETIMEDOUT};

static int iterate(double seconds) {
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_get_case(&queue)};
    gevent_iwait_t iwait;
    size_t index = 0;
    int code = gevent_iwait_begin(&iwait, cases, 2, seconds);
    if (code < 0) return code;
    code = gevent_iwait_next(&iwait, &index);
    CHECK_INT(index, code == GREENLET_OK);
    gevent_iwait_end(&iwait);
    return code;
}

const call_t call_iwait_next = {.set_up = set_up_both,
                                .block = iterate,
                                .satisfy = put_one,
                                .check = check_both,
                                .tear_down = free_queue,
                                .late = GREENLET_ETIMEDOUT};
