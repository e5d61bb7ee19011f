/* stages_new.c - `wireroom stages new`: a directory with a module that builds, passes its test and
 * loads. */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/stages.h"

enum { NAME_MOST = 32 };

/* In the texts below, @n is the name, @c the name as C knows it, @N in capitals; @h is where
 * this program belongs to. */
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
    "\n"
    "add_library(@n MODULE @n.c)\n"
    "set_target_properties(@n PROPERTIES PREFIX \"\" C_VISIBILITY_PRESET hidden\n"
    "    LINK_DEPENDS ${CMAKE_SOURCE_DIR}/@n.map)\n"
    "target_compile_options(@n PRIVATE -Wall -Wextra)\n"
    "target_link_options(@n PRIVATE LINKER:--version-script=${CMAKE_SOURCE_DIR}/@n.map)\n"
    "\n"
    "# The stage without a daemon, over any bytes: tests/fuzz.c\n"
    "option(FUZZ \"with libFuzzer, which clang has\" OFF)\n"
    "add_executable(@n_fuzz @n.c tests/fuzz.c)\n"
    "if(FUZZ)\n"
    "    target_compile_definitions(@n_fuzz PRIVATE FUZZER)\n"
    "    target_compile_options(@n_fuzz PRIVATE -g -fsanitize=fuzzer,address,undefined)\n"
    "    target_link_options(@n_fuzz PRIVATE -fsanitize=fuzzer,address,undefined)\n"
    "endif()\n"
    "add_library(stage_header INTERFACE)\n"
    "target_link_libraries(@n PRIVATE stage_header)\n"
    "target_link_libraries(@n_fuzz PRIVATE stage_header)\n"
    "\n"
    "# wireroom/stage.h: of -DWIREROOM_INCLUDE=DIR, of an installed wireroom, or of the tree that\n"
    "# made this.\n"
    "@hif(NOT WIREROOM_INCLUDE)\n"
    "    find_package(wireroom CONFIG QUIET HINTS ${made_by})\n"
    "    find_package(PkgConfig QUIET)\n"
    "    if(NOT wireroom_FOUND AND PkgConfig_FOUND)\n"
    "        pkg_check_modules(wireroom QUIET IMPORTED_TARGET wireroom)\n"
    "        pkg_get_variable(wireroom_BIN_DIR wireroom bindir)\n"
    "    endif()\n"
    "endif()\n"
    "if(TARGET wireroom::stage)\n"
    "    target_link_libraries(stage_header INTERFACE wireroom::stage)\n"
    "elseif(TARGET PkgConfig::wireroom)\n"
    "    target_link_libraries(stage_header INTERFACE PkgConfig::wireroom)\n"
    "elseif(WIREROOM_INCLUDE AND EXISTS ${WIREROOM_INCLUDE}/wireroom/stage.h)\n"
    "    target_include_directories(stage_header INTERFACE ${WIREROOM_INCLUDE})\n"
    "else()\n"
    "    message(FATAL_ERROR \"wireroom/stage.h is not found. Install wireroom, or say where it "
    "is: \"\n"
    "        \"cmake -B build -DWIREROOM_INCLUDE=/path/to/wireroom/include\")\n"
    "endif()\n"
    "\n"
    "install(TARGETS @n LIBRARY DESTINATION lib/wireroom/stages)\n"
    "install(FILES wireroom-@n.7 DESTINATION share/man/man7)\n"
    "\n"
    "# One record through the module, in a worker as the daemon starts it.\n"
    "enable_testing()\n"
    "add_test(NAME @n_takes_any_bytes\n"
    "    COMMAND @n_fuzz ${CMAKE_SOURCE_DIR}/tests/record.json ${CMAKE_SOURCE_DIR}/@n.c)\n"
    "find_program(WIREROOM wireroom HINTS ${wireroom_BIN_DIR} ${made_by}/bin)\n"
    "if(WIREROOM)\n"
    "    add_test(NAME @n_counts_words\n"
    "        COMMAND ${WIREROOM} stages run --json --dir $<TARGET_FILE_DIR:@n> --stages @n\n"
    "            ${CMAKE_SOURCE_DIR}/tests/record.json)\n"
    "    set_tests_properties(@n_counts_words PROPERTIES PASS_REGULAR_EXPRESSION\n"
    "        \"\\\"@n\\\\.words\\\":\\\"7\\\"\")\n"
    "else()\n"
    "    message(STATUS \"No program wireroom, no test: -DWIREROOM=/path/to/wireroom\")\n"
    "endif()\n";

