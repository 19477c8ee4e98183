// All greenlets, for people and for programs.
//
// SPDX-License-Identifier: MIT
#include "dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../memory.h"
#include "report.h"
#include "task_internal.h"

// ---- what there is to say of one ----------------------------------------------------------------

static int has_stack(const greenlet_t *greenlet) {
    return greenlet->context.low != NULL;
}

static size_t stack_of(const greenlet_t *greenlet) {
    return has_stack(greenlet) ? (size_t)(greenlet->context.high - greenlet->context.low) : 0;
}

// Its frames may be in a chunk beside its stack.
static size_t bytes_of(const greenlet_t *greenlet) {
    size_t bytes = sizeof *greenlet + stack_of(greenlet) + greenlet->context.chunk_size;
    if (greenlet->name) bytes += strlen(greenlet->name) + 1;
    return task_of(greenlet) ? bytes + sizeof(gevent_task_t) : bytes;
}

static const char *state_of(const greenlet_t *greenlet) {
    const wait_t *wait = greenlet->wait;
    if (greenlet->state == STATE_NEW) return "new";
    if (greenlet->state == STATE_DEAD) return "dead";
    if (greenlet == greenlet_current()) return "running";
    if (!wait) return "suspended";
    return wait_is_about_to_end(wait) ? "ready" : "waiting";
}

// NULL if it was not said.
static const char *spawn_site(const greenlet_t *greenlet) {
    const gevent_task_t *task = task_of(greenlet);
    return task ? task->site : NULL;
}

static int is_stuck(const greenlet_t *greenlet) {
    return greenlet->wait && greenlet->wait->mark == WAIT_STUCK;
}

// ---- as a line ----------------------------------------------------------------------------------

static void add_state(text_t *text, const hub_t *hub, const greenlet_t *greenlet) {
    const char *state = state_of(greenlet);
    if (strcmp(state, "waiting") == 0)
        report_wait(text, hub, greenlet->wait);
    else
        text_add(text, "is %s", state);
    if (is_stuck(greenlet)) text_add(text, ", for ever");
}

static void add_line(text_t *text, const hub_t *hub, const greenlet_t *greenlet, int depth) {
    const char *parked_at = greenlet_parked_at(greenlet);
    text_add(text, "%*s%s #%" PRIu64 " ", 2 * depth, "", greenlet_name(greenlet), greenlet->id);
    add_state(text, hub, greenlet);
    if (has_stack(greenlet))
        text_add(text, "; stack %zu B, %zu used", stack_of(greenlet),
                 greenlet_parked_bytes(greenlet));
    if (spawn_site(greenlet)) text_add(text, "; spawned at %s", spawn_site(greenlet));
    if (parked_at) text_add(text, "; parked at %s", parked_at);
    text_add(text, "\n");
}

// The main greenlet's stack is not the library's, so that one is left out of what they take.
static void add_total(text_t *text, const hub_t *hub) {
    size_t count = 1, bytes = 0;
    for (const greenlet_t *each = greenlet_thread()->first_live; each; each = each->next_live) {
        count++;
        bytes += bytes_of(each);
    }
    text_add(text, "%zu greenlets, %zu of them tasks that have not finished; %zu B", count,
             hub->tasks, bytes);
    if (count > 1) text_add(text, ", %zu B each", bytes / (count - 1));
}

// ---- as a forest --------------------------------------------------------------------------------

typedef struct node {
    const greenlet_t *greenlet;
    size_t next_child; // among the nodes, which are sorted by who made them
    struct node *above;
    int is_shown;
} node_t;

