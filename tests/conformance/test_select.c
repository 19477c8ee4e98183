// Select: to do one of several things.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_channel_t channel, other_channel;
static gevent_queue_t queue, other_queue;
static gevent_event_t event;

static void init_all(void) {
    gevent_channel_init(&channel);
    gevent_channel_init(&other_channel);
    gevent_queue_init(&queue, 1);
    gevent_queue_init(&other_queue, 0);
    gevent_event_init(&event);
}

static void free_all(void) {
    gevent_queue_free(&queue);
    gevent_queue_free(&other_queue);
}

static int run_say(void *value, void **result) {
    (void)result;
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

static int run_put_channel(void *value, void **result) {
    (void)result;
    int code = gevent_channel_put(&channel, value, GEVENT_FOREVER);
    log_add(code < 0 ? "put failed" : "+%d", (int)INT(value));
    return code;
}

static int run_get_channel(void *value, void **result) {
    void *item = NULL;
    (void)value, (void)result;
    int code = gevent_channel_get(&channel, GEVENT_FOREVER, &item);
    log_add(code < 0 ? "get failed" : "got%d", (int)INT(item));
    return code;
}

// Of five kinds; the task is the caller's.
enum { QUEUE, CHANNEL, EVENT, TASK, TIMER, KINDS };

static void make_cases(gevent_case_t *cases, gevent_task_t *task) {
    cases[QUEUE] = gevent_queue_get_case(&other_queue);
    cases[CHANNEL] = gevent_channel_get_case(&channel);
    cases[EVENT] = gevent_event_case(&event);
    cases[TASK] = gevent_task_case(task);
    cases[TIMER] = gevent_timer_case(2);
}

static int run_sleep_and_return(void *value, void **result) {
    *result = value;
    return gevent_sleep(1);
}

typedef struct chooser {
    int code;
    gevent_case_t cases[KINDS];
    gevent_task_t *task;
    double seconds;
} chooser_t;

static int run_select(void *argument, void **result) {
    chooser_t *self = argument;
    (void)result;
    self->code = gevent_select(self->cases, KINDS, self->seconds);
    if (self->code < 0) {
        log_add("%s", greenlet_error_name(self->code));
        return self->code;
    }
    const gevent_case_t *chosen = &self->cases[self->code];
    log_add("case%d:%d:%d", self->code, chosen->code, (int)INT(chosen->value));
    return GREENLET_OK;
}

// A task in a select of all kinds, and another for its case.
static gevent_task_t *spawn_chooser(chooser_t *self, double seconds) {
    gevent_task_t *chooser;
    init_all();
    CHECK_OK(gevent_spawn(run_sleep_and_return, V(77), &self->task));
    make_cases(self->cases, self->task);
    self->seconds = seconds;
    CHECK_OK(gevent_spawn(run_select, self, &chooser));
    CHECK_OK(gevent_yield());
    return chooser;
}

// It is in no list any more: who comes now is not heard.
static void end_chooser(chooser_t *self, gevent_task_t *chooser) {
    CHECK_INT(gevent_channel_balance(&channel), 0);
    CHECK_OK(gevent_join(chooser, GEVENT_FOREVER));
    CHECK_OK(gevent_join(self->task, GEVENT_FOREVER));
    gevent_event_set(&event);
    CHECK_OK(gevent_queue_put(&other_queue, V(9), GEVENT_NOWAIT));
    CHECK_CODE(gevent_channel_put(&channel, V(9), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    CHECK_INT(gevent_queue_size(&other_queue), 1);
    gevent_task_unref(chooser);
    gevent_task_unref(self->task);
    free_all();
}

// ---- what is ready ------------------------------------------------------------------------------

TEST(SELECT_the_first_in_the_array_of_those_that_are_ready) {
    init_all();
    CHECK_OK(gevent_spawn(run_say, V(1), NULL));
    CHECK_OK(gevent_queue_put(&other_queue, V(3), GEVENT_NOWAIT));
    gevent_event_set(&event);
    gevent_case_t cases[] = {gevent_never_case(), gevent_queue_get_case(&queue),
                             gevent_queue_get_case(&other_queue), gevent_event_case(&event)};
    CHECK_INT(gevent_select(cases, 4, GEVENT_FOREVER), 2);
    CHECK_INT(cases[2].code, GREENLET_OK);
    CHECK_INT(INT(cases[2].value), 3);
    CHECK_INT(gevent_select(cases, 4, GEVENT_FOREVER), 3); // nothing is left there
    CHECK_LOG("");                                         // nobody else has run
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
    free_all();
}

TEST(SELECT_puts_if_there_is_room) {
    init_all();
    gevent_case_t cases[] = {gevent_queue_put_case(&queue, V(1)),
                             gevent_queue_put_case(&other_queue, V(2))};
    CHECK_INT(gevent_select(cases, 2, GEVENT_NOWAIT), 0);
    CHECK_INT(gevent_select(cases, 2, GEVENT_NOWAIT), 1);
    CHECK_INT(gevent_queue_size(&queue), 1);
    CHECK_INT(gevent_queue_size(&other_queue), 1);
    free_all();
}

TEST(SELECT_peeks) {
    init_all();
    gevent_case_t peek = gevent_queue_peek_case(&queue);
    CHECK_CODE(gevent_select(&peek, 1, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_queue_put(&queue, V(5), GEVENT_NOWAIT));
    CHECK_INT(gevent_select(&peek, 1, GEVENT_NOWAIT), 0);
    CHECK_INT(INT(peek.value), 5);
    CHECK_INT(gevent_queue_size(&queue), 1);
    free_all();
}

TEST(SELECT_with_nothing_ready_and_no_time_is_the_default) {
    init_all();
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_timer_case(1),
                             gevent_channel_put_case(&channel, V(1)), gevent_event_case(&event)};
    CHECK_OK(gevent_spawn(run_say, V(1), NULL));
    CHECK_CODE(gevent_select(cases, 4, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_select(cases, 4, -1), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_select(NULL, 0, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_select(NULL, 1, GEVENT_NOWAIT), GREENLET_EINVAL);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(SELECT_what_is_closed_is_always_ready_with_its_code) {
    init_all();
    gevent_channel_close(&channel);
    gevent_queue_close(&queue);
    gevent_case_t cases[] = {gevent_channel_get_case(&channel),
                             gevent_channel_put_case(&channel, V(1)), gevent_queue_get_case(&queue),
                             gevent_queue_put_case(&queue, V(1))};
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(gevent_select(&cases[i], 4 - i, GEVENT_FOREVER), 0);
        CHECK_CODE(cases[i].code, GREENLET_ECLOSED); // which is the last error, too
    }
    free_all();
}

// ---- what comes later ---------------------------------------------------------------------------

TEST(SELECT_an_item_in_a_queue) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_queue_put(&other_queue, V(5), GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_LOG("case0:0:5");
    CHECK_INT(gevent_queue_size(&other_queue), 0);
    end_chooser(&self, chooser);
}

TEST(SELECT_who_puts_into_a_channel) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_spawn(run_put_channel, V(6), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_yield());
    CHECK_LOG("case1:0:6 +6");
    end_chooser(&self, chooser);
}

TEST(SELECT_an_event_even_if_it_is_cleared_at_once) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    gevent_event_set(&event);
    gevent_event_clear(&event);
    CHECK_OK(gevent_yield());
    CHECK_LOG("case2:0:0");
    end_chooser(&self, chooser);
}

TEST(SELECT_a_task_that_finishes_with_its_value) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_join(chooser, GEVENT_FOREVER));
    CHECK_LOG("case3:0:77");
    end_chooser(&self, chooser);
}

TEST(SELECT_a_task_that_fails_with_its_error) {
    gevent_task_t *task;
    gevent_set_unhandled(ignore_error);
    CHECK_OK(gevent_spawn(run_fail_e1, NULL, &task));
    gevent_case_t finished = gevent_task_case(task);
    CHECK_INT(gevent_select(&finished, 1, GEVENT_FOREVER), 0);
    CHECK_CODE(finished.code, CODE_E1);
    gevent_task_unref(task);
}

TEST(SELECT_a_timer) {
    chooser_t self;
    double start = gevent_now();
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_kill(chooser, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    gevent_case_t cases[] = {gevent_timer_case(3), gevent_timer_case(2), gevent_timer_case(2)};
    CHECK_INT(gevent_select(cases, 3, 4), 1); // of equals the first
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 2000);
    CHECK_INT(gevent_select(cases, 1, 0.5), GREENLET_ETIMEDOUT);
    CHECK_INT(gevent_select(cases, 1, 0.5), 0); // it is of the time when the case was made
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 3000);
    end_chooser(&self, chooser);
}

