// minicoro's coroutines: generators that yield nothing, with a storage beside them.
//
// SPDX-License-Identifier: MIT
#include "minicoro.h"

#include <string.h>

#include "../generator_internal.h"
#include "../greenlet_internal.h"

enum { LEAST_STACK = 32768 };

// ---- life ---------------------------------------------------------------------------------------

static int run(void *argument, void **result) {
    (void)result;
    mco_coro *co = argument;
    const context_t *context = &greenlet_current()->context;
    co->stack_base = context->low;
    co->stack_size = (size_t)(context->high - context->low);
    co->func(co);
    return GREENLET_OK;
}

static mco_result check_desc(const mco_desc *desc, size_t size) {
    if (!desc || !desc->func || desc->stack_size < LEAST_STACK) return MCO_INVALID_ARGUMENTS;
    int fits = size >= sizeof(mco_coro) && size - sizeof(mco_coro) >= desc->storage_size;
    return fits ? MCO_SUCCESS : MCO_INVALID_ARGUMENTS;
}

static void fill(mco_coro *co, const mco_desc *desc, size_t size) {
    *co = (mco_coro){.state = MCO_SUSPENDED,
                     .func = desc->func,
                     .user_data = desc->user_data,
                     .coro_size = size,
                     .allocator_data = desc->allocator_data,
                     .dealloc_cb = desc->dealloc_cb,
                     .storage = (unsigned char *)(co + 1),
                     .storage_size = desc->storage_size,
                     .zeroes_storage = desc->zeroes_storage};
    memset(co->storage, 0, co->storage_size);
}

// In `size` bytes of memory.
static mco_result init(mco_coro *co, const mco_desc *desc, size_t size) {
    mco_result result = check_desc(desc, size);
    if (result != MCO_SUCCESS) return result;
    generator_t *generator;
    fill(co, desc, size);
    int code = generator_new(run, co, &generator);
    if (code < 0) return code == GREENLET_ENOMEM ? MCO_OUT_OF_MEMORY : MCO_GENERIC_ERROR;
    greenlet_t *greenlet = generator_greenlet(generator);
    (void)greenlet_set_stack_size(greenlet, desc->stack_size);
    greenlet->outlives_shutdown = 1; // it does not look for an EXIT
    co->context = generator;
    return MCO_SUCCESS;
}

mco_result mco_init(mco_coro *co, mco_desc *desc) {
    if (!co) return MCO_INVALID_COROUTINE;
    memset(co, 0, sizeof *co);
    return init(co, desc, desc ? desc->coro_size : 0);
}

mco_result mco_uninit(mco_coro *co) {
    if (!co) return MCO_INVALID_COROUTINE;
    mco_state state = mco_status(co);
    if (state != MCO_SUSPENDED && state != MCO_DEAD) return MCO_INVALID_OPERATION;
    if (!co->context) return MCO_SUCCESS;
    greenlet_t *greenlet = generator_greenlet(co->context);
    if (greenlet->thread != greenlet_thread()) return MCO_INVALID_OPERATION;
    if (greenlet_drop(greenlet) < 0) return MCO_INVALID_OPERATION;
    generator_unref(co->context);
    co->context = NULL;
    co->state = MCO_DEAD;
    return MCO_SUCCESS;
}

// The storage may have been made larger since the description was.
static size_t size_of(const mco_desc *desc) {
    size_t size = sizeof(mco_coro) + desc->storage_size;
    return size > desc->coro_size ? size : desc->coro_size;
}

mco_result mco_create(mco_coro **out_co, mco_desc *desc) {
    if (!out_co) return MCO_INVALID_POINTER;
    *out_co = NULL;
    if (!desc || !desc->alloc_cb || !desc->dealloc_cb) return MCO_INVALID_ARGUMENTS;
    size_t size = size_of(desc);
    mco_result result = check_desc(desc, size);
    if (result != MCO_SUCCESS) return result;
    mco_coro *co = desc->alloc_cb(size, desc->allocator_data);
    if (!co) return MCO_OUT_OF_MEMORY;
    result = init(co, desc, size);
    if (result == MCO_SUCCESS)
        *out_co = co;
    else
        desc->dealloc_cb(co, size, desc->allocator_data);
    return result;
}

mco_result mco_destroy(mco_coro *co) {
    mco_result result = mco_uninit(co);
    if (result != MCO_SUCCESS) return result;
    if (!co->dealloc_cb) return MCO_INVALID_POINTER;
    co->dealloc_cb(co, co->coro_size, co->allocator_data);
    return MCO_SUCCESS;
}

// ---- running ------------------------------------------------------------------------------------

static mco_result result_of(int code) {
    switch (code) {
    case GREENLET_OK:
    case GENERATOR_DONE:
        return MCO_SUCCESS;
    case GREENLET_ENOMEM:
        return MCO_OUT_OF_MEMORY;
    case GREENLET_ECYCLE:
    case GREENLET_EFORBIDDEN:
    case GREENLET_EJSFRAME:
    case GREENLET_ESHUTDOWN:
    case GREENLET_ETHREAD:
        return MCO_SWITCH_CONTEXT_ERROR;
    default:
        return MCO_GENERIC_ERROR;
    }
}

