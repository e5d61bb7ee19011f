/* completion.c - `wireroom completion`: the table of verbs in the words of three shells. */
#include "cli/verbs.h"

/* Text between single quotes, for all three shells; our own texts hold no single quotes but for
 * names of values. */
static void put_quoted(const char *text)
{
    putchar('\'');
    for (; *text != '\0'; text++)
        if (*text != '\'')
            putchar(*text);
    putchar('\'');
}

static void each_leaf(const struct cli_verb *const *verbs, const char *parent,
    void (*on_verb)(const char *parent, const struct cli_verb *verb))
{
    for (; *verbs != NULL; verbs++) {
        on_verb(parent, *verbs);
        if ((*verbs)->verbs != NULL)
            for (const struct cli_verb *const *sub = (*verbs)->verbs; *sub != NULL; sub++)
                on_verb((*verbs)->name, *sub);
    }
}

/* The words that a verb takes when there are only so many: "bash|zsh|fish". */
static void put_choices(const struct cli_verb *verb)
{
    const char *words = verb->words == NULL ? "" : verb->words;

    if (words[strspn(words, "abcdefghijklmnopqrstuvwxyz|")] != '\0')
        return;
    for (; *words != '\0'; words++)
        putchar(*words == '|' ? ' ' : *words);
    putchar(' ');
}

static void put_words(const struct cli_verb *verb)
{
    put_choices(verb);
    for (const struct cli_verb *const *sub = verb->verbs; sub != NULL && *sub != NULL; sub++)
        printf("%s ", (*sub)->name);
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++)
        printf("--%s ", o->name);
    printf("--help");
}

static void bash_verb(const char *parent, const struct cli_verb *verb)
{
    printf("    '%s%s%s') words='", parent == NULL ? "" : parent, parent == NULL ? "" : " ",
        verb->name);
    put_words(verb);
    printf("'%s ;;\n", verb->takes == CLI_TAKES_FILE ? " files=1" : "");
}

static void write_bash(void)
{
    puts("# bash completion of wireroom: source <(wireroom completion bash)\n"
         "_wireroom()\n"
         "{\n"
         "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= files=\n"
         "    local verb=${COMP_WORDS[1]} sub=${COMP_WORDS[2]}\n"
         "    case $prev in\n"
         "    --dir) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n"
         "    --config|--socket) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
         "    --state) COMPREPLY=($(compgen -W 'new ok slow silent failing blocked moved gone "
         "parked "
         "unparsable' -- \"$cur\")); return ;;\n"
         "    esac");
    fputs("    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '", stdout);
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        printf("%s ", (*v)->name);
    puts("help' -- \"$cur\"))\n        return\n    fi\n    case $verb in");
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        if ((*v)->verbs != NULL)
            printf("    %s) [ \"$COMP_CWORD\" -gt 2 ] && verb=\"$verb $sub\" ;;\n", (*v)->name);
    puts("    esac\n    case $verb in");
    each_leaf(cli_verbs, NULL, bash_verb);
    puts("    esac\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "    [ -n \"$files\" ] && [[ $cur != -* ]] && COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
         "}\n"
         "complete -o filenames -F _wireroom wireroom");
}

/* --name[help]:argument:action, where a colon would end the help. */
static void zsh_option(const struct cli_option *o)
{
    static const char *const actions[] = {[CLI_TAKES_NOTHING] = "",
        [CLI_TAKES_FILE] = ":_files",
        [CLI_TAKES_DIR] = ":_files -/",
        [CLI_TAKES_OTHER] = ": "};
    char help[200];
    char text[400];

    snprintf(help, sizeof(help), "%s", o->help);
    for (char *colon = strchr(help, ':'); colon != NULL; colon = strchr(colon, ':'))
        *colon = ' ';
    snprintf(text, sizeof(text), "--%s[%s]%s%.40s%s", o->name, help, o->argument == NULL ? "" : ":",
        o->argument == NULL ? "" : o->argument, actions[o->takes]);
    fputs(" \\\n            ", stdout);
    put_quoted(text);
}

static bool has_choices(const struct cli_verb *verb)
{
    return verb->most == 1 && verb->words != NULL && strchr(verb->words, '|') != NULL;
}

static void zsh_verb(const char *parent, const struct cli_verb *verb)
{
    printf("    '%s%s%s')\n", parent == NULL ? "" : parent, parent == NULL ? "" : " ", verb->name);
    if (verb->verbs != NULL) {
        fputs("        compadd --", stdout);
        for (const struct cli_verb *const *sub = verb->verbs; *sub != NULL; sub++)
            printf(" %s", (*sub)->name);
        puts(" ;;");
        return;
    }
    fputs("        _arguments", stdout);
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++)
        zsh_option(o);
    if (has_choices(verb)) {
        fputs(" \\\n            '1:word:(", stdout);
        put_choices(verb);
        fputs(")'", stdout);
    }
    puts(verb->takes == CLI_TAKES_FILE
             ? " \\\n            '--help[say what it does]' '*:file:_files' ;;"
             : " \\\n            '--help[say what it does]' ;;");
}

