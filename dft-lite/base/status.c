#include "dft-lite/base/status.h"

#include <stdarg.h>
#include <stdio.h>

dft_status dft_fail(dft_error *err, dft_status status, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        err->status = status;
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

int dft_exit_code(dft_status status)
{
    switch (status) {
    case DFT_OK:        return 0;
    case DFT_EUSAGE:    return 64;
    case DFT_EPARSE:
    case DFT_EINPUT:    return 65;
    case DFT_ENOFILE:   return 66;
    case DFT_EIO:       return 75;
    case DFT_ENOMEM:    return 86;
    case DFT_ENUMERIC:
    case DFT_EINTERNAL: return 70;
    }
    return 70;
}
