// A web crawler: 50 greenlets take addresses from one frontier, fetch, read, and put back what they
// found. Each is plain C that waits where it has to; there is no callback and no state machine.
//
//   greenlet-wasm run examples/crawl.c --imports examples/crawl/crawl.js [URL] [WORKERS [SECONDS]]
//
// Without a URL it crawls a site on the loopback interface that has slow pages, broken connections
// and redirects that go in circles (crawl/server.js). It does so twice, with one worker and with
// all of them, and checks that both saw the same. What the numbers mean: crawl/reference.js.
//
// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crawl/html.h"
#include "crawl/url.h"
#include "gevent.h"

// Resolves to "STATUS CONTENT-TYPE FINAL-URL\n" and the body (crawl/crawl.js).
GEVENT_IMPORT(bytes, crawl, fetch_page, string)

#define BUCKETS 1024

typedef struct page {
    char *path; // with the query
    int status; // HTTP; 0: no answer
    int html, moved;
    size_t bytes, words, links;
    greenlet_error_t *failure; // why there is no answer
    struct page *next_found, *next_in_bucket;
} page_t;

typedef struct crawl {
    char *origin;
    double timeout, seconds;
    page_t *first, **end; // in the order in which they were found
    page_t **frontier;    // from here on nobody has taken them
    size_t count, busy;
    gevent_event_t changed;
    page_t *buckets[BUCKETS];
} crawl_t;

// FNV-1a.
static uint64_t hash(uint64_t value, const char *text) {
    for (; *text; text++) value = (value ^ (unsigned char)*text) * 0x100000001b3u;
    return value;
}
#define HASH_START 0xcbf29ce484222325u

// ---- the frontier -------------------------------------------------------------------------------

// Adds a page, unless it is known. Takes the string.
static int frontier_add(crawl_t *crawl, char *path) {
    page_t **place = &crawl->buckets[hash(HASH_START, path) % BUCKETS];
    for (; *place; place = &(*place)->next_in_bucket) {
        if (strcmp((*place)->path, path) == 0) {
            free(path);
            return GREENLET_OK;
        }
    }
    page_t *page = calloc(1, sizeof *page);
    if (!page) {
        free(path);
        return greenlet_fail(GREENLET_ENOMEM);
    }
    page->path = path;
    *place = *crawl->end = page;
    crawl->end = &page->next_found;
    crawl->count++;
    return GREENLET_OK;
}

// Adds where a link of the page `base` leads, if that is on the site.
static int frontier_add_link(crawl_t *crawl, const char *base, const char *href, size_t length) {
    char *path;
    int found = url_resolve(crawl->origin, base, href, length, &path);
    if (found < 0) return greenlet_fail(GREENLET_ENOMEM);
    return found ? frontier_add(crawl, path) : GREENLET_OK;
}

// Waits for a page that nobody has taken. 0: there will be none.
static int frontier_take(crawl_t *crawl, page_t **page) {
    while (!*crawl->frontier && crawl->busy > 0) {
        gevent_event_clear(&crawl->changed);
        int status = gevent_event_wait(&crawl->changed, GEVENT_FOREVER);
        if (status < 0) return status;
    }
    *page = *crawl->frontier;
    if (!*page) return 0;
    crawl->frontier = &(*page)->next_found;
    crawl->busy++;
    return 1;
}

static void frontier_done(crawl_t *crawl) {
    crawl->busy--;
    gevent_event_set(&crawl->changed);
}

// ---- one page -----------------------------------------------------------------------------------

typedef struct reading {
    crawl_t *crawl;
    page_t *page;
} reading_t;

static int on_link(void *context, const char *href, size_t length) {
    reading_t *reading = context;
    reading->page->links++;
    return frontier_add_link(reading->crawl, reading->page->path, href, length);
}

// Takes what fetch_page resolved to.
static int read_answer(crawl_t *crawl, page_t *page, char *answer, size_t size) {
    char *end = answer + size;
    char *body = size ? memchr(answer, '\n', size) : NULL;
    if (!body) return greenlet_raise(&GREENLET_ERROR, "no header before %s", page->path);
    *body++ = '\0';
    page->status = (int)strtol(answer, NULL, 10);
    char *type = answer + strcspn(answer, " ");
    if (*type) type++;
    char *final = type + strcspn(type, " ");
    if (*final) *final++ = '\0';

    size_t origin = strlen(crawl->origin);
    page->moved =
        strncmp(final, crawl->origin, origin) != 0 || strcmp(final + origin, page->path) != 0;
    if (page->moved) return frontier_add_link(crawl, page->path, final, strlen(final));
    page->bytes = (size_t)(end - body);
    page->html = page->status < 400 && strcmp(type, "text/html") == 0;
    reading_t reading = {crawl, page};
    return page->html ? html_scan(body, end, on_link, &reading, &page->words) : GREENLET_OK;
}