static const char exports[] =
    "/* All that the module exports: whatever is linked into it stays its own. */\n"
    "{\n"
    "    global: wireroom_stage;\n"
    "    local: *;\n"
    "};\n";

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
} files[] = {{"@n.c", source}, {"@n.map", exports}, {"CMakeLists.txt", cmake},
    {"tests/fuzz.c", stages_new_fuzz}, {"tests/record.json", record}, {"wireroom-@n.7", manual}};

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

/* Where CMake looks anyway is not said: the line would be of no use elsewhere. */
static void put_made_by(struct buf *out)
{
    static const char *const usual[] = {"/usr", "/usr/local", ""};
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[len < 0 ? 0 : len] = '\0';
    for (int i = 0; i < 2; i++) { /* PREFIX/bin/wireroom */
        char *slash = strrchr(path, '/');

        if (slash != NULL)
            *slash = '\0';
    }
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (strcmp(path, usual[i]) == 0)
            path[0] = '\0';
    if (path[0] != '\0')
        buf_printf(out, "set(made_by [==[%s]==])\n", path);
}

static void fill(struct buf *out, const char *text, const char *name)
{
    for (; *text != '\0'; text++) {
        if (text[0] != '@' || text[1] == '\0' || strchr("ncNh", text[1]) == NULL) {
            buf_add_byte(out, *text);
            continue;
        }
        if (*++text == 'h')
            put_made_by(out);
        else
            put_name(out, name, *text);
    }
}

/* The path of a file that was written is added to ret_path. */
static int write_file(
    const char *dir, const char *pattern, const char *text, const char *name, struct buf *ret_path)
{
    struct buf content = {0};
    int result = EXIT_OK;
    FILE *file;

    buf_printf(ret_path, "%s/", dir);
    fill(ret_path, pattern, name);
    fill(&content, text, name);
    file = fopen(buf_cstr(ret_path), "wxe");
    if (file == NULL || fwrite(content.ptr, 1, content.len, file) != content.len)
        result = cli_trouble("%s: %s", buf_cstr(ret_path), strerror(errno));
    if (file != NULL && fclose(file) != 0 && result == EXIT_OK)
        result = cli_trouble("%s: %s", buf_cstr(ret_path), strerror(errno));
    buf_done(&content);
    return result;
}

enum { OPT_DIR, OPT_JSON };

static const struct cli_option options[] = {
    {"dir", "DIR", CLI_TAKES_DIR, "directory to make (default: ./NAME)"},
    {"json", NULL, CLI_TAKES_NOTHING, "as JSON"},
    {NULL, NULL, CLI_TAKES_NOTHING, NULL},
};

static int write_files(const char *dir, const char *name, struct json_writer *w)
{
    int result = EXIT_OK;

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && result == EXIT_OK; i++) {
        struct buf path = {0};

        result = write_file(dir, files[i].path, files[i].text, name, &path);
        if (result == EXIT_OK && w != NULL)
            json_string(w, NULL, buf_bytes(&path));
        else if (result == EXIT_OK)
            puts(buf_cstr(&path));
        buf_done(&path);
    }
    return result;
}

static int make_dirs(const char *dir)
{
    char tests[PATH_MAX + 16];

    snprintf(tests, sizeof(tests), "%s/tests", dir);
    if (mkdir(dir, 0755) != 0)
        return cli_trouble("%s: %s", dir, strerror(errno));
    if (mkdir(tests, 0755) != 0)
        return cli_trouble("%s: %s", tests, strerror(errno));
    return EXIT_OK;
}

static int run_json(const char *dir, const char *name)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};
    int result;

    json_begin_object(&w, NULL);
    json_cstr(&w, "name", name);
    json_cstr(&w, "dir", dir);
    json_begin_array(&w, "files");
    result = write_files(dir, name, &w);
    json_end_array(&w);
    json_end_object(&w);
    if (result == EXIT_OK)
        puts(buf_cstr(&text));
    buf_done(&text);
    return result;
}

static int run(const struct cli_args *args)
{
    const char *name = args->words[0];
    const char *dir = cli_given(args, OPT_DIR) ? cli_value(args, OPT_DIR) : name;
    int result;

    if (!is_good_name(name))
        return cli_usage(args,
            "'%s' is no name for a stage: a-z, then a-z, 0-9 and '-', at most %d", name, NAME_MOST);
    result = make_dirs(dir);
    if (result == EXIT_OK && cli_given(args, OPT_JSON))
        return run_json(dir, name);
    if (result == EXIT_OK)
        result = write_files(dir, name, NULL);
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
