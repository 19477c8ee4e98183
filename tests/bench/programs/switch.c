// Two greenlets that go to each other, each from some calls deep; and greenlets that end at once.
#include <stdint.h>

#include "gevent.h"

#define NOINLINE __attribute__((noinline))

// Each of `depth` functions has three numbers that it needs when it goes on, and cannot know
// before; so have the generators of switch.bench.js.
typedef struct kept {
    int32_t a, b, c;
} kept_t;

static volatile int32_t seed = 1;
static uint32_t noted;

static inline kept_t keep(int32_t depth) {
    return (kept_t){seed ^ depth, seed + depth, seed - depth};
}

static inline void note(kept_t kept) {
    noted = ((noted * 31 + (uint32_t)kept.a) * 31 + (uint32_t)kept.b) * 31 + (uint32_t)kept.c;
}

// Sends numbers there and takes them back.
NOINLINE static int32_t send_often(greenlet_t *other, int32_t times, int32_t depth) {
    kept_t kept = keep(depth);
    int32_t sum = 0;
    if (depth > 1) sum = send_often(other, times, depth - 1);
    for (intptr_t i = 0; depth == 1 && i < times; i++) {
        void *back = NULL;
        if (greenlet_switch(other, (void *)i, &back) < 0) return -1;
        sum += (int32_t)(intptr_t)back - (int32_t)i;
    }
    note(kept);
    return sum;
}

static int32_t levels_left;

// Gives back one more than it gets, until it gets -1.
NOINLINE static int give_back(void *value, void **result) {
    int32_t depth = levels_left--;
    kept_t kept = keep(depth);
    int code = GREENLET_OK;
    if (depth > 1) code = give_back(value, result);
    while (depth == 1 && code >= 0 && (intptr_t)value >= 0)
        code = greenlet_switch(greenlet_main(), (void *)((intptr_t)value + 1), &value);
    note(kept);
    return code;
}

// As many round trips as asked for; gives their number.
int ping_pong(int32_t times, int32_t depth, int32_t *result) {
    greenlet_t *other;
    levels_left = depth;
    int code = greenlet_new(give_back, NULL, &other);
    if (code < 0) return code;
    *result = send_often(other, times, depth);
    code = greenlet_switch(other, (void *)-1, NULL);
    greenlet_unref(other);
    return code;
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
