// A small test harness: tests that register themselves, checks that print both values and go on,
// and a log for the rules that are about the order of events.
//
// After each test the harness compares the library's live memory with what it was before it; a test
// that ends with more has failed.
//
// SPDX-License-Identifier: MIT
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "greenlet.h"

typedef struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
    int is_last; // nothing works after it: where all run in one process, it runs at the end
} test_t;

void test_register(test_t *test);

// TEST(FN_02_result_goes_to_parent_not_to_switcher) { … }
// The name begins with the rules that the test proves, or with a word where there is none.
#define TEST(name) TEST_(name, 0)
#define LAST_TEST(name) TEST_(name, 1)
#define TEST_(name, is_last)                                                                       \
    static void name(void);                                                                        \
    __attribute__((constructor)) static void register_##name(void) {                               \
        static test_t test = {#name, name, NULL, is_last};                                         \
        test_register(&test);                                                                      \
    }                                                                                              \
    static void name(void)

// ---- checks -------------------------------------------------------------------------------------

void check_int(const char *file, int line, const char *text, long long actual, long long expected);
void check_ptr(const char *file, int line, const char *text, const void *actual,
               const void *expected);
void check_str(const char *file, int line, const char *text, const char *actual,
               const char *expected);
void check_true(const char *file, int line, const char *text, int is_true);
// A status; if it is a failure, the last error must have the same code.
void check_code(const char *file, int line, const char *text, int actual, int expected);
// The log's words, which are cleared with it.
void check_log(const char *file, int line, const char *expected);

#define FAIL(text) check_true(__FILE__, __LINE__, text, 0)
#define CHECK(condition) check_true(__FILE__, __LINE__, #condition, (condition) ? 1 : 0)
#define CHECK_INT(actual, expected)                                                                \
    check_int(__FILE__, __LINE__, #actual, (long long)(actual), (long long)(expected))
#define CHECK_PTR(actual, expected) check_ptr(__FILE__, __LINE__, #actual, actual, expected)
#define CHECK_STR(actual, expected) check_str(__FILE__, __LINE__, #actual, actual, expected)
#define CHECK_CODE(call, expected) check_code(__FILE__, __LINE__, #call, call, expected)
#define CHECK_OK(call) CHECK_CODE(call, GREENLET_OK)
#define CHECK_LOG(expected) check_log(__FILE__, __LINE__, expected)

#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void log_add(const char *format, ...);
// Forgets what has been logged.
void log_clear(void);

// This test leaves something behind on purpose.
void test_may_leak(void);

// ---- the library's memory -----------------------------------------------------------------------

size_t memory_live_blocks(void);
size_t memory_live_bytes(void);
// The n-th allocation from now on fails, once; 0: none does. memory_has_failed: it was asked for.
void memory_fail_at(size_t n);
int memory_has_failed(void);
// Runs a scenario with its first, second, … allocation failing, until it needs no more of them. A
// scenario returns 0 or the code of the call that failed, having cleaned up.
void fail_each_allocation(int (*scenario)(void));
// Called at each allocation (NULL: nothing is).
void memory_set_hook(void (*hook)(void));

// ---- what many tests share ----------------------------------------------------------------------

#define V(number) ((void *)(intptr_t)(number))
#define INT(value) ((intptr_t)(value))

// Two ordinary types, and one that is-a GREENLET_EXIT.
extern const greenlet_error_type_t E1, E2, SUBTYPE_OF_EXIT;
enum { CODE_E1 = GREENLET_EUSER - 1, CODE_E2 = GREENLET_EUSER - 2, CODE_SUB = GREENLET_EUSER - 3 };

// New greenlets; never NULL. Without a parent: that of the current one.
greenlet_t *make(greenlet_run_fn run);
greenlet_t *make_under(greenlet_run_fn run, greenlet_t *parent);
greenlet_t *make_named(greenlet_run_fn run, const char *name);
// One that has been started and is suspended in a switch to its parent, from which it returns.
greenlet_t *make_suspended(void);
// One that has run to its end.
greenlet_t *make_dead(void);

// Switches to the current greenlet's parent.
int up(void *value, void **result);
// Throws a fresh error.
int throw_type(greenlet_t *target, const greenlet_error_type_t *type, void **result);
// Drops the reference and forgets it.
void drop(greenlet_t **greenlet);
const char *name_of_current(void);

// Calls it in the hub's greenlet, as a callback.
void call_in_hub(void (*call)(void));

int run_return(void *value, void **result); // returns its argument
int run_nothing(void *value, void **result);
int run_42(void *value, void **result);
int run_fail_e1(void *value, void **result);
int run_exit(void *value, void **result);        // ends itself by GREENLET_EXIT
int run_up(void *value, void **result);          // sends its argument up, returns what it then gets
int run_up_for_ever(void *value, void **result); // sends up what it gets, until an error
int run_logged(void *value, void **result);      // logs its name and argument, and returns that

// A hook that is told of errors, and does nothing.
void ignore_error(greenlet_t *greenlet, const greenlet_error_t *error);
// One that checks that it was for want of memory.
void check_no_memory(greenlet_t *greenlet, const greenlet_error_t *error);
// The hub's clock in milliseconds.
int now_ms(void);

// Logs every switch as "s:origin>target" and every throw as "t:origin>target".
int trace_log(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
              const greenlet_error_t *error, void *data);

#endif
