/* tokens.c - bearer tokens of a file. */
#include "api/tokens.h"

#include <errno.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <sys/stat.h>

enum { LEAST = 16, /* bytes of one: 96 bits in base64 */ FILE_MOST = 64 << 10 };

static int read_file(const char *path, struct buf *out, struct error *err)
{
    FILE *file = fopen(path, "re");
    char line[1024];
    struct stat st;
    int code = OK;

    if (file == NULL)
        return fail(err, E_SYSTEM, "listen.tokens: %s: %s", path, strerror(errno));
    if (fstat(fileno(file), &st) == 0 && (st.st_mode & S_IWOTH) != 0)
        code = fail(err, E_REFUSED, "listen.tokens: %s: anybody may write it: chmod o-w", path);
    while (code == OK && out->len < FILE_MOST && fgets(line, sizeof(line), file) != NULL)
        buf_add_cstr(out, line);
    if (code == OK && ferror(file) != 0)
        code = fail(err, E_SYSTEM, "listen.tokens: read %s: %s", path, strerror(errno));
    fclose(file);
    return code;
}

static int check(struct bytes lines, const char *path, struct error *err)
{
    size_t count = 0;

    for (int number = 1; lines.len > 0; number++) {
        struct bytes line = bytes_trim(bytes_cut(&lines, '\n'));

        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        count++;
        if (line.len < LEAST)
            return fail(err, E_USAGE, "listen.tokens: %s:%d:1: a token has at least %d characters",
                path, number, LEAST);
    }
    return count > 0 ? OK : fail(err, E_USAGE, "listen.tokens: %s has no token", path);
}

int tokens_read(struct tokens *tokens, const char *path, struct error *err)
{
    struct buf lines = {0};
    int code = path[0] == '\0' ? OK : read_file(path, &lines, err);

    if (code == OK && path[0] != '\0')
        code = check(buf_bytes(&lines), path, err);
    if (code != OK) {
        buf_done(&lines);
        return code;
    }
    buf_done(&tokens->lines);
    tokens->lines = lines;
    tokens->wanted = path[0] != '\0';
    return OK;
}

void tokens_done(struct tokens *tokens)
{
    buf_done(&tokens->lines);
}

bool tokens_allow(const struct tokens *tokens, struct bytes authorization)
{
    struct bytes lines = buf_bytes(&tokens->lines);
    struct bytes given = authorization;
    bool is_bearer = bytes_equal_nocase(bytes_cut(&given, ' '), LIT("bearer"));
    bool allowed = false;

    given = bytes_trim(given);
    while (lines.len > 0) {
        struct bytes line = bytes_trim(bytes_cut(&lines, '\n'));

        if (line.len >= LEAST && line.ptr[0] != '#' && line.len == given.len)
            allowed |= memeql_sec(line.ptr, given.ptr, line.len) != 0;
    }
    return !tokens->wanted || (is_bearer && allowed);
}