// The lines for which greenlets are here: a call that takes as long as it takes, with a time limit
// around it, and what comes out of it is looked at on the next line.
static int fetch(const char *url, double seconds, gevent_bytes_t *answer) {
    gevent_timeout_t limit = {0};
    int status = gevent_timeout_start(&limit, seconds);
    if (status < 0) return status;
    status = fetch_page(url, answer);
    gevent_timeout_cancel(&limit);
    return status;
}

static int visit(crawl_t *crawl, page_t *page) {
    size_t size = strlen(crawl->origin) + strlen(page->path) + 1;
    char *url = malloc(size);
    if (!url) return greenlet_fail(GREENLET_ENOMEM);
    snprintf(url, size, "%s%s", crawl->origin, page->path);
    gevent_bytes_t answer = {NULL, 0};
    int status = fetch(url, crawl->timeout, &answer);
    free(url);
    if (status == GREENLET_EEXPIRED || status == GREENLET_EREJECTED) {
        page->failure = greenlet_error_take();
        return GREENLET_OK;
    }
    if (status >= 0) status = read_answer(crawl, page, answer.data, answer.size);
    free(answer.data);
    return status;
}

static void show_progress(const crawl_t *crawl) {
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%zu pages, %zu busy ", crawl->count, crawl->busy);
}

static int work(void *argument, void **result) {
    (void)result;
    crawl_t *crawl = argument;
    page_t *page;
    int status;
    while ((status = frontier_take(crawl, &page)) > 0) {
        status = visit(crawl, page);
        frontier_done(crawl);
        show_progress(crawl);
        if (status < 0) break;
    }
    return status;
}

// ---- a whole site -------------------------------------------------------------------------------

// Joins those that were spawned, whatever becomes of them. Returns the first failure.
static int join_all(gevent_task_t **tasks, size_t count) {
    int first = GREENLET_OK;
    for (size_t i = 0; i < count; i++) {
        int status = gevent_get(tasks[i], GEVENT_FOREVER, NULL);
        if (first >= 0) first = status;
        gevent_task_unref(tasks[i]);
    }
    return first;
}

static int crawl_site(crawl_t *crawl, const char *url, size_t workers) {
    double start = gevent_now();
    gevent_task_t **tasks = calloc(workers, sizeof *tasks);
    if (!tasks) return greenlet_fail(GREENLET_ENOMEM);
    size_t spawned = 0;
    int status = frontier_add_link(crawl, "/", url, strlen(url));
    while (status >= 0 && spawned < workers) {
        status = gevent_spawn(work, crawl, &tasks[spawned]);
        if (status >= 0) spawned++;
    }
    int joined = join_all(tasks, spawned);
    free(tasks);
    crawl->seconds = gevent_now() - start;
    return status < 0 ? status : joined;
}

// The origin is what is in front of the path: "http://127.0.0.1:8080". -1 if it is none.
static int crawl_init(crawl_t *crawl, const char *url, double timeout) {
    const char *host = strstr(url, "://");
    if (!host) return -1;
    size_t length = (size_t)(host - url) + 3 + strcspn(host + 3, "/?#");
    *crawl = (crawl_t){.timeout = timeout, .origin = malloc(length + 1)};
    if (!crawl->origin) return -1;
    memcpy(crawl->origin, url, length);
    crawl->origin[length] = '\0';
    crawl->end = crawl->frontier = &crawl->first;
    gevent_event_init(&crawl->changed);
    return 0;
}

static void crawl_free(crawl_t *crawl) {
    for (page_t *page = crawl->first, *next; page; page = next) {
        next = page->next_found;
        greenlet_error_unref(page->failure);
        free(page->path);
        free(page);
    }
    free(crawl->origin);
}

// ---- the report ---------------------------------------------------------------------------------

static size_t directory_length(const page_t *page) {
    size_t length = strcspn(page->path, "?");
    while (page->path[length - 1] != '/') length--;
    return length;
}

static int same_directory(const page_t *a, const page_t *b) {
    size_t length = directory_length(a);
    return length == directory_length(b) && memcmp(a->path, b->path, length) == 0;
}

static int compare_pages(const void *left, const void *right) {
    const page_t *a = *(page_t *const *)left, *b = *(page_t *const *)right;
    size_t a_length = directory_length(a), b_length = directory_length(b);
    int order = memcmp(a->path, b->path, a_length < b_length ? a_length : b_length);
    if (order == 0 && a_length != b_length) return a_length < b_length ? -1 : 1;
    return order ? order : strcmp(a->path, b->path);
}

