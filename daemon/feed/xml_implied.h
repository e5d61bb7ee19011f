/* xml_implied.h - end tags that were left out, for xml.c. */
#ifndef WIREROOM_FEED_XML_IMPLIED_H
#define WIREROOM_FEED_XML_IMPLIED_H

#include "feed/xml.h"

/* An element that is open. */
struct xml_open {
    struct bytes name; /* qualified */
    enum feed_tag tag;
    bool hollow;  /* it says all in its attributes */
    int bindings; /* of namespaces, in force before it */
};

/* Nothing can stand in it, as in HTML's <link>. */
bool xml_is_hollow(const struct xml_element *element);

/* How many of the open elements stay open when element begins: the start of an entry ends the entry
 * before it, as HTML's <li> does, and no field of a feed holds another. */
int xml_implied(const struct xml_open *open, int depth, const struct xml_element *element);

#endif
