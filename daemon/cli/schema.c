/* schema.c - `wireroom schema`: what events and answers look like, as JSON Schema. */
#include "cli/verbs.h"
#include "schema/answers.h"
#include "schema/texts.h"

enum { VERB_NAME = 100 };

static const struct cli_option options[] = {
    {"json", NULL, CLI_TAKES_NOTHING, "the list of them as JSON, too"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static void list(bool json)
{
    const char *format = json ? "{\"name\":\"%s\"}\n" : "%s\n";

    printf(format, "events");
    for (const struct answer *a = schema_answers; a->verb != NULL; a++)
        printf(format, a->verb);
}

static void print(struct bytes text)
{
    fwrite(text.ptr, 1, text.len, stdout);
}

static int run(const struct cli_args *args)
{
    struct buf out = {0};
    const struct answer *answer;
    char verb[VERB_NAME] = "";

    if (args->words_count == 0) {
        list(cli_given(args, 0));
        return EXIT_OK;
    }
    for (size_t i = 0; i < args->words_count; i++)
        snprintf(verb + strlen(verb), sizeof(verb) - strlen(verb), "%s%s", i > 0 ? " " : "",
            args->words[i]);
    if (strcmp(verb, "events") == 0) {
        print(schema_events());
        return EXIT_OK;
    }
    answer = schema_answer(verb);
    if (answer == NULL)
        return cli_usage(args, "no schema of '%s': `wireroom schema` lists what there is", verb);
    schema_write(answer, &out);
    print(buf_bytes(&out));
    buf_done(&out);
    return EXIT_OK;
}

const struct cli_verb cli_schema_verb = {
    .name = "schema",
    .words = "[events|VERB]",
    .summary = "Print the JSON Schema of events, or of what a verb answers under --json.",
    .text =
        "Without a word, all there are. Names are in camelCase, spans are numbers of seconds, "
        "times as\n"
        "in RFC 3339, sizes bytes; lists of anything are a line each. HTTP answers with the same.\n"
        "What `parse`, `extract` and `thread` print is for pipelines of documents, and told in "
        "wireroom(1).",
    .examples = "wireroom schema events\nwireroom schema feeds list\n",
    .options = options,
    .most = 2,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
