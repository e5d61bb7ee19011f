/* verbs.h - the verbs, one file each. */
#ifndef WIREROOM_CLI_VERBS_H
#define WIREROOM_CLI_VERBS_H

#include "cli/cli.h"

extern const struct cli_verb cli_article_verb, cli_check_verb, cli_completion_verb,
    cli_consumers_verb, cli_doctor_verb, cli_extract_verb, cli_feeds_verb, cli_keys_verb,
    cli_parse_verb, cli_quarantine_verb, cli_reload_verb, cli_replay_verb, cli_run_verb,
    cli_stages_verb, cli_status_verb, cli_stop_verb, cli_store_verb, cli_story_verb, cli_tail_verb,
    cli_thread_verb, cli_topic_verb, cli_version_verb, cli_why_verb, cli_schema_verb, cli_top_verb;

#endif
