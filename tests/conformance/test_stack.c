// Stacks: what is on them stays (RC), and code of others may be below (RE, WA).
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "check.h"

static greenlet_t *a, *b, *c;

enum { LARGE_STACK = 1 << 20 };

// ---- locals -------------------------------------------------------------------------------------

// Fills an array on its stack and counts what others have changed in it, once per switch.
static int run_with_array(void *value, void **result) {
    volatile unsigned char array[512];
    unsigned char mark = (unsigned char)(uintptr_t)value;
    intptr_t wrong = 0;
    for (int round = 0; round < 1000; round++) {
        for (size_t i = 0; i < sizeof array; i++) array[i] = (unsigned char)(mark + round + (int)i);
        int code = up(NULL, NULL);
        if (code < 0) return code;
        for (size_t i = 0; i < sizeof array; i++)
            wrong += array[i] != (unsigned char)(mark + round + (int)i);
    }
    *result = V(wrong + 1);
    return GREENLET_OK;
}

TEST(STACK_arrays_on_two_stacks_stay_apart) {
    void *first = NULL, *second = NULL;
    a = make(run_with_array);
    b = make(run_with_array);
    (void)greenlet_switch(a, V(1), NULL);
    (void)greenlet_switch(b, V(129), NULL);
    for (int i = 0; i < 1000; i++) {
        (void)greenlet_switch(a, NULL, &first);
        (void)greenlet_switch(b, NULL, &second);
    }
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    CHECK_INT(INT(first), 1);
    CHECK_INT(INT(second), 1);
    drop(&a);
    drop(&b);
}

// ---- depth --------------------------------------------------------------------------------------

static int factorial_on_resume(int depth, intptr_t *product) {
    volatile intptr_t mine = depth;
    if (depth > 0) {
        int code = factorial_on_resume(depth - 1, product);
        *product *= mine;
        return code;
    }
    void *value;
    int code = up(NULL, &value);
    *product = INT(value);
    return code;
}

static int run_factorial(void *value, void **result) {
    intptr_t product = 0;
    int code = factorial_on_resume((int)INT(value), &product);
    *result = V(product);
    return code;
}

TEST(RC_02_FR_03_a_deep_stack_keeps_its_locals) {
    void *result;
    a = make(run_factorial);
    CHECK_OK(greenlet_switch(a, V(5), NULL));
    CHECK_OK(greenlet_switch(a, V(10), &result));
    CHECK_INT(INT(result), 1200);
    drop(&a);
}

static int sum_on_resume(int depth, intptr_t *sum) {
    volatile intptr_t mine = depth;
    int code = depth > 0 ? sum_on_resume(depth - 1, sum) : up(NULL, NULL);
    *sum += mine;
    return code;
}

static int run_sum(void *value, void **result) {
    intptr_t sum = 0;
    int code = sum_on_resume((int)INT(value), &sum);
    *result = V(sum);
    return code;
}

TEST(RC_02_a_thousand_calls_deep) {
    void *result;
    a = make(run_sum);
    CHECK_OK(greenlet_set_stack_size(a, LARGE_STACK));
    CHECK_OK(greenlet_switch(a, V(1000), NULL));
    b = make_suspended();
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 500500);
    drop(&a);
    drop(&b);
}

TEST(RC_03_several_may_be_deep_at_once) {
    enum { COUNT = 4 };
    greenlet_t *deep[COUNT];
    void *result;
    for (int i = 0; i < COUNT; i++) {
        deep[i] = make(run_sum);
        CHECK_OK(greenlet_set_stack_size(deep[i], LARGE_STACK));
        CHECK_OK(greenlet_switch(deep[i], V(i * 100), NULL));
    }
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(greenlet_switch(deep[i], NULL, &result));
        CHECK_INT(INT(result), i * 100 * (i * 100 + 1) / 2);
        drop(&deep[i]);
    }
}

