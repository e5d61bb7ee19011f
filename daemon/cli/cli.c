/* cli.c - from the command line to a verb, and the help that every verb has. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/json.h"
#include "conf/option.h"

enum { PATH_MOST = 128, NAMES_MOST = 64, USAGE_WIDTH = 28, SAID_MOST = 8192 };

/* Indexes that stand for --help and --color, which are in no table. */
static const size_t help_option = SIZE_MAX;
static const size_t colour_option = SIZE_MAX - 1;

void cli_say(struct bytes text)
{
    for (bool first = true; text.len > 0; first = false) {
        if (!first)
            fputc('\n', stderr);
        cli_print(stderr, bytes_cut(&text, '\n'), SIZE_MAX / 2, false);
    }
}

static void say(const char *format, va_list args)
{
    char text[SAID_MOST];

    vsnprintf(text, sizeof(text), format, args);
    cli_say(bytes_of(text));
}

/* Programs that asked for JSON get their errors as such, in the shape of the control socket's. */
static bool errors_are_json;

static void say_json(const char *code, const char *format, va_list args)
{
    char text[SAID_MOST];
    struct buf line = {0};
    struct json_writer w = {.out = &line};

    vsnprintf(text, sizeof(text), format, args);
    json_begin_object(&w, NULL);
    json_begin_object(&w, "error");
    json_cstr(&w, "code", code);
    json_cstr(&w, "text", text);
    json_end_object(&w);
    json_end_object(&w);
    fprintf(stderr, "%s\n", buf_cstr(&line));
    buf_done(&line);
}

static void tell(const char *code, const char *before, const char *format, va_list args)
{
    fflush(stdout);
    if (errors_are_json && code != NULL) {
        say_json(code, format, args);
    } else if (!errors_are_json) {
        fprintf(stderr, "%s: ", before);
        say(format, args);
        fputc('\n', stderr);
    }
}

int cli_trouble(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell("trouble", "wireroom", format, args);
    va_end(args);
    return EXIT_TROUBLE;
}

int cli_fail(const char *code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(code, "wireroom", format, args);
    va_end(args);
    return EXIT_TROUBLE;
}

void cli_note(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(NULL, "wireroom", format, args);
    va_end(args);
}

int cli_usage(const struct cli_args *args, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    tell("usage", args->path, format, list);
    va_end(list);
    if (!errors_are_json)
        fprintf(stderr, "Try %s --help.\n", args->path);
    return EXIT_USAGE;
}

static void list_verbs(FILE *file, const struct cli_verb *const *verbs)
{
    fputs("\nverbs:\n", file);
    for (; *verbs != NULL; verbs++)
        fprintf(file, "  %-14s %s\n", (*verbs)->name, (*verbs)->summary);
}

static void print_options(FILE *file, const struct cli_verb *verb)
{
    fputs("\noptions:\n", file);
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++) {
        char shown[64];

        snprintf(shown, sizeof(shown), "--%s%s%s", o->name, o->argument == NULL ? "" : " ",
            o->argument == NULL ? "" : o->argument);
        fprintf(file, "  %-*s %s\n", USAGE_WIDTH, shown, o->help);
    }
    fprintf(
        file, "  %-*s %s\n", USAGE_WIDTH, "--color WHEN", "auto (on a terminal), always or never");
    fprintf(file, "  %-*s %s\n", USAGE_WIDTH, "--help", "say this");
}

static void print_examples(FILE *file, const char *examples)
{
    struct bytes rest = bytes_of(examples);

    fputs("\nexamples:\n", file);
    while (rest.len > 0) {
        struct bytes what = bytes_cut(&rest, '\n');
        struct bytes command = bytes_cut(&what, '\t');

        fprintf(file, "  %.*s\n", FMT(command));
        if (what.len > 0)
            fprintf(file, "      %.*s\n", FMT(what));
    }
}

