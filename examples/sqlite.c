// SQL over HTTP: SQLite, as its authors ship it, reads a database from a server, page by page. Any
// number of queries run at once; each is plain C on a greenlet of its own, parked in the middle of
// SQLite while a page is on its way.
//
//   npm ci --prefix examples/sqlite
//   sqlite=examples/sqlite/node_modules/better-sqlite3/deps/sqlite3
//   greenlet-wasm build examples/sqlite.c examples/sqlite/vfs_http.c $sqlite/sqlite3.c \
//       -Iexamples/sqlite -I$sqlite -D_HAVE_SQLITE_CONFIG_H -o sqlite.wasm
//   node examples/sqlite.js sqlite.wasm URL 'SELECT …' 'SELECT …'
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "gevent.h"
#include "sqlite/vfs_http.h"

static const greenlet_error_type_t SQL_ERROR = {"SqlError", &GREENLET_ERROR, GREENLET_EUSER};

// ---- rows as JSON -------------------------------------------------------------------------------

static void append_blob(sqlite3_str *json, const unsigned char *bytes, int size) {
    sqlite3_str_appendchar(json, 1, '"');
    for (int i = 0; i < size; i++) sqlite3_str_appendf(json, "%02x", bytes[i]);
    sqlite3_str_appendchar(json, 1, '"');
}

static void append_value(sqlite3_str *json, sqlite3_stmt *row, int column) {
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
        sqlite3_str_appendf(json, "%lld", sqlite3_column_int64(row, column));
        break;
    case SQLITE_FLOAT: // the 0 asks for an infinity that JSON can say
        sqlite3_str_appendf(json, "%!0.17g", sqlite3_column_double(row, column));
        break;
    case SQLITE_TEXT:
        sqlite3_str_appendf(json, "%J", sqlite3_column_text(row, column));
        break;
    case SQLITE_BLOB:
        append_blob(json, sqlite3_column_blob(row, column), sqlite3_column_bytes(row, column));
        break;
    default:
        sqlite3_str_appendall(json, "null");
    }
}

static void append_row(sqlite3_str *json, sqlite3_stmt *row) {
    sqlite3_str_appendall(json, sqlite3_str_length(json) > 1 ? ",{" : "{");
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        sqlite3_str_appendf(json, i > 0 ? ",%J:" : "%J:", sqlite3_column_name(row, i));
        append_value(json, row, i);
    }
    sqlite3_str_appendchar(json, 1, '}');
}

static int append_rows(sqlite3_str *json, sqlite3_stmt *statement) {
    int rc;
    sqlite3_str_appendchar(json, 1, '[');
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) append_row(json, statement);
    sqlite3_str_appendchar(json, 1, ']');
    return rc == SQLITE_DONE ? sqlite3_str_errcode(json) : rc;
}

// ---- a query ------------------------------------------------------------------------------------

static int run(sqlite3 *db, const char *sql, sqlite3_str *json) {
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK) rc = append_rows(json, statement);
    sqlite3_finalize(statement);
    return rc;
}

// Called by SQLite now and then while it computes: others get their turn, and a kill arrives.
static int take_turns(void *context) {
    (void)context;
    return gevent_maybe_yield() < 0; // interrupts the query
}

// What waits in here has failed if SQLite reports one of these: why is this greenlet's last error.
static int failure(sqlite3 *db, int rc) {
    int reason = rc & 0xff;
    int waited = reason == SQLITE_IOERR || reason == SQLITE_CANTOPEN || reason == SQLITE_INTERRUPT;
    if (reason == SQLITE_NOMEM) return greenlet_fail(GREENLET_ENOMEM);
    int code = waited ? greenlet_error_code(greenlet_last_error()) : 0;
    return code < 0 ? code : greenlet_raise(&SQL_ERROR, "%s", sqlite3_errmsg(db));
}

static int open_and_run(sqlite3 **db, const char *url, const char *sql, char **rows) {
    int rc = sqlite3_open_v2(url, db, SQLITE_OPEN_READONLY, NULL);
    if (rc != SQLITE_OK) return rc;
    sqlite3_progress_handler(*db, 1000, take_turns, NULL);
    sqlite3_str *json = sqlite3_str_new(*db);
    rc = run(*db, sql, json);
    char *text = sqlite3_str_finish(json);
    if (rc == SQLITE_OK && !(*rows = strdup(text))) rc = SQLITE_NOMEM; // JavaScript frees it
    sqlite3_free(text);
    return rc;
}

// What the first statement of `sql` finds in the database at `url`: an array of objects.
int query(const char *url, const char *sql, char **rows) {
    sqlite3 *db;
    int rc = open_and_run(&db, url, sql, rows);
    int status = rc == SQLITE_OK ? GREENLET_OK : failure(db, rc);
    sqlite3_close(db);
    return status;
}
GEVENT_EXPORT(json, query, string, string)
