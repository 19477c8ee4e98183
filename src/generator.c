// Generators: who is resumed, who gets what, and delegation.
//
// Those that delegate to one another are a chain, from the outermost, which is advanced, to the
// innermost, which yields. Each end knows the other; those between are not touched by a resume. A
// value or an end is laid into the generator before its greenlet is left, so that an advance can
// tell it from whatever else may come to a greenlet.
//
// SPDX-License-Identifier: MIT
#include "generator.h"

#include "call.h"
#include "generator_internal.h"
#include "memory.h"

struct generator {
    greenlet_t *greenlet; // which owns this
    greenlet_run_fn run;
    void *argument;
    void (*release)(void *argument);
    generator_t *delegate;              // owned while it delegates, else NULL
    generator_t *delegator;             // who delegates to it, or NULL
    generator_t *innermost;             // of an outermost
    generator_t *outermost;             // of an innermost
    void *value;                        // yielded by the innermost, or returned, and not yet taken
    greenlet_error_t *error;            // with which it has failed, and which is not yet taken
    greenlet_error_t *thrown_meanwhile; // the last that came to whoever waits for it
    unsigned refs;                      // handles
    unsigned arrivals;   // of an outermost: how often the body of its innermost started or went on
    unsigned char state; // of an innermost
    unsigned char is_advanced;
    unsigned char has_yielded; // of an outermost: the value is a yielded one
    unsigned char is_exiting;  // it was last resumed by an EXIT
};

static int generator_main(void *value, void **result);

// ---- life ---------------------------------------------------------------------------------------

static void destroy(void *memory) {
    generator_t *self = memory;
    if (self->release) self->release(self->argument);
    greenlet_error_unref(self->error);
    greenlet_error_unref(self->thrown_meanwhile);
    memory_free(self);
}

int generator_new(greenlet_run_fn run, void *argument, generator_t **result) {
    if (!run || !result) return greenlet_fail(GREENLET_EINVAL);
    generator_t *self = memory_alloc_zeroed(sizeof *self);
    if (!self) return greenlet_fail(GREENLET_ENOMEM);
    int code = greenlet_new(generator_main, greenlet_main(), &self->greenlet);
    if (code < 0) {
        memory_free(self);
        return code;
    }
    greenlet_set_user(self->greenlet, self, destroy);
    self->run = run;
    self->argument = argument;
    self->refs = 1;
    self->innermost = self->outermost = self;
    *result = self;
    return GREENLET_OK;
}

int generator_new_primed(greenlet_run_fn run, void *argument, generator_t **result) {
    generator_t *self = NULL;
    if (!result) return greenlet_fail(GREENLET_EINVAL);
    int code = generator_new(run, argument, &self);
    if (code < 0) return code;
    code = generator_next(self, NULL);
    if (code < 0)
        generator_unref(self);
    else
        *result = self;
    return code;
}

void generator_set_release(generator_t *self, void (*release)(void *argument)) {
    self->release = release;
}

// While nobody advances it, its parent is one that holds no reference to it.
static void leave_parent(generator_t *self) {
    greenlet_t *root = self->greenlet->root;
    (void)greenlet_set_parent(self->greenlet, root ? root : greenlet_main());
}

// All handles together own one reference to the greenlet.
generator_t *generator_ref(generator_t *self) {
    if (self && self->refs++ == 0) greenlet_ref(self->greenlet);
    return self;
}

// The drop of the greenlet closes it. One that delegates is the parent of its delegate, and would
// live on.
void generator_unref(generator_t *self) {
    if (!self || --self->refs > 0) return;
    if (self->delegate) leave_parent(self->delegate);
    greenlet_unref(self->greenlet);
}

greenlet_t *generator_greenlet(const generator_t *self) {
    return self->greenlet;
}

generator_t *generator_current(void) {
    const greenlet_t *greenlet = greenlet_current();
    return greenlet->run == generator_main ? greenlet->user : NULL;
}

