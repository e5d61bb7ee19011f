/* doctor.c - `wireroom doctor`: asks all that can be asked, and tells what it found, the worst
 * first. */
#include "cli/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/verbs.h"

/* A status names each degraded site and each trouble: far less than this. */
enum { DOCTOR_ARENA = 256 << 20, TEXT_MOST = 1000 };

struct finding {
    enum doctor_level level;
    enum doctor_part part;
    const char *text, *mend;
    struct finding *next;
};

static const char *const parts[DOCTOR_PARTS] = {[DOCTOR_DAEMON] = "daemon",
    [DOCTOR_CONFIGURATION] = "configuration",
    [DOCTOR_CERTIFICATES] = "certificates",
    [DOCTOR_STORE] = "store",
    [DOCTOR_DISK] = "disk",
    [DOCTOR_LOG] = "write-ahead log",
    [DOCTOR_CLOCK] = "clock",
    [DOCTOR_NETWORK] = "network",
    [DOCTOR_FILES] = "open files",
    [DOCTOR_LISTS] = "lists",
    [DOCTOR_FEEDS] = "feeds",
    [DOCTOR_SITES] = "sites",
    [DOCTOR_STAGES] = "stages",
    [DOCTOR_QUARANTINE] = "quarantine",
    [DOCTOR_CONSUMERS] = "consumers"};

static const char *const levels[] = {[DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail"};

/* --socket, --dir and --json are CLIENT_OPTIONS. */
enum { OPT_CONFIG };

static const struct cli_option options[] = {
    {"config", "FILE", CLI_TAKES_FILE,
        "configuration of the daemon (default: the one it has read)"},
    CLIENT_OPTIONS,
};

const char *doctor_text(struct doctor *doctor, const char *format, ...)
{
    char text[TEXT_MOST];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return bytes_cstr(doctor->arena, bytes_of(text));
}

void doctor_tell(struct doctor *doctor, enum doctor_level level, enum doctor_part part,
    const char *text, const char *mend)
{
    struct finding *finding = arena_alloc(doctor->arena, sizeof(*finding));

    *finding = (struct finding){.level = level, .part = part, .text = text, .mend = mend};
    *doctor->last = finding;
    doctor->last = &finding->next;
    doctor->looked[part] = true;
    doctor->found[part]++;
    doctor->findings++;
}

static bool is_well(const struct doctor *doctor, int part)
{
    return doctor->looked[part] && doctor->found[part] == 0;
}

static void print_finding(const struct finding *finding)
{
    bool failed = finding->level == DOCTOR_FAIL;

    printf("%s%s%s  %s: ", cli_colour(stdout, failed ? CLI_RED : CLI_YELLOW),
        failed ? "FAIL" : "WARN", cli_colour(stdout, CLI_PLAIN), parts[finding->part]);
    cli_print(stdout, bytes_of(finding->text), SIZE_MAX / 2, false);
    printf("\n      %smend:%s ", cli_colour(stdout, CLI_BOLD), cli_colour(stdout, CLI_PLAIN));
    cli_print(stdout, bytes_of(finding->mend), SIZE_MAX / 2, false);
    putchar('\n');
}

static void print_all(const struct doctor *doctor)
{
    const char *between = "";

    for (int level = DOCTOR_FAIL; level >= DOCTOR_WARN; level--)
        for (const struct finding *f = doctor->first; f != NULL; f = f->next)
            if ((int)f->level == level)
                print_finding(f);
    printf("%sok%s    ", cli_colour(stdout, CLI_GREEN), cli_colour(stdout, CLI_PLAIN));
    for (int part = 0; part < DOCTOR_PARTS; part++)
        if (is_well(doctor, part)) {
            printf("%s%s", between, parts[part]);
            between = ", ";
        }
    puts(between[0] == '\0' ? "nothing" : "");
}

static void write_all(const struct doctor *doctor)
{
    struct buf text = {0};
    struct json_writer w = {.out = &text};

    json_begin_object(&w, NULL);
    json_bool(&w, "ok", doctor->findings == 0);
    json_begin_array(&w, "findings");
    for (const struct finding *f = doctor->first; f != NULL; f = f->next) {
        json_begin_object(&w, NULL);
        json_cstr(&w, "level", levels[f->level]);
        json_cstr(&w, "part", parts[f->part]);
        json_cstr(&w, "text", f->text);
        json_cstr(&w, "mend", f->mend);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_begin_array(&w, "well");
    for (int part = 0; part < DOCTOR_PARTS; part++)
        if (is_well(doctor, part))
            json_cstr(&w, NULL, parts[part]);
    json_end_array(&w);
    json_end_object(&w);
    puts(buf_cstr(&text));
    buf_done(&text);
}

/* As sd_booted(3) says it. */
static bool is_run_by_systemd(void)
{
    return access("/run/systemd/system", F_OK) == 0;
}

/* How it is started: below a directory, by systemd where that runs, or by hand. */
static void tell_absent(struct doctor *doctor, const struct error *err)
{
    const char *dir = cli_option(doctor->args, "dir");

    if (err->code == E_REFUSED)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_DAEMON, doctor_text(doctor, "%s", err->text),
            "sudo wireroom doctor");
    else if (dir != NULL)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_DAEMON, doctor_text(doctor, "%s", err->text),
            doctor_text(doctor, "wireroom run --dir '%s'", dir));
    else
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_DAEMON, doctor_text(doctor, "%s", err->text),
            is_run_by_systemd() ? "systemctl start wireroomd, and where it does not stay: "
                                  "journalctl -u wireroomd -n 20"
                                : "wireroom run");
}

static struct client *ask_status(struct doctor *doctor)
{
    struct json *line = NULL;
    struct error err = {0};
    struct client *client = client_find(doctor->args, &err);

    if (client == NULL) {
        tell_absent(doctor, &err);
        return NULL;
    }
    client_begin(client, "status");
    if (client_ask(client, doctor->arena, &line, &err) != OK) {
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_DAEMON,
            doctor_text(doctor, "it does not answer: %s", err.text), "systemctl restart wireroomd");
        client_close(client);
        return NULL;
    }
    doctor->status = json_get(line, "status");
    return client;
}

static int run(const struct cli_args *args)
{
    struct doctor doctor = {
        .arena = arena_new(DOCTOR_ARENA), .args = args, .config = cli_value(args, OPT_CONFIG)};
    struct client *client;

    doctor.last = &doctor.first;
    client = ask_status(&doctor);
    doctor_files(&doctor);
    if (client != NULL)
        doctor_daemon(&doctor, client);
    client_close(client);
    if (cli_option(args, "json") != NULL)
        write_all(&doctor);
    else
        print_all(&doctor);
    conf_free(doctor.conf);
    arena_free(doctor.arena);
    return doctor.findings > 0 ? EXIT_TROUBLE : EXIT_OK;
}

const struct cli_verb cli_doctor_verb = {
    .name = "doctor",
    .summary = "Tell what is wrong, and the command that mends it.",
    .text = "Looks at configuration, certificates, store, disk, clock, network, open files, lists, "
            "feeds, sites,\n"
            "stages, quarantine and consumers; without a daemon at what lies in files. The exit "
            "status is 1 when\n"
            "there is something to mend.",
    .examples = "wireroom doctor\nwireroom doctor --json | jq -r '.findings[].mend'\n",
    .options = options,
    .run = run,
};
