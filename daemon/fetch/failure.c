/* failure.c - what libcurl says went wrong, in words that help. */
#include <string.h>

#include "fetch/private.h"

static int code_of(CURLcode result)
{
    switch (result) {
    case CURLE_URL_MALFORMAT:
        return E_USAGE;
    case CURLE_OPERATION_TIMEDOUT:
        return E_TIMEOUT;
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
    case CURLE_WEIRD_SERVER_REPLY:
        return E_FORMAT;
    case CURLE_OUT_OF_MEMORY: /* a header line over libcurl's own limit of 100 KiB */
    case CURLE_FILESIZE_EXCEEDED:
        return E_LIMIT;
    default:
        return E_NETWORK;
    }
}

/* OpenSSL's words for an answer that is none of TLS: it met plain HTTP, or another protocol. */
static bool is_without_tls(const char *text)
{
    static const char *const words[] = {"wrong version number", "packet length too long",
        "record layer failure", "::http request", NULL};
    size_t i = 0;

    while (words[i] != NULL && strstr(text, words[i]) == NULL)
        i++;
    return words[i] != NULL;
}

int fetch_fail(CURLcode result, const char *text, struct error *err)
{
    if (strstr(text, "local issuer certificate") != NULL)
        return fail(err, E_NETWORK,
            "%s: the server leaves out an intermediate certificate, or its authority is not in "
            "http.ca_path",
            text);
    if (result == CURLE_SSL_CONNECT_ERROR && is_without_tls(text))
        return fail(err, E_NETWORK, "that port has no TLS: its address begins with http://");
    if (result == CURLE_OUT_OF_MEMORY)
        text = "a header line of over 100 KiB";
    return fail(err, code_of(result), "%s", text[0] != '\0' ? text : curl_easy_strerror(result));
}
