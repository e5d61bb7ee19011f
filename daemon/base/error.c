/* error.c - errors filled where they are known. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fail(struct error *err, int code, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return code;
    err->code = code;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return code;
}

int fail_in(struct error *err, const char *format, ...)
{
    char old[sizeof(err->text)];
    va_list args;
    int len;

    memcpy(old, err->text, sizeof(old));
    va_start(args, format);
    len = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    if (len >= 0 && (size_t)len < sizeof(err->text))
        snprintf(err->text + len, sizeof(err->text) - (size_t)len, ": %.*s", (int)(sizeof(old) - 1),
            old);
    return err->code;
}

const char *code_name(int code)
{
    static const char *const names[] = {"ok", "system", "limit", "format", "refused", "timeout",
        "network", "usage", "not-found", "stopped", "crash"};
    int i = -code;

    return i >= 0 && i < (int)(sizeof(names) / sizeof(names[0])) ? names[i] : "unknown";
}
