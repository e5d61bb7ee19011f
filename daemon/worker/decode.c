/* decode.c - how the layers of a Content-Encoding come off, one library each. */
#include "worker/decode.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

enum {
    STEP = 64 << 10,       /* least room offered to a decoder */
    RAW_DEFLATE = -15,     /* inflateInit2(): no header */
    ZLIB_HEADER = 15,      /* RFC 1950 */
    GZIP_HEADER = 15 + 16, /* RFC 1952 */
    GZIP_SMALLEST = 18,    /* bytes of an empty member */
    DEFLATE_MOST = 1032    /* times a byte can grow */
};

/* One layer under way. */
struct layer {
    const char *name;
    struct bytes in;
    struct buf *out;
    size_t most;
    size_t used; /* bytes of in that belong to the body; set at its end */
    struct error *err;
};

typedef int layer_decode(struct layer *layer);

static int too_much(const struct layer *l)
{
    if (l->out->len <= l->most)
        return OK;
    return fail(l->err, E_LIMIT, "%s body decodes to over %zu bytes", l->name, l->most);
}

/* Room for a decoder's next bytes; NULL over the limit. One byte more than the limit is offered, so
 * that a body of just that length is told from a longer one. */
static char *out_room(struct layer *l, size_t *ret_len)
{
    size_t left = l->most + 1 - l->out->len;
    size_t room = l->out->len < STEP ? STEP : l->out->len;

    *ret_len = room < left ? room : left;
    if (too_much(l) != OK)
        return NULL;
    return buf_reserve(l->out, *ret_len);
}

static int ends_early(const struct layer *l)
{
    return fail(l->err, E_FORMAT, "%s body ends early at byte %zu", l->name, l->in.len);
}

static int is_damaged(const struct layer *l, size_t at, const char *why)
{
    return fail(l->err, E_FORMAT, "%s body is damaged at byte %zu%s%s", l->name, at,
        why == NULL ? "" : ": ", why == NULL ? "" : why);
}

/* Run inflate() to the end of one stream. */
static int inflate_stream(struct layer *l, z_stream *z)
{
    int status = Z_OK;

    while (status != Z_STREAM_END) {
        size_t room;
        char *at = out_room(l, &room);

        if (at == NULL)
            return E_LIMIT;
        z->next_out = (Bytef *)at;
        z->avail_out = (uInt)room;
        status = inflate(z, Z_NO_FLUSH);
        l->out->len += room - z->avail_out;
        if (status == Z_BUF_ERROR || (status == Z_OK && z->avail_in == 0 && z->avail_out > 0))
            return ends_early(l);
        if (status != Z_OK && status != Z_STREAM_END)
            return is_damaged(l, l->in.len - z->avail_in, z->msg);
    }
    return OK;
}

static bool is_gzip(struct bytes body)
{
    return bytes_starts(body, LIT("\x1f\x8b\x08"));
}

static int inflate_all(struct layer *l, int window)
{
    z_stream z = {.next_in = (z_const Bytef *)l->in.ptr, .avail_in = (uInt)l->in.len};
    int code;

    if (inflateInit2(&z, window) != Z_OK)
        return fail(l->err, E_SYSTEM, "zlib does not start");
    do {
        inflateReset(&z);
        code = inflate_stream(l, &z);
        l->used = l->in.len - z.avail_in;
    } while (code == OK && window == GZIP_HEADER && is_gzip(bytes_from(l->in, l->used)));
    inflateEnd(&z);
    return code;
}

/* The length of the last member's content modulo 2^32 (RFC 1952 section 2.3.1). */
static size_t gzip_length(struct bytes body)
{
    const unsigned char *u = (const unsigned char *)body.ptr + body.len - 4;

    return (size_t)u[0] | (size_t)u[1] << 8 | (size_t)u[2] << 16 | (size_t)u[3] << 24;
}

/* One member that is whole, as nearly every body is: all of it in one call, in a third of zlib's
 * time. Returns false, with nothing decoded, for anything else: zlib reads that and says what is
 * wrong. */
static bool gzip_at_once(struct layer *l)
{
    size_t len = l->in.len < GZIP_SMALLEST ? 0 : gzip_length(l->in);
    struct libdeflate_decompressor *decompressor;
    size_t used = 0;
    char *at;
    bool whole;

    if (len == 0 || len / DEFLATE_MOST > l->in.len || len > l->most - l->out->len)
        return false;
    at = buf_reserve(l->out, len);
    decompressor = at == NULL ? NULL : libdeflate_alloc_decompressor();
    if (decompressor == NULL)
        return false;
    whole = libdeflate_gzip_decompress_ex(
                decompressor, l->in.ptr, l->in.len, at, len, &used, NULL) == LIBDEFLATE_SUCCESS &&
            used == l->in.len;
    libdeflate_free_decompressor(decompressor);
    if (whole) {
        l->out->len += len;
        l->used = l->in.len;
    }
    return whole;
}

