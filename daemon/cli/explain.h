/* explain.h - why the text of a page is what it is, for people: on a terminal, and as a page.
 *
 * Both read the extract stage's extra "extract.trace" (wireroom-extract(7)); what a record without
 * one gets is said there. */
#ifndef WIREROOM_CLI_EXPLAIN_H
#define WIREROOM_CLI_EXPLAIN_H

#include "base/json.h"
#include "record/record.h"

/* Add the explanation of one answered record to out; E_FORMAT when the extract stage left none. */
int explain_text(const struct wr_record *answer, struct buf *out, struct error *err);
int explain_html(const struct wr_record *answer, struct buf *out, struct error *err);

/* The trace, parsed on answer's arena. */
int explain_trace(const struct wr_record *answer, struct json **ret_trace, struct error *err);

/* How one line fared, which both colour: in the text, in a field of its own (headline, standfirst,
 * caption, notice, byline, date), in neither, or in doubt. */
enum explain_fate { FATE_KEPT, FATE_FIELD, FATE_CUT, FATE_DOUBT };
enum explain_fate explain_fate(const struct json *line);

/* The element a line was cut with; else the one it stands in: the innermost with a name. */
struct bytes explain_element(const struct json *line);

/* How many lines from this one on were cut by one rule, without a doubt among them; 1 for others.
 */
int explain_run(const struct json *line);

#endif
