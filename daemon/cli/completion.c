/* completion.c - `wireroom completion`: the table of verbs in the words of three shells, which ask
 * for values as they need them (values.c). */
#include "cli/client.h"
#include "cli/values.h"
#include "cli/verbs.h"

/* Text between single quotes; the three shells differ in how one stands within. */
static void put_quoted(const char *text, const char *quote)
{
    putchar('\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs(quote, stdout);
        else
            putchar(*text);
    }
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

static void put_path(const char *parent, const struct cli_verb *verb)
{
    printf("%s%s%s", parent == NULL ? "" : parent, parent == NULL ? "" : " ", verb->name);
}

/* The words that a verb takes when there are only so many: "bash|zsh|fish". */
static bool has_choices(const struct cli_verb *verb)
{
    const char *words = verb->words == NULL ? "" : verb->words;

    return verb->most == 1 && strchr(words, '|') != NULL &&
           words[strspn(words, "abcdefghijklmnopqrstuvwxyz|")] == '\0';
}

static void put_choices(const struct cli_verb *verb)
{
    if (!has_choices(verb))
        return;
    for (const char *words = verb->words; *words != '\0'; words++)
        putchar(*words == '|' ? ' ' : *words);
    putchar(' ');
}

static bool has_options(const struct cli_verb *verb)
{
    return verb->options != NULL && verb->options[0].name != NULL;
}

/* ---- bash -------------------------------------------------------------------- */

static void put_words(const struct cli_verb *verb)
{
    put_choices(verb);
    for (const struct cli_verb *const *sub = verb->verbs; sub != NULL && *sub != NULL; sub++)
        printf("%s ", (*sub)->name);
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++)
        printf("--%s ", o->name);
    printf("--color --help");
}

static const char *bash_kind(enum cli_takes takes)
{
    return takes == CLI_TAKES_FILE ? "-f" : takes == CLI_TAKES_DIR ? "-d" : values_kind(takes);
}

/* Options with values, by the word before the cursor. */
static void bash_values(const char *parent, const struct cli_verb *verb)
{
    for (const struct cli_option *o = verb->options; o != NULL && o->name != NULL; o++) {
        if (o->argument == NULL)
            continue;
        fputs("    '", stdout);
        put_path(parent, verb);
        printf(" --%s') values=%s ;;\n", o->name,
            bash_kind(o->takes) == NULL ? "-" : bash_kind(o->takes));
    }
}

static void bash_verb(const char *parent, const struct cli_verb *verb)
{
    fputs("    '", stdout);
    put_path(parent, verb);
    fputs("') words='", stdout);
    put_words(verb);
    printf("'");
    if (verb->most > 0 && bash_kind(verb->takes) != NULL)
        printf(" values=%s", bash_kind(verb->takes));
    puts(" ;;");
}

static const char bash_functions[] =
    "# bash completion of wireroom: source <(wireroom completion bash)\n"
    "\n"
    "# What the program knows of a kind, for the last of words with commas between. Of one that "
    "is\n"
    "# left what it means is left out.\n"
    "_wireroom_values()\n"
    "{\n"
    "    local head= where=() line i\n"
    "    [[ $cur == *,* ]] && head=${cur%,*},\n"
    "    for ((i = 1; i + 1 < ${#COMP_WORDS[@]}; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == --dir || ${COMP_WORDS[i]} == --socket ]] &&\n"
    "            where=(\"${COMP_WORDS[@]:i:2}\")\n"
    "    done\n"
    "    compopt +o filenames 2>/dev/null\n"
    "    while IFS= read -r line; do\n"
    "        [[ $head$line == \"$cur\"* ]] && COMPREPLY+=(\"$head${line/$'\\t'/  }\")\n"
    "    done < <(\"${COMP_WORDS[0]}\" completion --values \"$1\" \"${where[@]}\" 2>/dev/null)\n"
    "    [ ${#COMPREPLY[@]} -ne 1 ] || COMPREPLY=(\"${COMPREPLY[0]%%  *}\")\n"
    "}\n"
    "\n"
    "_wireroom()\n"
    "{\n"
    "    local words= values=\n"
    "    COMPREPLY=()\n"
    "    if [ \"${COMP_WORDS[1]}\" = help ] && [ \"$COMP_CWORD\" -gt 1 ]; then\n"
    "        COMP_WORDS=(\"${COMP_WORDS[0]}\" \"${COMP_WORDS[@]:2}\")\n"
    "        COMP_CWORD=$((COMP_CWORD - 1))\n"
    "    fi\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local verb=${COMP_WORDS[1]} sub=${COMP_WORDS[2]}\n"
    "    # --option=value comes as three words.\n"
    "    [ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    [ \"$cur\" = = ] && cur=\n";