static int decode_gzip(struct layer *l)
{
    if (gzip_at_once(l))
        return OK;
    return inflate_all(l, GZIP_HEADER);
}

/* RFC 9110 section 8.4.1.2 notes that some servers leave the zlib header out. */
static int decode_deflate(struct layer *l)
{
    const unsigned char *u = (const unsigned char *)l->in.ptr;
    size_t before = l->out->len;

    if (l->in.len >= 2 && (u[0] & 0x0f) == 8 && (u[0] << 8 | u[1]) % 31 == 0) {
        int code = inflate_all(l, ZLIB_HEADER);

        if (code != E_FORMAT || l->out->len > before)
            return code;
    }
    return inflate_all(l, RAW_DEFLATE);
}

static int decode_brotli(struct layer *l)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    const uint8_t *in = (const uint8_t *)l->in.ptr;
    size_t left = l->in.len;
    int code = OK;

    if (state == NULL)
        return fail(l->err, E_SYSTEM, "brotli does not start");
    while (code == OK && result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        size_t room;
        uint8_t *at = (uint8_t *)out_room(l, &room);
        size_t spare = room;

        if (at == NULL) {
            code = E_LIMIT;
            break;
        }
        result = BrotliDecoderDecompressStream(state, &left, &in, &spare, &at, NULL);
        l->out->len += room - spare;
    }
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
        code = ends_early(l);
    else if (result == BROTLI_DECODER_RESULT_ERROR)
        code = is_damaged(l, l->in.len - left, NULL);
    l->used = l->in.len - left;
    BrotliDecoderDestroyInstance(state);
    return code;
}

static bool is_zstd(struct bytes body)
{
    return bytes_starts(body, LIT("\x28\xb5\x2f\xfd"));
}

/* One frame; RFC 9659 holds its window to 8 MiB. */
static int zstd_frame(struct layer *l, ZSTD_DCtx *context, ZSTD_inBuffer *in)
{
    size_t hint = 1;

    while (hint != 0) {
        size_t room;
        char *at = out_room(l, &room);
        ZSTD_outBuffer out = {at, room, 0};

        if (at == NULL)
            return E_LIMIT;
        hint = ZSTD_decompressStream(context, &out, in);
        l->out->len += out.pos;
        if (ZSTD_isError(hint))
            return is_damaged(l, in->pos, ZSTD_getErrorName(hint));
        if (hint != 0 && in->pos == in->size && out.pos < out.size)
            return ends_early(l);
    }
    return OK;
}

static int decode_zstd(struct layer *l)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {l->in.ptr, l->in.len, 0};
    int code = OK;

    if (context == NULL)
        return fail(l->err, E_SYSTEM, "zstd does not start");
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23);
    do {
        code = zstd_frame(l, context, &in);
        l->used = in.pos;
    } while (code == OK && is_zstd(bytes_from(l->in, in.pos)));
    ZSTD_freeDCtx(context);
    return code;
}

static const struct {
    const char *name;
    const char *shown;
    layer_decode *decode;
} encodings[] = {
    {"gzip", "gzip", decode_gzip},
    {"x-gzip", "gzip", decode_gzip},
    {"deflate", "deflate", decode_deflate},
    {"br", "br", decode_brotli},
    {"zstd", "zstd", decode_zstd},
};

/* Text, by its beginning: no byte in it is a control but white space, or it says that it is UTF-16.
 */
static bool is_text(struct bytes body)
{
    enum { LOOK = 512 };

    if (bytes_starts(body, LIT("\xff\xfe")) || bytes_starts(body, LIT("\xfe\xff")))
        return true;
    body = bytes_slice(body, 0, LOOK);
    for (size_t i = 0; i < body.len; i++)
        if ((unsigned char)body.ptr[i] < 0x20 && !is_space(body.ptr[i]))
            return false;
    return body.len > 0;
}

/* Markup or JSON that nobody encoded: text that opens something. */
static bool is_plain(struct bytes body)
{
    struct bytes start = body;

    if (bytes_starts(start, LIT("\xef\xbb\xbf")))
        start = bytes_from(start, 3);
    start = bytes_trim(start);
    return start.len > 0 && strchr("<{[", start.ptr[0]) != NULL && is_text(body);
}

/* The encoding that a body shows by itself, or nothing. */
static struct bytes shown_encoding(struct bytes body)
{
    return is_gzip(body) ? LIT("gzip") : is_zstd(body) ? LIT("zstd") : (struct bytes){NULL, 0};
}

