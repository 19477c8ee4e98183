// Maps stacks, and keeps some of them for the next context.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include "stack.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "context_annotate.h"
#include "greenlet_error.h"
#include "mark.h"

#ifndef MAP_STACK
#define MAP_STACK 0
#endif

// At most so many are kept per thread, and none that is larger.
#define POOL_MAX 64
#define POOL_LARGEST ((size_t)1 << 20)

// Lies at `high`.
typedef struct stack_head {
    struct stack_head *next; // in the pool
    char *map;
    size_t size; // of the whole mapping
    char *low;
    unsigned valgrind_number;
    void *annotation;
} stack_head_t;

static _Thread_local stack_head_t *pool;
static _Thread_local size_t pooled;

static atomic_size_t guarded;
size_t stack_guarded_max = STACK_GUARDED_MAX;

static void *map_pages(size_t size) {
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void *(*stack_map)(size_t size) = map_pages;
int (*stack_unmap)(void *map, size_t size) = munmap;

// ---- the end of a thread ------------------------------------------------------------------------

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void clean_up_thread(void *unused) {
    (void)unused;
    stack_free_pool();
    stack_guard_unwatch();
}

static void make_key(void) {
    (void)pthread_key_create(&key, clean_up_thread);
}

static void clean_up_at_thread_end(void) {
    (void)pthread_once(&key_once, make_key);
    (void)pthread_setspecific(key, &pool);
}

// ---- mapping ------------------------------------------------------------------------------------

static int add_guard(char *map) {
    if (atomic_fetch_add(&guarded, 1) < stack_guarded_max &&
        mprotect(map, STACK_GUARD, PROT_NONE) == 0)
        return 1;
    atomic_fetch_sub(&guarded, 1);
    return 0;
}

// Returns the stack's new low end.
static char *add_canary(char *low) {
    uint64_t *canary = (uint64_t *)(void *)low;
    for (size_t i = 0; i < STACK_CANARY / sizeof *canary; i++) canary[i] = STACK_CANARY_WORD;
    return low + STACK_CANARY;
}

static stack_head_t *map_stack(size_t size) {
    char *map = stack_map(size);
    if (!map) return NULL;
    stack_head_t *head = (stack_head_t *)(void *)(map + size) - 1;
    char *low = map + STACK_GUARD;
    if (!add_guard(map)) low = add_canary(low);
    *head = (stack_head_t){.map = map, .size = size, .low = low};
    head->valgrind_number = annotate_map(low, (char *)head);
    return head;
}

static void push_to_pool(stack_head_t *head) {
    head->next = pool;
    pool = head;
    pooled++;
}

// Unmapping a part of a larger region can fail where there are too many mappings; then it is kept.
static int unmap_stack(stack_head_t *head) {
    int had_guard = !stack_has_canary(head->low);
    unsigned number = head->valgrind_number;
    if (stack_unmap(head->map, head->size) < 0) return -1;
    annotate_unmap(number);
    if (had_guard) atomic_fetch_sub(&guarded, 1);
    return 0;
}

// ---- the pool -----------------------------------------------------------------------------------

void stack_free_pool(void) {
    stack_head_t *list = pool;
    pool = NULL;
    pooled = 0;
    while (list) {
        stack_head_t *head = list;
        list = head->next;
        if (unmap_stack(head) < 0) push_to_pool(head);
    }
}

static stack_head_t *find_in_pool(size_t size) {
    for (stack_head_t **link = &pool; *link; link = &(*link)->next) {
        stack_head_t *head = *link;
        if (head->size != size) continue;
        *link = head->next;
        pooled--;
        return head;
    }
    return NULL;
}

// The size of a mapping for a stack of `size` bytes; 0 if there can be none.
static size_t mapping_size(size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (size > SIZE_MAX / 2) return 0;
    if (size < STACK_MIN) size = STACK_MIN;
    size += STACK_CANARY + sizeof(stack_head_t);
    return STACK_GUARD + (size + page - 1) / page * page;
}

int stack_take(size_t size, char **low, char **high) {
    size_t bytes = mapping_size(size);
    if (!bytes) return GREENLET_ENOMEM;
    stack_guard_watch();
    clean_up_at_thread_end();
    stack_head_t *head = find_in_pool(bytes);
    if (!head && pooled >= POOL_MAX) stack_free_pool(); // of sizes that are no longer asked for
    if (!head) head = map_stack(bytes);
    if (!head) return GREENLET_ENOMEM;
    head->annotation = annotate_take(head->low, (char *)head);
    *low = head->low;
    *high = (char *)head;
    return GREENLET_OK;
}

void stack_release(char *high) {
    stack_head_t *head = (stack_head_t *)(void *)high;
    annotate_release(head->low, high, head->annotation);
    clean_up_at_thread_end();
    int keep = pooled < POOL_MAX && head->size <= POOL_LARGEST;
    if (keep || unmap_stack(head) < 0) push_to_pool(head);
}

void stack_mark(char *low, char *high) {
    mark_fill(low, high);
}

size_t stack_peak(const char *low, const char *high) {
    return (size_t)(high - mark_find(low, high, MARK_WORD));
}

void *stack_annotation(const char *high) {
    return ((const stack_head_t *)(const void *)high)->annotation;
}