static void write_bash(void)
{
    fputs(bash_functions, stdout);
    fputs("    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '", stdout);
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        printf("%s ", (*v)->name);
    puts("help' -- \"$cur\"))\n        return\n    fi\n    case $verb in");
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        if ((*v)->verbs != NULL)
            printf("    %s) [ \"$COMP_CWORD\" -gt 2 ] && verb=\"$verb $sub\" ;;\n", (*v)->name);
    puts("    esac\n    case \"$verb $prev\" in");
    each_leaf(cli_verbs, NULL, bash_values);
    puts("    *) case $verb in");
    each_leaf(cli_verbs, NULL, bash_verb);
    puts("    esac ;;\n    esac\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "    case $values in\n"
         "    '' | -) ;;\n"
         "    -*) [[ -n $words && $cur == -* ]] || COMPREPLY+=($(compgen $values -- \"$cur\")) ;;\n"
         "    *) [[ $cur == -* ]] || _wireroom_values $values ;;\n"
         "    esac\n"
         "}\n"
         "complete -o filenames -F _wireroom wireroom");
}

/* ---- zsh --------------------------------------------------------------------- */

/* What stands between the brackets of an option. */
static void zsh_escape(const char *text, const char *special, char *out, size_t room)
{
    size_t len = 0;

    for (; *text != '\0' && len + 3 < room; text++) {
        if (strchr(special, *text) != NULL)
            out[len++] = '\\';
        out[len++] = *text;
    }
    out[len] = '\0';
}

static void zsh_action(enum cli_takes takes, char out[64])
{
    const char *kind = values_kind(takes);

    snprintf(out, 64, "%s%s",
        kind != NULL               ? "_wireroom_values "
        : takes == CLI_TAKES_FILE  ? "_files"
        : takes == CLI_TAKES_DIR   ? "_files -/"
        : takes == CLI_TAKES_OTHER ? " "
                                   : "",
        kind != NULL ? kind : "");
}

/* --name[help]:argument:action. */
static void zsh_option(const struct cli_option *o)
{
    char help[256], argument[64], action[64], text[512];

    zsh_escape(o->help, "[]\\", help, sizeof(help));
    zsh_escape(o->argument == NULL ? "" : o->argument, ":\\", argument, sizeof(argument));
    zsh_action(o->takes, action);
    snprintf(text, sizeof(text), "--%s[%s]%s%s%s%s", o->name, help, o->argument == NULL ? "" : ":",
        argument, o->argument == NULL ? "" : ":", o->argument == NULL ? "" : action);
    fputs(" \\\n            ", stdout);
    put_quoted(text, "'\\''");
}

static void zsh_verb(const char *parent, const struct cli_verb *verb)
{
    char action[64];

    fputs("    '", stdout);
    put_path(parent, verb);
    puts("')");
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
    } else if (verb->most > 0) {
        zsh_action(verb->takes, action);
        printf(" \\\n            '%s:word:%s'", verb->most == 1 ? "1" : "*", action);
    }
    puts(" \\\n            '--color[when lines are coloured]:when:(auto always never)'"
         " \\\n            '--help[say what it does]' ;;");
}

static const char zsh_functions[] =
    "#compdef wireroom\n"
    "# zsh completion of wireroom: wireroom completion zsh > _wireroom, in a directory of $fpath\n"
    "\n"
    "# What the program knows of a kind, for the last of words with commas between.\n"
    "_wireroom_values()\n"
    "{\n"
    "    local -a values where\n"
    "    local i=${_wireroom_line[(I)--dir|--socket]}\n"
    "    (( i )) && where=(\"${(@)_wireroom_line[i,i+1]}\")\n"
    "    values=(${(f)\"$($_wireroom_line[1] completion --values ${@[-1]} $where "
    "2>/dev/null)\"})\n"
    "    values=(${values//:/\\\\:})\n"
    "    values=(${values//$'\\t'/:})\n"
    "    compset -P '*,'\n"
    "    _describe -V ${@[-1]} values\n"
    "}\n"
    "\n"
    "_wireroom()\n{\n"
    "    local -a _wireroom_line=(\"${(@)words}\")\n"
    "    if [[ $words[2] == help ]] && (( CURRENT > 2 )); then\n"
    "        shift words\n"
    "        (( CURRENT-- ))\n"
    "    fi\n"
    "    local verb=$words[2]\n"
    "    if (( CURRENT == 2 )); then\n"
    "        local -a verbs=(\n";

static void write_zsh(void)
{
    fputs(zsh_functions, stdout);
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++) {
        char text[300];

        snprintf(text, sizeof(text), "%s:%.200s", (*v)->name, (*v)->summary);
        fputs("            ", stdout);
        put_quoted(text, "'\\''");
        putchar('\n');
    }
    puts("            'help:Say what a verb does.'\n        )\n        _describe verb verbs\n"
         "        return\n    fi\n    case $verb in");
    for (const struct cli_verb *const *v = cli_verbs; *v != NULL; v++)
        if ((*v)->verbs != NULL)
            printf("    %s) (( CURRENT > 3 )) && { verb=\"$verb $words[3]\"; shift words; (( "
                   "CURRENT-- )) } ;;\n",
                (*v)->name);
    puts("    esac\n    shift words\n    (( CURRENT-- ))\n    case $verb in");
    each_leaf(cli_verbs, NULL, zsh_verb);
    puts("    esac\n}\n_wireroom \"$@\"");
}

