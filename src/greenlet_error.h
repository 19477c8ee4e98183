// Errors as values: what a failing call of greenlet.h and gevent.h leaves behind.
//
// Every call that can fail returns an int: negative is failure, 0 or more is success. Results leave
// by out-pointer and are untouched on failure; an out-pointer may be NULL. A failing call leaves an
// error as the current greenlet's *last error*; the code it returns is that error's code. To catch
// an error is to go on; to let it pass is to return its code.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_ERROR_H
#define GREENLET_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

// The one table of codes: X(name, code, type name, text). The JavaScript package reads names and
// texts out of the module, so there is no second copy. Codes never change their meaning; codes of
// a program's own types start at GREENLET_EUSER and go down.
#define GREENLET_ERRORS(X)                                                                         \
    X(ENOMEM, -1, "OutOfMemory", "out of memory")                                                  \
    X(EINVAL, -2, "InvalidArgument", "invalid argument")                                           \
    X(EEXIT, -3, "GreenletExit", "greenlet exit")                                                  \
    X(EFAILED, -4, "GreenletError", "failed without saying why")                                   \
    X(ENORUN, -5, "NoRun", "the greenlet has no run function")                                     \
    X(ESTARTED, -6, "AlreadyStarted", "the greenlet has been started already")                     \
    X(ECYCLE, -7, "ParentCycle", "the parent would make a cycle")                                  \
    X(EPARENT, -8, "BadParent", "not a greenlet that can be a parent")                             \
    X(EMAIN, -9, "MainGreenlet", "not possible for a main greenlet")                               \
    X(ETHREAD, -10, "WrongThread", "the greenlet belongs to another thread")                       \
    X(EJSFRAME, -11, "JavaScriptFrame", "a JavaScript frame lies between the two greenlets")       \
    X(EFORBIDDEN, -12, "SwitchForbidden", "switching is not allowed here")                         \
    X(EHUB, -13, "BlockingInHub", "a hub callback must not wait")                                  \
    X(EWOULDBLOCK, -14, "WouldBlock", "a synchronous call would have to wait")                     \
    X(ESWITCH, -15, "InvalidSwitch", "a waiting greenlet was switched to by somebody else")        \
    X(ETIMEDOUT, -16, "TimedOut", "the time given to this call is over")                           \
    X(EEXPIRED, -17, "Timeout", "a timeout expired")                                               \
    X(EDEADLK, -18, "LoopExit", "this would wait for ever")                                        \
    X(EREJECTED, -19, "Rejected", "a promise was rejected")                                        \
    X(EOVERFLOW, -20, "StackOverflow", "the stack of a greenlet overflowed")                       \
    X(ETRAP, -21, "Trap", "the module trapped; this instance is over")                             \
    X(EDISPOSED, -22, "Disposed", "the app has been disposed")                                     \
    X(EEXPORT, -23, "NoSuchExport", "the module exports no such function")                         \
    X(EMODULE, -24, "NotGreenletModule", "not a module built with greenlet-wasm build")            \
    X(EABI, -25, "VersionMismatch", "the module was built by another version")                     \
    X(EHANDLE, -26, "StaleHandle", "the handle is stale or of another app")                        \
    X(EPENDING, -27, "StillPending", "this has not finished")                                      \
    X(EYIELD, -28, "YieldOutside", "yield outside of a generator")                                 \
    X(EEXECUTING, -29, "AlreadyExecuting", "the generator is already executing")                   \
    X(EIGNORED, -30, "IgnoredExit", "the generator ignored GreenletExit")                          \
    X(ESHUTDOWN, -31, "Shutdown", "greenlet_shutdown has been called")                             \
    X(ECANCELED, -32, "Cancelled", "the scope was cancelled")                                      \
    X(ENOTHELD, -33, "NotHeld", "released by somebody who does not hold it")                       \
    X(EBROKEN, -34, "BrokenBarrier", "the barrier is broken")                                      \
    X(EBLOCKED, -35, "Blocked", "others were kept waiting")                                        \
    X(ECLOSED, -36, "Closed", "it is closed")                                                      \
    X(EBADF, -37, "BadDescriptor", "the descriptor is not open, or has been closed")               \
    X(EBUSY, -38, "ConcurrentUse", "another greenlet waits for the same already")                  \
    X(ENOSYS, -39, "NotOnThisHost", "this host has nothing of the kind")                           \
    X(EWORKER, -40, "WorkerFailed", "the worker that ran it has ended")                            \
    X(ENETWORK, -41, "NetworkFailed", "the network has failed")

// GREENLET_ENOMEM, GREENLET_EINVAL, … as negative ints.
enum greenlet_code {
#define GREENLET_CODE(name, code, type, text) GREENLET_##name = (code),
    GREENLET_ERRORS(GREENLET_CODE)
#undef GREENLET_CODE
        GREENLET_OK = 0,
    // Success, and the value delivered is an exit object (see GREENLET_EXIT).
    GREENLET_EXITED = 1,
    // The first code that a program may use for types of its own.
    GREENLET_EUSER = -1000
};

