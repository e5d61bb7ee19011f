/* doctor_files.c - what can be seen without a daemon: the configuration and what it names. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/check.h"
#include "cli/doctor.h"
#include "cli/format.h"
#include "conf/conf_certs.h"
#include "store/salvage.h"

/* A store of this size is read whole in about a second (500 MB/s from the page cache); a larger one
 * is left to `wireroom store check`. */
enum { READ_WHOLE = 512 << 20 };

/* A file from the future: beyond what two clocks that are kept in step differ by. */
static const int64_t ahead = 60 * (int64_t)SECOND;

static const char *const usual = WIREROOM_SYSCONF_DIR "/wireroom.yaml";

/* Named here, else what the daemon has read, else the system's where there is one. */
static void find_config(struct doctor *doctor)
{
    struct bytes told = json_get_text(doctor->status, "config");

    if (doctor->config != NULL)
        return;
    if (doctor->status != NULL)
        doctor->config = told.len > 0 ? bytes_cstr(doctor->arena, told) : NULL;
    else if (cli_option(doctor->args, "dir") == NULL && access(usual, F_OK) == 0)
        doctor->config = usual;
}

static void look_at_configuration(struct doctor *doctor)
{
    struct buf warnings = {0};
    struct error err = {0};

    doctor->looked[DOCTOR_CONFIGURATION] = true;
    if (doctor->config != NULL && access(doctor->config, R_OK) != 0 && errno == EACCES) {
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_CONFIGURATION,
            doctor_text(doctor, "you may not read %s", doctor->config), "sudo wireroom doctor");
        return;
    }
    if (check_conf(
            doctor->config, cli_option(doctor->args, "dir"), &warnings, &doctor->conf, &err) != OK)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_CONFIGURATION, doctor_text(doctor, "%s", err.text),
            doctor->config == NULL
                ? "install the stages that it names, or change stages.chain"
                : doctor_text(
                      doctor, "edit it there, then: wireroom check-config '%s'", doctor->config));
    /* A daemon tells of those that it has read. */
    doctor->looked[DOCTOR_LISTS] = true;
    for (struct bytes rest = buf_bytes(&warnings); doctor->status == NULL && rest.len > 0;) {
        struct bytes line = bytes_cut(&rest, '\n');

        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_LISTS, bytes_cstr(doctor->arena, line),
            "correct the list, then: wireroom reload");
    }
    buf_done(&warnings);
}

static void look_at_certificates(struct doctor *doctor)
{
    struct error err = {0};

    doctor->looked[DOCTOR_CERTIFICATES] = true;
    if (conf_certs_check(doctor->conf->http.ca_path, &err) != OK)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_CERTIFICATES, doctor_text(doctor, "%s", err.text),
            "apt-get install ca-certificates, or set http.ca_path");
    else if (!conf_certs_any(doctor->conf->http.ca_path))
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_CERTIFICATES,
            doctor_text(doctor, "none lies under its hash in %s: no https address will be trusted",
                doctor->conf->http.ca_path),
            doctor_text(doctor, "openssl rehash '%s', or apt-get install ca-certificates",
                doctor->conf->http.ca_path));
}

void doctor_disk(struct doctor *doctor, const char *path, int64_t size, int64_t most, int64_t left)
{
    int64_t growth = most > size ? most - size : 0;
    char may[FORMAT_TEXT], has[FORMAT_TEXT];

    if (left < 0 || size < 0)
        return;
    doctor->looked[DOCTOR_DISK] = true;
    if (left >= growth)
        return;
    doctor_tell(doctor, DOCTOR_WARN, DOCTOR_DISK,
        doctor_text(doctor, "the store may grow by %s (store.max), and its disk has %s left: %s",
            format_size(growth, may), format_size(left, has), path),
        doctor_text(doctor,
            "make room there, or set store.max to at most %lldMiB, then: wireroom reload",
            (long long)((size + left) >> 20)));
}

struct damage {
    struct doctor *doctor;
    const char *path;
};

static void on_damage(void *ctx, const char *text)
{
    const struct damage *damage = ctx;
    struct doctor *doctor = damage->doctor;

    if (doctor->found[DOCTOR_STORE] == 0)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_STORE,
            doctor_text(doctor, "damaged: %s: %s", damage->path, text),
            doctor_text(doctor, "wireroom store check --store '%s' tells all, and the ways out",
                damage->path));
}

static void read_store(struct doctor *doctor, const char *path, int64_t size)
{
    struct damage damage = {doctor, path};
    struct store_checked checked = {0};
    struct error err = {0};

    if (size > READ_WHOLE)
        return;
    doctor->looked[DOCTOR_STORE] = true;
    if (store_check(path, on_damage, &damage, &checked, &err) != OK)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_STORE, doctor_text(doctor, "%s", err.text),
            err.code == E_SYSTEM ? "then look again: wireroom store check"
                                 : "bring back a backup, then: wireroom store new-epoch");
    else if (checked.quarantined > 0)
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_QUARANTINE,
            doctor_text(doctor, "%lld records were put aside", (long long)checked.quarantined),
            "once the daemon runs: wireroom quarantine list");
    else
        doctor->looked[DOCTOR_QUARANTINE] = true;
}

static void look_at_clock(struct doctor *doctor, const char *path, const struct stat *st)
{
    int64_t written = (int64_t)st->st_mtime * SECOND;
    char span[FORMAT_TEXT];

    doctor->looked[DOCTOR_CLOCK] = true;
    if (written > clock_wall() + ahead)
        doctor_tell(doctor, DOCTOR_FAIL, DOCTOR_CLOCK,
            doctor_text(doctor, "it is behind: %s was written %s from now", path,
                format_span(written - clock_wall(), span)),
            "timedatectl set-ntp true");
}

/* With no daemon to ask. */
static void look_at_store(struct doctor *doctor)
{
    const char *path = doctor->conf->store.path;
    const char *slash = strrchr(path, '/');
    struct statvfs fs;
    struct stat st;
    int64_t left = -1;

    if (statvfs(bytes_cstr(doctor->arena, (struct bytes){path, (size_t)(slash - path)}), &fs) == 0)
        left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    if (stat(path, &st) == 0 && access(path, R_OK) == 0) {
        read_store(doctor, path, st.st_size);
        doctor_disk(doctor, path, st.st_size, doctor->conf->store.max_size, left);
        look_at_clock(doctor, path, &st);
    } else if (errno == EACCES) {
        doctor_tell(doctor, DOCTOR_WARN, DOCTOR_STORE,
            doctor_text(doctor, "you may not read %s", path), "sudo wireroom doctor");
    } else {
        doctor_disk(doctor, path, 0, doctor->conf->store.max_size, left);
    }
}

void doctor_files(struct doctor *doctor)
{
    find_config(doctor);
    look_at_configuration(doctor);
    if (doctor->conf == NULL)
        return;
    look_at_certificates(doctor);
    if (doctor->status == NULL)
        look_at_store(doctor);
}