static void write_zsh(void)
{
    puts("#compdef wireroom\n# zsh completion of wireroom: wireroom completion zsh > _wireroom, in "
         "a directory of $fpath\n"
         "_wireroom()\n{\n    local verb=$words[2]\n    if (( CURRENT == 2 )); then\n        local "
         "-a verbs=(");
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++) {
        char text[300];

        snprintf(text, sizeof(text), "%s:%.200s", (*v)->name, (*v)->summary);
        fputs("            ", stdout);
        put_quoted(text);
        putchar('\n');
    }
    puts("        )\n        _describe verb verbs\n        return\n    fi\n    case $verb in");
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        if ((*v)->verbs != NULL)
            printf("    %s) (( CURRENT > 3 )) && { verb=\"$verb $words[3]\"; shift words; (( "
                   "CURRENT-- )) } ;;\n",
                (*v)->name);
    puts("    esac\n    shift words\n    (( CURRENT-- ))\n    case $verb in");
    each_leaf(cli_verbs, NULL, zsh_verb);
    puts("    esac\n}\n_wireroom \"$@\"");
}

/* When an option or sub-verb is offered: the words before it. */
static void fish_condition(const char *parent, const struct cli_verb *verb)
{
    if (parent == NULL)
        printf("-n '__fish_seen_subcommand_from %s'", verb->name);
    else
        printf("-n '__fish_seen_subcommand_from %s; and __fish_seen_subcommand_from %s'", parent,
            verb->name);
}

static void fish_verb(const char *parent, const struct cli_verb *verb)
{
    if (parent == NULL)
        printf("complete -c wireroom -n __fish_use_subcommand -f -a %s -d ", verb->name);
    else
        printf("complete -c wireroom -n '__fish_seen_subcommand_from %s' -f -a %s -d ", parent,
            verb->name);
    put_quoted(verb->summary);
    putchar('\n');
    if (has_choices(verb)) {
        fputs("complete -c wireroom -f ", stdout);
        fish_condition(parent, verb);
        fputs(" -a '", stdout);
        put_choices(verb);
        puts("'");
    }
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++) {
        fputs("complete -c wireroom ", stdout);
        fish_condition(parent, verb);
        printf(" -l %s %s-d ", o->name,
            o->argument == NULL           ? ""
            : o->takes == CLI_TAKES_OTHER ? "-x "
                                          : "-r ");
        put_quoted(o->help);
        putchar('\n');
    }
}

static void write_fish(void)
{
    puts("# fish completion of wireroom: wireroom completion fish > "
         "~/.config/fish/completions/wireroom.fish");
    each_leaf(cli_verbs, NULL, fish_verb);
}

static int run(const struct cli_args *args)
{
    if (strcmp(args->words[0], "bash") == 0)
        write_bash();
    else if (strcmp(args->words[0], "zsh") == 0)
        write_zsh();
    else if (strcmp(args->words[0], "fish") == 0)
        write_fish();
    else
        return cli_usage(args, "no shell '%s'; there are bash, zsh and fish", args->words[0]);
    return EXIT_OK;
}

const struct cli_verb cli_completion_verb = {
    .name = "completion",
    .words = "bash|zsh|fish",
    .summary = "Print what a shell needs to complete verbs and options.",
    .examples = "source <(wireroom completion bash)\n"
                "wireroom completion zsh > ~/.zfunc/_wireroom\n"
                "wireroom completion fish > ~/.config/fish/completions/wireroom.fish\n",
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
