/* fuzz_extract_site.c - any bytes as the file of site rules; what is read is used on a page. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract.h"
#include "record/record.h"
#include "text/text.h"

enum { RECORD_BYTES = 16 << 20 };

static const char page[] =
    "<html lang=en><head><title>Three ships</title></head><body><nav id=top><a href=/>Home</a>"
    "</nav><article class='story main'><h1>Three ships at the mole</h1><p class=byline>By <b>Anna "
    "Berg</b></p><time datetime=2025-03-04>4 March</time><div id=text><p>The keeper counted the "
    "ships again that morning, and again there were three, where the book had four.</p><p>Nobody "
    "had seen the fourth one leave, and the harbour master would not say what he knew.</p></div>"
    "<aside>Read more</aside></article></body></html>";

/* A file in memory with the bytes, whose path is put into ret_path. */
static int file_of(const uint8_t *data, size_t size, char ret_path[40])
{
    int fd = memfd_create("rules", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(ret_path, 40, "/proc/self/fd/%d", fd);
    return fd;
}

static void use(struct extract *extract)
{
    for (const struct site *site = extract->sites->first; site != NULL; site = site->next) {
        struct arena *arena = arena_new(RECORD_BYTES);
        struct wr_record *rec = record_new(arena);

        record_set(rec, WR_PAGE_URL, bytes_format(arena, "https://%.*s/story", FMT(site->host)));
        record_lend(rec, WR_PAGE, (struct bytes){page, sizeof(page) - 1});
        extract_article(extract, rec);
        if (!text_is_utf8(record_get(rec, WR_TEXT)) || record_get(rec, WR_STATUS).len == 0)
            abort();
        arena_free(arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct extract extract = {.least_text = 200, .with_standfirst = true};
    struct error err = {0};
    char path[40];
    int fd = file_of(data, size, path);

    if (extract.arena == NULL && extract_open(&extract) != 0)
        abort();
    /* Selectors live as long as their parser. */
    extract.filler->close(extract.parser);
    extract.parser = extract.filler->open();
    if (sites_load(path, extract.filler, extract.parser, &extract.sites, &err) == OK)
        use(&extract);
    else if (err.text[0] == '\0')
        abort();
    sites_free(extract.sites);
    extract.sites = NULL;
    close(fd);
    return 0;
}
