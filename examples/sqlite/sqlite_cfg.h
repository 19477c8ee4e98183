// How SQLite is built here: sqlite3.c includes this where _HAVE_SQLITE_CONFIG_H is defined.
//
// SPDX-License-Identifier: MIT
#ifndef SQLITE_CFG_H
#define SQLITE_CFG_H

#define SQLITE_OS_OTHER 1   // there is no file system; vfs_http.c is the only one
#define SQLITE_THREADSAFE 0 // greenlets take turns: see vfs_http.h
#define SQLITE_TEMP_STORE 3 // large sorts stay in memory
#define SQLITE_MAX_EXPR_DEPTH                                                                      \
    200 // what a stack of 128 KiB is enough for; an overflow would end the instance
#define SQLITE_DEFAULT_MEMSTATUS 0
#define SQLITE_DQS 0
#define SQLITE_OMIT_DEPRECATED
#define SQLITE_OMIT_LOAD_EXTENSION
#define SQLITE_OMIT_SHARED_CACHE // a connection is its greenlet's own
#define SQLITE_OMIT_WAL          // that needs shared memory

#endif
