/* texts.h - what is answered, as documents: JSON Schema of events, OpenAPI 3.1 of the interface.
 */
#ifndef WIREROOM_SCHEMA_TEXTS_H
#define WIREROOM_SCHEMA_TEXTS_H

#include "base/str.h"

struct bytes schema_events(void);
struct bytes schema_openapi(void);

#endif
