/*
 * dft-lite/base/status.h - how every function of the project reports failure.
 *
 * What can fail returns a dft_status (0 is success) and takes a `dft_error *err` last; NULL is
 * allowed.  Whoever finds the fault writes the sentence, naming file, line, value and remedy for a
 * reader who has nothing else; callers pass it on unchanged.  Physical outcomes (an SCF that did not
 * converge) are data, not errors.  Thread rule: a dft_error belongs to one thread at a time.
 */
#ifndef DFT_STATUS_H
#define DFT_STATUS_H

typedef enum {
    DFT_OK = 0,
    DFT_EUSAGE,     /* a command line that makes no sense            -> exit 64 */
    DFT_EPARSE,     /* a file that does not say what it should       -> exit 65 */
    DFT_EINPUT,     /* values that cannot be computed with           -> exit 65 */
    DFT_ENOFILE,    /* a file that is missing or cannot be read      -> exit 66 */
    DFT_EIO,        /* writing failed: disk full, no permission      -> exit 75 */
    DFT_ENOMEM,     /* memory refused                                -> exit 86 */
    DFT_ENUMERIC,   /* a library or an algorithm broke down          -> exit 70 */
    DFT_EINTERNAL   /* a state the program should not reach          -> exit 70 */
} dft_status;

typedef struct {
    dft_status status;
    char message[512];
} dft_error;

/* Fills *err (if not NULL) with status and a printf-formatted sentence; returns status. */
dft_status dft_fail(dft_error *err, dft_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The process exit code of design.md section 5 for a status; 0 for DFT_OK. */
int dft_exit_code(dft_status status);

#endif
