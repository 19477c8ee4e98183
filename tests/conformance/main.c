// conformance --list, conformance --all, conformance NAME…
//
// Prints `ok NAME` or `not ok NAME` for each test, after its reasons in lines that begin with "# ".
// Time is virtual.
//
// SPDX-License-Identifier: MIT
#include "main.h"

#include <stdio.h>
#include <string.h>

#include "gevent.h"

static int list_all(void) {
    for (const test_t *test = test_list(); test; test = test->next) printf("%s\n", test->name);
    return 0;
}

static int run_those(int are_last) {
    int failed = 0;
    for (const test_t *test = test_list(); test; test = test->next)
        if (test->is_last == are_last) failed += !test_run(test);
    return failed;
}

static int run_all(void) {
    int failed = run_those(0);
    failed += run_those(1);
    return failed > 0;
}

static const test_t *find(const char *name) {
    const test_t *test = test_list();
    while (test && strcmp(test->name, name) != 0) test = test->next;
    return test;
}

static int run_named(char **names) {
    int failed = 0;
    for (; *names; names++) {
        const test_t *test = find(*names);
        if (!test) printf("# no such test\nnot ok %s\n", *names);
        failed += !test || !test_run(test);
    }
    return failed > 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: conformance --list | --all | NAME...\n");
        return 2;
    }
    if (strcmp(argv[1], "--list") == 0) return list_all();
    memory_install();
    if (gevent_use_virtual_clock() < 0 || !gevent_hub()) return 2;
    return strcmp(argv[1], "--all") == 0 ? run_all() : run_named(argv + 1);
}
