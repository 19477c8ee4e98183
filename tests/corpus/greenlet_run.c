// The interpreter of programs of greenlets.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "program.h"

typedef struct actor {
    struct play *play;
    greenlet_t *greenlet; // NULL once it has been dropped
    int number;
} actor_t;

typedef struct play {
    const program_t *program;
    FILE *trace;
    int is_over; // what is still suspended is to end, whatever its operations say
    actor_t actors[MAX_GREENLETS];
} play_t;

// ---- the log ------------------------------------------------------------------------------------

#define log_line(self, ...)                                                                        \
    trace_line((self)->play->is_over ? NULL : (self)->play->trace, (self)->number, __VA_ARGS__)

static void log_error(const actor_t *self, const char *what, const greenlet_error_t *error) {
    log_line(self, "%s %s", what, error_text(error_name_of(error)));
}

static void log_lost(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_error(greenlet_user(greenlet), "lost", error);
}

// ---- operations ---------------------------------------------------------------------------------

static int receive(const actor_t *self, int status, void *value, void **last) {
    if (status < 0) return status;
    *last = status == GREENLET_EXITED ? value_of_exit() : value;
    log_line(self, "got %s", value_text(*last));
    return GREENLET_OK;
}

static int do_switch(const actor_t *self, greenlet_t *target, int number, void **last) {
    void *value = NULL;
    int status = greenlet_switch(target, value_of(number), &value);
    return receive(self, status, value, last);
}

static int do_throw(const actor_t *self, greenlet_t *target, int name, void **last) {
    void *value = NULL;
    greenlet_error_t *error = greenlet_error_new(error_type((error_name_t)name), NULL);
    int status = greenlet_throw(target, error, &value);
    greenlet_error_unref(error);
    return receive(self, status, value, last);
}

static int do_parent(const actor_t *self, greenlet_t *target, greenlet_t *parent) {
    int status = greenlet_set_parent(target, parent);
    if (status >= 0) log_line(self, "parent ok");
    return status;
}

static int do_dead(const actor_t *self, const greenlet_t *target) {
    log_line(self, "dead %d active %d", greenlet_dead(target), greenlet_active(target));
    return GREENLET_OK;
}

// It is killed, if nobody else refers to it.
static int do_drop(const actor_t *self, int number) {
    actor_t *target = &self->play->actors[number];
    greenlet_t *greenlet = target->greenlet;
    target->greenlet = NULL;
    greenlet_unref(greenlet);
    log_line(self, "dropped %d", number);
    return GREENLET_OK;
}

static int log_gone(const actor_t *self) {
    log_line(self, "gone");
    return GREENLET_OK;
}

static int names_dropped(const actor_t *actors, const operation_t *operation) {
    const char *kinds = operand_kinds(operation->kind);
    for (int i = 0; kinds[i]; i++)
        if (kinds[i] == 'g' && !actors[operation->operands[i]].greenlet) return 1;
    return 0;
}

static int perform(const actor_t *self, const operation_t *operation, void **last) {
    const actor_t *actors = self->play->actors;
    const int first = operation->operands[0];
    const int second = operation->operands[1];
    if (names_dropped(actors, operation)) return log_gone(self);
    switch (operation->kind) {
    case SWITCH:
        return do_switch(self, actors[first].greenlet, second, last);
    case THROW:
        return do_throw(self, actors[first].greenlet, second, last);
    case PARENT:
        return do_parent(self, actors[first].greenlet, actors[second].greenlet);
    case DEAD:
        return do_dead(self, actors[first].greenlet);
    case DROP:
        return do_drop(self, first);
    case RAISE:
        return greenlet_raise(error_type((error_name_t)first), NULL);
    default:
        *last = value_of(first);
        return GREENLET_OK;
    }
}

// All operations of a greenlet; what they leave in *last is its result.
static int perform_all(const actor_t *self, void **last) {
    const program_t *program = self->play->program;
    for (int i = 0; i < program->operation_count; i++) {
        const operation_t *operation = &program->operations[i];
        if (operation->greenlet != self->number) continue;
        int status = perform(self, operation, last);
        if (operation->kind == RETURN || self->play->is_over) return status;
        if (status >= 0) continue;
        if (!operation->is_tried) return status;
        log_error(self, "caught", greenlet_last_error());
    }
    return GREENLET_OK;
}

static int run_actor(void *value, void **result) {
    const actor_t *self = greenlet_user(greenlet_current());
    log_line(self, "start %s", value_text(value));
    *result = value;
    int status = perform_all(self, result);
    if (status < 0)
        log_error(self, "raises", greenlet_last_error());
    else
        log_line(self, "ends %s", value_text(*result));
    return status;
}

// ---- programs -----------------------------------------------------------------------------------

static void make_actor(play_t *play, int number) {
    actor_t *actor = &play->actors[number];
    *actor = (actor_t){.play = play, .number = number};
    greenlet_t *parent = play->actors[play->program->parents[number]].greenlet;
    if (number == 0)
        actor->greenlet = greenlet_ref(greenlet_current());
    else if (greenlet_new(run_actor, parent, &actor->greenlet) < 0)
        abort();
    greenlet_set_user(actor->greenlet, actor, NULL);
}

static void log_end(const play_t *play) {
    if (!play->trace) return;
    for (int i = 1; i < play->program->greenlet_count; i++) {
        const greenlet_t *greenlet = play->actors[i].greenlet;
        if (!greenlet)
            fprintf(play->trace, "= end %d gone\n", i);
        else
            fprintf(play->trace, "= end %d dead %d active %d\n", i, greenlet_dead(greenlet),
                    greenlet_active(greenlet));
    }
}

// A switch lets go of the exit object that came last.
static void forget(void) {
    greenlet_set_user(greenlet_current(), NULL, NULL);
    greenlet_switch(greenlet_current(), NULL, NULL);
    greenlet_error_restore(NULL);
}

static void drop_actors(play_t *play) {
    play->is_over = 1;
    for (int i = 0; i < play->program->greenlet_count; i++)
        greenlet_unref(play->actors[i].greenlet);
    forget();
}

size_t greenlet_program_run(const program_t *program, FILE *trace) {
    static play_t play;
    size_t before = greenlet_live_count();
    greenlet_unraisable_fn hook = greenlet_set_unraisable(log_lost);
    play = (play_t){.program = program, .trace = trace};
    for (int i = 0; i < program->greenlet_count; i++) make_actor(&play, i);
    void *last = NULL;
    if (perform_all(&play.actors[0], &last) < 0)
        log_error(&play.actors[0], "raises", greenlet_last_error());
    log_end(&play);
    drop_actors(&play);
    greenlet_set_unraisable(hook);
    return greenlet_live_count() - before;
}
