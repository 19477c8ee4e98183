// SPDX-License-Identifier: MIT
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "wasm.h"

// Of what each action is asked for.
typedef enum target { OF_NOTHING, OF_ITEMS, OF_EVENT, OF_SEMAPHORE, OF_TASK, OF_GREENLET } target_t;

struct action {
    const char *name;
    int (*act)(request_t *request, const published_t *published, void *object);
    target_t target;
    int throws; // the value is an error, or NULL
};

// ---- items --------------------------------------------------------------------------------------

static void *copy_block(const void *data, size_t size) {
    void *copy = malloc(size);
    return copy ? memcpy(copy, data, size) : NULL;
}

static void *copy_bytes(const gevent_cell_t *cell) {
    gevent_bytes_t *bytes = malloc(sizeof *bytes + cell->bytes.size);
    if (!bytes) return NULL;
    *bytes = (gevent_bytes_t){bytes + 1, cell->bytes.size};
    memcpy(bytes->data, cell->bytes.data, cell->bytes.size);
    return bytes;
}

// What C finds in a queue for a value, a copy; NULL without memory, or the number 0.
static void *item_of(gevent_type_t type, const gevent_cell_t *cell) {
    if (type == GEVENT_TYPE_i32) return (void *)(intptr_t)cell->i32;
    if (type == GEVENT_TYPE_bytes) return copy_bytes(cell);
    if (gevent_type_is_block(type)) return copy_block(cell->bytes.data, cell->bytes.size + 1);
    return copy_block(cell, sizeof *cell);
}

static gevent_cell_t cell_of(gevent_type_t type, void *item) {
    gevent_cell_t cell = {.i32 = (int32_t)(intptr_t)item};
    if (type == GEVENT_TYPE_i32) return cell;
    cell = (gevent_cell_t){0};
    if (!item) return cell;
    if (type == GEVENT_TYPE_bytes) {
        const gevent_bytes_t *bytes = item;
        cell.bytes.data = bytes->data;
        cell.bytes.size = bytes->size;
    } else if (gevent_type_is_block(type)) {
        cell.bytes.data = item;
        cell.bytes.size = strlen(item);
    } else {
        memcpy(&cell, item, sizeof cell.i64);
    }
    return cell;
}

// ---- actions ------------------------------------------------------------------------------------

#define ACTION(name)                                                                               \
    static int act_##name(request_t *request, const published_t *published, void *object)

ACTION(sleep) {
    (void)published, (void)object;
    return gevent_sleep(request->seconds);
}

ACTION(yield) {
    (void)request, (void)published, (void)object;
    return gevent_yield();
}

ACTION(put) {
    if (request->sent != published->items) return publish_refuse(request->name, "what it was");
    void *item = item_of(request->sent, &request->value);
    if (!item && request->sent != GEVENT_TYPE_i32) return greenlet_fail(GREENLET_ENOMEM);
    request->got = request->sent;
    request->item = item;
    int code = published->kind == PUBLISHED_QUEUE
                   ? gevent_queue_put(object, item, request->seconds)
                   : gevent_channel_put(object, item, request->seconds);
    if (code >= 0) request->got = GEVENT_TYPE_void; // the item is somebody else's
    return code;
}

ACTION(get) {
    request->got = published->items;
    return published->kind == PUBLISHED_QUEUE
               ? gevent_queue_get(object, request->seconds, &request->item)
               : gevent_channel_get(object, request->seconds, &request->item);
}

ACTION(close) {
    (void)request;
    if (published->kind == PUBLISHED_QUEUE)
        gevent_queue_close(object);
    else
        gevent_channel_close(object);
    return GREENLET_OK;
}

ACTION(wait) {
    (void)published;
    return gevent_event_wait(object, request->seconds);
}

ACTION(set) {
    (void)request, (void)published;
    gevent_event_set(object);
    return GREENLET_OK;
}

ACTION(clear) {
    (void)request, (void)published;
    gevent_event_clear(object);
    return GREENLET_OK;
}

ACTION(acquire) {
    (void)published;
    return gevent_semaphore_acquire(object, request->seconds);
}

ACTION(release) {
    (void)request, (void)published;
    return gevent_semaphore_release(object);
}

