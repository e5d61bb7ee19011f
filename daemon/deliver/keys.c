/* keys.c - keys of other machines' clients, read and written as files. */
#include "deliver/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "base/arena.h"

enum { PATH = 4096, LINE = 1024 };

struct keys {
    char folder[PATH];
    char public_key[KEY_TEXT + 1], secret[KEY_TEXT + 1];
    unsigned char (*clients)[KEY_BYTES];
    size_t count;
};

static int path_of(const char *folder, const char *name, char ret_path[PATH], struct error *err)
{
    return snprintf(ret_path, PATH, "%s/%s", folder, name) < PATH
               ? OK
               : fail(err, E_USAGE, "listen.keys: the path is too long: %.80s...", folder);
}

static bool decode(struct bytes text, unsigned char ret_key[KEY_BYTES])
{
    char copy[KEY_TEXT + 1];

    if (text.len != KEY_TEXT)
        return false;
    memcpy(copy, text.ptr, KEY_TEXT);
    copy[KEY_TEXT] = '\0';
    return zmq_z85_decode(ret_key, copy) != NULL;
}

/* A secret that systemd hands over (LoadCredential=wireroom.secret:...) is for us, whatever its
 * mode: its owner is. */
static bool is_credential(char ret_path[PATH])
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");

    return folder != NULL && snprintf(ret_path, PATH, "%s/wireroom.secret", folder) < PATH &&
           access(ret_path, R_OK) == 0;
}

/* Closes it. What is read in part only would lock out whose keys are in the rest. */
static int end_reading(FILE *file, const char *path, struct error *err)
{
    int code = ferror(file) == 0
                   ? OK
                   : fail(err, E_SYSTEM, "listen.keys: read %s: %s", path, strerror(errno));

    fclose(file);
    return code;
}