static const char *outcome(const page_t *page, char buffer[12]) {
    if (greenlet_error_is(page->failure, &GREENLET_TIMEOUT)) return "timeout";
    if (page->failure) return greenlet_error_message(page->failure);
    if (page->moved) return "redirect";
    snprintf(buffer, 12, "%d", page->status);
    return buffer;
}

static uint64_t digest(page_t *const *pages, size_t count) {
    uint64_t value = HASH_START;
    for (size_t i = 0; i < count; i++) {
        const page_t *page = pages[i];
        char status[12], numbers[80];
        value = hash(hash(value, page->path), " ");
        value = hash(value, outcome(page, status));
        snprintf(numbers, sizeof numbers, " %zu %zu %zu\n", page->bytes, page->words, page->links);
        value = hash(value, numbers);
    }
    return value;
}

static void print_row(const char *name, size_t length, page_t *const *pages, size_t count) {
    size_t html = 0, bytes = 0, words = 0, links = 0, other = 0, moved = 0, broken = 0, failed = 0;
    for (size_t i = 0; i < count; i++) {
        const page_t *page = pages[i];
        int good = !page->failure && !page->moved && page->status < 400;
        html += (size_t)page->html;
        bytes += page->bytes;
        words += page->words;
        links += page->links;
        other += good && !page->html;
        moved += page->moved != 0;
        failed += page->failure != NULL;
        broken += !good && !page->moved && !page->failure;
    }
    printf("%-28.*s%6zu%9zu%8zu%7zu%6zu%6zu%7zu%7zu\n", (int)length, name, html, bytes, words,
           links, other, moved, broken, failed);
}

static void print_table(page_t *const *pages, size_t count) {
    printf("%-28s%6s%9s%8s%7s%6s%6s%7s%7s\n", "directory", "pages", "bytes", "words", "links",
           "other", "moved", "broken", "failed");
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && same_directory(pages[i], pages[next]);) next++;
        print_row(pages[i]->path, directory_length(pages[i]), pages + i, next - i);
    }
    print_row("total", strlen("total"), pages, count);
    putchar('\n');
    for (size_t i = 0; i < count; i++) {
        char status[12];
        if (pages[i]->failure || pages[i]->moved || pages[i]->status >= 400)
            printf("%-20s%s\n", outcome(pages[i], status), pages[i]->path);
    }
    putchar('\n');
}

// The pages, sorted: an array for the caller to free; NULL if there is no memory.
static page_t **sorted(const crawl_t *crawl) {
    page_t **pages = malloc((crawl->count + 1) * sizeof *pages);
    if (!pages) return NULL;
    size_t count = 0;
    for (page_t *page = crawl->first; page; page = page->next_found) pages[count++] = page;
    qsort(pages, count, sizeof *pages, compare_pages);
    return pages;
}

// 0 if both crawls saw the same.
static int report(const crawl_t *alone, const crawl_t *together) {
    page_t **expected = sorted(alone), **pages = sorted(together);
    int same = 0;
    if (expected && pages) {
        uint64_t value = digest(pages, together->count);
        same = value == digest(expected, alone->count);
        print_table(pages, together->count);
        printf("digest %016" PRIx64 "\n", value);
        if (!same) fprintf(stderr, "crawl: the two crawls differ\n");
    }
    free(expected);
    free(pages);
    return same ? 0 : -1;
}

int main(int argc, char **argv) {
    static crawl_t alone, together;
    const char *url = argc > 1 ? argv[1] : "";
    long workers = argc > 2 ? strtol(argv[2], NULL, 10) : 50;
    double timeout = argc > 3 ? strtod(argv[3], NULL) : 1.0;
    if (workers < 1 || crawl_init(&alone, url, timeout) < 0 ||
        crawl_init(&together, url, timeout) < 0) {
        fprintf(stderr, "usage: crawl URL [WORKERS [SECONDS]]\n");
        return 2;
    }
    int status = crawl_site(&alone, url, 1);
    if (status >= 0) status = crawl_site(&together, url, (size_t)workers);
    if (isatty(STDERR_FILENO)) fputc('\n', stderr);
    if (status < 0) fprintf(stderr, "crawl: %s\n", greenlet_error_message(greenlet_last_error()));
    if (status >= 0) status = report(&alone, &together);
    if (status >= 0)
        printf("concurrent: %.1f times faster than one after the other\n",
               alone.seconds / together.seconds);
    crawl_free(&alone);
    crawl_free(&together);
    return status < 0;
}
