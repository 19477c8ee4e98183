// The interpreter of programs of tasks.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "gevent.h"
#include "program.h"

static const double tick = 0.012;

typedef struct actor {
    struct play *play;
    gevent_task_t *task; // NULL if it has not been spawned
    int number;
    int has_started; // or was never to be spawned, as the main one
} actor_t;

typedef struct play {
    const program_t *program;
    FILE *trace;
    int is_over; // what is still suspended is to end, whatever its operations say
    actor_t actors[MAX_GREENLETS];
    gevent_event_t events[MAX_EVENTS];
} play_t;

static int run_actor(void *argument, void **result);

// ---- the log ------------------------------------------------------------------------------------

#define log_line(self, ...)                                                                        \
    trace_line((self)->play->is_over ? NULL : (self)->play->trace, (self)->number, __VA_ARGS__)

static const char *error_text_of(const greenlet_error_t *error) {
    if (!error) return "-";
    if (greenlet_error_is(error, &GREENLET_TIMEOUT)) return "TIMEOUT";
    if (greenlet_error_code(error) == GREENLET_EDEADLK) return "LoopExit";
    return error_text(error_name_of(error));
}

static void log_error(const actor_t *self, const char *what) {
    log_line(self, "%s %s", what, error_text_of(greenlet_last_error()));
}

// Who asks for its error is told of it anyway.
static void ignore_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
}

// ---- tasks --------------------------------------------------------------------------------------

static int is_ready(const gevent_task_t *task) {
    return gevent_status(task) != GEVENT_PENDING;
}

static int is_successful(const gevent_task_t *task) {
    return is_ready(task) && gevent_status(task) != GEVENT_FAILED;
}

static const char *task_value_text(const gevent_task_t *task) {
    return value_text(gevent_status(task) == GEVENT_KILLED ? value_of_exit() : gevent_value(task));
}

static int do_spawn(const actor_t *self, actor_t *target) {
    if (target->has_started) {
        log_line(self, "again %d", target->number);
        return GREENLET_OK;
    }
    target->has_started = 1;
    return gevent_spawn(run_actor, target, &target->task);
}

static int do_join(const actor_t *self, const actor_t *target) {
    int status = gevent_join(target->task, GEVENT_FOREVER);
    if (status >= 0) log_line(self, "joined %d", target->number);
    return status;
}

static int do_get(const actor_t *self, const actor_t *target) {
    int status = gevent_get(target->task, GEVENT_FOREVER, NULL);
    if (status >= 0) log_line(self, "value %s", task_value_text(target->task));
    return status;
}

static int do_kill(const actor_t *self, const actor_t *target, double seconds) {
    int status = gevent_kill(target->task, NULL, seconds);
    const char *what = seconds > 0 ? "killed" : "cancelled";
    if (status >= 0) log_line(self, "%s %d", what, target->number);
    return status;
}

static int do_status(const actor_t *self, const actor_t *target) {
    log_line(self, "status %d ready %d ok %d", target->number, is_ready(target->task),
             is_successful(target->task));
    return GREENLET_OK;
}

static int log_untouched(const actor_t *self, const actor_t *target) {
    if (target == self)
        log_line(self, "self");
    else
        log_line(self, "unknown %d", target->number);
    return GREENLET_OK;
}

static int perform_on_task(const actor_t *self, operation_kind_t kind, actor_t *target) {
    if (kind == SPAWN) return do_spawn(self, target);
    if (target == self || !target->task) return log_untouched(self, target);
    if (kind == JOIN) return do_join(self, target);
    if (kind == GET) return do_get(self, target);
    if (kind == STATUS) return do_status(self, target);
    return do_kill(self, target, kind == KILL ? GEVENT_FOREVER : GEVENT_NOWAIT);
}

// ---- events -------------------------------------------------------------------------------------

static int perform_on_event(const actor_t *self, operation_kind_t kind, int number) {
    gevent_event_t *event = &self->play->events[number];
    int status = kind == WAIT ? gevent_event_wait(event, GEVENT_FOREVER) : GREENLET_OK;
    if (status < 0) return status;
    if (kind == SET) gevent_event_set(event);
    if (kind == CLEAR) gevent_event_clear(event);
    log_line(self, "%s %d", kind == WAIT ? "waited" : kind == SET ? "set" : "clear", number);
    return GREENLET_OK;
}