void *generator_current_argument(greenlet_run_fn run) {
    const generator_t *self = generator_current();
    return self && self->run == run ? self->argument : NULL;
}

generator_state_t generator_state(const generator_t *self) {
    while (self->delegate) self = self->delegate;
    return (generator_state_t)self->state;
}

// ---- the body -----------------------------------------------------------------------------------

static void arrive(generator_t *self) {
    self->outermost->arrivals++;
    self->state = GENERATOR_RUNNING;
}

// If nobody asked, its last reference is being dropped, and the error is for who drops it.
static int end(generator_t *self, int code, void *value) {
    self->state = GENERATOR_CLOSED;
    self->value = NULL;
    if (!self->delegator && !self->is_advanced) return code;
    if (code < 0)
        self->error = greenlet_error_claim(code);
    else
        self->value = value;
    return GREENLET_OK;
}

static int generator_main(void *nothing, void **result) {
    (void)nothing, (void)result;
    generator_t *self = generator_current();
    arrive(self);
    void *value = NULL;
    int code = self->run(self->argument, &value);
    return end(self, code, value);
}

int generator_yield(void *value, void **sent) {
    generator_t *self = generator_current();
    if (!self) return greenlet_fail(GREENLET_EYIELD);
    generator_t *outermost = self->outermost;
    outermost->value = value;
    outermost->has_yielded = 1;
    self->state = GENERATOR_SUSPENDED;
    int code = greenlet_switch(outermost->greenlet->parent, NULL, sent);
    outermost->has_yielded = 0; // nobody has taken it if the switch was refused
    arrive(self);
    return code;
}

// ---- resuming -----------------------------------------------------------------------------------

static generator_t *find_innermost(generator_t *self) {
    while (self->delegate) self = self->delegate;
    return self;
}

static int is_over(const generator_t *self) {
    return self->has_yielded || greenlet_dead(self->greenlet);
}

// Whoever waits for it was, meanwhile.
static int was_killed(const generator_t *self) {
    return greenlet_error_is(self->thrown_meanwhile, &GREENLET_EXIT) != 0;
}

greenlet_error_t *generator_take_thrown(generator_t *self) {
    greenlet_error_t *error = self->thrown_meanwhile;
    self->thrown_meanwhile = NULL;
    return error;
}

// Somebody else came to who waits for a generator, while its body waits elsewhere. It comes out of
// the body's call, whose outcome is then the generator's. To one that delegates, only the drop of
// its last reference comes.
static int pass_on(generator_t *self, int code) {
    generator_t *innermost = find_innermost(self);
    greenlet_error_t *error =
        code < 0 ? greenlet_error_take() : greenlet_error_from_code(GREENLET_ESWITCH);
    greenlet_error_unref(self->thrown_meanwhile);
    self->thrown_meanwhile = error;
    if (self->delegator) innermost->is_exiting = was_killed(self) != 0;
    (void)greenlet_set_parent(self->greenlet, greenlet_current()); // it left that if it was dropped
    return greenlet_throw(innermost->greenlet, error, NULL);
}

static int go_to(generator_t *innermost, void *value, const greenlet_error_t *error) {
    innermost->is_exiting = greenlet_error_is(error, &GREENLET_EXIT) != 0;
    return error ? greenlet_throw(innermost->greenlet, error, NULL)
                 : greenlet_switch(innermost->greenlet, value, NULL);
}

// Resumes the innermost of `self`, and comes back when `self` has yielded or ended. Fails if it was
// refused, or by a trace callback.
static int resume(generator_t *self, void *value, const greenlet_error_t *error) {
    generator_t *innermost = self->innermost;
    const generator_t *outermost = innermost->outermost;
    unsigned arrivals = outermost->arrivals;
    greenlet_error_unref(generator_take_thrown(self));
    int code = go_to(innermost, value, error);
    int has_arrived = outermost->arrivals != arrivals; // else the innermost is there still
    int is_refused = code < 0 && !has_arrived;
    // A trace callback may have kept it from starting.
    if (!has_arrived && greenlet_dead(innermost->greenlet)) innermost->state = GENERATOR_CLOSED;
    while (!is_refused && !is_over(self)) {
        code = pass_on(self, code);
        is_refused = code == GREENLET_ENOMEM; // or this might never end
    }
    return code;
}

