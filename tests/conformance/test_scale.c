// Scale: a ring of greenlets that pass a token on, and chains of parents that end.
//
// SPDX-License-Identifier: MIT
#include "check.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

enum { SMALL_STACK = 16384 };

static greenlet_t *make_small(greenlet_run_fn run) {
    greenlet_t *greenlet = make(run);
    CHECK_OK(greenlet_set_stack_size(greenlet, SMALL_STACK));
    return greenlet;
}

// ---- a ring -------------------------------------------------------------------------------------

enum { RING = 1000, PASSES = 1000000 };

static greenlet_t *ring[RING];
static int passed[RING];

// The token says how often it has been passed, and so whose turn it is. It comes from the member
// before, and the last who gets it ends with its own place.
static int run_member(void *token, void **result) {
    intptr_t place = INT(greenlet_user(greenlet_current()));
    while (INT(token) < PASSES) {
        if (INT(token) % RING != place) return greenlet_raise(&E1, "it is another one's turn");
        passed[place]++;
        int code = greenlet_switch(ring[(place + 1) % RING], V(INT(token) + 1), &token);
        if (code < 0) return code;
    }
    *result = V(place);
    return GREENLET_OK;
}

TEST(SCALE_a_token_goes_around_a_ring_a_million_times) {
    for (intptr_t place = 0; place < RING; place++) {
        ring[place] = make_small(run_member);
        passed[place] = 0;
        greenlet_set_user(ring[place], V(place), NULL);
    }
    void *holder = V(-1);
    int wrong = 0;
    CHECK_OK(greenlet_switch(ring[0], V(0), &holder));
    CHECK_INT(INT(holder), 0);
    for (intptr_t place = 0; place < RING; place++) {
        wrong += passed[place] != PASSES / RING || greenlet_dead(ring[place]) != (place == 0);
        drop(&ring[place]);
    }
    CHECK_INT(wrong, 0);
}

// ---- a chain ------------------------------------------------------------------------------------

enum { CHAIN = 20000, CHAIN_IN_VALGRIND = 5000 };

static intptr_t chain_length;
static intptr_t next_to_end;
static int last_fails;

// Valgrind gives up at 30,000 mappings, of which a stack takes several.
static intptr_t longest_chain(void) {
#ifdef RUNNING_ON_VALGRIND
    if (RUNNING_ON_VALGRIND) return CHAIN_IN_VALGRIND;
#endif
    return CHAIN;
}

static int run_last(void **result) {
    next_to_end = chain_length;
    *result = V(0);
    return last_fails ? greenlet_raise(&E1, "from the far end") : GREENLET_OK;
}

// Starts the next one, whose parent it is, and passes on how that ended: the value, plus one, or
// the error.
static int run_link(void *value, void **result) {
    intptr_t depth = INT(value);
    int code;
    if (depth == chain_length) {
        code = run_last(&value);
    } else {
        greenlet_t *child = make_small(run_link);
        code = greenlet_switch(child, V(depth + 1), &value);
        drop(&child);
    }
    if (next_to_end-- != depth) return greenlet_raise(&E2, "another one had to end first");
    *result = V(INT(value) + 1);
    return code;
}

static int run_chain(int fails, void **result) {
    chain_length = longest_chain();
    last_fails = fails;
    greenlet_t *first = make_small(run_link);
    int code = greenlet_switch(first, V(1), result);
    CHECK(greenlet_dead(first));
    CHECK_INT(next_to_end, 0);
    drop(&first);
    return code;
}

TEST(SCALE_a_value_goes_up_a_chain_of_20000_parents) {
    void *result = NULL;
    CHECK_OK(run_chain(0, &result));
    CHECK_INT(INT(result), chain_length);
}

TEST(SCALE_an_error_goes_up_a_chain_of_20000_parents) {
    void *result = V(-1);
    CHECK_CODE(run_chain(1, &result), CODE_E1);
    CHECK_INT(INT(result), -1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "from the far end");
    CHECK_PTR(greenlet_error_type(greenlet_last_error()), &E1);
}
