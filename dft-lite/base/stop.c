#include "dft-lite/base/stop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dft-lite/base/clock.h"

static volatile sig_atomic_t caught;
static double deadline, limit_s;
static const char *stop_file;

static void remember(int number)
{
    caught = number;
}

void dft_stop_catch_signals(void)
{
    const int signals[3] = { SIGTERM, SIGINT, SIGUSR1 };
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = remember;
    for (int i = 0; i < 3; i++) {
        action.sa_flags = SA_RESTART | (signals[i] == SIGINT ? (int)SA_RESETHAND : 0);
        sigaction(signals[i], &action, NULL);
    }
}

void dft_stop_after_s(double seconds)
{
    limit_s = seconds;
    deadline = seconds > 0.0 ? dft_clock_s() + seconds : 0.0;
}

void dft_stop_watch_file(const char *path)
{
    stop_file = path;
}

const char *dft_stop_requested(void)
{
    static char reason[128];

    if (caught)
        snprintf(reason, sizeof reason, "signal %d", (int)caught);
    else if (deadline > 0.0 && dft_clock_s() > deadline)
        snprintf(reason, sizeof reason, "the time limit of %g s", limit_s);
    else if (stop_file && access(stop_file, F_OK) == 0)
        snprintf(reason, sizeof reason, "the file %.100s", stop_file);
    else
        return NULL;
    return reason;
}