static mco_state state_of(const generator_t *generator) {
    switch (generator_state(generator)) {
    case GENERATOR_RUNNING:
        return MCO_RUNNING;
    case GENERATOR_CLOSED:
        return MCO_DEAD;
    default:
        return MCO_SUSPENDED;
    }
}

static void enter(mco_coro *co, mco_coro *resumer) {
    co->state = MCO_RUNNING;
    co->prev_co = resumer;
    if (resumer) resumer->state = MCO_NORMAL;
}

static void leave(mco_coro *co, mco_coro *resumer) {
    co->state = state_of(co->context);
    co->prev_co = NULL;
    if (resumer) resumer->state = MCO_RUNNING;
}

mco_result mco_resume(mco_coro *co) {
    if (!co) return MCO_INVALID_COROUTINE;
    if (mco_status(co) != MCO_SUSPENDED) return MCO_NOT_SUSPENDED;
    mco_coro *resumer = mco_running();
    enter(co, resumer);
    int code = generator_next(co->context, NULL);
    leave(co, resumer);
    greenlet_error_t *thrown = generator_take_thrown(co->context);
    if (code >= 0 && thrown)
        code = greenlet_error_restore(thrown);
    else
        greenlet_error_unref(thrown);
    return result_of(code);
}

mco_result mco_yield(mco_coro *co) {
    if (!co) return MCO_INVALID_COROUTINE;
    if (mco_running() != co) return MCO_NOT_RUNNING;
    return result_of(generator_yield(NULL, NULL));
}

// One that was dropped with whoever had resumed it could not say so.
mco_state mco_status(mco_coro *co) {
    if (!co || !co->context) return MCO_DEAD;
    if (generator_state(co->context) == GENERATOR_CLOSED) co->state = MCO_DEAD;
    return co->state;
}

void *mco_get_user_data(mco_coro *co) {
    return co ? co->user_data : NULL;
}

mco_coro *mco_running(void) {
    return generator_current_argument(run);
}

// ---- storage ------------------------------------------------------------------------------------

mco_result mco_push(mco_coro *co, const void *src, size_t len) {
    if (!co) return MCO_INVALID_COROUTINE;
    if (len == 0) return MCO_SUCCESS;
    if (len > co->storage_size - co->bytes_stored) return MCO_NOT_ENOUGH_SPACE;
    if (!src) return MCO_INVALID_POINTER;
    memcpy(co->storage + co->bytes_stored, src, len);
    co->bytes_stored += len;
    return MCO_SUCCESS;
}

mco_result mco_pop(mco_coro *co, void *dest, size_t len) {
    if (!co) return MCO_INVALID_COROUTINE;
    if (len == 0) return MCO_SUCCESS;
    if (len > co->bytes_stored) return MCO_NOT_ENOUGH_SPACE;
    co->bytes_stored -= len;
    unsigned char *top = co->storage + co->bytes_stored;
    if (dest) memcpy(dest, top, len);
    if (co->zeroes_storage) memset(top, 0, len);
    return MCO_SUCCESS;
}

mco_result mco_peek(mco_coro *co, void *dest, size_t len) {
    if (!co) return MCO_INVALID_COROUTINE;
    if (len == 0) return MCO_SUCCESS;
    if (len > co->bytes_stored) return MCO_NOT_ENOUGH_SPACE;
    if (!dest) return MCO_INVALID_POINTER;
    memcpy(dest, co->storage + co->bytes_stored - len, len);
    return MCO_SUCCESS;
}

size_t mco_get_bytes_stored(mco_coro *co) {
    return co ? co->bytes_stored : 0;
}

size_t mco_get_storage_size(mco_coro *co) {
    return co ? co->storage_size : 0;
}

// ---- results ------------------------------------------------------------------------------------

static const char *const descriptions[] = {
    [MCO_SUCCESS] = "success",
    [MCO_GENERIC_ERROR] = "an error was thrown in meanwhile",
    [MCO_INVALID_POINTER] = "a pointer is missing",
    [MCO_INVALID_COROUTINE] = "there is no coroutine",
    [MCO_NOT_SUSPENDED] = "the coroutine is not suspended",
    [MCO_NOT_RUNNING] = "the coroutine is not the running one",
    [MCO_MAKE_CONTEXT_ERROR] = "the stack could not be made",
    [MCO_SWITCH_CONTEXT_ERROR] = "stacks cannot be switched here",
    [MCO_NOT_ENOUGH_SPACE] = "the storage has too little room, or too few bytes",
    [MCO_OUT_OF_MEMORY] = "out of memory",
    [MCO_INVALID_ARGUMENTS] = "the description does not fit",
    [MCO_INVALID_OPERATION] = "the coroutine runs, or waits for another one",
    [MCO_STACK_OVERFLOW] = "stack overflow",
};

const char *mco_result_description(mco_result res) {
    size_t count = sizeof descriptions / sizeof *descriptions;
    return (size_t)res < count ? descriptions[res] : "no result of minicoro";
}