static void print_help(FILE *file, const struct cli_verb *verb, const char *path)
{
    fprintf(file, "usage: %s%s%s%s\n\n%s\n", path,
        verb->verbs != NULL     ? " VERB ..."
        : verb->options != NULL ? " [option ...]"
                                : "",
        verb->words == NULL ? "" : " ", verb->words == NULL ? "" : verb->words, verb->summary);
    if (verb->text != NULL)
        fprintf(file, "%s\n", verb->text);
    if (verb->verbs != NULL)
        list_verbs(file, verb->verbs);
    else
        print_options(file, verb);
    if (verb->examples != NULL)
        print_examples(file, verb->examples);
}

static void top_help(FILE *file)
{
    fputs("usage: wireroom VERB ...\n\nFollow news feeds, and look at what comes out.\n", file);
    list_verbs(file, cli_verbs);
    fputs("\nwireroom VERB --help says more about each. Exit codes: 0 ok, 1 trouble, 2 usage, 3 no "
          "daemon,\n4 no longer in the log.\n",
        file);
}

const char *cli_value(const struct cli_args *args, size_t option)
{
    for (size_t i = args->given_count; i > 0; i--)
        if (args->given[i - 1].option == option)
            return args->given[i - 1].value;
    return NULL;
}

bool cli_given(const struct cli_args *args, size_t option)
{
    return cli_value(args, option) != NULL;
}

bool cli_number(const struct cli_args *args, size_t option, int64_t least, int64_t most,
    int64_t otherwise, int64_t *ret_value)
{
    const char *text = cli_value(args, option);
    int64_t value = otherwise;

    if (text != NULL && (!bytes_to_int(bytes_of(text), &value) || value < least || value > most)) {
        cli_usage(args, "--%s: '%s' is not a number from %lld to %lld",
            args->verb->options[option].name, text, (long long)least, (long long)most);
        return false;
    }
    *ret_value = value;
    return true;
}

static const char *suggest_option(const struct cli_verb *verb, const char *name)
{
    const char *names[NAMES_MOST + 1] = {"help", "color"};
    size_t count = 2;

    for (const struct cli_option *o = verb->options;
         o != NULL && o->name != NULL && count < NAMES_MOST; o++)
        names[count++] = o->name;
    names[count] = NULL;
    return option_suggest(name, names);
}

static bool find_option(const struct cli_args *args, struct bytes name, size_t *ret_option)
{
    const char *meant;
    char text[64];

    if (bytes_is(name, "help") || bytes_is(name, "color")) {
        *ret_option = name.ptr[0] == 'h' ? help_option : colour_option;
        return true;
    }
    for (size_t i = 0; args->verb->options != NULL && args->verb->options[i].name != NULL; i++) {
        if (bytes_is(name, args->verb->options[i].name)) {
            *ret_option = i;
            return true;
        }
    }
    snprintf(text, sizeof(text), "%.*s", FMT(name));
    meant = suggest_option(args->verb, text);
    if (meant != NULL)
        cli_usage(args, "no option --%s; did you mean --%s?", text, meant);
    else
        cli_usage(args, "no option --%s", text);
    return false;
}

/* A letter means the same to all verbs that have the option. */
static const struct {
    char letter;
    const char *name;
} letters[] = {{'n', "last"}, {'n', "times"}, {'f', "follow"}, {'v', "verbose"}, {'h', "help"}};

static const char *name_of_letter(const struct cli_verb *verb, char letter)
{
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].letter != letter)
            continue;
        if (strcmp(letters[i].name, "help") == 0)
            return letters[i].name;
        for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++)
            if (strcmp(o->name, letters[i].name) == 0)
                return o->name;
    }
    return NULL;
}

/* What its value is called, NULL where it has none. */
static const char *argument_of(const struct cli_args *args, size_t option)
{
    return option == help_option     ? NULL
           : option == colour_option ? "auto, always or never"
                                     : args->verb->options[option].argument;
}

