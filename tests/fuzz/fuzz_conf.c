/* fuzz_conf.c - any text as a configuration file: values or an error that says where. */
#include <assert.h>

#include "conf/conf_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct conf *conf = conf_defaults();
    struct error err = {0};

    if (conf_read(conf, "fuzz", (struct bytes){(const char *)data, size}, &err) != OK)
        assert(strncmp(err.text, "fuzz:", 5) == 0);
    conf_free(conf);
    return 0;
}
