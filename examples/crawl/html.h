// A scanner of HTML bytes: how many words a page has, and where its links lead. What it takes for a
// tag, a word or a link is said at the top of reference.js.
//
// SPDX-License-Identifier: MIT
#ifndef CRAWL_HTML_H
#define CRAWL_HTML_H

#include <stddef.h>
#include <string.h>
#include <strings.h>

// Told of each link, as it is spelt in the page. Negative ends the scan.
typedef int (*html_link_fn)(void *context, const char *href, size_t length);

typedef struct html_span {
    const char *text; // NULL: there is none
    size_t length;
} html_span_t;

static inline int html_is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static inline int html_is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline int html_is_word(char c) {
    return html_is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static inline int html_starts(const char *at, const char *end, const char *text) {
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && strncasecmp(at, text, length) == 0;
}

// Where `text` begins next, or the end.
static inline const char *html_find(const char *at, const char *end, const char *text) {
    while (at < end && !html_starts(at, end, text)) at++;
    return at;
}

static inline const char *html_behind(const char *at, const char *end, const char *text) {
    at = html_find(at, end, text);
    return at < end ? at + strlen(text) : end;
}

static inline const char *html_skip_space(const char *at, const char *end) {
    while (at < end && html_is_space(*at)) at++;
    return at;
}

static inline int html_is(html_span_t span, const char *name) {
    return span.length == strlen(name) && strncasecmp(span.text, name, span.length) == 0;
}

// A name ends at space, "/", ">" or, that of an attribute, at "=".
static inline html_span_t html_name(const char *at, const char *end, char stop) {
    const char *start = at;
    while (at < end && !html_is_space(*at) && *at != '/' && *at != '>' && *at != stop) at++;
    return (html_span_t){start, (size_t)(at - start)};
}

// The value that begins at *at; leaves *at behind it.
static inline html_span_t html_value(const char **at, const char *end) {
    const char *start = *at;
    char quote = start < end && (*start == '"' || *start == '\'') ? *start++ : '\0';
    const char *stop = start;
    while (stop < end && (quote ? *stop != quote : *stop != '>' && !html_is_space(*stop))) stop++;
    *at = quote && stop < end ? stop + 1 : stop;
    return (html_span_t){start, (size_t)(stop - start)};
}

// Goes behind the tag whose attributes begin at `at`; finds its href.
static inline const char *html_attributes(const char *at, const char *end, html_span_t *href) {
    while (at < end) {
        if (*at == '>') return at + 1;
        if (html_is_space(*at) || *at == '/') {
            at++;
            continue;
        }
        html_span_t name = html_name(at, end, '=');
        at += name.length;
        const char *sign = html_skip_space(at, end);
        if (sign == end || *sign != '=') continue;
        at = html_skip_space(sign + 1, end);
        html_span_t value = html_value(&at, end);
        if (!href->text && html_is(name, "href")) *href = value;
    }
    return end;
}

// Scans a whole page. Counts its words; returns 0, or what `link` returned if that was negative.
static inline int html_scan(const char *at, const char *end, html_link_fn link, void *context,
                            size_t *words) {
    for (*words = 0; at < end;) {
        if (html_is_word(*at)) {
            ++*words;
            while (at < end && html_is_word(*at)) at++;
            continue;
        }
        const char *start = at++;
        if (*start != '<' || at == end) continue;
        if (html_starts(start, end, "<!--")) {
            at = html_behind(start + 4, end, "-->");
            continue;
        }
        if (*at == '!' || *at == '?') {
            at = html_behind(at, end, ">");
            continue;
        }
        int closing = *at == '/';
        html_span_t name = html_name(at + closing, end, '>');
        if (name.length == 0 || !html_is_letter(*name.text)) continue;
        html_span_t href = {NULL, 0};
        at = html_attributes(name.text + name.length, end, &href);
        if (closing) continue;
        if (href.text && html_is(name, "a")) {
            int status = link(context, href.text, href.length);
            if (status < 0) return status;
        }
        if (html_is(name, "script")) at = html_find(at, end, "</script");
        if (html_is(name, "style")) at = html_find(at, end, "</style");
    }
    return 0;
}

#endif
