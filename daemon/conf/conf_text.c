/* conf_text.c - the table written out: the sample file and its manual page. */
#include <stdio.h>

#include "conf/conf_access.h"
#include "conf/conf_table.h"

enum { WIDTH = 100 };

/* text in lines of at most WIDTH, each begun with lead. */
static void wrap(struct buf *out, const char *lead, const char *text)
{
    struct bytes rest = bytes_of(text);
    size_t column = 0;

    while (rest.len > 0) {
        struct bytes word = bytes_cut(&rest, ' ');

        if (column > 0 && column + 1 + word.len > WIDTH) {
            buf_add_byte(out, '\n');
            column = 0;
        }
        if (column == 0) {
            buf_add_cstr(out, lead);
            column = strlen(lead);
        } else {
            buf_add_byte(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += word.len;
    }
    buf_add_byte(out, '\n');
}

static void sample_keys(struct buf *out, const char *section)
{
    bool top = section[0] == '\0';

    for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
        if (strcmp(k->section, section) != 0)
            continue;
        wrap(out, top ? "## " : "#  # ", k->help);
        buf_printf(out, "#%s%s: %s\n%s", top ? "" : "  ", k->name, k->initial, top ? "#\n" : "");
    }
}

void conf_write_sample(struct buf *out)
{
    buf_add_cstr(out,
        "## wireroom.yaml - every option, at its default. wireroom.yaml(5) says more.\n"
        "## Take the first '#' from what you change; `wireroom check-config` says whether it is "
        "right.\n"
        "## Files in conf.d beside this one (*.yaml) are read after it, in order of name.\n"
        "#\n");
    sample_keys(out, "");
    for (const struct conf_section *s = conf_sections; s->name != NULL; s++) {
        wrap(out, "## ", s->help);
        buf_printf(out, "#%s:\n", s->name);
        sample_keys(out, s->name);
        buf_add_cstr(out, s[1].name == NULL ? "" : "#\n");
    }
}

static const char manual_head[] =
    ".\\\" Written from the option table in daemon/conf/conf_table.c; test_conf.c holds both "
    "together.\n"
    ".Dd $Mdocdate$\n"
    ".Dt WIREROOM.YAML 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm wireroom.yaml\n"
    ".Nd configuration of wireroomd\n"
    ".Sh SYNOPSIS\n"
    ".Pa /etc/wireroom/wireroom.yaml\n"
    ".Pp\n"
    ".Pa /etc/wireroom/conf.d/*.yaml\n"
    ".Sh DESCRIPTION\n"
    "The file is a plain subset of YAML.\n"
    "Every value is taken as the text that stands there and read by the type of its option:\n"
    "a duration is numbers with units\n"
    ".Pq Li 500ms 30s 5m 6h 14d 1h30m ,\n"
    "a size a number with a unit\n"
    ".Pq Li 64KiB 8MiB 10GiB ,\n"
    "a switch\n"
    ".Li true\n"
    "or\n"
    ".Li false .\n"
    "Unknown and repeated options, anchors, aliases and tags are errors.\n"
    "An error names the file, line and column.\n"
    ".Pp\n"
    "Files in\n"
    ".Pa conf.d\n"
    "beside the file are read after it, in order of their names; the last one that sets an option "
    "counts.\n"
    "The state directory is\n"
    ".Pa /var/lib/wireroom\n"
    "and the run directory\n"
    ".Pa /run/wireroom ,\n"
    "unless\n"
    ".Xr wireroomd 8\n"
    "was started with\n"
    ".Fl -dir ,\n"
    "which then is both.\n"
    "After a change,\n"
    ".Ql wireroom check-config\n"
    "checks the file and\n"
    ".Ql wireroom reload\n"
    "applies it; a file with an error never stops a running daemon.\n";

static const char manual_tail[] =
    ".Sh EXAMPLES\n"
    "Ask quicker, keep a month, and let the daemon read feeds of an intranet:\n"
    ".Bd -literal -offset indent\n"
    "http: { contact: newsdesk@example.org, allow: [10.0.0.0/8] }\n"
    "poll: { default_interval: 2m, first_fetch: mark }\n"
    "store: { keep: 30d, max: 40GiB }\n"
    "listen: { pub: \"tcp://127.0.0.1:5560\" }\n"
    ".Ed\n"
    ".Pp\n"
    "Leave out a stage and set an option of another:\n"
    ".Bd -literal -offset indent\n"
    "stages:\n"
    "  chain: [extract, headline, language]\n"
    "  options:\n"
    "    headline: { max-suffix: 30 }\n"
    ".Ed\n"
    ".Pp\n"
    "Ask one feed with a password and all feeds of a host through a proxy:\n"
    ".Bd -literal -offset indent\n"
    "access:\n"
    "  \"https://news.example.org/members.xml\":\n"
    "    user: newsdesk\n"
    "    password_file: /etc/wireroom/secrets/example\n"
    "  \"https://far.example.net/\": { proxy: \"socks5h://127.0.0.1:9050\" }\n"
    ".Ed\n"
    ".Sh SEE ALSO\n"
    ".Xr wireroom 1 ,\n"
    ".Xr wireroomd 8\n";

static const char *type_name(enum conf_type type)
{
    switch (type) {
    case CONF_COUNT:
        return "number";
    case CONF_DURATION:
        return "duration";
    case CONF_SIZE:
        return "size";
    case CONF_BOOL:
        return "switch";
    case CONF_NAMES:
    case CONF_NETWORKS:
    case CONF_URLS:
    case CONF_GLOBS:
    case CONF_DIRS:
        return "list";
    case CONF_OPTIONS:
    case CONF_ACCESS:
        return "options";
    case CONF_PATH_STATE:
    case CONF_PATH_RUN:
    case CONF_PATH_CONF:
    case CONF_PATH_CERTS:
        return "path";
    default:
        return "text";
    }
}

/* Each sentence on a line of its own, as mdoc wants it. */
static void manual_prose(struct buf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool ends = (*c == '.' || *c == '?') && c[1] == ' ' && c[2] >= 'A' && c[2] <= 'Z';

        buf_add_byte(out, *c);
        if (ends) {
            buf_add_byte(out, '\n');
            c++;
        }
    }
    buf_add_byte(out, '\n');
}

