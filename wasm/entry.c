// Entries: as the hub, as the main greenlet, as a fresh root.
//
// SPDX-License-Identifier: MIT
#include "entry.h"

#include "../src/gevent/wait.h"
#include "context_asyncify.h"

uint32_t host_main_stack_size = 1 << 20;

static int depth; // entries that have not returned

int host_is_at_rest(void) {
    return depth == 0;
}

// ---- as the hub ---------------------------------------------------------------------------------

void host_enter_hub(void (*function)(hub_t *hub, void *argument), void *argument) {
    hub_t *hub = hub_get();
    greenlet_entry_t entry;
    depth++;
    hub->is_synchronous = 0;
    greenlet_enter(&entry, hub->greenlet, &greenlet_thread()->main);
    function(hub, argument);
    greenlet_leave(&entry, hub->greenlet);
    host_rest();
    depth--;
}

void host_rest(void) {
    hub_get()->is_synchronous = 1;
}

// ---- as main ------------------------------------------------------------------------------------

typedef struct main_call {
    void (*function)(void *argument);
    void *argument;
} main_call_t;

// What main's stack runs. It ends in the hub, whatever it was that went to it.
static main_call_t main_call;

static int run_main(void *value, void **result) {
    (void)value, (void)result;
    hub_t *hub = hub_get();
    main_call_t call = main_call;
    if (greenlet_arrive(NULL) >= 0) call.function(call.argument);
    greenlet_depart(&greenlet_thread()->main, hub->greenlet);
    return GREENLET_OK;
}

static int prepare_main(void (*function)(void *argument), void *argument) {
    main_call = (main_call_t){function, argument};
    return context_make(&greenlet_thread()->main.context, host_main_stack_size, run_main, NULL);
}

static void switch_to_main(hub_t *hub, void *argument) {
    (void)hub, (void)argument;
    hub_switch(&greenlet_thread()->main, NULL);
}

// The call would have to wait: main switched to a greenlet that went to the hub and not back.
static greenlet_error_t *make_would_block(const hub_t *hub) {
    const greenlet_error_type_t *type = greenlet_error_type_of(GREENLET_EWOULDBLOCK);
    if (list_is_empty(&hub->waits)) return greenlet_error_new(type, NULL);
    const wait_t *last = LIST_ITEM(hub->waits.previous, const wait_t, all);
    return greenlet_error_new(
        type, "a synchronous call would have to wait for '%s', which has begun to wait in %s",
        greenlet_name(last->greenlet), last->what);
}

static void call_main_back(const hub_t *hub) {
    greenlet_t *main = &greenlet_thread()->main;
    greenlet_error_t *error = make_would_block(hub);
    while (context_alive(&main->context)) hub_throw(main, error);
    greenlet_error_unref(error);
}

static void run_synchronously(hub_t *hub, void *argument) {
    hub->is_synchronous = 1;
    switch_to_main(hub, argument);
    call_main_back(hub);
    hub->is_synchronous = 0;
}

int host_run_as_main(void (*function)(void *argument), void *argument) {
    int code = prepare_main(function, argument);
    if (code < 0) return code;
    host_enter_hub(run_synchronously, NULL);
    return GREENLET_OK;
}

int host_start_main(void (*function)(void *argument)) {
    int code = prepare_main(function, NULL);
    if (code < 0) return code;
    host_enter_hub(switch_to_main, NULL);
    return GREENLET_OK;
}

// ---- as a fresh root ----------------------------------------------------------------------------

int host_run_as_root(void (*function)(void *argument), void *argument) {
    greenlet_t *root = greenlet_new_root();
    if (!root) return GREENLET_ENOMEM;
    greenlet_entry_t entry;
    depth++;
    greenlet_enter(&entry, root, root);
    context_call_on_base(function, argument);
    greenlet_leave(&entry, root);
    depth--;
    root->state = STATE_DEAD;
    greenlet_unref(root);
    return GREENLET_OK;
}
