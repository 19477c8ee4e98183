// The contract of src/context.h, checked on whichever native backend this is linked with, without
// greenlets on top. Prints a line per check; `context_test bench` prints what a switch costs.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

#include "../src/context.h"
#include "../src/context_annotate.h"
#include "../src/fatal.h"
#include "../src/greenlet_error.h"
#include "../src/stack.h"

#define SMALL 32768u
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static _Thread_local context_t root;
static _Thread_local context_t first;
static _Thread_local context_t second;
static _Thread_local int steps;

// ---- what greenlet.c and the host provide otherwise ---------------------------------------------

void greenlet_stack_overflow(size_t size, size_t need) {
    fprintf(stderr, "overflow: size %zu, need %zu\n", size, need);
    abort();
}

void fatal_report(int code, const char *message) {
    fprintf(stderr, "fatal %d: %s\n", code, message);
    abort();
}

static int has_tools(void) {
#if ANNOTATE_VALGRIND
    if (RUNNING_ON_VALGRIND) return 1;
#endif
    return ANNOTATE_ADDRESS || ANNOTATE_THREAD;
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

static void play_ping(void) {
    char text[64];
    snprintf(text, sizeof text, "%.3f", 3.14159); // faults if the stack is not aligned
    CHECK(strcmp(text, "3.142") == 0);
    keep_locals(&first, &root, 17, 999);
    context_finish_to(&first, &root);
}

static void test_ping_pong(void) {
    CHECK(context_make(&first, SMALL, play_ping) == 0);
    CHECK(context_alive(&first));
    keep_locals(&root, &first, 4711, 1000);
    CHECK(!context_alive(&first));
    CHECK(first.low == NULL && first.high == NULL && first.sp == NULL);
}

// ---- life ---------------------------------------------------------------------------------------

static int maps;
static int maps_allowed;
static void *(*map_really)(size_t size);

static void *map_counted(size_t size) {
    maps++;
    return maps_allowed-- > 0 ? map_really(size) : NULL;
}

static void count_maps(int allowed) {
    maps = 0;
    maps_allowed = allowed;
    if (stack_map != map_counted) map_really = stack_map;
    stack_map = map_counted;
}

static void stop_counting(void) {
    stack_map = map_really;
}

static void finish_at_once(void) {
    steps++;
    context_finish_to(&first, &root);
}

static void test_make_and_finish(void) {
    steps = 0;
    count_maps(2);
    for (int i = 0; i < 10000; i++) {
        CHECK(context_make(&first, SMALL, finish_at_once) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(!context_alive(&first));
    }
    CHECK(steps == 10000);
    CHECK(maps <= 1);
    stop_counting();
}

static void wait_for_ever(void) {
    volatile char used[5000];
    for (size_t i = 0; i < sizeof used; i++) used[i] = 1;
    for (;;) {
        steps += used[4999];
        context_switch(&first, &root);
    }
}

static void test_abandon(void) {
    CHECK(context_make(&first, SMALL, wait_for_ever) == 0);
    context_abandon(&first); // never entered
    CHECK(!context_alive(&first));
    steps = 0;
    count_maps(1);
    for (int i = 0; i < 1000; i++) {
        CHECK(context_make(&first, SMALL, wait_for_ever) == 0);
        CHECK(context_can_switch(&root, &first) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(context_parked_bytes(&first) > (ANNOTATE_ADDRESS ? 0 : 5000));
        CHECK(context_parked_bytes(&first) < SMALL);
        context_abandon(&first);
        CHECK(context_parked_bytes(&first) == 0);
    }
    CHECK(steps == 2000);
    CHECK(maps <= 1);
    stop_counting();
    context_abandon(&first); // nothing to drop
}

static void end_in_root(void) {
    CHECK(!context_alive(&first));
    steps++;
    context_finish_to(&second, &root);
}

static void end_in_second(void) {
    steps++;
    CHECK(context_make(&second, SMALL, end_in_root) == 0);
    context_finish_to(&first, &second);
}

static void test_finish_to_fresh(void) {
    steps = 0;
    for (int i = 0; i < 100; i++) {
        CHECK(context_make(&first, SMALL, end_in_second) == 0);
        CHECK(context_switch(&root, &first) == 0);
    }
    CHECK(steps == 200);
}

static void test_out_of_memory(void) {
    stack_free_pool();
    count_maps(0);
    memset(&first, 0, sizeof first);
    CHECK(context_make(&first, SMALL, finish_at_once) == GREENLET_ENOMEM);
    CHECK(maps == 1 && !context_alive(&first));
    stop_counting();
    CHECK(context_make(&first, SIZE_MAX, finish_at_once) == GREENLET_ENOMEM);
    CHECK(context_make(&first, SIZE_MAX / 2 + 1, finish_at_once) == GREENLET_ENOMEM);
    CHECK(context_make(&first, 0, finish_at_once) == 0);
    CHECK(context_switch(&root, &first) == 0);
}

static void test_sizes(void) {
    static const size_t sizes[] = {1, 4096, 20000, 65536, 262144, 1 << 20, 8 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CHECK(context_make(&first, sizes[i], finish_at_once) == 0);
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

static void recurse_and_finish(void) {
    steps = (int)recurse(400);
    context_finish_to(&first, &root);
}

static void test_deep(void) {
    CHECK(context_make(&first, 262144, recurse_and_finish) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(context_parked_bytes(&first) > (ANNOTATE_ADDRESS ? 0 : 100000));
    CHECK(context_switch(&root, &first) == 0);
    CHECK(steps == 400);
}

static void set_rounding(void) {
    CHECK(fegetround() == FE_DOWNWARD); // that of its maker
    fesetround(FE_UPWARD);
    context_switch(&first, &root);
    CHECK(fegetround() == FE_UPWARD);
    context_finish_to(&first, &root);
}

static void test_rounding(void) {
    fesetround(FE_DOWNWARD);
    CHECK(context_make(&first, SMALL, set_rounding) == 0);
    fesetround(FE_TONEAREST);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(fegetround() == FE_TONEAREST);
    fesetround(FE_TOWARDZERO);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(fegetround() == FE_TOWARDZERO);
    fesetround(FE_TONEAREST);
}

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *frame, void *count) {
    (void)frame;
    return ++*(int *)count > 50 ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static void trace_back(void) {
    int frames = 0;
    (void)_Unwind_Backtrace(count_frame, &frames); // on ARM an end is a failure
    CHECK(frames > 0 && frames < 10);
    context_finish_to(&first, &root);
}

static void test_backtrace(void) {
    CHECK(context_make(&first, 65536, trace_back) == 0);
    CHECK(context_switch(&root, &first) == 0);
}

static void enter_and_leave(void) {
    context_t inner;
    context_t *previous = context_enter_root(&inner);
    CHECK(previous == &first);
    context_leave_root(&inner, previous);
    context_finish_to(&first, &root);
}

static void test_roots(void) {
    CHECK(context_make(&first, SMALL, enter_and_leave) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(!context_alive(&first));
}

// More than there can be guards for, in a plain build with addresses enough.
static void test_many(void) {
    int few = has_tools() || sizeof(void *) < 8;
    size_t count = few ? 500 : 40000;
    if (few) stack_guarded_max = 250;
    context_t *many = calloc(count, sizeof *many);
    CHECK(many);
    size_t with_canary = 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(context_make(&many[i], 0, wait_for_ever) == 0);
        with_canary += (size_t)stack_has_canary(many[i].low);
        many[i].low[0] = 1; // usable to the last byte
    }
    CHECK(with_canary > 0 && with_canary < count);
    for (size_t i = 0; i < count; i += 2) context_abandon(&many[i]);
    for (size_t i = 1; i < count; i += 2) context_abandon(&many[i]);
    stack_free_pool();
    stack_guarded_max = STACK_GUARDED_MAX;
    CHECK(context_make(&many[0], 0, wait_for_ever) == 0);
    CHECK(!stack_has_canary(many[0].low));
    context_abandon(&many[0]);
    free(many);
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

// ---- ends of a process --------------------------------------------------------------------------

// Runs `function` in a child and returns how it ended, with what it wrote to stderr.
static int end_of_child(void (*function)(void), char *output, size_t size) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(ends[1], 2);
        function();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while ((got = read(ends[0], output + length, size - 1 - length)) > 0) length += (size_t)got;
    output[length] = 0;
    close(ends[0]);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

static int ended_by(int status, int number) {
    return WIFSIGNALED(status) && WTERMSIG(status) == number;
}

static unsigned recurse_too_deep(unsigned depth) {
    volatile char frame[512];
    frame[depth % 512] = (char)depth;
    if (depth == UINT32_MAX) return 0;
    return recurse_too_deep(depth + 1) + (unsigned)frame[depth % 512];
}

static void overflow(void) {
    steps = (int)recurse_too_deep(0);
    context_finish_to(&first, &root);
}

static void overflow_in_context(void) {
    CHECK(context_make(&first, SMALL, overflow) == 0);
    context_switch(&root, &first);
}

static void test_overflow(void) {
    char output[8192];
    int status = end_of_child(overflow_in_context, output, sizeof output);
    if (ANNOTATE_ADDRESS) {
        CHECK(strstr(output, "stack-overflow"));
        return;
    }
    size_t size = 0, need = 0;
    const char *line = strstr(output, "overflow: size");
    CHECK(line && sscanf(line, "overflow: size %zu, need %zu", &size, &need) == 2);
    CHECK(size >= SMALL && size < 2 * SMALL && need > size && need < size + 4096);
    CHECK(ended_by(status, SIGABRT));
}

static void *overflow_in_root_of_thread(void *unused) {
    context_enter_root(&root);
    overflow_in_context();
    return unused;
}

static void overflow_in_thread(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, overflow_in_root_of_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void test_overflow_in_thread(void) {
    char output[8192];
    int status = end_of_child(overflow_in_thread, output, sizeof output);
    CHECK(strstr(output, ANNOTATE_ADDRESS ? "stack-overflow" : "overflow: size"));
    CHECK(ANNOTATE_ADDRESS || ended_by(status, SIGABRT));
}

static unsigned recurse_past_canary(unsigned depth) {
    volatile char frame[512];
    memset((char *)frame, 7, sizeof frame);
    return depth ? recurse_past_canary(depth - 1) + (unsigned)frame[depth % 512] : 0;
}

static void overflow_and_leave(void) {
    steps = (int)recurse_past_canary(2 * SMALL / 512);
    context_finish_to(&first, &root);
}

static void overflow_without_guard(void) {
    stack_free_pool();
    stack_guarded_max = 0;
    CHECK(context_make(&first, SMALL, overflow_and_leave) == 0);
    CHECK(stack_has_canary(first.low));
    context_switch(&root, &first);
}

static void test_overflow_without_guard(void) {
    char output[8192];
    if (ANNOTATE_ADDRESS) return; // locals may lie elsewhere
    int status = end_of_child(overflow_without_guard, output, sizeof output);
    CHECK(strstr(output, "overflow: size"));
    CHECK(ended_by(status, SIGABRT));
}

static void fault(void) {
    static char *volatile nowhere = (char *)16;
    *nowhere = 1;
    context_finish_to(&first, &root);
}

static void fault_in_context(void) {
    CHECK(context_make(&first, SMALL, fault) == 0);
    context_switch(&root, &first);
}

static void say_and_exit(int number) {
    _exit(number == SIGSEGV ? 42 : 1);
}

static void fault_with_handler(void) {
    signal(SIGSEGV, say_and_exit);
    fault_in_context();
}

static void sent_fault(void) {
    CHECK(context_make(&first, SMALL, finish_at_once) == 0);
    raise(SIGSEGV);
}

// Faults that are none of our business end as they would without us. What ran before this has
// installed the handler already in the parent; so it is run first.
static void test_other_faults(void) {
    char output[8192];
    if (has_tools()) return;
    int status = end_of_child(fault_with_handler, output, sizeof output);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    CHECK(ended_by(end_of_child(fault_in_context, output, sizeof output), SIGSEGV));
    CHECK(ended_by(end_of_child(sent_fault, output, sizeof output), SIGSEGV));
}

static void just_return(void) {}

static void return_from_entry(void) {
    CHECK(context_make(&first, SMALL, just_return) == 0);
    context_switch(&root, &first);
}

static void test_returning_entry(void) {
    char output[8192];
    int status = end_of_child(return_from_entry, output, sizeof output);
    CHECK(strstr(output, "entry function"));
    CHECK(ended_by(status, SIGABRT));
}

// A heap block that only a parked stack knows of is not a leak; the program ends with one.
static void hold_block(void) {
    char *volatile block = malloc(100);
    CHECK(block);
    context_switch(&second, &root);
    free(block);
    context_finish_to(&second, &root);
}

static void test_reachable(void) {
    CHECK(context_make(&second, SMALL, hold_block) == 0);
    CHECK(context_switch(&root, &second) == 0);
}

// ---- cost ---------------------------------------------------------------------------------------

static void pong(void) {
    for (;;) context_switch(&first, &root);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void bench(void) {
    const int rounds = 2000000;
    CHECK(context_make(&first, SMALL, pong) == 0);
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = seconds();
        for (int i = 0; i < rounds; i++) context_switch(&root, &first);
        printf("%s: %.2f ns per switch\n", context_name(), (seconds() - start) / rounds / 2 * 1e9);
    }
    context_abandon(&first);
    double start = seconds();
    for (int i = 0; i < rounds / 10; i++) {
        (void)context_make(&first, SMALL, finish_at_once);
        context_switch(&root, &first);
    }
    printf("%s: %.1f ns per make, run and finish\n", context_name(),
           (seconds() - start) / rounds * 10 * 1e9);
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    context_enter_root(&root);
    if (argc > 1 && strcmp(argv[1], "bench") == 0) {
        bench();
        return 0;
    }
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"faults of others are left to others", test_other_faults},
        {"locals survive 1000 rounds", test_ping_pong},
        {"make and finish 10,000 times without growth", test_make_and_finish},
        {"abandon", test_abandon},
        {"finish to a fresh context", test_finish_to_fresh},
        {"out of memory", test_out_of_memory},
        {"sizes", test_sizes},
        {"a switch deep in a recursion", test_deep},
        {"floating-point control state", test_rounding},
        {"a backtrace ends at the entry", test_backtrace},
        {"a root inside a context", test_roots},
        {"threads", test_threads},
        {"many stacks", test_many},
        {"overflow", test_overflow},
        {"overflow in a thread", test_overflow_in_thread},
        {"overflow without a guard", test_overflow_without_guard},
        {"an entry that returns", test_returning_entry},
        {"what a parked stack holds is no leak", test_reachable},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        tests[i].run();
        printf("ok %s: %s\n", context_name(), tests[i].name);
    }
    return 0;
}