// ---- operations ---------------------------------------------------------------------------------

static int do_sleep(const actor_t *self, int ticks) {
    int status = gevent_sleep(ticks * tick);
    if (status >= 0) log_line(self, "slept");
    return status;
}

static int perform(const actor_t *self, const operation_t *operation, void **result) {
    const int operand = operation->operands[0];
    switch (operation->kind) {
    case SLEEP:
        return do_sleep(self, operand);
    case WAIT:
    case SET:
    case CLEAR:
        return perform_on_event(self, operation->kind, operand);
    case RAISE:
        return greenlet_raise(error_type((error_name_t)operand), NULL);
    case RETURN:
        *result = value_of(operand);
        return GREENLET_OK;
    default:
        return perform_on_task(self, operation->kind, &self->play->actors[operand]);
    }
}

// Each limit lasts until the operation has ended, however it did.
static int perform_within(const actor_t *self, const operation_t *operation, void **result) {
    gevent_timeout_t timeouts[MAX_LIMITS];
    int status = GREENLET_OK;
    int count = 0;
    for (; count < operation->limit_count && status >= 0; count++)
        status = gevent_timeout_start(&timeouts[count], operation->limits[count] * tick);
    if (status >= 0) status = perform(self, operation, result);
    while (count > 0) gevent_timeout_cancel(&timeouts[--count]);
    return status;
}

static int perform_all(const actor_t *self, void **result) {
    const program_t *program = self->play->program;
    for (int i = 0; i < program->operation_count && !self->play->is_over; i++) {
        const operation_t *operation = &program->operations[i];
        if (operation->greenlet != self->number) continue;
        int status = perform_within(self, operation, result);
        if (operation->kind == RETURN) return status;
        if (status >= 0) continue;
        if (!operation->is_tried) return status;
        log_error(self, "caught");
    }
    return GREENLET_OK;
}

static int run_actor(void *argument, void **result) {
    const actor_t *self = argument;
    *result = NULL;
    log_line(self, "start");
    int status = perform_all(self, result);
    if (status < 0)
        log_error(self, "raises");
    else if (self->number > 0)
        log_line(self, "ends %s", value_text(*result));
    return status;
}

// ---- programs -----------------------------------------------------------------------------------

static void log_end(const play_t *play) {
    if (!play->trace) return;
    for (int i = 1; i < MAX_GREENLETS; i++) {
        const gevent_task_t *task = play->actors[i].task;
        if (!task) continue;
        fprintf(play->trace, "= end %d ready %d ok %d value %s exception %s\n", i, is_ready(task),
                is_successful(task), task_value_text(task), error_text_of(gevent_error(task)));
    }
}

// Those who are killed later may still look at those who were killed before.
static void drop_tasks(play_t *play) {
    play->is_over = 1;
    for (int i = 0; i < MAX_GREENLETS; i++) {
        gevent_task_t *task = play->actors[i].task;
        if (task && gevent_kill(task, NULL, GEVENT_FOREVER) < 0) abort();
    }
    if (gevent_yield() < 0) abort(); // until what has been queued is done
    for (int i = 0; i < MAX_GREENLETS; i++) gevent_task_unref(play->actors[i].task);
    greenlet_error_restore(NULL);
}

size_t gevent_program_run(const program_t *program, FILE *trace) {
    static play_t play;
    (void)gevent_hub(); // which stays, so that it is none of those left over
    size_t before = greenlet_live_count();
    gevent_unhandled_fn hook = gevent_set_unhandled(ignore_unhandled);
    play = (play_t){.program = program, .trace = trace};
    for (int i = 0; i < MAX_EVENTS; i++) gevent_event_init(&play.events[i]);
    for (int i = 0; i < MAX_GREENLETS; i++)
        play.actors[i] = (actor_t){.play = &play, .number = i, .has_started = i == 0};
    void *result;
    (void)run_actor(&play.actors[0], &result);
    log_end(&play);
    drop_tasks(&play);
    gevent_set_unhandled(hook);
    return greenlet_live_count() - before;
}
