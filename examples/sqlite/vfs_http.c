// SPDX-License-Identifier: MIT
#include "vfs_http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gevent.h"

// Bytes of a file and how many it has, from JavaScript (http.js). Both answer with a promise.
GEVENT_IMPORT(f64, http, file_size, string)
GEVENT_IMPORT(bytes, http, read_range, string, f64, i32)

typedef struct http_file {
    sqlite3_file base;
    const char *url; // SQLite's, for as long as the file is open
    sqlite3_int64 size;
} http_file_t;

// ---- a file -------------------------------------------------------------------------------------

// Reads what there is of a range. The greenlet waits in read_range.
static int fetch(const http_file_t *file, void *buffer, int length, sqlite3_int64 offset) {
    gevent_bytes_t bytes;
    if (length == 0) return SQLITE_OK;
    if (read_range(file->url, (double)offset, length, &bytes) < 0) return SQLITE_IOERR_READ;
    size_t size = bytes.size;
    if (size == (size_t)length) memcpy(buffer, bytes.data, size);
    free(bytes.data);
    if (size == (size_t)length) return SQLITE_OK;
    greenlet_raise(&GREENLET_ERROR, "%s: %zu bytes of %d at %lld", file->url, size, length, offset);
    return SQLITE_IOERR_READ;
}

// What lies behind the end reads as zeros: SQLite counts on that.
static int file_read(sqlite3_file *base, void *buffer, int length, sqlite3_int64 offset) {
    const http_file_t *file = (const http_file_t *)base;
    sqlite3_int64 left = offset < file->size ? file->size - offset : 0;
    int there = left < length ? (int)left : length;
    int rc = fetch(file, buffer, there, offset);
    if (rc != SQLITE_OK || there == length) return rc;
    memset((char *)buffer + there, 0, (size_t)(length - there));
    return SQLITE_IOERR_SHORT_READ;
}

static int file_get_size(sqlite3_file *base, sqlite3_int64 *size) {
    *size = ((const http_file_t *)base)->size;
    return SQLITE_OK;
}

// Says that nobody writes to the file while it is open. So SQLite neither locks it nor looks for a
// journal, and reads no page twice for as long as that is in its cache.
static int file_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_IMMUTABLE;
}

static int file_close(sqlite3_file *base) {
    (void)base;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level) {
    (void)base, (void)level;
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *base, int *answer) {
    (void)base;
    *answer = 0;
    return SQLITE_OK;
}

static int file_write(sqlite3_file *base, const void *data, int length, sqlite3_int64 offset) {
    (void)base, (void)data, (void)length, (void)offset;
    return SQLITE_READONLY;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    (void)base, (void)size;
    return SQLITE_READONLY;
}

static int file_sync(sqlite3_file *base, int flags) {
    (void)base, (void)flags;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_get_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xDeviceCharacteristics = file_characteristics,
};

// ---- the file system ----------------------------------------------------------------------------

// The greenlet waits in file_size.
static int vfs_open(sqlite3_vfs *vfs, const char *url, sqlite3_file *base, int flags, int *opened) {
    (void)vfs;
    http_file_t *file = (http_file_t *)base;
    double size;
    *file = (http_file_t){.url = url};
    if (!url || !(flags & SQLITE_OPEN_READONLY) || file_size(url, &size) < 0)
        return SQLITE_CANTOPEN;
    file->size = (sqlite3_int64)size;
    file->base.pMethods = &methods;
    if (opened) *opened = SQLITE_OPEN_READONLY;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *url, int sync) {
    (void)vfs, (void)url, (void)sync;
    return SQLITE_READONLY;
}

static int vfs_access(sqlite3_vfs *vfs, const char *url, int flags, int *answer) {
    (void)vfs, (void)url, (void)flags;
    *answer = 0;
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *url, int size, char *full) {
    (void)vfs;
    if (strlen(url) >= (size_t)size) return SQLITE_CANTOPEN;
    strcpy(full, url);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *bytes) {
    (void)vfs;
    return getentropy(bytes, (size_t)size) == 0 ? size : 0;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    gevent_sleep(microseconds / 1e6);
    return microseconds;
}

// Milliseconds since noon of 24 November 4714 BC.
static int vfs_now(sqlite3_vfs *vfs, sqlite3_int64 *milliseconds) {
    (void)vfs;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) < 0) return SQLITE_ERROR;
    *milliseconds = 210866760000000 + now.tv_sec * 1000LL + now.tv_nsec / 1000000;
    return SQLITE_OK;
}

int sqlite3_os_init(void) {
    static sqlite3_vfs vfs = {
        .iVersion = 2,
        .szOsFile = sizeof(http_file_t),
        .mxPathname = 2048,
        .zName = "http",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_name,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTimeInt64 = vfs_now,
    };
    return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) {
    return SQLITE_OK;
}
