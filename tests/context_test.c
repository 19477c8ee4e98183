// The contract of src/context.h, checked on whichever native backend this is linked with, without
// greenlets on top; and what its host adds to that, in context_test_HOST.c. Prints a line per
// check; `context_test bench` prints what a switch costs.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include "context_test.h"

#include <fenv.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unwind.h>

#include "../src/context_annotate.h"
#include "../src/fatal.h"
#include "../src/mark.h"

_Thread_local context_t root;
_Thread_local context_t first;
_Thread_local context_t second;
_Thread_local int steps;

// ---- what greenlet.c and the host provide otherwise ---------------------------------------------

void greenlet_stack_overflow(size_t size, size_t need) {
    fprintf(stderr, "overflow: size %zu, need %zu\n", size, need);
    abort();
}

void fatal_report(int code, const char *message) {
    fprintf(stderr, "fatal %d: %s\n", code, message);
    abort();
}

// ---- what keeps a switch honest -----------------------------------------------------------------

static unsigned next_random(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

// Locals that have to be the same after each switch: an array, and more integers and doubles than
// there are callee-saved registers.
static void keep_locals(context_t *self, context_t *other, unsigned seed, int rounds) {
    unsigned array[64];
    unsigned expected = seed;
    unsigned a = seed, b = seed * 3, c = seed * 5, d = seed * 7, e = seed * 11, f = seed * 13;
    double u = a * 0.5, v = b * 0.5, w = c * 0.5, x = d * 0.5, y = e * 0.5, z = f * 0.5;
    for (int i = 0; i < 64; i++) array[i] = next_random(&expected);
    for (int round = 0; round < rounds; round++) {
        CHECK(context_switch(self, other) == 0);
        a += 1, b += 2, c += 3, d += 4, e += 5, f += 6;
        u += 1, v += 2, w += 3, x += 4, y += 5, z += 6;
    }
    unsigned check = seed;
    for (int i = 0; i < 64; i++) CHECK(array[i] == next_random(&check));
    unsigned n = (unsigned)rounds;
    CHECK(a == seed + n && b == seed * 3 + 2 * n && c == seed * 5 + 3 * n);
    CHECK(d == seed * 7 + 4 * n && e == seed * 11 + 5 * n && f == seed * 13 + 6 * n);
    CHECK((u - n) * 2 == seed && (v - 2 * n) * 2 == seed * 3 && (w - 3 * n) * 2 == seed * 5);
    CHECK((x - 4 * n) * 2 == seed * 7 && (y - 5 * n) * 2 == seed * 11);
    CHECK((z - 6 * n) * 2 == seed * 13);
}

static int play_ping(void *value, void **result) {
    (void)value, (void)result;
    char text[64];
    snprintf(text, sizeof text, "%.3f", 3.14159); // faults if the stack is not aligned
    CHECK(strcmp(text, "3.142") == 0);
    keep_locals(&first, &root, 17, 999);
    context_finish_to(&first, &root);
    return 0;
}

static void test_ping_pong(void) {
    CHECK(context_make(&first, SMALL, play_ping, NULL) == 0);
    CHECK(context_alive(&first));
    keep_locals(&root, &first, 4711, 1000);
    CHECK(!context_alive(&first));
    CHECK(first.low == NULL && first.high == NULL && first.sp == NULL);
}

// ---- life ---------------------------------------------------------------------------------------

int finish_at_once(void *value, void **result) {
    (void)value, (void)result;
    steps++;
    context_finish_to(&first, &root);
    return 0;
}

static void test_make_and_finish(void) {
    steps = 0;
    for (int i = 0; i < 10000; i++) {
        CHECK(context_make(&first, SMALL, finish_at_once, NULL) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(!context_alive(&first));
    }
    CHECK(steps == 10000);
}

int wait_for_ever(void *value, void **result) {
    (void)value, (void)result;
    volatile char used[5000];
    for (size_t i = 0; i < sizeof used; i++) used[i] = 1;
    for (;;) {
        steps += used[4999];
        context_switch(&first, &root);
    }
    return 0;
}

static int ask_for_its_own_bytes(void *value, void **result) {
    (void)value, (void)result;
    CHECK(context_parked_bytes(&first) == 0);
    context_finish_to(&first, &root);
    return 0;
}

static void test_running(void) {
    CHECK(context_make(&first, SMALL, ask_for_its_own_bytes, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(!context_alive(&first));
}

static void test_abandon(void) {
    CHECK(context_make(&first, SMALL, wait_for_ever, NULL) == 0);
    context_abandon(&first); // never entered
    CHECK(!context_alive(&first));
    steps = 0;
    for (int i = 0; i < 1000; i++) {
        CHECK(context_make(&first, SMALL, wait_for_ever, NULL) == 0);
        CHECK(context_can_switch(&root, &first) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(context_parked_bytes(&first) > (ANNOTATE_ADDRESS ? 0 : 5000));
        CHECK(context_parked_bytes(&first) < SMALL);
        context_abandon(&first);
        CHECK(context_parked_bytes(&first) == 0);
    }
    CHECK(steps == 2000);
    context_abandon(&first); // nothing to drop
}

static int end_in_root(void *value, void **result) {
    (void)value, (void)result;
    CHECK(!context_alive(&first));
    steps++;
    context_finish_to(&second, &root);
    return 0;
}

static int end_in_second(void *value, void **result) {
    (void)value, (void)result;
    steps++;
    CHECK(context_make(&second, SMALL, end_in_root, NULL) == 0);
    context_finish_to(&first, &second);
    return 0;
}

static void test_finish_to_fresh(void) {
    steps = 0;
    for (int i = 0; i < 100; i++) {
        CHECK(context_make(&first, SMALL, end_in_second, NULL) == 0);
        CHECK(context_switch(&root, &first) == 0);
    }
    CHECK(steps == 200);
}

static void test_sizes(void) {
    static const size_t sizes[] = {1, 4096, 20000, 65536, 262144, 1 << 20, 8 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CHECK(context_make(&first, sizes[i], finish_at_once, NULL) == 0);
        CHECK((size_t)(first.high - first.low) >= sizes[i]);
        CHECK(context_switch(&root, &first) == 0);
    }
    CHECK(context_default_size() == 262144);
}

// ---- the stack's use ----------------------------------------------------------------------------

static unsigned recurse(unsigned depth) {
    volatile char frame[256];
    frame[depth % 256] = (char)depth;
    if (depth == 0) {
        CHECK(context_switch(&first, &root) == 0);
        return 0;
    }
    unsigned below = recurse(depth - 1);
    CHECK(frame[depth % 256] == (char)depth);
    return below + 1;
}

static int recurse_and_finish(void *value, void **result) {
    (void)value, (void)result;
    steps = (int)recurse(400);
    context_finish_to(&first, &root);
    return 0;
}

static void test_marks(void) {
    uint64_t words[9];
    char *low = (char *)words, *high = (char *)&words[8];
    mark_fill(low, high + sizeof *words);
    CHECK(mark_find(low, high, MARK_WORD) == high);
    high[-1] = 0;
    CHECK(mark_find(low, high, MARK_WORD) == high - sizeof *words);
    low[0] = 0;
    CHECK(mark_find(low, high, MARK_WORD) == low);
}

static void test_deep(void) {
    CHECK(context_make(&first, 262144, recurse_and_finish, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(context_parked_bytes(&first) > (ANNOTATE_ADDRESS ? 0 : 100000));
    CHECK(context_switch(&root, &first) == 0);
    CHECK(steps == 400);
}

// What is set, and what is done: a CPU may have more than one unit that rounds.
static int rounds(int mode) {
    volatile double one = 1, three = 3;
    volatile double positive = one / three, negative = -one / three;
    int is_up = positive > -negative, is_down = positive < -negative;
    return fegetround() == mode && is_up == (mode == FE_UPWARD) && is_down == (mode == FE_DOWNWARD);
}

static int set_rounding(void *value, void **result) {
    (void)value, (void)result;
    CHECK(rounds(FE_DOWNWARD)); // that of its maker
    fesetround(FE_UPWARD);
    context_switch(&first, &root);
    CHECK(rounds(FE_UPWARD));
    context_finish_to(&first, &root);
    return 0;
}

static void test_rounding(void) {
    fesetround(FE_DOWNWARD);
    CHECK(context_make(&first, SMALL, set_rounding, NULL) == 0);
    fesetround(FE_TONEAREST);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(rounds(FE_TONEAREST));
    fesetround(FE_TOWARDZERO);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(rounds(FE_TOWARDZERO));
    fesetround(FE_TONEAREST);
}

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *frame, void *count) {
    (void)frame;
    return ++*(int *)count > 50 ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static int trace_back(void *value, void **result) {
    (void)value, (void)result;
    int frames = 0;
    (void)_Unwind_Backtrace(count_frame, &frames); // on ARM an end is a failure
    CHECK(frames > 0 && frames < 10);
    context_finish_to(&first, &root);
    return 0;
}

static void test_backtrace(void) {
    CHECK(context_make(&first, 65536, trace_back, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
}

static int enter_and_leave(void *value, void **result) {
    (void)value, (void)result;
    context_t inner;
    context_t *previous = context_enter_root(&inner);
    CHECK(previous == &first);
    context_leave_root(&inner, previous);
    context_finish_to(&first, &root);
    return 0;
}

static void test_roots(void) {
    CHECK(context_make(&first, SMALL, enter_and_leave, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(!context_alive(&first));
}

static void *run_thread(void *unused) {
    context_t thread_root;
    CHECK(context_enter_root(&thread_root) == NULL);
    context_leave_root(&thread_root, &root);
    CHECK(context_enter_root(&root) == &root);
    for (int i = 0; i < 20; i++) test_ping_pong();
    test_finish_to_fresh();
    return unused;
}

static void test_threads(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, run_thread, NULL) == 0);
    for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

// ---- cost ---------------------------------------------------------------------------------------

static int pong(void *value, void **result) {
    (void)value, (void)result;
    for (;;) context_switch(&first, &root);
    return 0;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void bench(void) {
    const int rounds = 2000000;
    CHECK(context_make(&first, SMALL, pong, NULL) == 0);
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = seconds();
        for (int i = 0; i < rounds; i++) context_switch(&root, &first);
        printf("%s: %.2f ns per switch\n", context_name(), (seconds() - start) / rounds / 2 * 1e9);
    }
    context_abandon(&first);
    double start = seconds();
    for (int i = 0; i < rounds / 10; i++) {
        (void)context_make(&first, SMALL, finish_at_once, NULL);
        context_switch(&root, &first);
    }
    printf("%s: %.1f ns per make, run and finish\n", context_name(),
           (seconds() - start) / rounds * 10 * 1e9);
}

static void run(const context_case_t *cases) {
    for (; cases->name; cases++) {
        cases->run();
        printf("ok %s: %s\n", context_name(), cases->name);
    }
}

int main(int argc, char **argv) {
    static const context_case_t cases[] = {
        {"locals survive 1000 rounds", test_ping_pong},
        {"make and finish 10,000 times without growth", test_make_and_finish},
        {"running", test_running},
        {"abandon", test_abandon},
        {"finish to a fresh context", test_finish_to_fresh},
        {"sizes", test_sizes},
        {"a switch deep in a recursion", test_deep},
        {"marks", test_marks},
        {"floating-point control state", test_rounding},
        {"a backtrace ends at the entry", test_backtrace},
        {"a root inside a context", test_roots},
        {"threads", test_threads},
        {NULL, NULL},
    };
    context_enter_root(&root);
    if (argc > 1 && strcmp(argv[1], "bench") == 0) {
        bench();
        return 0;
    }
    run(host_cases);
    run(cases);
    return 0;
}
