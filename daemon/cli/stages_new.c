/* stages_new.c - `wireroom stages new`: a directory with a module that builds, passes its test and
 * loads. */
#include <errno.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/stages.h"

enum { NAME_MOST = 32 };

/* In the texts below, @n is the name and @c the name as C knows it. */
static const char source[] =
    "/* @n.c - says how many words an article has, and drops those that have too few. */\n"
    "#include <string.h>\n"
    "#include <stdio.h>\n"
    "\n"
    "#include \"wireroom/stage.h\"\n"
    "\n"
    "struct @c {\n"
    "    int64_t min_words;\n"
    "};\n"
    "\n"
    "static const wr_option options[] = {\n"
    "    {\"min-words\", WR_INT, offsetof(struct @c, min_words), \"0\", \"drop articles with fewer "
    "words\"},\n"
    "    {0},\n"
    "};\n"
    "\n"
    "static long count_words(wr_str text)\n"
    "{\n"
    "    long words = 0;\n"
    "    int inside = 0;\n"
    "\n"
    "    for (size_t i = 0; i < text.len; i++) {\n"
    "        int space = text.ptr[i] == ' ' || text.ptr[i] == '\\n';\n"
    "\n"
    "        words += !space && !inside;\n"
    "        inside = !space;\n"
    "    }\n"
    "    return words;\n"
    "}\n"
    "\n"
    "static int process(void *self, wr_record *rec, const wr_event *event)\n"
    "{\n"
    "    const struct @c *s = self;\n"
    "    long words = count_words(wr_get(rec, WR_TEXT));\n"
    "    char value[32];\n"
    "\n"
    "    (void)event;\n"
    "    if (words < s->min_words)\n"
    "        return WR_DROP;\n"
    "    snprintf(value, sizeof(value), \"%ld\", words);\n"
    "    wr_set_extra(rec, \"@n.words\", (wr_str){value, strlen(value)});\n"
    "    return WR_NEXT;\n"
    "}\n"
    "\n"
    "const wr_stage wireroom_stage = {\n"
    "    .abi = WR_STAGE_ABI,\n"
    "    .size = sizeof(wr_stage),\n"
    "    .name = \"@n\",\n"
    "    .version = \"0.1\",\n"
    "    .self_size = sizeof(struct @c),\n"
    "    .options = options,\n"
    "    .process = process,\n"
    "};\n";

static const char cmake[] =
    "# Build: cmake -B build && cmake --build build && ctest --test-dir build\n"
    "cmake_minimum_required(VERSION 3.24)\n"
    "project(@n LANGUAGES C)\n"
    "set(CMAKE_C_STANDARD 17)\n"
    "find_path(WIREROOM_INCLUDE wireroom/stage.h REQUIRED)\n"
    "find_program(WIREROOM wireroom REQUIRED)\n"
    "\n"
    "add_library(@n MODULE @n.c)\n"
    "set_target_properties(@n PROPERTIES PREFIX \"\" C_VISIBILITY_PRESET hidden)\n"
    "target_compile_options(@n PRIVATE -Wall -Wextra)\n"
    "target_include_directories(@n PRIVATE ${WIREROOM_INCLUDE})\n"
    "install(TARGETS @n LIBRARY DESTINATION lib/wireroom/stages)\n"
    "install(FILES wireroom-@n.7 DESTINATION share/man/man7)\n"
    "\n"
    "# One record through the module, in a worker as the daemon starts it.\n"
    "enable_testing()\n"
    "add_test(NAME @n_counts_words\n"
    "    COMMAND ${WIREROOM} stages run --json --dir $<TARGET_FILE_DIR:@n> --stages @n "
    "${CMAKE_SOURCE_DIR}/tests/record.json)\n"
    "set_tests_properties(@n_counts_words PROPERTIES PASS_REGULAR_EXPRESSION "
    "\"\\\"@n\\\\.words\\\":\\\"7\\\"\")\n";

static const char record[] = "{\n"
                             "  \"headline\": \"Harbour bridge closed\",\n"
                             "  \"language\": \"en\",\n"
                             "  \"text\": \"Police closed the bridge.\\nNobody was hurt.\"\n"
                             "}\n";

