// Exports that give many values are plain functions: natively, and in wasm for C.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

int squares_below(int32_t limit) {
    for (int32_t n = 1; n * n < limit; n++) {
        int32_t square = n * n;
        int code = generator_yield(&square, NULL);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}
GEVENT_EXPORT_GENERATOR(i32, squares_below, i32)

static int run_squares(void *argument, void **result) {
    (void)result;
    return squares_below(*(int32_t *)argument);
}

TEST(an_exported_generator_is_the_body_of_a_plain_one) {
    int32_t limit = 20;
    generator_t *squares;
    void *square;
    CHECK_OK(generator_new(run_squares, &limit, &squares));
    while (generator_next(squares, &square) == GREENLET_OK) log_add("%d", (int)*(int32_t *)square);
    CHECK_LOG("1 4 9 16");
    generator_unref(squares);
}

int count_into(int32_t limit, gevent_channel_t *values) {
    for (int32_t n = 1; n <= limit; n++) {
        int code = gevent_channel_put(values, &n, GEVENT_FOREVER);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}
GEVENT_EXPORT_CHANNEL(i32, count_into, i32)

static int run_count(void *argument, void **result) {
    (void)result;
    int code = count_into(9, argument);
    log_add("%s", greenlet_error_name(code));
    return GREENLET_OK;
}

TEST(who_puts_into_an_exported_channel_can_be_got_from_by_anybody) {
    gevent_channel_t values = {0};
    gevent_task_t *producer;
    void *value;
    CHECK_OK(gevent_spawn(run_count, &values, &producer));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(gevent_channel_get(&values, GEVENT_FOREVER, &value));
        log_add("%d", (int)*(int32_t *)value);
    }
    gevent_channel_close(&values);
    CHECK_OK(gevent_join(producer, GEVENT_FOREVER));
    CHECK_LOG("1 2 GREENLET_ECLOSED");
    gevent_task_unref(producer);
}
