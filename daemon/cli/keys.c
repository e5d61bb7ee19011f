/* keys.c - `wireroom keys`: who may connect from other machines. */
#include "deliver/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/client.h"
#include "cli/verbs.h"

enum { OPT_KEYS };

static const struct cli_option options[] = {
    {"keys", "DIR", CLI_TAKES_DIR,
        "the folder that listen.keys names; " WIREROOM_SYSCONF_DIR "/keys"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static const char *folder_of(const struct cli_args *args)
{
    const char *folder = cli_value(args, OPT_KEYS);

    return folder == NULL ? WIREROOM_SYSCONF_DIR "/keys" : folder;
}

static int tell(const struct cli_args *args, int code, const struct error *err, const char *done)
{
    if (code != OK)
        return cli_trouble("%s", err->text);
    if (cli_option(args, "json") == NULL)
        fprintf(stderr, "%s\n", done);
    else
        puts("{\"changed\":true}");
    return EXIT_OK;
}

static int run_init(const struct cli_args *args)
{
    struct error err = {0};
    int code = keys_make(folder_of(args), &err);

    return tell(args, code, &err,
        "made; set listen.keys to this folder and start the daemon again. Clients are given "
        "server.public.");
}

static void print_pair(const char *public_key, const char *secret, bool json)
{
    struct buf line = {0};
    struct json_writer w = {.out = &line};

    if (!json) {
        printf("public  %s\nsecret  %s\n", public_key, secret);
        return;
    }
    json_begin_object(&w, NULL);
    json_cstr(&w, "public", public_key);
    json_cstr(&w, "secret", secret);
    json_end_object(&w);
    puts(buf_cstr(&line));
    buf_done(&line);
}

static int run_new(const struct cli_args *args)
{
    char public_key[KEY_TEXT + 1], secret[KEY_TEXT + 1];
    struct error err = {0};
    int code = keys_pair(public_key, secret, &err);

    if (code == OK)
        code = keys_add(folder_of(args), public_key, args->words[0], &err);
    if (code != OK)
        return cli_trouble("%s", err.text);
    print_pair(public_key, secret, cli_option(args, "json") != NULL);
    if (cli_option(args, "json") == NULL)
        fputs("allowed once the daemon has read it: wireroom reload. The secret is kept nowhere "
              "here.\n",
            stderr);
    return EXIT_OK;
}

static int run_allow(const struct cli_args *args)
{
    struct error err = {0};
    int code = keys_add(folder_of(args), args->words[0], args->words[1], &err);

    return tell(args, code, &err, "allowed once the daemon has read it: wireroom reload");
}

static int run_revoke(const struct cli_args *args)
{
    struct error err = {0};
    size_t count = 0;
    int code = keys_remove(folder_of(args), args->words[0], &count, &err);

    return tell(args, code, &err,
        "taken out; once the daemon has read it (wireroom reload) it connects no more. What is "
        "connected stays so.");
}

static int run_list(const struct cli_args *args)
{
    char path[4096], line[1024];
    FILE *file;

    snprintf(path, sizeof(path), "%s/clients", folder_of(args));
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT && access(folder_of(args), X_OK) == 0
                   ? EXIT_OK
                   : cli_trouble("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof(line), file) != NULL) {
        struct bytes rest = bytes_trim(bytes_of(line));
        struct bytes key = bytes_cut(&rest, ' ');
        struct buf out = {0};
        struct json_writer w = {.out = &out};

        if (key.len == 0 || key.ptr[0] == '#')
            continue;
        json_begin_object(&w, NULL);
        json_string(&w, "public", key);
        json_string(&w, "name", rest);
        json_end_object(&w);
        if (cli_option(args, "json") != NULL)
            puts(buf_cstr(&out));
        else
            cli_print(stdout, bytes_trim(bytes_of(line)), 300, false), putchar('\n');
        buf_done(&out);
    }
    fclose(file);
    return EXIT_OK;
}

static const struct cli_verb init_verb = {
    .name = "init",
    .summary = "Make the folder and the daemon's own key pair.",
    .text = "server.secret is for the daemon's user alone: under systemd hand it over as the "
            "credential wireroom.secret.",
    .examples = "sudo wireroom keys init\n",
    .options = options,
    .run = run_init,
};

static const struct cli_verb new_verb = {
    .name = "new",
    .words = "NAME",
    .summary = "Make a key pair for a client and allow it.",
    .examples = "sudo wireroom keys new archive\n",
    .options = options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run_new,
};

static const struct cli_verb allow_verb = {
    .name = "allow",
    .words = "KEY NAME",
    .summary = "Allow a client by the public key that it made itself.",
    .examples = "sudo wireroom keys allow 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7' archive\n",
    .options = options,
    .least = 2,
    .most = 2,
    .takes = CLI_TAKES_OTHER,
    .run = run_allow,
};

static const struct cli_verb revoke_verb = {
    .name = "revoke",
    .words = "KEY|NAME",
    .summary = "Allow a client no longer.",
    .examples = "sudo wireroom keys revoke archive\n",
    .options = options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run_revoke,
};

static const struct cli_verb list_verb = {
    .name = "list",
    .summary = "List who is allowed: public key and name.",
    .examples = "wireroom keys list\n",
    .options = options,
    .run = run_list,
};

static const struct cli_verb *const verbs[] = {
    &init_verb, &new_verb, &allow_verb, &revoke_verb, &list_verb, NULL};

const struct cli_verb cli_keys_verb = {
    .name = "keys",
    .summary = "Say who may connect from other machines.",
    .examples = "sudo wireroom keys init\nsudo wireroom keys new archive\n",
    .verbs = verbs,
};