ACTION(join) {
    (void)published;
    return gevent_join(object, request->seconds);
}

ACTION(kill) {
    (void)published;
    return gevent_kill(object, request->error, request->seconds);
}

// What is sent and received is a number, which may be a pointer of C's.
static int receive(request_t *request, int code, void *value) {
    if (code != GREENLET_OK) return code;
    request->got = GEVENT_TYPE_i32;
    request->item = value;
    return code;
}

ACTION(switch) {
    (void)published;
    void *value = NULL;
    void *sent = (void *)(intptr_t)request->value.i32;
    return receive(request, greenlet_switch(object, sent, &value), value);
}

ACTION(throw) {
    (void)published;
    void *value = NULL;
    return receive(request, greenlet_throw(object, request->error, &value), value);
}

ACTION(publish) {
    (void)published, (void)object;
    return gevent_publish_task(request->name, gevent_current_task());
}

static const action_t actions[] = {{"sleep", act_sleep, OF_NOTHING, 0},
                                   {"yield", act_yield, OF_NOTHING, 0},
                                   {"put", act_put, OF_ITEMS, 0},
                                   {"get", act_get, OF_ITEMS, 0},
                                   {"close", act_close, OF_ITEMS, 0},
                                   {"wait", act_wait, OF_EVENT, 0},
                                   {"set", act_set, OF_EVENT, 0},
                                   {"clear", act_clear, OF_EVENT, 0},
                                   {"acquire", act_acquire, OF_SEMAPHORE, 0},
                                   {"release", act_release, OF_SEMAPHORE, 0},
                                   {"join", act_join, OF_TASK, 0},
                                   {"kill", act_kill, OF_TASK, 1},
                                   {"switch", act_switch, OF_GREENLET, 0},
                                   {"throw", act_throw, OF_GREENLET, 1},
                                   {"publish", act_publish, OF_NOTHING, 0}};
enum { ACTIONS = sizeof actions / sizeof *actions };

// Their names, in the order of the numbers by which JavaScript asks for them; NULL after the last.
const char *gevent_wasm_action_name(unsigned action) {
    return action < ACTIONS ? actions[action].name : NULL;
}

// ---- targets ------------------------------------------------------------------------------------

typedef struct kinds {
    const char *name;
    unsigned kinds; // a bit for each
} kinds_t;

static const kinds_t targets[] = {
    [OF_ITEMS] = {"a queue or a channel", 1 << PUBLISHED_QUEUE | 1 << PUBLISHED_CHANNEL},
    [OF_EVENT] = {"an event", 1 << PUBLISHED_EVENT},
    [OF_SEMAPHORE] = {"a semaphore", 1 << PUBLISHED_SEMAPHORE},
    [OF_TASK] = {"a task", 1 << PUBLISHED_TASK},
    [OF_GREENLET] = {"a greenlet", 1 << PUBLISHED_GREENLET}};

int request_carry_out(request_t *request) {
    const action_t *action = request->action;
    if (action->target == OF_NOTHING) return action->act(request, NULL, NULL);
    if (request->task) return action->act(request, NULL, request->task);
    const kinds_t *target = &targets[action->target];
    if (!request->name)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL), "expected the name of %s",
                              target->name);
    const published_t *found = publish_find(request->name);
    if (!found || !(target->kinds & 1U << found->kind))
        return publish_refuse(request->name, target->name);
    return action->act(request, found, found->object);
}

// ---- life ---------------------------------------------------------------------------------------

void request_begin(request_t *request, unsigned action, gevent_cell_t value) {
    request->action = &actions[action];
    if (request->action->throws)
        request->error = value.bytes.data;
    else
        request->value = value;
    const published_t *found = request->name ? publish_find(request->name) : NULL;
    if (found && request->action->act == act_put) request->sent = found->items;
}

gevent_cell_t request_answer(const request_t *request) {
    return cell_of(request->got, request->item);
}

void request_drop(void *argument) {
    request_t *request = argument;
    greenlet_error_unref(request->error);
    if (gevent_type_is_block(request->sent)) free(request->value.bytes.data);
    if (request->got != GEVENT_TYPE_i32 && request->got != GEVENT_TYPE_void) free(request->item);
    free(request->name);
    gevent_task_unref(request->task);
    *request = (request_t){0};
}
