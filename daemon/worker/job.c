/* job.c - what was fetched, as a worker is asked about it. */
#include "worker/job.h"

struct wr_record *job_of_answer(
    struct arena *arena, const char *url, struct bytes headers, struct bytes body)
{
    struct wr_record *request = record_new(arena);

    record_set(request, REC_URL, bytes_of(url));
    while (headers.len > 0)
        record_add(request, REC_HEADER, bytes_cut(&headers, '\n'));
    record_lend(request, REC_BODY, body);
    return request;
}
