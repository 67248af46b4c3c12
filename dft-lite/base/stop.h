/*
 * dft-lite/base/stop.h - requests to stop at the next convenient moment.
 *
 * Three kinds: SIGTERM, SIGINT or SIGUSR1 (the last is what batch systems send before a time limit), a
 * time limit, and a file named STOP in a directory.  One set for the process; call from one thread.
 */
#ifndef DFT_STOP_H
#define DFT_STOP_H

/* From here on the signals are remembered instead of ending the process; a second SIGINT ends it. */
void dft_stop_catch_signals(void);

/* Seconds from now after which to stop; 0: never. */
void dft_stop_after_s(double seconds);

/* A file whose existence means stop; borrowed; NULL: none. */
void dft_stop_watch_file(const char *path);

/* NULL, or why to stop: "signal 15", "the time limit of 60 s", "the file STOP".  The text is static. */
const char *dft_stop_requested(void);

#endif
