// What context_test.c asks on POSIX: stacks by stack.c, with a pool and guards, and how a process
// ends that uses them up.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/context_annotate.h"
#include "../src/stack.h"
#include "context_test.h"

static int has_tools(void) {
#if ANNOTATE_VALGRIND
    if (RUNNING_ON_VALGRIND) return 1;
#endif
    return ANNOTATE_ADDRESS || ANNOTATE_THREAD;
}

// ---- memory -------------------------------------------------------------------------------------

static int maps;
static int maps_allowed;
static void *(*map_really)(size_t size);

static size_t mapped; // bytes, the last time

static void *map_counted(size_t size) {
    maps++;
    mapped = size;
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

static void fill_pool(void) {
    char *low, *highs[100];
    for (int i = 0; i < 100; i++) CHECK(stack_take(SMALL, &low, &highs[i]) == 0);
    for (int i = 0; i < 100; i++) stack_release(highs[i]);
}

// How many of 100 stacks had to be mapped.
static int maps_of_a_full_pool(void) {
    fill_pool();
    count_maps(100);
    fill_pool();
    stop_counting();
    return maps;
}

enum { POOL = 64 }; // stacks that are kept

static void *empty_a_full_pool(void *unused) {
    CHECK(maps_of_a_full_pool() == 100 - POOL);
    stack_free_pool();
    CHECK(maps_of_a_full_pool() == 100 - POOL);
    return unused;
}

static void test_emptied_pool(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, empty_a_full_pool, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static int refuse_to_unmap(void *map, size_t size) {
    (void)map, (void)size;
    return -1;
}

static void *keep_what_cannot_be_unmapped(void *unused) {
    int (*unmap)(void *, size_t) = stack_unmap;
    stack_unmap = refuse_to_unmap;
    fill_pool();
    stack_unmap = unmap;
    count_maps(100);
    fill_pool();
    stop_counting();
    CHECK(maps == 0);
    return unused;
}

static void test_stacks_that_cannot_be_unmapped(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, keep_what_cannot_be_unmapped, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void test_pool(void) {
    fill_pool();
    stack_free_pool();
    count_maps(1);
    for (int i = 0; i < 1000; i++) {
        CHECK(context_make(&first, SMALL, finish_at_once, NULL) == 0);
        CHECK(context_switch(&root, &first) == 0);
        CHECK(context_make(&first, SMALL, wait_for_ever, NULL) == 0);
        CHECK(context_switch(&root, &first) == 0);
        context_abandon(&first);
    }
    CHECK(maps <= 1);
    stop_counting();
}

// A mapping has as many pages as are needed, whatever the size of the stack.
static void test_sizes_of_mappings(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    count_maps((int)page);
    for (size_t size = STACK_MIN; size < STACK_MIN + page; size++) {
        char *low, *high;
        stack_free_pool();
        CHECK(stack_take(size, &low, &high) == 0 && !stack_has_canary(low));
        size_t head = mapped - STACK_GUARD - (size_t)(high - low);
        size_t least = size + STACK_CANARY + head;
        size_t pages = least / page + (least % page != 0);
        CHECK(mapped == STACK_GUARD + pages * page);
        stack_release(high);
    }
    stop_counting();
}

static void test_out_of_memory(void) {
    stack_free_pool();
    count_maps(0);
    memset(&first, 0, sizeof first);
    CHECK(context_make(&first, SMALL, finish_at_once, NULL) == GREENLET_ENOMEM);
    CHECK(maps == 1 && !context_alive(&first));
    stop_counting();
    CHECK(context_make(&first, SIZE_MAX, finish_at_once, NULL) == GREENLET_ENOMEM);
    CHECK(context_make(&first, SIZE_MAX / 2 + 1, finish_at_once, NULL) == GREENLET_ENOMEM);
    CHECK(context_make(&first, 0, finish_at_once, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
}

// Whichever of its words has been written over.
static void test_canary(void) {
    stack_guarded_max = 0;
    CHECK(context_make(&first, 0, wait_for_ever, NULL) == 0 && stack_has_canary(first.low));
    for (unsigned i = 1; i <= STACK_CANARY; i++) {
        first.low[-(int)i] ^= 1;
        CHECK(!stack_is_intact(first.low));
        first.low[-(int)i] ^= 1;
        CHECK(stack_is_intact(first.low));
    }
    context_abandon(&first);
    stack_free_pool();
    stack_guarded_max = STACK_GUARDED_MAX;
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
        CHECK(context_make(&many[i], 0, wait_for_ever, NULL) == 0);
        with_canary += (size_t)stack_has_canary(many[i].low);
        many[i].low[0] = 1; // usable to the last byte
        CHECK(stack_is_intact(many[i].low));
    }
    CHECK(with_canary > 0 && with_canary < count);
    for (size_t i = 0; i < count; i += 2) context_abandon(&many[i]);
    for (size_t i = 1; i < count; i += 2) context_abandon(&many[i]);
    stack_free_pool();
    stack_guarded_max = STACK_GUARDED_MAX;
    CHECK(context_make(&many[0], 0, wait_for_ever, NULL) == 0);
    CHECK(!stack_has_canary(many[0].low));
    context_abandon(&many[0]);
    free(many);
}

// Returns whether the stack had a canary. The thread leaves it in its pool.
static void *use_a_stack(void *had_canary) {
    char *low, *high;
    CHECK(stack_take(0, &low, &high) == 0);
    *(int *)had_canary = stack_has_canary(low);
    stack_release(high);
    return NULL;
}

static pthread_key_t late_key; // its destructor comes after that of the pool

static void use_a_stack_late(void *had_canary) {
    (void)use_a_stack(had_canary);
}

static void *use_a_stack_twice(void *had_canary) {
    CHECK(pthread_setspecific(late_key, had_canary) == 0);
    return use_a_stack(had_canary);
}

// A stack that got none does not count as one that has one.
static void test_count_of_guards(void) {
    char *low, *highs[3];
    stack_free_pool();
    stack_guarded_max = 1;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 3; i++) {
            CHECK(stack_take(SMALL, &low, &highs[i]) == 0);
            CHECK(stack_has_canary(low) == (i > 0));
        }
        for (int i = 0; i < 3; i++) stack_release(highs[i]);
        stack_free_pool();
    }
    stack_guarded_max = STACK_GUARDED_MAX;
}

// There is one guard for all of them.
static void test_pool_of_a_thread(void) {
    stack_free_pool();
    stack_guarded_max = 1;
    CHECK(pthread_key_create(&late_key, use_a_stack_late) == 0);
    for (int i = 0; i < 4; i++) {
        int had_canary = -1;
        pthread_t thread;
        void *(*use)(void *) = i < 2 ? use_a_stack : use_a_stack_twice;
        CHECK(pthread_create(&thread, NULL, use, &had_canary) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(had_canary == 0);
    }
    CHECK(pthread_key_delete(late_key) == 0);
    stack_guarded_max = STACK_GUARDED_MAX;
}

static void *find_signal_stack(void *place) {
    int had_canary;
    stack_t reserve;
    (void)use_a_stack(&had_canary);
    CHECK(sigaltstack(NULL, &reserve) == 0 && !(reserve.ss_flags & SS_DISABLE));
    *(void **)place = reserve.ss_sp;
    return NULL;
}

// As the kernel tells, or the emulator that stands for it.
static int is_mapped(const void *place) {
    unsigned long long low, high;
    int is_found = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    CHECK(file != NULL);
    while (fscanf(file, "%llx-%llx%*[^\n]", &low, &high) == 2)
        is_found |= low <= (uintptr_t)place && (uintptr_t)place < high;
    fclose(file);
    return is_found;
}

static void test_signal_stack_of_a_thread(void) {
    void *place = NULL;
    pthread_t thread;
    if (has_tools()) return;
    CHECK(pthread_create(&thread, NULL, find_signal_stack, &place) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(is_mapped(&place) && !is_mapped(place));
}

static void *take_signal_stack_away(void *unused) {
    int had_canary;
    stack_t none = {.ss_flags = SS_DISABLE}, found;
    (void)use_a_stack(&had_canary);
    CHECK(sigaltstack(&none, NULL) == 0);
    (void)use_a_stack(&had_canary);
    CHECK(sigaltstack(NULL, &found) == 0 && found.ss_flags & SS_DISABLE);
    return unused;
}

static void *stop_watching(void *unused) {
    int had_canary;
    stack_t found;
    (void)use_a_stack(&had_canary);
    stack_guard_unwatch();
    CHECK(sigaltstack(NULL, &found) == 0 && found.ss_flags & SS_DISABLE);
    return unused;
}

static void test_signal_stack_that_is_taken_away(void) {
    pthread_t thread;
    if (has_tools()) return;
    CHECK(pthread_create(&thread, NULL, take_signal_stack_away, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, stop_watching, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
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

static int overflow(void *value, void **result) {
    (void)value, (void)result;
    steps = (int)recurse_too_deep(0);
    context_finish_to(&first, &root);
    return 0;
}

static void overflow_in_context(void) {
    CHECK(context_make(&first, SMALL, overflow, NULL) == 0);
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

static int overflow_and_leave(void *value, void **result) {
    (void)value, (void)result;
    steps = (int)recurse_past_canary(2 * SMALL / 512);
    context_finish_to(&first, &root);
    return 0;
}

static void overflow_without_guard(void) {
    stack_free_pool();
    stack_guarded_max = 0;
    CHECK(context_make(&first, SMALL, overflow_and_leave, NULL) == 0);
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

static int fault(void *value, void **result) {
    (void)value, (void)result;
    static char *volatile nowhere = (char *)16;
    *nowhere = 1;
    context_finish_to(&first, &root);
    return 0;
}

static void fault_in_context(void) {
    CHECK(context_make(&first, SMALL, fault, NULL) == 0);
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
    CHECK(context_make(&first, SMALL, finish_at_once, NULL) == 0);
    raise(SIGSEGV);
}

static void kill_by_fault(void) {
    CHECK(context_make(&first, SMALL, finish_at_once, NULL) == 0);
    kill(getpid(), SIGSEGV);
}

static void ignore_sent_faults(void) {
    signal(SIGSEGV, SIG_IGN);
    sent_fault();
    kill(getpid(), SIGSEGV);
    overflow_in_context();
}

static void count_step(int number) {
    steps += number == SIGSEGV;
}

static void count_step_in_detail(int number, siginfo_t *info, void *machine) {
    (void)machine;
    steps += number == SIGSEGV && info->si_signo == SIGSEGV;
}

static void return_from_detailed_handler(void) {
    struct sigaction action = {.sa_sigaction = count_step_in_detail, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    steps = 0;
    sent_fault();
    CHECK(steps == 1);
    overflow_in_context();
}

static void return_from_handler(void) {
    signal(SIGSEGV, count_step);
    steps = 0;
    sent_fault();
    kill(getpid(), SIGSEGV);
    CHECK(steps == 2);
    overflow_in_context();
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
    CHECK(ended_by(end_of_child(kill_by_fault, output, sizeof output), SIGSEGV));
}

// A fault that is sent and survived does not make an overflow less of one.
static void test_faults_that_are_survived(void) {
    char output[8192];
    if (has_tools()) return;
    CHECK(ended_by(end_of_child(ignore_sent_faults, output, sizeof output), SIGABRT));
    CHECK(strstr(output, "overflow: size"));
    CHECK(ended_by(end_of_child(return_from_handler, output, sizeof output), SIGABRT));
    CHECK(strstr(output, "overflow: size"));
    CHECK(ended_by(end_of_child(return_from_detailed_handler, output, sizeof output), SIGABRT));
    CHECK(strstr(output, "overflow: size"));
}

static int just_return(void *value, void **result) {
    (void)value, (void)result;
    return 0;
}

static void return_from_run(void) {
    CHECK(context_make(&first, SMALL, just_return, NULL) == 0);
    context_switch(&root, &first);
}

static void test_returning_run(void) {
    char output[8192];
    int status = end_of_child(return_from_run, output, sizeof output);
    CHECK(strstr(output, "what ran on a context returned"));
    CHECK(ended_by(status, SIGABRT));
}

// A heap block that only a parked stack knows of is not a leak; the program ends with one.
static context_t holder;

static int hold_block(void *value, void **result) {
    (void)value, (void)result;
    char *volatile block = malloc(100);
    CHECK(block);
    context_switch(&holder, &root);
    free(block);
    context_finish_to(&holder, &root);
    return 0;
}

static void test_reachable(void) {
    CHECK(context_make(&holder, SMALL, hold_block, NULL) == 0);
    CHECK(context_switch(&root, &holder) == 0);
}

const context_case_t host_cases[] = {
    {"faults of others are left to others", test_other_faults},
    {"faults that are survived", test_faults_that_are_survived},
    {"a pool of stacks", test_pool},
    {"an emptied pool", test_emptied_pool},
    {"stacks that cannot be unmapped", test_stacks_that_cannot_be_unmapped},
    {"sizes of mappings", test_sizes_of_mappings},
    {"out of memory", test_out_of_memory},
    {"the pool of a thread goes with it", test_pool_of_a_thread},
    {"the signal stack of a thread goes with it", test_signal_stack_of_a_thread},
    {"a signal stack that is taken away", test_signal_stack_that_is_taken_away},
    {"a count of guards", test_count_of_guards},
    {"canary", test_canary},
    {"many stacks", test_many},
    {"overflow", test_overflow},
    {"overflow in a thread", test_overflow_in_thread},
    {"overflow without a guard", test_overflow_without_guard},
    {"a run that returns", test_returning_run},
    {"what a parked stack holds is no leak", test_reachable},
    {NULL, NULL},
};