static const char manual[] =
    ".Dd $Mdocdate$\n"
    ".Dt WIREROOM-@N 7\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm wireroom-@n\n"
    ".Nd wireroom stage that counts words\n"
    ".Sh DESCRIPTION\n"
    "The stage writes the number of words of an article to its extra field\n"
    ".Va @n.words .\n"
    ".Pp\n"
    "Options, under\n"
    ".Ic stages.options.@n :\n"
    ".Bl -tag -width Ds\n"
    ".It Ic min-words : Ar number\n"
    "Drop articles with fewer words.\n"
    "Default:\n"
    ".Ql 0\n"
    ".El\n"
    ".Sh SEE ALSO\n"
    ".Xr wireroom.yaml 5\n";

static const struct {
    const char *path; /* with @n */
    const char *text;
} files[] = {{"@n.c", source}, {"CMakeLists.txt", cmake}, {"tests/record.json", record},
    {"wireroom-@n.7", manual}};

static bool is_good_name(const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') ||
                (i > 0 && (is_digit(name[i]) || name[i] == '-'))))
            return false;
    return name[0] != '\0' && strlen(name) <= NAME_MOST;
}

static void put_name(struct buf *out, const char *name, char form)
{
    for (; *name != '\0'; name++) {
        bool is_lower = *name >= 'a' && *name <= 'z';

        if (form == 'N' && is_lower)
            buf_add_byte(out, (char)(*name - 'a' + 'A'));
        else
            buf_add(out, form == 'c' && *name == '-' ? LIT("_") : (struct bytes){name, 1});
    }
}

static void fill(struct buf *out, const char *text, const char *name)
{
    for (; *text != '\0'; text++) {
        if (*text == '@' && strchr("ncN", text[1]) != NULL && text[1] != '\0')
            put_name(out, name, *++text);
        else
            buf_add_byte(out, *text);
    }
}

static int write_file(const char *dir, const char *pattern, const char *text, const char *name)
{
    struct buf path = {0};
    struct buf content = {0};
    int result = EXIT_OK;
    FILE *file;

    buf_printf(&path, "%s/", dir);
    fill(&path, pattern, name);
    fill(&content, text, name);
    file = fopen(buf_cstr(&path), "wxe");
    if (file == NULL || fwrite(content.ptr, 1, content.len, file) != content.len)
        result = cli_trouble("%s: %s", buf_cstr(&path), strerror(errno));
    if (file != NULL && fclose(file) != 0 && result == EXIT_OK)
        result = cli_trouble("%s: %s", buf_cstr(&path), strerror(errno));
    if (result == EXIT_OK)
        printf("%s\n", buf_cstr(&path));
    buf_done(&path);
    buf_done(&content);
    return result;
}

enum { OPT_DIR };

static const struct cli_option options[] = {
    {"dir", "DIR", CLI_TAKES_DIR, "directory to make (default: ./NAME)"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int run(const struct cli_args *args)
{
    const char *name = args->words[0];
    const char *dir = cli_given(args, OPT_DIR) ? cli_value(args, OPT_DIR) : name;
    int result = EXIT_OK;
    char tests[4200];

    if (!is_good_name(name))
        return cli_usage(args,
            "'%s' is no name for a stage: a-z, then a-z, 0-9 and '-', at most %d", name, NAME_MOST);
    snprintf(tests, sizeof(tests), "%s/tests", dir);
    if (mkdir(dir, 0755) != 0)
        return cli_trouble("%s: %s", dir, strerror(errno));
    if (mkdir(tests, 0755) != 0)
        return cli_trouble("%s: %s", tests, strerror(errno));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && result == EXIT_OK; i++)
        result = write_file(dir, files[i].path, files[i].text, name);
    if (result == EXIT_OK)
        printf("build and test: cd %s && cmake -B build && cmake --build build && ctest --test-dir "
               "build\n",
            dir);
    return result;
}

const struct cli_verb cli_stages_new_verb = {
    .name = "new",
    .words = "NAME",
    .summary = "Begin a stage: a module that builds, passes its test and loads, to be changed.",
    .examples = "wireroom stages new mine\n",
    .options = options,
    .least = 1,
    .most = 1,
    .takes = CLI_TAKES_OTHER,
    .run = run,
};
