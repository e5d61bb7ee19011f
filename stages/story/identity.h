/* identity.h - names of stories and topics: sixteen bytes that follow from the article they began
 * with. */
#ifndef STORY_IDENTITY_H
#define STORY_IDENTITY_H

#include <stdint.h>

#include "base/str.h"

enum { UUID = 16, URN = 46 };

void uuid_of(struct bytes kind, struct bytes id, uint8_t ret_uuid[UUID]); /* kind: "story", ... */
void uuid_write(const uint8_t uuid[UUID], char ret_urn[URN]);             /* "urn:uuid:..." */

#endif