// An error type: a static object of the program. A type is-a its base, and so on up.
// (Ours; the shape is python's exception classes.)
typedef struct greenlet_error_type {
    const char *name;                       // shown to people, e.g. "DemoError"
    const struct greenlet_error_type *base; // NULL only for GREENLET_BASE_ERROR
    int code;                               // negative; what a call failing with it returns
} greenlet_error_type_t;

// Everything is-a BASE_ERROR. ERROR is the ordinary kind. EXIT (python's GreenletExit) and TIMEOUT
// (gevent's Timeout) are not ordinary: whoever "catches everything" should let them pass.
extern const greenlet_error_type_t GREENLET_BASE_ERROR;
extern const greenlet_error_type_t GREENLET_ERROR;
// Ends a greenlet without failing its parent: the parent's switch returns GREENLET_EXITED and the
// exit object as its value.
extern const greenlet_error_type_t GREENLET_EXIT;
extern const greenlet_error_type_t GREENLET_TIMEOUT;
// What a cancelled scope's calls fail with; is-a EXIT. (trio: Cancelled)
extern const greenlet_error_type_t GREENLET_CANCELLED;

// An error: reference-counted, immutable once made, owned text. Not shared between threads.
typedef struct greenlet_error greenlet_error_t;

// The library's type for one of its codes; GREENLET_ERROR for any other code. Never NULL.
const greenlet_error_type_t *greenlet_error_type_of(int code);

// "GREENLET_ENOMEM" for -1, and so on; "GREENLET_EUSER" for a program's own codes.
const char *greenlet_error_name(int code);

// The table's text for a code. It has one for all of a program's own, to which an error's message
// adds the number.
const char *greenlet_error_text(int code);

// 1 if `type` is `base` or derives from it, else 0.
int greenlet_error_type_is(const greenlet_error_type_t *type, const greenlet_error_type_t *base);

// Makes an error with a printf-style message (NULL: the table's text for the type's code).
// Returns a reference that the caller owns. Never NULL: without memory it is the static ENOMEM.
greenlet_error_t *greenlet_error_new(const greenlet_error_type_t *type, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

// Adds and drops a reference. NULL is allowed and does nothing; ref returns its argument.
greenlet_error_t *greenlet_error_ref(const greenlet_error_t *error);
void greenlet_error_unref(const greenlet_error_t *error);

// Gives a fresh error a payload (python: the exception's arguments) that `release` (may be NULL)
// frees with the error, and a cause (a reference of which the error takes its own). Only before
// the error is handed to anybody else; a static error ignores it.
void greenlet_error_set_data(greenlet_error_t *error, void *data, void (*release)(void *data));
void greenlet_error_set_cause(greenlet_error_t *error, const greenlet_error_t *cause);

// What an error carries. All borrowed; message is never NULL, data and cause may be. NULL has the
// code 0, the message "" and nothing else.
const greenlet_error_type_t *greenlet_error_type(const greenlet_error_t *error);
int greenlet_error_code(const greenlet_error_t *error);
const char *greenlet_error_message(const greenlet_error_t *error);
void *greenlet_error_data(const greenlet_error_t *error);
const greenlet_error_t *greenlet_error_cause(const greenlet_error_t *error);
// The name of the greenlet that raised it ("" if it never was raised). (greenlet: the traceback.)
const char *greenlet_error_origin(const greenlet_error_t *error);

// 1 if the error's type is `type` or derives from it, else 0; 0 for NULL.
int greenlet_error_is(const greenlet_error_t *error, const greenlet_error_type_t *type);

// Fails the current call: makes the error the current greenlet's last error and returns its code.
//   return greenlet_raise(&DEMO_ERROR, "no row %d", row);
// A type whose code is not negative would be no failure: GREENLET_EINVAL, which says so.
int greenlet_raise(const greenlet_error_type_t *type, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
// The same for one of the library's codes, with the table's text.
int greenlet_fail(int code);

// The current greenlet's last error: borrowed, valid until its next failing call; NULL if none.
const greenlet_error_t *greenlet_last_error(void);

// Takes the last error away (the caller owns the reference; NULL if there was none), and puts one
// back (restore takes the caller's reference, NULL clears; returns the error's code, 0 for NULL).
// They bracket clean-up that itself may fail, so that a pending EXIT is not lost:
//   greenlet_error_t *pending = greenlet_error_take();
//   clean_up();
//   return greenlet_error_restore(pending);
greenlet_error_t *greenlet_error_take(void);
int greenlet_error_restore(greenlet_error_t *error);

#ifdef __cplusplus
}
#endif
#endif
