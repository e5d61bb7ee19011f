/* cli.h - what all verbs of the `wireroom` command share: options, help, exit codes, colours. */
#ifndef WIREROOM_CLI_CLI_H
#define WIREROOM_CLI_CLI_H

#include <stdio.h>

#include "base/error.h"
#include "base/str.h"

enum { EXIT_OK = 0, EXIT_TROUBLE = 1, EXIT_USAGE = 2, EXIT_NO_DAEMON = 3, EXIT_NOT_KEPT = 4 };

/* What follows an option or a verb on the command line, for shell completion. */
enum cli_takes {
    CLI_TAKES_NOTHING,
    CLI_TAKES_FILE,
    CLI_TAKES_DIR,
    CLI_TAKES_FEEDS, /* of these values.c knows what they may be */
    CLI_TAKES_FEED_STATES,
    CLI_TAKES_FEED_ORDERS,
    CLI_TAKES_STORIES,
    CLI_TAKES_STORY_STATES,
    CLI_TAKES_TOPICS,
    CLI_TAKES_STAGES,
    CLI_TAKES_CONSUMERS,
    CLI_TAKES_TYPES,
    CLI_TAKES_FILTERS,
    CLI_TAKES_OTHER,
    CLI_TAKES_MOST
};

struct cli_option {
    const char *name;     /* without its dashes */
    const char *argument; /* name of its value in the help, NULL for a switch */
    enum cli_takes takes;
    const char *help;
};

/* The command line of one verb, taken apart. Lent from argv. */
struct cli_args {
    const struct cli_verb *verb;
    const char *path; /* "wireroom feeds add" */
    struct {
        size_t option; /* index in verb->options */
        const char *value;
    } given[64];
    size_t given_count;
    char **words; /* what is no option, ended by NULL */
    size_t words_count;
};

struct cli_verb {
    const char *name;
    const char *words;    /* of its usage line: "FILE..." */
    const char *summary;  /* one line, in the list of verbs */
    const char *text;     /* further sentences of its help, NULL for none */
    const char *examples; /* lines "command<TAB>what it does\n" */
    const struct cli_option
        *options;         /* ended by a NULL name; NULL for none. Every verb has --help besides */
    size_t least, most;   /* words it takes */
    enum cli_takes takes; /* its words */
    int (*run)(const struct cli_args *args);
    const struct cli_verb *const *verbs; /* sub-verbs, ended by NULL; then run is NULL */
    int (*raw)(int argc, char **argv);   /* instead of run: takes its command line apart itself */
};

/* All verbs, ended by NULL. */
extern const struct cli_verb *const cli_verbs[];

/* The whole command: find the verb, take the options apart, run it. Returns the exit code. */
int cli_main(int argc, char **argv);

/* Value of the option at this index of the verb's table when it was given (the last time), "" for a
 * switch, else NULL. */
const char *cli_value(const struct cli_args *args, size_t option);
bool cli_given(const struct cli_args *args, size_t option);

/* The option's value as a number within bounds; `otherwise` when it was not given. False after
 * saying what is wrong. */
bool cli_number(const struct cli_args *args, size_t option, int64_t least, int64_t most,
    int64_t otherwise, int64_t *ret_value);

/* Take a command line apart for one verb (argv[0] is its name); on false the exit code, help or
 * what is wrong has been printed. */
bool cli_parse(const struct cli_verb *verb, const char *path, int argc, char **argv,
    struct cli_args *ret_args, int *ret_exit);

/* Lines on standard error, without the end of the last: what they quote of feeds, lists and files
 * cannot steer the terminal. */
void cli_say(struct bytes text);
/* "wireroom: what" on standard error, as cli_say(); returns EXIT_TROUBLE. Under --json it is
 * {"error": {"code", "text"}}, with code "trouble". */
int cli_trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with another code, of code_name(). */
int cli_fail(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same of what is no trouble, which JSON tells in other ways. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with code "usage" and a pointer to --help; returns EXIT_USAGE. */
int cli_usage(const struct cli_args *args, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Colours, when file is a terminal that has some (TERM), or CLICOLOR_FORCE is set, and NO_COLOR is
 * not; "" otherwise. */
enum cli_colour { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_CYAN };
const char *cli_colour(FILE *file, enum cli_colour colour);

/* Print text without control characters, so that what came from outside cannot steer the terminal;
 * at most `width` columns, filled up with spaces when `pad`. */
void cli_print(FILE *file, struct bytes text, size_t width, bool pad);

/* Columns that text takes on a terminal. */
size_t cli_width(struct bytes text);

/* The program wireroomd, written to path, which is returned: $WIREROOM_DAEMON, or beside this one.
 */
const char *cli_daemon_program(char path[4096]);

#endif