/* As the environment says it, which all that prints looks at. */
static bool choose_colour(const struct cli_args *args)
{
    const char *when = cli_value(args, colour_option);

    if (when == NULL || strcmp(when, "auto") == 0)
        return true;
    if (strcmp(when, "always") != 0 && strcmp(when, "never") != 0) {
        cli_usage(args, "--color: '%s' is none of auto, always and never", when);
        return false;
    }
    unsetenv("NO_COLOR");
    setenv(when[0] == 'a' ? "CLICOLOR_FORCE" : "NO_COLOR", "1", 1);
    return true;
}

/* An option by name; its value stands inside its word, or is the next one. Returns how many words
 * it took, 0 after an error. */
static int take_named(
    struct cli_args *args, struct bytes name, const char *inside, const char *next)
{
    const char *value = "";
    int taken = 1;
    size_t option;

    if (!find_option(args, name, &option))
        return 0;
    if (argument_of(args, option) == NULL) {
        if (inside != NULL) {
            cli_usage(args, "--%.*s takes no value", FMT(name));
            return 0;
        }
    } else if (inside != NULL) {
        value = inside;
    } else if (next != NULL) {
        value = next;
        taken = 2;
    } else {
        cli_usage(args, "--%.*s needs a value: %s", FMT(name), argument_of(args, option));
        return 0;
    }
    if (args->given_count == sizeof(args->given) / sizeof(args->given[0])) {
        cli_usage(args, "too many options");
        return 0;
    }
    args->given[args->given_count].option = option;
    args->given[args->given_count++].value = value;
    return taken;
}

/* "--name", "--name value", "--name=value", "-n", "-n value" or "-nvalue". */
static int take_option(struct cli_args *args, const char *word, const char *next)
{
    struct bytes name = bytes_of(word + 2);
    const char *inside = strchr(word, '=');
    const char *known;

    if (word[1] == '-')
        return take_named(args, bytes_cut(&name, '='), inside == NULL ? NULL : inside + 1, next);
    known = name_of_letter(args->verb, word[1]);
    if (known == NULL) {
        cli_usage(args, "no option %s", word);
        return 0;
    }
    return take_named(args, bytes_of(known), word[2] == '\0' ? NULL : word + 2, next);
}

bool cli_parse(const struct cli_verb *verb, const char *path, int argc, char **argv,
    struct cli_args *ret_args, int *ret_exit)
{
    struct cli_args args = {.verb = verb, .path = path, .words = argv + 1};
    bool only_words = false;

    *ret_exit = EXIT_USAGE;
    for (int i = 1; i < argc;) {
        int taken;

        if (only_words || argv[i][0] != '-' || argv[i][1] == '\0') {
            args.words[args.words_count++] = argv[i++];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_words = true;
            i++;
            continue;
        }
        taken = take_option(&args, argv[i], argv[i + 1]);
        if (taken == 0)
            return false;
        i += taken;
    }
    if (!choose_colour(&args))
        return false;
    if (cli_given(&args, help_option)) {
        print_help(stdout, verb, path);
        *ret_exit = EXIT_OK;
        return false;
    }
    if (args.words_count < verb->least || args.words_count > verb->most) {
        cli_usage(&args,
            args.words_count < verb->least ? "too few words; expected %s"
                                           : "too many words; expected %s",
            verb->words == NULL ? "none" : verb->words);
        return false;
    }
    args.words[args.words_count] = NULL;
    *ret_args = args;
    return true;
}

static const struct cli_verb *find_verb(
    const struct cli_verb *const *verbs, const char *path, const char *name)
{
    const char *names[NAMES_MOST + 1];
    const char *meant;
    size_t count = 0;

    for (const struct cli_verb *const *v = verbs; *v != NULL; v++) {
        if (strcmp((*v)->name, name) == 0)
            return *v;
        if (count < NAMES_MOST)
            names[count++] = (*v)->name;
    }
    names[count] = NULL;
    meant = option_suggest(name, names);
    if (meant != NULL)
        fprintf(stderr, "%s: no verb '%s'; did you mean %s?\n", path, name, meant);
    else
        fprintf(stderr, "%s: no verb '%s'. Try %s --help.\n", path, name, path);
    return NULL;
}

