// getaddrinfo, in a thread of its own for each call.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef int resolve_fn(const char *node, const char *service, const struct addrinfo *hints,
                       struct addrinfo **result);

// A static program has none, and its getaddrinfo is libc's: this one is weak, and freeaddrinfo,
// which is needed here, brings libc's along.
void *dlsym(void *handle, const char *name) __attribute__((weak));

static resolve_fn *resolver(void) {
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    resolve_fn *function;
    memcpy(&function, &symbol, sizeof function);
    return function;
}

// Of the thread and of who waits, until both have let it go.
typedef struct query {
    resolve_fn *resolve;
    char *node, *service;
    struct addrinfo hints;
    int has_hints;
    struct addrinfo *result;
    int code, error;
    int done; // an eventfd
    atomic_int users;
} query_t;

static void let_go(void *argument) {
    query_t *query = argument;
    if (atomic_fetch_sub(&query->users, 1) > 1) return;
    if (query->result) freeaddrinfo(query->result);
    if (query->done >= 0) (void)close(query->done);
    free(query->node);
    free(query->service);
    free(query);
}

// The one who waits; perhaps before there is an answer.
static void leave(void *argument) {
    const query_t *query = argument;
    gevent_fd_closed(query->done);
    let_go(argument);
}

static void *look_up(void *argument) {
    query_t *query = argument;
    const struct addrinfo *hints = query->has_hints ? &query->hints : NULL;
    query->code = query->resolve(query->node, query->service, hints, &query->result);
    query->error = errno;
    uint64_t one = 1;
    (void)!write(query->done, &one, sizeof one);
    let_go(query);
    return NULL;
}

// 0 without memory for it.
static int copy_string(char **copy, const char *string) {
    *copy = string ? strdup(string) : NULL;
    return *copy || !string;
}

static query_t *new_query(const char *node, const char *service, const struct addrinfo *hints) {
    query_t *query = calloc(1, sizeof *query);
    if (!query) return NULL;
    query->users = 1;
    query->resolve = resolver();
    query->has_hints = hints != NULL;
    if (hints) query->hints = *hints;
    query->done = eventfd(0, EFD_CLOEXEC);
    int is_complete = query->done >= 0 && copy_string(&query->node, node) &&
                      copy_string(&query->service, service);
    if (is_complete) return query;
    let_go(query);
    return NULL;
}

static int start(query_t *query) {
    pthread_t thread;
    query->users = 2;
    if (pthread_create(&thread, NULL, look_up, query) == 0) return pthread_detach(thread);
    query->users = 1;
    return -1;
}

static int finish(query_t *query, struct addrinfo **result) {
    if (patch_wait_readable(query->done) < 0) return EAI_SYSTEM;
    *result = query->result;
    query->result = NULL;
    errno = query->error;
    return query->code;
}

static int resolve_in_thread(query_t *query, struct addrinfo **result) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, leave, query);
    int code = start(query) == 0 ? finish(query, result) : EAI_AGAIN;
    gevent_cleanup_pop(&cleanup, 1);
    return code;
}

__attribute__((weak)) int getaddrinfo(const char *node, const char *service,
                                      const struct addrinfo *hints, struct addrinfo **result) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return EAI_SYSTEM;
    if (mode == PATCH_PLAIN) return resolver()(node, service, hints, result);
    query_t *query = new_query(node, service, hints);
    return query ? resolve_in_thread(query, result) : EAI_MEMORY;
}