static int compare(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

static int by_creator_and_id(const void *a, const void *b) {
    const greenlet_t *left = ((const node_t *)a)->greenlet;
    const greenlet_t *right = ((const node_t *)b)->greenlet;
    int order = compare(left->creator, right->creator);
    return order ? order : compare(left->id, right->id);
}

// The first that was made by `creator` or somebody after it.
static size_t find_first(const node_t *nodes, size_t count, uint64_t creator) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (nodes[middle].greenlet->creator < creator)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static node_t *make_nodes(size_t count) {
    node_t *nodes = memory_alloc_zeroed(count * sizeof *nodes);
    if (!nodes) return NULL;
    const greenlet_thread_t *thread = greenlet_thread();
    node_t *node = nodes;
    (node++)->greenlet = &thread->main;
    for (const greenlet_t *each = thread->first_live; each; each = each->next_live)
        (node++)->greenlet = each;
    qsort(nodes, count, sizeof *nodes, by_creator_and_id);
    for (size_t i = 0; i < count; i++)
        nodes[i].next_child = find_first(nodes, count, nodes[i].greenlet->id);
    return nodes;
}

static node_t *take_child(node_t *nodes, size_t count, node_t *node) {
    size_t next = node->next_child;
    if (next >= count || nodes[next].greenlet->creator != node->greenlet->id) return NULL;
    node->next_child++;
    nodes[next].above = node;
    return &nodes[next];
}

// Not by recursion: a chain may be long.
static void add_tree(text_t *text, const hub_t *hub, node_t *nodes, size_t count, node_t *root) {
    int depth = 0;
    for (node_t *node = root; node;) {
        if (!node->is_shown) add_line(text, hub, node->greenlet, depth);
        node->is_shown = 1;
        node_t *child = take_child(nodes, count, node);
        node = child ? child : node->above;
        depth += child ? 1 : -1;
    }
}

// Whoever made a node comes before it. So one that is in no tree yet was made by nobody who is
// left.
static void add_forest(text_t *text, const hub_t *hub, node_t *nodes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!nodes[i].is_shown) add_tree(text, hub, nodes, count, &nodes[i]);
}

static void add_list(text_t *text, const hub_t *hub) {
    const greenlet_thread_t *thread = greenlet_thread();
    add_line(text, hub, &thread->main, 0);
    for (const greenlet_t *each = thread->first_live; each; each = each->next_live)
        add_line(text, hub, each, 0);
}

size_t gevent_dump(char *buffer, size_t size) {
    text_t text = text_in(buffer, size);
    hub_t *hub = hub_get();
    if (!hub) return 0;
    hub_update_now(hub);
    stuck_mark(hub);
    size_t count = greenlet_thread()->live + 1;
    node_t *nodes = make_nodes(count);
    if (nodes)
        add_forest(&text, hub, nodes, count);
    else
        add_list(&text, hub);
    memory_free(nodes);
    add_total(&text, hub);
    return text.length;
}

// ---- as JSON ------------------------------------------------------------------------------------

static void add_string(text_t *text, const char *key, const char *value) {
    text_add(text, ",\"%s\":", key);
    text_add_json(text, value);
}

static void add_id(text_t *text, const char *key, uint64_t id) {
    if (id)
        text_add(text, ",\"%s\":%" PRIu64, key, id);
    else
        text_add(text, ",\"%s\":null", key);
}

static void add_wait(text_t *text, const hub_t *hub, const wait_t *wait) {
    text_add(text, ",\"wait\":");
    if (!wait) {
        text_add(text, "null");
        return;
    }
    text_add(text, "{\"seconds\":%.9f", (double)(hub->now - wait->since) / 1e9);
    add_string(text, "in", wait->what);
    const greenlet_t *whom = wait_whom(wait);
    add_string(text, "for", whom ? greenlet_name(whom) : wait->name);
    add_id(text, "id", whom ? whom->id : 0);
    text_add(text, "}");
}

static void add_object(text_t *text, const hub_t *hub, const greenlet_t *greenlet) {
    text_add(text, "{\"id\":%" PRIu64, greenlet->id);
    add_string(text, "name", greenlet_name(greenlet));
    add_id(text, "parent", greenlet->parent ? greenlet->parent->id : 0);
    add_id(text, "creator", greenlet->creator);
    add_string(text, "spawned_at", spawn_site(greenlet));
    add_string(text, "parked_at", greenlet_parked_at(greenlet));
    add_string(text, "state", state_of(greenlet));
    add_wait(text, hub, greenlet->wait);
    text_add(text, ",\"is_stuck\":%s", is_stuck(greenlet) ? "true" : "false");
    text_add(text, ",\"stack\":%zu,\"used\":%zu,\"bytes\":%zu}", stack_of(greenlet),
             greenlet_parked_bytes(greenlet), bytes_of(greenlet));
}

size_t gevent_dump_json(char *buffer, size_t size) {
    text_t text = text_in(buffer, size);
    hub_t *hub = hub_get();
    if (!hub) return 0;
    stuck_mark(hub);
    text_add(&text, "{\"now\":%.9f,\"virtual\":%s,\"tasks\":%zu,\"greenlets\":[",
             (double)hub_update_now(hub) / 1e9, hub->loop->is_virtual ? "true" : "false",
             hub->tasks);
    const greenlet_thread_t *thread = greenlet_thread();
    add_object(&text, hub, &thread->main);
    for (const greenlet_t *each = thread->first_live; each; each = each->next_live) {
        text_add(&text, ",");
        add_object(&text, hub, each);
    }
    text_add(&text, "]}");
    return text.length;
}