TEST(STACK_a_kill_unwinds_a_deep_stack) {
    a = make(run_sum);
    CHECK_OK(greenlet_set_stack_size(a, LARGE_STACK));
    CHECK_OK(greenlet_switch(a, V(500), NULL));
    CHECK_CODE(greenlet_throw(a, NULL, NULL), GREENLET_EXITED);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

// ---- floating point -----------------------------------------------------------------------------

static int run_average(void *value, void **result) {
    volatile double total = 0;
    double count = 0;
    static double average;
    (void)result;
    for (;;) {
        total += (double)INT(value);
        count += 1;
        average = total / count;
        int code = up(&average, &value);
        if (code < 0) return code;
    }
}

TEST(STACK_floating_point_locals_survive) {
    void *result;
    a = make(run_average);
    static const int terms[] = {10, 30, 5};
    static const double averages[] = {10, 20, 15};
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(greenlet_switch(a, V(terms[i]), &result));
        CHECK(*(const double *)result == averages[i]);
    }
    drop(&a);
}

// ---- frames of others ---------------------------------------------------------------------------

static int comparisons;

static int compare_and_switch(const void *left, const void *right) {
    int x = *(const int *)left;
    int y = *(const int *)right;
    comparisons++;
    (void)up(NULL, NULL);
    return (x > y) - (x < y);
}

static int run_sort(void *value, void **result) {
    int *numbers = value;
    qsort(numbers, 5, sizeof *numbers, compare_and_switch);
    *result = numbers;
    return GREENLET_OK;
}

static void check_sorted(const int *numbers) {
    for (int i = 0; i < 5; i++) CHECK_INT(numbers[i], i + 1);
}

TEST(RE_01_WA_10_a_switch_with_library_frames_below) {
    int numbers[] = {5, 2, 4, 1, 3};
    int switches = 0;
    comparisons = 0;
    a = make(run_sort);
    CHECK_OK(greenlet_switch(a, numbers, NULL));
    for (; !greenlet_dead(a); switches++) CHECK_OK(greenlet_switch(a, NULL, NULL));
    check_sorted(numbers);
    CHECK(comparisons > 3);
    CHECK_INT(switches, comparisons);
    drop(&a);
}

TEST(RE_02_TD_07_two_in_the_same_library_routine_at_once) {
    int first[] = {5, 2, 4, 1, 3};
    int second[] = {1, 3, 5, 4, 2};
    a = make(run_sort);
    b = make(run_sort);
    CHECK_OK(greenlet_switch(a, first, NULL));
    CHECK_OK(greenlet_switch(b, second, NULL));
    for (int i = 0; i < 40; i++) CHECK_OK(greenlet_switch(i % 2 ? a : b, NULL, NULL));
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    check_sorted(first);
    check_sorted(second);
    drop(&a);
    drop(&b);
}

// ---- destructors --------------------------------------------------------------------------------

static void release_by_way_of_b(void *user) {
    log_add("release%d", (int)INT(user));
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    log_add("released%d", (int)INT(user));
}

static int run_background(void *value, void **result) {
    for (;;) {
        log_add("background");
        int code = up(value, result);
        if (code < 0) return code;
    }
}

TEST(RE_06_a_destructor_may_switch_away_and_back) {
    a = make(run_42);
    b = make(run_background);
    greenlet_set_user(a, V(1), release_by_way_of_b);
    drop(&a);
    CHECK_LOG("release1 background released1");
    drop(&b);
}

static int destroyed, how_it_came_back;

static void release_and_stay_away(void *user) {
    destroyed++;
    if (INT(user) == 500) how_it_came_back = greenlet_switch(greenlet_main(), V(5), NULL);
}

static int run_destroy_chain(void *value, void **result) {
    (void)value, (void)result;
    drop(&c);
    return GREENLET_OK;
}