TEST(SELECT_timed_out_nothing_has_been_done) {
    chooser_t self;
    gevent_set_unhandled(ignore_error);
    gevent_task_t *chooser = spawn_chooser(&self, 0.5);
    CHECK_OK(gevent_sleep(0.7));
    CHECK_LOG("GREENLET_ETIMEDOUT");
    end_chooser(&self, chooser);
}

TEST(SELECT_several_that_become_ready_at_once_only_one_is_done) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    gevent_event_set(&event); // the first to become so, and the last in the array
    CHECK_OK(gevent_queue_put(&other_queue, V(5), GEVENT_NOWAIT));
    CHECK_OK(gevent_spawn(run_put_channel, V(6), NULL));
    CHECK_OK(gevent_yield());
    CHECK_LOG("case2:0:0");
    CHECK_INT(gevent_queue_size(&other_queue), 1);
    CHECK_OK(gevent_queue_get(&other_queue, GEVENT_NOWAIT, NULL));
    void *item;
    CHECK_OK(gevent_channel_get(&channel, GEVENT_NOWAIT, &item));
    CHECK_INT(INT(item), 6);
    CHECK_OK(gevent_yield());
    CHECK_LOG("+6");
    end_chooser(&self, chooser);
}

TEST(SELECT_nothing_but_never_is_a_deadlock) {
    gevent_case_t never[2] = {gevent_never_case(), {.code = 0}};
    CHECK_CODE(gevent_select(never, 2, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "this would wait for ever: main waits in select since 0.000 s ago");
    CHECK_CODE(gevent_select(never, 2, 0.5), GREENLET_ETIMEDOUT);
}

TEST(SELECT_a_result_with_its_value_or_its_error) {
    gevent_result_t *result, *failed;
    CHECK_OK(gevent_result_new(&result));
    CHECK_OK(gevent_result_new(&failed));
    gevent_case_t cases[] = {gevent_result_case(result), gevent_result_case(failed)};
    CHECK_CODE(gevent_select(cases, 2, 0.1), GREENLET_ETIMEDOUT);
    gevent_result_set(result, V(5));
    CHECK_INT(gevent_select(cases, 2, 0.1), 0);
    CHECK_INT(cases[0].code, GREENLET_OK);
    CHECK_INT(INT(cases[0].value), 5);
    cases[0] = gevent_never_case();
    gevent_result_fail(failed, NULL);
    CHECK_INT(gevent_select(cases, 2, 0.1), 1);
    CHECK_CODE(cases[1].code, GREENLET_EFAILED);
    gevent_result_unref(result);
    gevent_result_unref(failed);
}

static gevent_semaphore_t semaphore;

static int run_select_permit(void *value, void **result) {
    gevent_case_t cases[] = {gevent_event_case(&event), gevent_semaphore_case(&semaphore)};
    (void)result;
    int index = gevent_select(cases, 2, GEVENT_FOREVER);
    log_add("%d:%d:%d", (int)INT(value), index, gevent_semaphore_count(&semaphore));
    return index < 0 ? index : GREENLET_OK;
}

TEST(SELECT_a_permit_of_a_semaphore_which_it_takes) {
    for (unsigned flags = 0; flags <= GEVENT_FAIR; flags += GEVENT_FAIR) {
        init_all();
        CHECK_OK(gevent_semaphore_init(&semaphore, 1, flags));
        for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_select_permit, V(i), NULL));
        CHECK_OK(gevent_yield());
        CHECK_LOG("0:1:0");
        CHECK_OK(gevent_semaphore_release(&semaphore));
        gevent_case_t permit = gevent_semaphore_case(&semaphore);
        int code = gevent_select(&permit, 1, GEVENT_NOWAIT); // before those who wait, if not fair
        CHECK_CODE(code, flags ? GREENLET_ETIMEDOUT : 0);
        if (!flags) CHECK_OK(gevent_semaphore_release(&semaphore));
        CHECK_OK(gevent_yield());
        CHECK_LOG("1:1:0");
        gevent_event_set(&event);
        CHECK_OK(gevent_run());
        CHECK_LOG("2:0:0");
        CHECK_OK(gevent_semaphore_release(&semaphore));
        CHECK_OK(gevent_run());
        CHECK_INT(gevent_semaphore_count(&semaphore), 1); // nobody has it who did not want it
    }
}

