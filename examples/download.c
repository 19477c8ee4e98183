// Downloads pages all at once, and counts the lines of each while they come: fetch, in blocking C.
//
//   greenlet-wasm run examples/download.c [URL…]
#include <gevent.h>
#include <gevent/io/fetch.h>
#include <stdio.h>

typedef struct page {
    const char *url;
    int32_t status, lines;
} page_t;

static int read_lines(int32_t response, page_t *page) {
    char buffer[4096];
    int count;
    while ((count = gevent_stream_read(response, buffer, sizeof buffer)) > 0) // waits
        for (int i = 0; i < count; i++) page->lines += buffer[i] == '\n';
    return count;
}

static int download(void *argument, void **result) {
    page_t *page = argument;
    int32_t response;
    (void)result;
    int code = gevent_fetch(page->url, &response);
    if (code < 0) return code;
    code = gevent_fetch_status(response, &page->status);
    if (code >= 0) code = read_lines(response, page);
    gevent_stream_close(response);
    return code;
}

int main(int argc, char **argv) {
    page_t pages[16] = {0};
    int count = argc - 1 < 16 ? argc - 1 : 16;
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, 30); // seconds; the first that fails ends the others
    if (code < 0) return 1;
    for (int i = 0; code >= 0 && i < count; i++) {
        pages[i].url = argv[i + 1];
        code = gevent_scope_spawn(&scope, download, &pages[i], NULL);
    }
    if (gevent_scope_close(&scope, code) < 0) {
        printf("%s\n", greenlet_error_message(greenlet_last_error()));
        return 1;
    }
    for (int i = 0; i < count; i++)
        printf("%s: status %d, %d lines\n", strrchr(pages[i].url, '/'), (int)pages[i].status,
               (int)pages[i].lines);
    return 0;
}