TEST(RE_07_a_destructor_may_leave_for_good) {
    enum { COUNT = 1000 };
    void *result;
    destroyed = how_it_came_back = 0;
    c = make(run_42);
    for (int i = 0; i < COUNT; i++) {
        greenlet_t *child = make_under(run_42, c);
        greenlet_set_user(child, V(i), release_and_stay_away);
        greenlet_unref(c);
        c = child;
    }
    a = make(run_destroy_chain);
    CHECK_OK(greenlet_switch(a, NULL, &result)); // stays in the destructor of number 500
    CHECK_INT(INT(result), 5);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_INT(destroyed, COUNT - 500);
    b = make_suspended(); // others go on meanwhile
    drop(&b);
    drop(&a); // is killed, and so goes on with the rest
    CHECK_INT(how_it_came_back, GREENLET_EEXIT);
    CHECK_INT(destroyed, COUNT);
}

// ---- a loop inside out --------------------------------------------------------------------------

static char keys_read[32];

// Reads a line, key by key, from whoever feeds it.
static int read_line(char *line) {
    for (size_t length = 0;;) {
        void *key;
        int code = up(NULL, &key);
        if (code < 0) return code;
        line[length] = (char)INT(key);
        if (line[length] == '\n') {
            line[length] = '\0';
            return GREENLET_OK;
        }
        length++;
    }
}

static int run_reader(void *value, void **result) {
    (void)value, (void)result;
    for (;;) {
        void *key;
        int code = read_line(keys_read);
        if (code < 0) return code;
        log_add("<<<%s", keys_read);
        if (strcmp(keys_read, "quit") != 0) {
            log_add("process-%s", keys_read);
            continue;
        }
        log_add("sure?");
        code = up(NULL, &key);
        if (code < 0 || INT(key) == 'y') return code;
    }
}

TEST(RE_10_a_blocking_reader_fed_by_events) {
    void *result = V(1);
    a = make(run_reader);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    for (const char *key = "hello\nquit\ny"; *key; key++)
        CHECK_OK(greenlet_switch(a, V(*key), &result));
    CHECK_LOG("<<<hello process-hello <<<quit sure?");
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_PTR(result, NULL);
    drop(&a);
}

// ---- how deep it got ----------------------------------------------------------------------------

static int touch(size_t bytes) {
    volatile char part[1024];
    for (size_t i = 0; i < sizeof part; i++) part[i] = 1;
    int code = bytes > sizeof part ? touch(bytes - sizeof part) : up(NULL, NULL);
    return part[0] ? code : GREENLET_EFAILED;
}

static int run_touch(void *value, void **result) {
    (void)result;
    return touch((size_t)INT(value));
}

enum { MUCH = 131072, LITTLE = 1024, SLACK = 16384 };

TEST(STACK_a_peak_is_measured_where_it_was_asked_for) {
    a = make(run_touch);
    b = make(run_touch);
    c = make(run_touch);
    CHECK_OK(greenlet_set_stack_size(a, LARGE_STACK));
    CHECK_OK(greenlet_switch(c, V(LITTLE), NULL)); // not marked
    greenlet_set_stack_marking(1);
    CHECK_INT(greenlet_stack_peak(a), 0);
    CHECK_OK(greenlet_switch(a, V(MUCH), NULL));
    CHECK_OK(greenlet_switch(b, V(LITTLE), NULL));
    greenlet_set_stack_marking(0);
    size_t much = greenlet_stack_peak(a);
    size_t little = greenlet_stack_peak(b);
    CHECK(much >= MUCH && much < 2 * MUCH);
    CHECK(little >= LITTLE && little < LITTLE + SLACK);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK(greenlet_dead(a) && greenlet_stack_peak(a) >= much && greenlet_stack_peak(a) < 2 * MUCH);
    CHECK(greenlet_dead(b) && greenlet_stack_peak(b) < LITTLE + SLACK);
    CHECK_INT(greenlet_stack_peak(c), 0);
    CHECK_INT(greenlet_stack_peak(greenlet_main()), 0);
    drop(&a);
    drop(&b);
    drop(&c);
}
