/* refused.c - what an operator does about each error of the system on a file. */
#include "store/refused.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct {
    int number;
    const char *mend;
} mends[] = {
    {EIO,
        "its disk or the way to it fails, the store itself may be whole: `dmesg` tells more; copy "
        "it to another disk"},
    {ENXIO, "its disk is gone: `dmesg` tells more"},
    {ENODEV, "its disk is gone: `dmesg` tells more"},
    {ESTALE, "its file system is another one now: mount it again, then start the daemon again"},
    {ENOTCONN, "its file system is gone: mount it again, then start the daemon again"},
    {ENOSPC, "make room there (`df`, and `df -i` for files)"},
    {EDQUOT, "its owner's quota is used up: raise it, or make room there"},
    {EFBIG, "files may not be so large here: raise LimitFSIZE= (`ulimit -f`), or set store.max"},
    {EROFS, "its file system is mounted read-only, as the system does when a disk fails (`dmesg`): "
            "mount it for writing"},
    {EACCES,
        "who runs this may not: `ls -l` tells whose it is, chown gives it to the daemon's user"},
    {EPERM, "who runs this may not: `ls -l` and `lsattr` tell why"},
    {EMFILE, "as many files are open as may be: raise LimitNOFILE= (`ulimit -n`)"},
    {ENFILE, "as many files are open as the system may have: raise fs.file-max"},
    {ENOMEM, "the machine, or the memory that it allows, is used up"},
};

static const char *mend_of(int number)
{
    for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++)
        if (mends[i].number == number)
            return mends[i].mend;
    return NULL;
}

int refused_fail(int code, const char *call, const char *path, int number, struct error *err)
{
    const char *mend = mend_of(number);

    return fail(err, code, "%s %.200s: %s%s%s", call, path, strerror(number),
        mend == NULL ? "" : "; ", mend == NULL ? "" : mend);
}