/* ---- fish -------------------------------------------------------------------- */

static const char fish_functions[] =
    "# fish completion of wireroom: wireroom completion fish > "
    "~/.config/fish/completions/wireroom.fish\n"
    "\n"
    "# Whether the command line, without options and help, begins with these words; _only: is "
    "them.\n"
    "function __wireroom_words\n"
    "    set -l words (string match -v -- '-*' (commandline -opc))\n"
    "    set -e words[1]\n"
    "    test \"$words[1]\" = help; and set -e words[1]\n"
    "    string join \\n -- $words\n"
    "end\n"
    "function __wireroom_only\n"
    "    test \"$(__wireroom_words)\" = \"$(string join \\n -- $argv)\"\n"
    "end\n"
    "function __wireroom_at\n"
    "    set -l words (__wireroom_words)\n"
    "    test (count $words) -ge (count $argv)\n"
    "    and test \"$words[1..$(count $argv)]\" = \"$argv\"\n"
    "end\n"
    "\n"
    "# What the program knows of a kind, for the last of words with commas between.\n"
    "function __wireroom_values\n"
    "    set -l words (commandline -opc)\n"
    "    set -l where\n"
    "    for i in (seq (count $words))\n"
    "        contains -- $words[$i] --dir --socket; and set where $words[$i] $words[(math $i + "
    "1)]\n"
    "    end\n"
    "    set -l typed (string replace -r -- '^--[a-z]+=' '' (commandline -ct))\n"
    "    set -l head (string replace -r -- '[^,]*$' '' \"$typed\")\n"
    "    for value in ($words[1] completion --values $argv[1] $where 2>/dev/null)\n"
    "        echo -- $head$value\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c wireroom -n __wireroom_only -f -a help -d 'Say what a verb does.'\n"
    "complete -c wireroom -l color -x -a 'auto always never' -d 'when lines are coloured'\n";

/* When an option or a word is offered. */
static void fish_begin(const char *condition, const char *parent, const struct cli_verb *verb)
{
    printf("complete -c wireroom -n '__wireroom_%s ", condition);
    put_path(parent, verb);
    fputs("' ", stdout);
}

static void fish_option(const struct cli_option *o)
{
    const char *kind = values_kind(o->takes);

    printf("-l %s ", o->name);
    if (kind != NULL)
        printf("-x -a '(__wireroom_values %s)' ", kind);
    else if (o->argument != NULL)
        fputs(o->takes == CLI_TAKES_FILE  ? "-r -F "
              : o->takes == CLI_TAKES_DIR ? "-x -a '(__fish_complete_directories)' "
                                          : "-x ",
            stdout);
    fputs("-d ", stdout);
    put_quoted(o->help, "\\'");
    putchar('\n');
}

static void fish_verb(const char *parent, const struct cli_verb *verb)
{
    const char *kind = values_kind(verb->takes);

    if (parent == NULL)
        printf("complete -c wireroom -n __wireroom_only -f -a %s -d ", verb->name);
    else
        printf("complete -c wireroom -n '__wireroom_only %s' -f -a %s -d ", parent, verb->name);
    put_quoted(verb->summary, "\\'");
    putchar('\n');
    if (verb->verbs == NULL) {
        fish_begin("at", parent, verb);
        if (has_choices(verb)) {
            fputs("-f -a '", stdout);
            put_choices(verb);
            puts("'");
        } else if (verb->most > 0 && kind != NULL) {
            printf("-f -a '(__wireroom_values %s)'\n", kind);
        } else {
            puts(verb->takes == CLI_TAKES_FILE ? "-F" : "-f");
        }
    }
    for (const struct cli_option *o = verb->options; has_options(verb) && o->name != NULL; o++) {
        fish_begin("at", parent, verb);
        fish_option(o);
    }
}

static void write_fish(void)
{
    fputs(fish_functions, stdout);
    each_leaf(cli_verbs, NULL, fish_verb);
}

/* ---- the verb ------------------------------------------------------------------ */

enum { OPT_VALUES };

static const struct cli_option options[] = {
    {"values", "KIND", CLI_TAKES_OTHER,
        "in place of a shell's words: what a KIND may be (feeds, types ...)"},
    {"socket", "PATH", CLI_TAKES_FILE, "control socket of the daemon that is asked"},
    {"dir", "DIR", CLI_TAKES_DIR, "its state directory"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int run(const struct cli_args *args)
{
    const char *kind = cli_value(args, OPT_VALUES);

    if (kind != NULL && args->words_count == 0)
        return values_print(args, kind);
    if (args->words_count == 0)
        return cli_usage(args, "too few words");
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
    .summary = "Print what a shell needs to complete verbs, options and values.",
    .text = "Values - feeds, stories, topics, consumers, stages, states, types - are asked of the "
            "daemon as they are needed.",
    .examples = "source <(wireroom completion bash)\n"
                "wireroom completion zsh > ~/.zfunc/_wireroom\n"
                "wireroom completion fish > ~/.config/fish/completions/wireroom.fish\n",
    .options = options,
    .least = 0,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