// What it has left, unless to come back has failed.
static int take_outcome(generator_t *self, int code, void **result) {
    void *value = self->value;
    greenlet_error_t *error = self->error;
    int status = self->has_yielded ? GREENLET_OK : GENERATOR_DONE;
    self->value = NULL;
    self->error = NULL;
    self->has_yielded = 0;
    if (code < 0) greenlet_error_unref(error);
    if (code < 0) return code;
    if (error) return greenlet_error_restore(error);
    if (result) *result = value;
    return status;
}

// ---- from outside -------------------------------------------------------------------------------

static int check(const generator_t *self) {
    if (!self) return GREENLET_EINVAL;
    int is_busy = self->delegator || self->innermost->state == GENERATOR_RUNNING;
    return is_busy ? GREENLET_EEXECUTING : GREENLET_OK;
}

// Its frames have been dropped. What it has left nobody takes.
static void close_dropped(generator_t *self) {
    self->state = GENERATOR_CLOSED;
    self->has_yielded = 0;
    self->value = NULL;
    greenlet_error_unref(self->error);
    self->error = NULL;
}

// While it is suspended it holds no reference to who advanced it: that one may hold it.
static void end_advance(generator_t *self) {
    self->is_advanced = 0;
    leave_parent(self);
}

static void drop_advance(greenlet_call_t *call) {
    generator_t *self = call->callee->user;
    close_dropped(self);
    end_advance(self);
    generator_unref(self);
}

static int advance(generator_t *self, void *value, const greenlet_error_t *error, void **result) {
    int code = greenlet_set_parent(self->greenlet, greenlet_current());
    if (code < 0) return code;
    greenlet_call_t call;
    greenlet_call_begin(&call, generator_ref(self)->greenlet, drop_advance);
    self->is_advanced = 1;
    code = resume(self, value, error);
    greenlet_call_end(&call);
    end_advance(self);
    code = take_outcome(self, code, result);
    generator_unref(self);
    return code;
}

int generator_next(generator_t *self, void **result) {
    return generator_send(self, NULL, result);
}

int generator_send(generator_t *self, void *value, void **result) {
    int code = check(self);
    if (code < 0) return greenlet_fail(code);
    if (value && self->state == GENERATOR_CREATED)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                              "a generator that has not started can only be sent NULL");
    if (self->state == GENERATOR_CLOSED) return take_outcome(self, GREENLET_OK, result);
    return advance(self, value, NULL, result);
}

int generator_throw(generator_t *self, const greenlet_error_t *error, void **result) {
    int code = check(self);
    if (!error) error = &greenlet_exit_error;
    if (greenlet_error_code(error) >= 0) code = GREENLET_EINVAL;
    if (code < 0) return greenlet_fail(code);
    if (self->state == GENERATOR_CREATED) self->state = GENERATOR_CLOSED;
    if (self->state == GENERATOR_CLOSED) return greenlet_error_restore(greenlet_error_ref(error));
    return advance(self, NULL, error, result);
}

// Fails unless it has ended, by returning or by this very EXIT.
static int close_suspended(generator_t *self) {
    generator_ref(self);
    int code = advance(self, NULL, &greenlet_exit_error, NULL);
    int is_killed = was_killed(self);
    generator_unref(self);
    if (code == GREENLET_OK) return greenlet_fail(GREENLET_EIGNORED);
    if (code == GENERATOR_DONE || is_killed) return code;
    return greenlet_error_is(greenlet_last_error(), &GREENLET_EXIT) ? GREENLET_OK : code;
}

