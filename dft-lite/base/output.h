/*
 * dft-lite/base/output.h - can a file be written, asked before a long calculation and not after it.
 *
 * Thread rule: no shared state; one process asks for or writes a given path at a time.
 */
#ifndef DFT_OUTPUT_H
#define DFT_OUTPUT_H

#include "dft-lite/base/status.h"

/* Would dft_file_write (dft-lite/base/file.h) be allowed to write `path`?  Makes and removes the empty
 * temporary file that it would use; what is at `path` stays as it is.  A device or pipe is asked for
 * permission only.  Errors: DFT_EIO naming path, cause and remedy; DFT_ENOMEM. */
dft_status dft_output_check(const char *path, dft_error *err);

#endif
