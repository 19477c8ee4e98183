// SPDX-License-Identifier: MIT
#include "exchanges.h"

#include <stdio.h>

#include "generator.h"

// Of items that went one way: how many, and all of them together.
typedef struct tally {
    unsigned count, sum;
} tally_t;

static gevent_queue_t few, by_size, finished;
static gevent_channel_t channel;
static gevent_rlock_t lock;
static gevent_condition_t condition;
static gevent_rwlock_t rwlock;
static gevent_waitgroup_t group;
static gevent_barrier_t barrier;
static gevent_pool_t pool;
static tally_t put, got, handed, taken;
static int readers, writers, collisions;
static unsigned links, passes, selected, yielded, mapped;

static int smaller_first(const void *a, const void *b) {
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static double seconds_of(unsigned choice) {
    return (double)(choice % 7) / 1000;
}

static void *item_of(unsigned choice) {
    return (void *)(uintptr_t)(choice % 1000);
}

static int unless_late(int code) {
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

static int counted(int code, tally_t *tally, const void *item) {
    if (code < 0) return unless_late(code);
    tally->count++;
    tally->sum += (unsigned)(uintptr_t)item;
    return code;
}

// ---- items --------------------------------------------------------------------------------------

static gevent_queue_t *queue_of(unsigned choice) {
    return choice % 2 ? &few : &by_size;
}

static int put_item(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *item = item_of(choice);
    return counted(gevent_queue_put(queue_of(choice), item, seconds_of(choice)), &put, item);
}

static int get_item(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *item = NULL;
    int code = gevent_queue_get(queue_of(choice), seconds_of(choice), &item);
    return counted(code, &got, item);
}

static int hand_item(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *item = item_of(choice);
    return counted(gevent_channel_put(&channel, item, seconds_of(choice)), &handed, item);
}

static int take_item(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *item = NULL;
    int code = gevent_channel_get(&channel, seconds_of(choice), &item);
    return counted(code, &taken, item);
}

static int select_one(unsigned choice, gevent_task_t *other) {
    (void)other;
    static tally_t *const tallies[] = {&got, &put, &taken, &handed};
    gevent_case_t cases[] = {
        gevent_queue_get_case(&few),
        gevent_queue_put_case(&by_size, item_of(choice)),
        gevent_channel_get_case(&channel),
        gevent_channel_put_case(&channel, item_of(choice)),
    };
    int index = gevent_select(cases, 4, seconds_of(choice));
    if (index < 0) return unless_late(index);
    selected += (unsigned)index;
    return counted(cases[index].code, tallies[index], cases[index].value);
}

// ---- locks --------------------------------------------------------------------------------------

static int wait_for_news(unsigned choice, gevent_task_t *other) {
    (void)other;
    int code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    code = gevent_condition_wait(&condition, seconds_of(choice));
    gevent_rlock_release(&lock);
    return unless_late(code);
}

static int tell_news(unsigned choice, gevent_task_t *other) {
    (void)other;
    int code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    gevent_condition_notify(&condition, choice % 3);
    return gevent_rlock_release(&lock);
}

static int read_or_write(unsigned choice, gevent_task_t *other) {
    (void)other;
    int reads = choice % 4 != 0;
    int code = reads ? gevent_rwlock_acquire_read(&rwlock, GEVENT_FOREVER)
                     : gevent_rwlock_acquire_write(&rwlock, GEVENT_FOREVER);
    if (code < 0) return code;
    int *who = reads ? &readers : &writers;
    ++*who;
    collisions += writers > 1 || (writers && readers);
    code = gevent_sleep(0.0001);
    --*who;
    int released =
        reads ? gevent_rwlock_release_read(&rwlock) : gevent_rwlock_release_write(&rwlock);
    return code < 0 ? code : released;
}

static int count_up_and_down(unsigned choice, gevent_task_t *other) {
    (void)other;
    gevent_waitgroup_add(&group, 1);
    int code = gevent_sleep(seconds_of(choice));
    gevent_waitgroup_done(&group);
    return code < 0 ? code : unless_late(gevent_waitgroup_wait(&group, seconds_of(choice)));
}

static int meet(unsigned choice, gevent_task_t *other) {
    (void)other;
    int code = gevent_barrier_wait(&barrier, seconds_of(choice), NULL);
    passes += code >= 0;
    if (gevent_barrier_is_broken(&barrier)) gevent_barrier_reset(&barrier);
    return code == GREENLET_EBROKEN ? GREENLET_OK : unless_late(code);
}

// ---- tasks --------------------------------------------------------------------------------------

static int run_member(void *item, void **result) {
    *result = item;
    return gevent_sleep(seconds_of((unsigned)(uintptr_t)item));
}

static int use_pool(unsigned choice, gevent_task_t *other) {
    (void)other;
    int code = gevent_pool_spawn(&pool, run_member, item_of(choice), seconds_of(choice), NULL);
    return unless_late(code);
}

static int map_items(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *items[] = {item_of(choice), item_of(choice / 2), item_of(choice / 3)}, *results[3];
    int code = gevent_pool_map(&pool, run_member, items, results, 3);
    for (int i = 0; i < 3 && code >= 0; i++) mapped += results[i] == items[i];
    return code;
}

static int iterate(unsigned choice, gevent_task_t *other) {
    (void)other;
    void *items[] = {item_of(choice), item_of(choice / 2), item_of(choice / 3)}, *value;
    gevent_imap_t *imap;
    int code = gevent_pool_imap_unordered(&pool, run_member, items, 3, 1, &imap);
    if (code < 0) return code;
    while ((code = gevent_imap_next(imap, &value)) == GREENLET_OK)
        mapped += items[gevent_imap_index(imap)] == value;
    return gevent_imap_end(imap, code);
}

static int yield_and_wait(void *value, void **result) {
    (void)result;
    int code = GREENLET_OK;
    for (unsigned i = 0; i < 3 && code >= 0; i++) {
        code = gevent_sleep(seconds_of((unsigned)(uintptr_t)value + i));
        if (code >= 0) code = generator_yield(value, NULL);
    }
    return code;
}

static int generate(unsigned choice, gevent_task_t *other) {
    (void)other;
    generator_t *generator;
    void *value;
    int code = generator_new(yield_and_wait, item_of(choice), &generator);
    if (code < 0) return code;
    while ((code = generator_next(generator, &value)) == GREENLET_OK)
        yielded += value == item_of(choice);
    generator_unref(generator);
    return code < 0 ? code : GREENLET_OK;
}

static int link_to_queue(unsigned choice, gevent_task_t *other) {
    int code = choice % 2 ? gevent_link(other, gevent_link_to_queue, &finished)
                          : gevent_rawlink(other, gevent_link_to_queue, &finished);
    links += code >= 0;
    return code;
}

static int wait_for_result(unsigned choice, gevent_task_t *other) {
    gevent_result_t *result;
    int code = gevent_result_new(&result);
    if (code < 0) return code;
    code = gevent_rawlink(other, gevent_link_to_result, result);
    if (code >= 0) code = gevent_result_wait(result, seconds_of(choice));
    gevent_unlink(other, gevent_link_to_result, result);
    gevent_result_unref(result);
    return unless_late(code);
}

// ---- all of them --------------------------------------------------------------------------------

int exchange(unsigned number, unsigned choice, gevent_task_t *other) {
    static int (*const exchanges[EXCHANGES])(unsigned, gevent_task_t *) = {
        put_item,   get_item,      hand_item,       take_item,
        select_one, wait_for_news, tell_news,       read_or_write,
        meet,       use_pool,      map_items,       count_up_and_down,
        iterate,    link_to_queue, wait_for_result, generate,
    };
    return exchanges[number](choice, other);
}

int exchanges_begin(uint64_t seed) {
    gevent_queue_init(&few, 3);
    gevent_queue_init_priority(&by_size, 5, smaller_first);
    gevent_queue_init(&finished, 0);
    gevent_channel_init(&channel);
    gevent_condition_init(&condition, &lock);
    gevent_rwlock_init(&rwlock);
    gevent_waitgroup_init(&group);
    gevent_pool_init(&pool, 4);
    gevent_set_select_seed(seed);
    put = got = handed = taken = (tally_t){0};
    collisions = 0;
    links = passes = selected = yielded = mapped = 0;
    return gevent_barrier_init(&barrier, 3);
}

// Those of a queue that has items by size come out so.
static int drain(gevent_queue_t *queue, int is_sorted) {
    int is_fine = 1;
    void *last = NULL, *item;
    while (gevent_queue_get(queue, GEVENT_NOWAIT, &item) >= 0) {
        is_fine &= !is_sorted || smaller_first(last, item) <= 0;
        last = item;
        counted(GREENLET_OK, &got, item);
    }
    gevent_queue_free(queue);
    return is_fine;
}

static int drain_links(void) {
    void *task;
    unsigned count = 0;
    for (; gevent_queue_get(&finished, GEVENT_NOWAIT, &task) >= 0; count++) gevent_task_unref(task);
    gevent_queue_free(&finished);
    return count == links;
}

static int is_equal(tally_t a, tally_t b) {
    return a.count == b.count && a.sum == b.sum;
}

static int is_all_free(void) {
    return !readers && !writers && !gevent_rlock_owner(&lock) && !gevent_waitgroup_count(&group) &&
           !gevent_barrier_waiting(&barrier) && !gevent_channel_balance(&channel) &&
           gevent_pool_free_count(&pool) == 4;
}

int exchanges_end(void) {
    printf("  put %u, got %u, handed %u, selected %u; %u links, %u passes, %u mapped, %u yielded\n",
           put.count, got.count, handed.count, selected, links, passes, mapped, yielded);
    int is_fine = drain(&few, 0);
    is_fine &= drain(&by_size, 1);
    is_fine &= drain_links();
    return is_fine && is_equal(put, got) && is_equal(handed, taken) && !collisions && is_all_free();
}