int generator_close(generator_t *self) {
    int code = check(self);
    if (code < 0) return greenlet_fail(code);
    if (self->state == GENERATOR_CREATED) self->state = GENERATOR_CLOSED;
    if (self->state == GENERATOR_CLOSED) return GREENLET_OK;
    greenlet_error_t *pending = greenlet_error_take();
    code = close_suspended(self);
    if (code < 0)
        greenlet_error_unref(pending);
    else
        (void)greenlet_error_restore(pending);
    return code < 0 ? code : GREENLET_OK;
}

// ---- delegation ---------------------------------------------------------------------------------

static void link_chain(generator_t *self, generator_t *sub) {
    generator_t *outermost = self->outermost;
    generator_t *innermost = sub->innermost;
    self->delegate = generator_ref(sub);
    sub->delegator = self;
    outermost->innermost = innermost;
    innermost->outermost = outermost;
}

static void unlink_chain(generator_t *self, generator_t *sub) {
    generator_t *innermost = find_innermost(sub);
    generator_t *outermost = innermost->outermost;
    innermost->outermost = sub;
    sub->innermost = innermost;
    sub->delegator = NULL;
    self->delegate = NULL;
    self->outermost = outermost;
    outermost->innermost = self;
}

// Who is to end ends, even if the one it delegates to has handled that.
static int take_result(generator_t *self, generator_t *sub, int code, void **result) {
    void *value = NULL;
    code = take_outcome(sub, code, &value);
    self->is_exiting = sub->is_exiting;
    if (code < 0) return code;
    if (self->is_exiting) return greenlet_fail(GREENLET_EEXIT);
    if (result) *result = value;
    return GREENLET_OK;
}

static void end_delegation(generator_t *self, generator_t *sub) {
    unlink_chain(self, sub);
    leave_parent(sub);
}

static void drop_delegation(greenlet_call_t *call) {
    generator_t *sub = call->callee->user;
    close_dropped(sub);
    end_delegation(call->caller->user, sub);
    generator_unref(sub);
}

static int delegate(generator_t *self, generator_t *sub, void **result) {
    int code = greenlet_set_parent(sub->greenlet, self->greenlet);
    if (code < 0) return code;
    greenlet_call_t call;
    greenlet_call_begin(&call, sub->greenlet, drop_delegation);
    link_chain(self, sub);
    code = resume(sub, NULL, NULL);
    greenlet_call_end(&call);
    end_delegation(self, sub);
    code = take_result(self, sub, code, result);
    generator_unref(sub);
    return code;
}

int generator_delegate(generator_t *sub, void **result) {
    generator_t *self = generator_current();
    int code = self ? check(sub) : GREENLET_EYIELD;
    if (code < 0) return greenlet_fail(code);
    if (sub->state != GENERATOR_CLOSED) return delegate(self, sub, result);
    if (result) *result = NULL;
    return GREENLET_OK;
}

// ---- arrays -------------------------------------------------------------------------------------

typedef struct array {
    void *const *items;
    size_t count;
} array_t;

static int run_array(void *argument, void **result) {
    const array_t *array = argument;
    (void)result;
    for (size_t i = 0; i < array->count; i++) {
        void *sent = NULL;
        int code = generator_yield(array->items[i], &sent);
        if (code < 0) return code;
        if (sent)
            return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                                  "an array takes no values");
    }
    return GREENLET_OK;
}

int generator_from_array(void *const *items, size_t count, generator_t **result) {
    if (!items && count) return greenlet_fail(GREENLET_EINVAL);
    array_t *array = memory_alloc(sizeof *array);
    if (!array) return greenlet_fail(GREENLET_ENOMEM);
    *array = (array_t){items, count};
    int code = generator_new(run_array, array, result);
    if (code < 0)
        memory_free(array);
    else
        generator_set_release(*result, memory_free);
    return code;
}
