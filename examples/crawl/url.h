// From a link as it is spelt in a page to the path (with its query) by which a page of the site is
// known. The rules are at the top of reference.js.
//
// SPDX-License-Identifier: MIT
#ifndef CRAWL_URL_H
#define CRAWL_URL_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Reads "&amp;" and "&#38;" as "&". `out` has room for `length` bytes; returns how many it got.
static inline size_t url_decode(const char *href, size_t length, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        out[n++] = href[i];
        if (length - i >= 5 && memcmp(href + i, "&amp;", 5) == 0) i += 4;
        if (length - i >= 5 && memcmp(href + i, "&#38;", 5) == 0) i += 4;
    }
    return n;
}

// Writes all that is not printable ASCII as %XX. `out` has room for three times the length, and 1.
static inline void url_encode(const char *text, size_t length, char *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte > 0x20 && byte < 0x7f) {
            *out++ = text[i];
            continue;
        }
        *out++ = '%';
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    *out = '\0';
}

// The link that an href means: a new string, NULL if there is no memory.
static inline char *url_clean(const char *href, size_t length) {
    char *link = malloc(4 * length + 1);
    if (!link) return NULL;
    char *text = link + 3 * length + 1; // of url_encode's output nothing reaches it
    size_t n = url_decode(href, length, text);
    while (n > 0 && (unsigned char)text[n - 1] <= 0x20) n--;
    for (; n > 0 && (unsigned char)*text <= 0x20; n--) text++;
    const char *fragment = memchr(text, '#', n);
    url_encode(text, fragment ? (size_t)(fragment - text) : n, link);
    return link;
}

static inline int url_has_scheme(const char *link) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length =
        strspn(link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return *link && strchr(letters, *link) && link[length] == ':';
}

// What of an absolute link follows the site's origin; NULL if it leads elsewhere.
static inline const char *url_behind(const char *origin, const char *link) {
    size_t length = strlen(origin);
    if (strncasecmp(link, origin, length) != 0) return NULL;
    return link[length] && !strchr("/?", link[length]) ? NULL : link + length;
}

// Removes the segments "." and ".." from a path that begins with "/".
static inline void url_remove_dots(char *path) {
    const char *query = path + strcspn(path, "?");
    char *out = path; // behind the last segment that is kept
    int dots = 0;
    for (const char *in = path; in < query;) {
        size_t length = 1 + strcspn(in + 1, "/?");
        int up = length == 3 && memcmp(in, "/..", 3) == 0;
        dots = up || (length == 2 && in[1] == '.');
        while (up && out > path && *--out != '/') continue;
        if (!dots) {
            memmove(out, in, length);
            out += length;
        }
        in += length;
    }
    if (dots) *out++ = '/';
    memmove(out, query, strlen(query) + 1);
}

// How much of a page's path and query is kept in front of the link.
static inline size_t url_kept(const char *base, const char *link) {
    if (*link == '\0') return strlen(base);
    if (*link == '/') return 0;
    size_t length = strcspn(base, "?");
    if (*link == '?') return length;
    while (length > 0 && base[length - 1] != '/') length--;
    return length;
}

// Resolves a link of the page `base`. Returns 1, with a new string in *path; 0 if the link leads
// away from the site; -1 if there is no memory.
static inline int url_resolve(const char *origin, const char *base, const char *href, size_t length,
                              char **path) {
    char *link = url_clean(href, length);
    if (!link) return -1;
    const char *rest = link;
    if (strncmp(link, "//", 2) == 0)
        rest = url_behind(strchr(origin, '/'), link);
    else if (url_has_scheme(link))
        rest = url_behind(origin, link);
    int result = 0;
    if (rest) {
        const char *from = rest == link ? base : "/";
        size_t kept = url_kept(from, rest);
        char *joined = malloc(kept + strlen(rest) + 1);
        result = joined ? 1 : -1;
        if (joined) {
            memcpy(joined, from, kept);
            memcpy(joined + kept, rest, strlen(rest) + 1);
            url_remove_dots(joined);
            *path = joined;
        }
    }
    free(link);
    return result;
}

#endif
