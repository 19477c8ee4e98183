// SPDX-License-Identifier: MIT
#include "timer_heap.h"

#include <stddef.h>

static int comes_before(const timer_node_t *a, const timer_node_t *b) {
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->sequence < b->sequence;
}

// Puts a subtree where `place` points.
static void hang(timer_node_t **place, timer_node_t *tree) {
    *place = tree;
    if (tree) tree->place = place;
}

// Two trees become one; the earlier root gets the other as its first child.
static timer_node_t *meld(timer_node_t *a, timer_node_t *b) {
    if (!a) return b;
    if (!b) return a;
    if (comes_before(b, a)) {
        timer_node_t *swap = a;
        a = b;
        b = swap;
    }
    hang(&b->sibling, a->child);
    hang(&a->child, b);
    return a;
}

// Melds siblings in pairs from the left, then the pairs from the right. The pairs are kept in a
// list through `sibling`, last first.
static timer_node_t *meld_siblings(timer_node_t *tree) {
    timer_node_t *pairs = NULL;
    while (tree) {
        timer_node_t *second = tree->sibling;
        timer_node_t *rest = second ? second->sibling : NULL;
        tree->sibling = NULL;
        if (second) second->sibling = NULL;
        timer_node_t *pair = meld(tree, second);
        pair->sibling = pairs;
        pairs = pair;
        tree = rest;
    }
    timer_node_t *melded = NULL;
    while (pairs) {
        timer_node_t *rest = pairs->sibling;
        pairs->sibling = NULL;
        melded = meld(melded, pairs);
        pairs = rest;
    }
    return melded;
}

void timer_add(timer_heap_t *heap, timer_node_t *timer, int64_t deadline) {
    timer->deadline = deadline;
    timer->sequence = ++heap->last_sequence;
    timer->child = timer->sibling = NULL;
    hang(&heap->first, meld(heap->first, timer));
}

// Whatever was below it takes its place, beside its later siblings.
void timer_remove(timer_node_t *timer) {
    if (!timer->place) return;
    timer_node_t **place = timer->place;
    timer_node_t *sibling = timer->sibling;
    timer_node_t *below = meld_siblings(timer->child);
    if (below) {
        below->sibling = NULL;
        hang(&below->sibling, sibling);
        hang(place, below);
    } else {
        hang(place, sibling);
    }
    timer->child = timer->sibling = NULL;
    timer->place = NULL;
}