static const char access_text[] =
    ".Pp\n"
    "An address is that of a feed; one that ends in a slash is for all feeds whose addresses "
    "begin\n"
    "with it, and the longest counts.\n"
    "What is set goes to the scheme, host and port of the feed only, also for the pages of its\n"
    "articles: to no other host, whatever redirects or links to it.\n"
    "A feed with an entry here is moved to another address only when that has the same entry.\n"
    "Options:\n";

static void manual_access(struct buf *out)
{
    buf_add_cstr(out, access_text);
    buf_add_cstr(out, ".Bl -tag -width Ds\n");
    for (const struct access_option *o = access_options; o->name != NULL; o++) {
        buf_printf(out, ".It Ic %s\n", o->name);
        manual_prose(out, o->help);
    }
    buf_add_cstr(out, ".El\n");
}

static void manual_keys(struct buf *out, const char *section)
{
    buf_add_cstr(out, ".Bl -tag -width Ds\n");
    for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
        if (strcmp(k->section, section) != 0)
            continue;
        buf_printf(out, ".It Ic %s : Ar %s\n", k->name, type_name(k->type));
        manual_prose(out, k->help);
        buf_printf(
            out, "Default:\n.Ql %s\n", strcmp(k->initial, "\"\"") == 0 ? "\\(dq\\(dq" : k->initial);
        if (k->type == CONF_ACCESS)
            manual_access(out);
    }
    buf_add_cstr(out, ".El\n");
}

void conf_write_manual(struct buf *out)
{
    buf_add_cstr(out, manual_head);
    manual_keys(out, "");
    for (const struct conf_section *s = conf_sections; s->name != NULL; s++) {
        buf_printf(out, ".Ss %s\n", s->name);
        manual_prose(out, s->help);
        manual_keys(out, s->name);
    }
    buf_add_cstr(out, manual_tail);
}
