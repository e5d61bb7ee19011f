/* texts.c - the two files that say what is answered, taken into the program as they are. */
#include "schema/texts.h"

/* WIREROOM_SOURCE: the folder of the tree, from CMakeLists.txt. */
#define TAKE(name, file)                                                                           \
    __asm__(".pushsection .rodata\n" name ":\n.incbin \"" WIREROOM_SOURCE "/" file "\"\n" name     \
            "_end:\n.byte 0\n.popsection\n")

TAKE("api_event_schema", "include/wireroom/event.schema.json");
TAKE("api_openapi_text", "daemon/api/openapi.json");

extern const char api_event_schema[] __attribute__((visibility("hidden")));
extern const char api_event_schema_end[] __attribute__((visibility("hidden")));
extern const char api_openapi_text[] __attribute__((visibility("hidden")));
extern const char api_openapi_text_end[] __attribute__((visibility("hidden")));

struct bytes schema_events(void)
{
    return (struct bytes){api_event_schema, (size_t)(api_event_schema_end - api_event_schema)};
}

struct bytes schema_openapi(void)
{
    return (struct bytes){api_openapi_text, (size_t)(api_openapi_text_end - api_openapi_text)};
}