static int read_own(const char *folder, const char *name, bool is_secret,
    char ret_text[KEY_TEXT + 1], struct error *err)
{
    unsigned char key[KEY_BYTES];
    char path[PATH], line[LINE] = "";
    struct bytes text;
    struct stat st;
    FILE *file;
    int code;

    bool is_handed_over = is_secret && is_credential(path);

    if (!is_handed_over && path_of(folder, name, path, err) != OK)
        return err->code;
    file = fopen(path, "re");
    if (file == NULL)
        return fail(err, E_SYSTEM, "listen.keys: %s: %s; `wireroom keys init` makes it", path,
            strerror(errno));
    if (fstat(fileno(file), &st) != 0)
        st.st_mode = 0;
    text = fgets(line, sizeof(line), file) == NULL ? LIT("") : bytes_trim(bytes_of(line));
    code = end_reading(file, path, err);
    if (code != OK)
        return code;
    if (is_secret && !is_handed_over && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(err, E_REFUSED, "listen.keys: %s: others may read it: chmod 600", path);
    if (!decode(text, key))
        return fail(err, E_USAGE, "listen.keys: %s:1:1: no key of %d characters", path, KEY_TEXT);
    snprintf(ret_text, KEY_TEXT + 1, "%.*s", FMT(text));
    return OK;
}

/* A line's key and whose it is; false for one that has none. */
static bool split(const char *line, struct bytes *ret_key, struct bytes *ret_name)
{
    struct bytes rest = bytes_trim(bytes_of(line));

    *ret_key = bytes_cut(&rest, ' ');
    *ret_name = bytes_trim(rest);
    return ret_key->len > 0 && ret_key->ptr[0] != '#';
}

/* Who may write it lets in whom they like. */
static int check_writers(FILE *file, const char *path, struct error *err)
{
    struct stat st;

    return fstat(fileno(file), &st) != 0 || (st.st_mode & S_IWOTH) == 0
               ? OK
               : fail(err, E_REFUSED, "listen.keys: %s: anybody may write it: chmod o-w", path);
}

static int read_clients(struct keys *keys, struct error *err)
{
    unsigned char(*clients)[KEY_BYTES] = new_zeroed(sizeof(*clients) * KEYS_MOST);
    char path[PATH], line[LINE];
    struct bytes key, name;
    size_t count = 0;
    FILE *file;
    int code = path_of(keys->folder, "clients", path, err);

    file = code == OK ? fopen(path, "re") : NULL;
    if (code == OK && file == NULL && errno != ENOENT)
        code = fail(err, E_SYSTEM, "listen.keys: %s: %s", path, strerror(errno));
    if (file != NULL)
        code = check_writers(file, path, err);
    for (int number = 1; code == OK && file != NULL && fgets(line, sizeof(line), file) != NULL;
         number++) {
        if (!split(line, &key, &name))
            continue;
        if (count == KEYS_MOST)
            code = fail(
                err, E_LIMIT, "listen.keys: %s:%d:1: more than %d keys", path, number, KEYS_MOST);
        else if (!decode(key, clients[count]))
            code = fail(err, E_USAGE, "listen.keys: %s:%d:1: no key of %d characters", path, number,
                KEY_TEXT);
        else
            count++;
    }
    if (file != NULL && code == OK)
        code = end_reading(file, path, err);
    else if (file != NULL)
        fclose(file);
    if (code != OK) {
        free(clients);
        return code;
    }
    free(keys->clients);
    keys->clients = clients;
    keys->count = count;
    return OK;
}

int keys_read(const char *folder, struct keys **ret_keys, struct error *err)
{
    struct keys *keys;
    int code;

    *ret_keys = NULL;
    if (folder[0] == '\0')
        return OK;
    keys = new_zeroed(sizeof(*keys));
    snprintf(keys->folder, sizeof(keys->folder), "%s", folder);
    code = read_own(folder, "server.secret", true, keys->secret, err);
    if (code == OK)
        code = read_own(folder, "server.public", false, keys->public_key, err);
    if (code == OK)
        code = read_clients(keys, err);
    if (code != OK) {
        keys_free(keys);
        return code;
    }
    *ret_keys = keys;
    return OK;
}

void keys_free(struct keys *keys)
{
    if (keys == NULL)
        return;
    explicit_bzero(keys->secret, sizeof(keys->secret));
    free(keys->clients);
    free(keys);
}

int keys_reload(struct keys *keys, struct error *err)
{
    return keys == NULL ? OK : read_clients(keys, err);
}

const char *keys_secret(const struct keys *keys)
{
    return keys->secret;
}

const char *keys_public(const struct keys *keys)
{
    return keys->public_key;
}

bool keys_allow(const struct keys *keys, const unsigned char key[KEY_BYTES])
{
    for (size_t i = 0; i < keys->count; i++)
        if (memcmp(keys->clients[i], key, KEY_BYTES) == 0)
            return true;
    return false;
}

/* ---- for operators */

int keys_pair(char ret_public[KEY_TEXT + 1], char ret_secret[KEY_TEXT + 1], struct error *err)
{
    return zmq_curve_keypair(ret_public, ret_secret) == 0
               ? OK
               : fail(err, E_SYSTEM, "a key pair: %s", zmq_strerror(zmq_errno()));
}

/* On the disk before it has its name; nobody reads half of it. */
static int write_file(
    const char *folder, const char *name, struct bytes text, mode_t mode, struct error *err)
{
    char path[PATH], temporary[PATH];
    int code = path_of(folder, name, path, err);
    int fd;

    if (code != OK || snprintf(temporary, sizeof(temporary), "%s.new", path) >= PATH)
        return E_USAGE;
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return fail(err, E_SYSTEM, "%s: %s", temporary, strerror(errno));
    if (write(fd, text.ptr, text.len) != (ssize_t)text.len || fsync(fd) != 0 ||
        rename(temporary, path) != 0)
        code = fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    close(fd);
    return code;
}

int keys_make(const char *folder, struct error *err)
{
    char public_key[KEY_TEXT + 2], secret[KEY_TEXT + 2], path[PATH];
    int code = path_of(folder, "server.secret", path, err);

    if (code != OK)
        return code;
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return fail(err, E_SYSTEM, "%s: %s", folder, strerror(errno));
    if (access(path, F_OK) == 0)
        return fail(err, E_REFUSED, "%s is there already: all clients would have to be told", path);
    code = keys_pair(public_key, secret, err);
    if (code != OK)
        return code;
    public_key[KEY_TEXT] = secret[KEY_TEXT] = '\n';
    code = write_file(folder, "server.public", (struct bytes){public_key, KEY_TEXT + 1}, 0644, err);
    if (code == OK)
        code = write_file(folder, "server.secret", (struct bytes){secret, KEY_TEXT + 1}, 0600, err);
    explicit_bzero(secret, sizeof(secret));
    return code;
}

/* The lines of the clients, without those of a key or name; *ret_count: how many these were. */
static int filter_clients(const char *folder, const char *without, struct buf *ret_lines,
    size_t *ret_count, struct error *err)
{
    char path[PATH], line[LINE];
    struct bytes key, name;
    int code = path_of(folder, "clients", path, err);
    FILE *file;

    if (code != OK)
        return code;
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT ? OK : fail(err, E_SYSTEM, "%s: %s", path, strerror(errno));
    while (fgets(line, sizeof(line), file) != NULL) {
        bool is_meant =
            split(line, &key, &name) && (bytes_is(key, without) || bytes_is(name, without));

        *ret_count += is_meant;
        if (!is_meant)
            buf_add_cstr(ret_lines, line);
    }
    return end_reading(file, path, err);
}

int keys_add(const char *folder, const char *key, const char *name, struct error *err)
{
    unsigned char decoded[KEY_BYTES];
    struct buf lines = {0};
    size_t count = 0;
    int code;

    if (!decode(bytes_of(key), decoded))
        return fail(err, E_USAGE, "'%.60s' is no public key: 40 characters of Z85", key);
    if (strpbrk(name, "\r\n") != NULL || strlen(name) > 200)
        return fail(err, E_USAGE, "a name is one line of at most 200 bytes");
    code = filter_clients(folder, key, &lines, &count, err);
    if (code == OK) {
        buf_printf(&lines, "%s %s\n", key, name);
        code = write_file(folder, "clients", buf_bytes(&lines), 0644, err);
    }
    buf_done(&lines);
    return code;
}

int keys_remove(const char *folder, const char *key_or_name, size_t *ret_count, struct error *err)
{
    struct buf lines = {0};
    int code;

    *ret_count = 0;
    code = filter_clients(folder, key_or_name, &lines, ret_count, err);
    if (code == OK && *ret_count == 0)
        code = fail(err, E_NOT_FOUND, "no client has the key or name '%.60s'", key_or_name);
    if (code == OK)
        code = write_file(folder, "clients", buf_bytes(&lines), 0644, err);
    buf_done(&lines);
    return code;
}
