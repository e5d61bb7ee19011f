/* options.h - what both example programs read from their command line: [ENDPOINT [FILTER [KEYS]]].
 * KEYS: a file with the daemon's public key, our own and our secret one. */
#include <stdio.h>
#include <string.h>
#include <wireroom.h>

struct keys {
    char text[3][42]; /* more than a key has: that is refused */
};

/* 0, or -1 when there is no such file. */
static int read_options(
    int count, char *const words[], struct keys *keys, struct wireroom_options *ret_options)
{
    FILE *file = count > 2 ? fopen(words[2], "r") : NULL;
    int is_read = 0;

    memset(ret_options, 0, sizeof(*ret_options));
    ret_options->endpoint = count > 0 ? words[0] : NULL;
    ret_options->filter = count > 1 ? words[1] : NULL;
    if (count < 3)
        return 0;
    if (file != NULL) {
        is_read = fscanf(file, "%41s %41s %41s", keys->text[0], keys->text[1], keys->text[2]) == 3;
        fclose(file);
    }
    ret_options->server_key = keys->text[0];
    ret_options->public_key = keys->text[1];
    ret_options->secret_key = keys->text[2];
    return is_read ? 0 : -1;
}