/* Known before the command line is taken apart, whose errors it is for, too. */
static bool wants_json(const struct cli_verb *verb, char **argv)
{
    bool has_json = false;

    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++)
        has_json = has_json || strcmp(o->name, "json") == 0;
    for (; has_json && *argv != NULL && strcmp(*argv, "--") != 0; argv++)
        if (strcmp(*argv, "--json") == 0)
            return true;
    return false;
}

static int run_verb(const struct cli_verb *verb, const char *path, int argc, char **argv)
{
    struct cli_args args;
    int exit_code;

    if (verb->raw != NULL)
        return verb->raw(argc, argv);
    errors_are_json = wants_json(verb, argv);
    if (!cli_parse(verb, path, argc, argv, &args, &exit_code))
        return exit_code;
    return verb->run(&args);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* "wireroom help feeds add", "wireroom feeds --help add". */
static int help_of(const struct cli_verb *const *verbs, char **words)
{
    const struct cli_verb *verb = NULL;
    char path[PATH_MOST] = "wireroom";

    for (; *words != NULL && verbs != NULL; words++) {
        if (is_help(*words))
            continue;
        verb = find_verb(verbs, path, *words);
        if (verb == NULL)
            return EXIT_USAGE;
        snprintf(path + strlen(path), sizeof(path) - strlen(path), " %s", verb->name);
        verbs = verb->verbs;
    }
    if (verb == NULL)
        top_help(stdout);
    else
        print_help(stdout, verb, path);
    return EXIT_OK;
}

/* "wireroom --dir X status": what is said of the daemon before the verb goes behind the words. */
static void move_options(int argc, char **argv)
{
    static const char *const with_value[] = {"--dir", "--socket"};
    int before = 1;

    while (before < argc) {
        int taken = strcmp(argv[before], "--json") == 0;

        for (size_t i = 0; i < sizeof(with_value) / sizeof(with_value[0]); i++) {
            struct bytes word = bytes_of(argv[before]);

            if (bytes_is(word, with_value[i]))
                taken = 2;
            else if (bytes_starts(word, bytes_of(with_value[i])) &&
                     word.ptr[strlen(with_value[i])] == '=')
                taken = 1;
        }
        if (taken == 0)
            break;
        before += taken;
    }
    for (int moved = before < argc ? before - 1 : 0; moved > 0; moved--) {
        char *first = argv[1];

        memmove(argv + 1, argv + 2, (size_t)(argc - 2) * sizeof(*argv));
        argv[argc - 1] = first;
    }
}

int cli_main(int argc, char **argv)
{
    const struct cli_verb *verb;
    char path[PATH_MOST];

    if (argc < 2) {
        top_help(stderr);
        return EXIT_USAGE;
    }
    move_options(argc, argv);
    if (is_help(argv[1]))
        return help_of(cli_verbs, argv + 2);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        argv[1] = (char *)"version";
    verb = find_verb(cli_verbs, "wireroom", argv[1]);
    if (verb == NULL)
        return EXIT_USAGE;
    snprintf(path, sizeof(path), "wireroom %s", verb->name);
    if (verb->verbs == NULL)
        return run_verb(verb, path, argc - 1, argv + 1);
    if (argc < 3) {
        print_help(stderr, verb, path);
        return EXIT_USAGE;
    }
    if (is_help(argv[2]))
        return help_of(cli_verbs, argv + 1);
    verb = find_verb(verb->verbs, path, argv[2]);
    if (verb == NULL)
        return EXIT_USAGE;
    snprintf(path + strlen(path), sizeof(path) - strlen(path), " %s", verb->name);
    return run_verb(verb, path, argc - 2, argv + 2);
}