// ---- selects that meet --------------------------------------------------------------------------

typedef struct player {
    const char *name;
    gevent_case_t cases[2];
    size_t count;
} player_t;

static int run_play(void *argument, void **result) {
    player_t *self = argument;
    (void)result;
    int index = gevent_select(self->cases, self->count, GEVENT_FOREVER);
    if (index < 0) log_add("%s:%s", self->name, greenlet_error_name(index));
    if (index < 0) return index;
    log_add("%s:%d:%d", self->name, index, (int)INT(self->cases[index].value));
    return GREENLET_OK;
}

static gevent_task_t *play(player_t *player) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_play, player, &task));
    return task;
}

TEST(SELECT_two_meet_on_a_channel) {
    init_all();
    player_t p = {"p", {gevent_event_case(&event), gevent_channel_put_case(&channel, V(1))}, 2};
    player_t g = {"g", {gevent_channel_get_case(&channel), gevent_event_case(&event)}, 2};
    gevent_task_unref(play(&p));
    gevent_task_unref(play(&g));
    CHECK_OK(gevent_run());
    CHECK_LOG("g:0:1 p:1:1");
    CHECK_INT(gevent_channel_balance(&channel), 0);
}

TEST(SELECT_one_that_puts_and_gets_never_meets_itself) {
    init_all();
    player_t both = {
        "both", {gevent_channel_put_case(&channel, V(1)), gevent_channel_get_case(&channel)}, 2};
    gevent_task_unref(play(&both));
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("");
    CHECK_INT(gevent_channel_balance(&channel), 0);
    player_t again = {
        "again", {gevent_channel_put_case(&channel, V(2)), gevent_channel_get_case(&channel)}, 2};
    gevent_task_unref(play(&again));
    CHECK_OK(gevent_run());
    CHECK_LOG("again:0:2 both:1:2"); // the other's put comes first in the array
    player_t third = {
        "third", {gevent_channel_put_case(&channel, V(3)), gevent_channel_get_case(&channel)}, 2};
    gevent_task_unref(play(&third));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_spawn(run_get_channel, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("got3 third:0:3");
}

TEST(SELECT_one_that_is_behind_another_which_cannot_meet_itself) {
    init_all();
    player_t both = {
        "both", {gevent_channel_put_case(&channel, V(1)), gevent_channel_get_case(&channel)}, 2};
    gevent_task_unref(play(&both));
    CHECK_OK(gevent_spawn(run_put_channel, V(5), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("both:1:5 +5");
}

// Two who could both be served by one third: only one is.
TEST(SELECT_nobody_is_given_two_things) {
    init_all();
    player_t one = {
        "one", {gevent_channel_get_case(&channel), gevent_channel_get_case(&other_channel)}, 2};
    gevent_task_unref(play(&one));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_channel_put(&channel, V(1), GEVENT_NOWAIT));
    // It has not run yet, but its mind is made up.
    CHECK_CODE(gevent_channel_put(&other_channel, V(2), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_channel_put(&channel, V(2), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_run());
    CHECK_LOG("one:0:1");
}

// As many items come out as went in, whoever meets whom.
enum { PLAYERS = 12, ROUNDS = 20 };
static int sent, received, sum;

static int run_trade(void *argument, void **result) {
    intptr_t number = INT(argument);
    (void)result;
    for (int i = 0; i < ROUNDS; i++) {
        gevent_channel_t *first = number % 2 ? &channel : &other_channel;
        gevent_channel_t *second = number % 3 ? &channel : &other_channel;
        gevent_case_t cases[] = {gevent_channel_put_case(first, V(1 << (number % 8))),
                                 gevent_channel_get_case(second),
                                 gevent_timer_case(0.001 * (double)(number + 1))};
        int index = gevent_select(cases, 3, GEVENT_FOREVER);
        if (index < 0) return index;
        sent += index == 0;
        received += index == 1;
        if (index < 2) sum += (int)INT(cases[index].value) * (index == 0 ? 1 : -1);
    }
    return GREENLET_OK;
}

static void check_trade(void) {
    gevent_task_t *tasks[PLAYERS];
    init_all();
    sent = received = sum = 0;
    for (int i = 0; i < PLAYERS; i++) CHECK_OK(gevent_spawn(run_trade, V(i), &tasks[i]));
    CHECK_OK(gevent_sleep(0.002));
    CHECK_OK(gevent_kill(tasks[3], NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_kill_hard(tasks[4]));
    CHECK_OK(gevent_run());
    CHECK(sent > PLAYERS);
    CHECK_INT(received, sent);
    CHECK_INT(sum, 0);
    CHECK_INT(gevent_channel_balance(&channel), 0);
    for (int i = 0; i < PLAYERS; i++) gevent_task_unref(tasks[i]);
}

TEST(SELECT_all_that_is_sent_is_received_in_whatever_order_the_hub_runs) {
    for (uint64_t seed = 0; seed < 8; seed++) {
        CHECK_OK(gevent_set_seed(seed));
        gevent_set_select_seed(seed);
        check_trade();
    }
    CHECK_OK(gevent_set_seed(0));
    gevent_set_select_seed(0);
}

// ---- nothing is lost ----------------------------------------------------------------------------

TEST(SELECT_killed_nothing_has_been_done) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_kill(chooser, NULL, GEVENT_NOWAIT)); // queued before the item
    CHECK_OK(gevent_queue_put(&other_queue, V(5), GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_LOG("GREENLET_EEXIT");
    void *item = NULL;
    CHECK_OK(gevent_queue_get(&other_queue, GEVENT_NOWAIT, &item));
    CHECK_INT(INT(item), 5);
    end_chooser(&self, chooser);
}

TEST(SELECT_killed_hard_it_is_in_no_list_any_more) {
    chooser_t self;
    gevent_task_t *chooser = spawn_chooser(&self, GEVENT_FOREVER);
    CHECK_OK(gevent_kill_hard(chooser));
    end_chooser(&self, chooser);
}

TEST(SELECT_cancelled_nothing_has_been_done) {
    gevent_scope_t scope;
    init_all();
    CHECK_OK(gevent_scope_open(&scope, 0.5));
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_get_case(&queue)};
    CHECK_CODE(gevent_select(cases, 2, GEVENT_FOREVER), GREENLET_EEXPIRED);
    CHECK_INT(gevent_channel_balance(&channel), 0);
    CHECK_CODE(gevent_select(cases, 2, GEVENT_FOREVER), GREENLET_EEXPIRED);
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_EEXPIRED), GREENLET_EEXPIRED);
    free_all();
}

static void select_in_hub(void) {
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_get_case(&queue)};
    CHECK_CODE(gevent_select(cases, 2, 1), GREENLET_EHUB);
    CHECK_CODE(gevent_select(cases, 2, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_queue_put(&queue, V(1), GEVENT_NOWAIT));
    CHECK_INT(gevent_select(cases, 2, GEVENT_NOWAIT), 1);
    CHECK_INT(gevent_channel_balance(&channel), 0);
}

TEST(SELECT_in_a_hub_callback_it_never_blocks) {
    init_all();
    call_in_hub(select_in_hub);
    free_all();
}

// ---- at random ----------------------------------------------------------------------------------

enum { DRAWS = 24, CHOICES = 5 };

static void draw(uint64_t seed, char *drawn, int counts[CHOICES]) {
    gevent_case_t cases[CHOICES];
    gevent_set_select_seed(seed);
    for (int i = 0; i < CHOICES; i++) {
        cases[i] = gevent_event_case(&event);
        counts[i] = 0;
    }
    cases[2] = gevent_never_case();
    for (int i = 0; i < DRAWS; i++) {
        int index = gevent_select(cases, CHOICES, GEVENT_NOWAIT);
        drawn[i] = (char)('0' + index);
        counts[index]++;
    }
    drawn[DRAWS] = 0;
    gevent_set_select_seed(0);
}

TEST(SELECT_SEED_the_same_seed_makes_the_same_choices_everywhere) {
    char first[DRAWS + 1], second[DRAWS + 1];
    int counts[CHOICES];
    init_all();
    gevent_event_set(&event);
    draw(1, first, counts);
    draw(1, second, counts);
    CHECK_STR(first, second);
    CHECK_STR(first, "143410110313030441303010");
    CHECK_INT(counts[2], 0);
    for (int i = 0; i < CHOICES; i++) CHECK(i == 2 || counts[i] > 0);
    draw(2, second, counts);
    CHECK_STR(second, "334014344014134130311113");
    draw(0, second, counts);
    CHECK_STR(second, "000000000000000000000000");
}

// ---- memory -------------------------------------------------------------------------------------

static int select_twice(void) {
    init_all();
    gevent_case_t cases[] = {gevent_channel_get_case(&channel), gevent_queue_put_case(&queue, V(1)),
                             gevent_event_case(&event)};
    int index = gevent_select(cases, 3, GEVENT_FOREVER);
    int code = index < 0 ? index : cases[index].code;
    CHECK_INT(gevent_queue_size(&queue), code >= 0);
    if (code >= 0) code = gevent_select(cases, 3, 0.5);
    CHECK_INT(gevent_channel_balance(&channel), 0);
    free_all();
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

TEST(MEMORY_select) {
    fail_each_allocation(select_twice);
}
