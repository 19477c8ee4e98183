// Whether two trees have the same leaves, written for minicoro: two coroutines walk them side by
// side, each by plain recursion.
//
//   greenlet-wasm run --compat examples/compat/fringe.c
//
// SPDX-License-Identifier: MIT
#define MINICORO_IMPL
#include "minicoro.h"

#include <stdbool.h>

typedef struct tree {
    char leaf; // 0: an inner node
    const struct tree *left, *right;
} tree_t;

static const tree_t a = {'a', NULL, NULL}, b = {'b', NULL, NULL}, c = {'c', NULL, NULL};
static const tree_t ab = {0, &a, &b}, bc = {0, &b, &c}, ac = {0, &a, &c};
static const tree_t ab_c = {0, &ab, &c}, a_bc = {0, &a, &bc}, ac_b = {0, &ac, &b};

static void visit(mco_coro *co, const tree_t *tree) {
    if (!tree->leaf) {
        visit(co, tree->left);
        visit(co, tree->right);
        return;
    }
    mco_push(co, &tree->leaf, 1);
    mco_yield(co);
}

static void walk(mco_coro *co) {
    const tree_t *const *tree = mco_get_user_data(co);
    visit(co, *tree);
}

// 0 when there is none left.
static char next_leaf(mco_coro *co) {
    char leaf = 0;
    mco_resume(co);
    if (mco_status(co) != MCO_DEAD) mco_pop(co, &leaf, 1);
    return leaf;
}

static mco_coro *start(const tree_t **tree) {
    mco_coro *co;
    mco_desc desc = mco_desc_init(walk, 0);
    desc.user_data = tree;
    mco_result result = mco_create(&co, &desc);
    if (result != MCO_SUCCESS) printf("%s\n", mco_result_description(result));
    return co;
}

static bool have_same_leaves(const tree_t *one, const tree_t *other) {
    mco_coro *walkers[] = {start(&one), start(&other)};
    char leaf;
    bool are_same;
    do {
        leaf = next_leaf(walkers[0]);
        are_same = leaf == next_leaf(walkers[1]);
    } while (leaf && are_same);
    for (int i = 0; i < 2; i++) mco_destroy(walkers[i]); // one may be in the middle of its tree
    return are_same;
}

int main(void) {
    printf("((a b) c) and (a (b c)): %s\n", have_same_leaves(&ab_c, &a_bc) ? "same" : "different");
    printf("((a b) c) and ((a c) b): %s\n", have_same_leaves(&ab_c, &ac_b) ? "same" : "different");
    printf("((a b) c) and (a b): %s\n", have_same_leaves(&ab_c, &ab) ? "same" : "different");
    return 0;
}