/* The first oddity is the one that is told. */
__attribute__((format(printf, 2, 3))) static void note(struct decoded *d, const char *format, ...)
{
    va_list args;

    if (d->note[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(d->note, sizeof(d->note), format, args);
    va_end(args);
}

static bool is_padding(struct bytes rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] != '\0')
            return false;
    return true;
}

static bool encoding_find(struct bytes name, struct layer *layer, layer_decode **ret_decode)
{
    for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
        if (bytes_equal_nocase(name, bytes_of(encodings[i].name))) {
            layer->name = encodings[i].shown;
            *ret_decode = encodings[i].decode;
            return true;
        }
    }
    return false;
}

/* "aws-chunked", "UTF-8", "none": what can be read is not made unreadable by a word. */
static int pass_over(struct decoded *d, struct bytes name, struct error *err)
{
    name = bytes_slice(name, 0, 40);
    if (!is_text(d->body) && shown_encoding(d->body).len == 0)
        return fail(err, E_FORMAT, "body is encoded as \"%.*s\", which is not known", FMT(name));
    note(d, "is said to be encoded as \"%.*s\", which is no encoding", FMT(name));
    return OK;
}

/* A layer that is not what was said: d->body stays, or is opened as what it shows. */
static int open_other(
    struct decoded *d, const struct layer *said, size_t most, int code, struct error *err)
{
    struct layer layer = {.in = d->body, .out = said->out, .most = most, .err = err};
    struct bytes shown = shown_encoding(d->body);
    layer_decode *decode;

    if (is_plain(d->body)) {
        note(d, "said to be %s, but is plain text", said->name);
        return OK;
    }
    if (!encoding_find(shown, &layer, &decode) || strcmp(layer.name, said->name) == 0)
        return code;
    note(d, "said to be %s, but is %s", said->name, layer.name);
    return decode(&layer);
}

/* Take off one layer: d->body is its input and then its output. */
static int decode_layer(struct decoded *d, struct bytes name, size_t most, struct error *err)
{
    struct layer layer = {.in = d->body, .most = most, .err = err};
    layer_decode *decode;
    struct buf out = {.limit = most + STEP};
    struct bytes rest;
    int code;

    if (!encoding_find(name, &layer, &decode))
        return pass_over(d, name, err);
    layer.out = &out;
    code = decode(&layer);
    if (code == E_FORMAT && out.len == 0)
        code = open_other(d, &layer, most, code, err);
    else if (code == OK && (rest = bytes_from(d->body, layer.used)).len > 0 && !is_padding(rest))
        note(d, "%zu bytes behind the end of the %s body left out", rest.len, layer.name);
    if (code == OK)
        code = too_much(&layer);
    if (code != OK || out.len == 0) {
        buf_done(&out);
        return code;
    }
    buf_done(&d->buf);
    d->buf = out;
    d->body = buf_bytes(&d->buf);
    return OK;
}

/* The layers named in the header, without identity; SIZE_MAX when there are too many. */
static size_t list_layers(struct bytes encoding, struct bytes layers[DECODE_LAYERS])
{
    size_t count = 0;

    while (encoding.len > 0) {
        struct bytes rest = bytes_cut(&encoding, ',');
        struct bytes name = bytes_trim(bytes_cut(&rest, ';')); /* "gzip;q=1": no parameters exist */

        if (name.len == 0 || bytes_equal_nocase(name, LIT("identity")))
            continue;
        if (count == DECODE_LAYERS)
            return SIZE_MAX;
        layers[count++] = name;
    }
    return count;
}

int decode_body(struct bytes body, struct bytes encoding, size_t most, struct decoded *ret_decoded,
    struct error *err)
{
    struct decoded d = {.body = body};
    struct bytes layers[DECODE_LAYERS];
    size_t count = list_layers(encoding, layers);
    size_t unsaid = DECODE_LAYERS - count;
    struct bytes shown;
    int code = OK;

    if (count == SIZE_MAX)
        return fail(err, E_LIMIT, "body is encoded more than %d times", DECODE_LAYERS);
    while (count > 0 && d.body.len > 0 && code == OK)
        code = decode_layer(&d, layers[--count], most, err);
    while (code == OK && unsaid-- > 0 && (shown = shown_encoding(d.body)).len > 0) {
        note(&d, "is %.*s, but nothing says so", FMT(shown));
        code = decode_layer(&d, shown, most, err);
    }
    if (code == OK && d.body.len > most)
        code = fail(err, E_LIMIT, "body is over %zu bytes", most);
    if (code != OK) {
        decoded_done(&d);
        return code;
    }
    *ret_decoded = d;
    return OK;
}

void decoded_done(struct decoded *decoded)
{
    buf_done(&decoded->buf);
    decoded->body = (struct bytes){NULL, 0};
}
