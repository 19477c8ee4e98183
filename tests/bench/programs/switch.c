// Two greenlets that go to each other, each from some calls deep; and greenlets that end at once.
#include <stdint.h>

#include "gevent.h"

#define NOINLINE __attribute__((noinline))

// Sends numbers there and takes them back, from `depth` calls down; each has something to keep.
NOINLINE static int32_t send_often(greenlet_t *other, int32_t times, int32_t depth) {
    int32_t kept = times ^ depth, more = times + depth;
    if (depth > 1)
        return send_often(other, times, depth - 1) + (kept ^ times ^ depth) + more - more;
    int32_t sum = 0;
    for (intptr_t i = 0; i < times; i++) {
        void *back = NULL;
        if (greenlet_switch(other, (void *)i, &back) < 0) return -1;
        sum += (int32_t)(intptr_t)back - (int32_t)i;
    }
    return sum;
}

// Gives back one more than it gets.
NOINLINE static int give_back(void *value, int32_t depth) {
    volatile int32_t kept = depth;
    if (depth > 1) {
        int code = give_back(value, depth - 1);
        return kept == depth ? code : GREENLET_EFAILED;
    }
    greenlet_t *parent = greenlet_parent(greenlet_current());
    for (;;) {
        int code = greenlet_switch(parent, (void *)((intptr_t)value + 1), &value);
        if (code < 0) return code;
    }
}

static int32_t depth_there;

static int run_give_back(void *value, void **result) {
    (void)result;
    return give_back(value, depth_there);
}

// As many round trips as asked for; gives their number.
int ping_pong(int32_t times, int32_t depth, int32_t *result) {
    greenlet_t *other;
    depth_there = depth;
    int code = greenlet_new(run_give_back, NULL, &other);
    if (code < 0) return code;
    *result = send_often(other, times, depth);
    greenlet_unref(other);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, ping_pong, i32, i32)

static int run_once(void *value, void **result) {
    *result = value;
    return GREENLET_OK;
}

// Makes, runs to the end and drops one after the other; gives the sum of what they return.
int create_often(int32_t times, double *result) {
    double sum = 0;
    for (intptr_t i = 0; i < times; i++) {
        greenlet_t *greenlet;
        void *value = NULL;
        int code = greenlet_new(run_once, NULL, &greenlet);
        if (code < 0) return code;
        code = greenlet_switch(greenlet, (void *)i, &value);
        greenlet_unref(greenlet);
        if (code < 0) return code;
        sum += (double)(intptr_t)value;
    }
    *result = sum;
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, create_often, i32)
