/* store_file.c - where the daemon's store lies, as options and configuration say. */
#include "cli/store_file.h"

#include <unistd.h>

static const char *const usual = WIREROOM_SYSCONF_DIR "/wireroom.yaml";

int store_file_find(const char *store, const char *config, const char *dir,
    struct store_file *ret_file, struct error *err)
{
    if (config == NULL && dir == NULL && access(usual, F_OK) == 0)
        config = usual;
    *ret_file = (struct store_file){.path = store, .config = config};
    if (store != NULL)
        return OK;
    if (conf_load(config, dir, &ret_file->conf, err) != OK)
        return err->code;
    ret_file->path = ret_file->conf->store.path;
    return OK;
}
