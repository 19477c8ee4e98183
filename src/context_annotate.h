// What AddressSanitizer, LeakSanitizer, ThreadSanitizer and valgrind want to know about stacks.
// Without them every function here is empty.
//
// The stack of a context that is abandoned keeps its fake stack (AddressSanitizer's
// detect_stack_use_after_return) until the end: there is no call that gives it back.
#ifndef GREENLET_CONTEXT_ANNOTATE_H
#define GREENLET_CONTEXT_ANNOTATE_H

#include <stddef.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ANNOTATE_ADDRESS 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#else
#define ANNOTATE_ADDRESS 0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define ANNOTATE_THREAD 1
#include <sanitizer/tsan_interface.h>
#else
#define ANNOTATE_THREAD 0
#endif
#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#define ANNOTATE_VALGRIND 1
#include <valgrind/memcheck.h>
#endif
#endif
#ifndef ANNOTATE_VALGRIND
#define ANNOTATE_VALGRIND 0
#endif

// ---- a stack's memory ---------------------------------------------------------------------------

// A stack has been mapped. Returns a number for annotate_unmap.
static inline unsigned annotate_map(char *low, char *high) {
    (void)low, (void)high; // valgrind's macros are empty for CPUs that it does not know
#if ANNOTATE_VALGRIND
    return VALGRIND_STACK_REGISTER(low, high);
#else
    return 0;
#endif
}

static inline void annotate_unmap(unsigned number) {
    (void)number;
#if ANNOTATE_VALGRIND
    VALGRIND_STACK_DEREGISTER(number);
#endif
}

// A stack is about to be used, new or from the pool: nothing on it means anything yet, and what
// will be on it keeps heap blocks reachable. Returns a handle for annotate_release.
static inline void *annotate_take(char *low, char *high) {
#if ANNOTATE_ADDRESS
    ASAN_UNPOISON_MEMORY_REGION(low, (size_t)(high - low));
    __lsan_register_root_region(low, (size_t)(high - low));
#endif
#if ANNOTATE_VALGRIND
    VALGRIND_MAKE_MEM_UNDEFINED(low, high - low);
#endif
    (void)low, (void)high;
#if ANNOTATE_THREAD
    return __tsan_create_fiber(0);
#else
    return NULL;
#endif
}

static inline void annotate_release(char *low, char *high, void *handle) {
#if ANNOTATE_ADDRESS
    __lsan_unregister_root_region(low, (size_t)(high - low));
    ASAN_UNPOISON_MEMORY_REGION(low, (size_t)(high - low));
#endif
#if ANNOTATE_THREAD
    __tsan_destroy_fiber(handle);
#endif
    (void)low, (void)high, (void)handle;
}

// Around a look at memory that is not in use. The function that looks is marked itself, too.
static inline void annotate_pause(void) {
#if ANNOTATE_VALGRIND
    VALGRIND_DISABLE_ERROR_REPORTING;
#endif
}

static inline void annotate_resume(void) {
#if ANNOTATE_VALGRIND
    VALGRIND_ENABLE_ERROR_REPORTING;
#endif
}

#if ANNOTATE_ADDRESS
#define ANNOTATE_UNCHECKED __attribute__((no_sanitize_address))
#else
#define ANNOTATE_UNCHECKED
#endif

// ---- a switch -----------------------------------------------------------------------------------

// What is known of a context that has been left.
typedef struct annotation {
    const void *low; // of its stack
    size_t size;
    void *fake_stack;
    void *fiber; // what annotate_take returned, or the thread's own
} annotation_t;

// The function that says that the stack is switched has to be the one that switches it:
// ThreadSanitizer counts calls and returns on each stack.
#define ANNOTATE_INLINE static inline __attribute__((always_inline))

// Called right before the stack is switched. `self` is filled in; NULL: it will never run again.
ANNOTATE_INLINE void annotate_leave(annotation_t *self, const annotation_t *to) {
#if ANNOTATE_ADDRESS
    __sanitizer_start_switch_fiber(self ? &self->fake_stack : NULL, to->low, to->size);
#endif
#if ANNOTATE_THREAD
    if (self) self->fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
    (void)self, (void)to;
}

// Called first thing on the other stack: `self` is what was filled in when it was left (NULL: this
// is its first time), `left` that of the context that has been left (NULL: it never runs again).
static inline void annotate_arrive(const annotation_t *self, annotation_t *left) {
#if ANNOTATE_ADDRESS
    const void *low;
    size_t size;
    __sanitizer_finish_switch_fiber(self ? self->fake_stack : NULL, &low, &size);
    if (left) {
        left->low = low;
        left->size = size;
    }
#endif
    (void)self, (void)left;
}

#endif
