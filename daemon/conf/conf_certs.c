/* conf_certs.c - whether http.ca_path can be what it has to be: a directory with certificates under
 * their hashes. */
#include "conf/conf_certs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int conf_certs_check(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return fail(err, E_USAGE, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return fail(err, E_USAGE,
            "%s is a file: a directory is wanted, of certificates under their hashes, as "
            "/etc/ssl/certs is; `openssl rehash DIRECTORY` makes one",
            path);
    if (access(path, R_OK | X_OK) != 0)
        return fail(err, E_USAGE, "%s: %s", path, strerror(errno));
    return OK;
}

/* openssl-rehash(1): eight hexadecimal digits, a dot and a number */
static bool is_hashed(const char *name)
{
    return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] != '\0' &&
           name[9 + strspn(name + 9, "0123456789")] == '\0';
}

bool conf_certs_any(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool any = false;

    while (dir != NULL && !any && (entry = readdir(dir)) != NULL)
        any = is_hashed(entry->d_name);
    if (dir != NULL)
        closedir(dir);
    return any;
}
