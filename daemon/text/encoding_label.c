/* encoding_label.c - the names by which people and servers call encodings. */
#include "text/encoding_label.h"

#include <stdio.h>
#include <stdlib.h>

struct label {
    const char *label, *name;
};

/* clang-format off */
/* Labels whose common meaning differs from their registered one (WHATWG Encoding Standard,
 * section 4.2). */
static const struct label labels[] = {
    {"8859", "windows-1252"}, {"ansi", "windows-1252"}, {"ansi-x3.4-1968", "windows-1252"},
    {"ansi-x3.4-1986", "windows-1252"}, {"ascii", "windows-1252"}, {"big5", "Big5-HKSCS"},
    {"big5-hkscs", "Big5-HKSCS"}, {"big5-tw", "Big5-HKSCS"}, {"chinese", "gb18030"},
    {"cn-big5", "Big5-HKSCS"}, {"cp1051", "hp-roman8"}, {"cp1251", "windows-1251"},
    {"cp1252", "windows-1252"}, {"cp154", "ptcp154"}, {"cp367", "windows-1252"},
    {"cp819", "windows-1252"}, {"cp866u", "ibm-1125"}, {"cp874", "windows-874"},
    {"cp932", "windows-31j"}, {"cp936", "gb18030"}, {"cp949", "windows-949"},
    {"cp950", "Big5-HKSCS"}, {"csascii", "windows-1252"}, {"csbig5", "Big5-HKSCS"},
    {"cseuckr", "windows-949"}, {"csgb2312", "gb18030"}, {"csiso2022jp", "ISO-2022-JP"},
    {"csiso2022kr", "ISO-2022-KR"}, {"csiso58gb231280", "gb18030"}, {"csiso88596e", "iso-8859-6"},
    {"csiso88596i", "iso-8859-6"}, {"csiso88598e", "iso-8859-8"}, {"csiso88598i", "iso-8859-8"},
    {"cskz1048", "kz-1048"}, {"csptcp154", "ptcp154"}, {"csshiftjis", "windows-31j"},
    {"cyrillic-asian", "ptcp154"}, {"dos-874", "windows-874"}, {"euc-cn", "gb18030"},
    {"euc-kr", "windows-949"}, {"euccn", "gb18030"}, {"eucgb2312-cn", "gb18030"},
    {"euckr", "windows-949"}, {"gb-2312-80", "gb18030"}, {"gb2312", "gb18030"},
    {"gb2312-1980", "gb18030"}, {"gb2312-80", "gb18030"}, {"gbk", "gb18030"},
    {"hkscs", "Big5-HKSCS"}, {"hz", "HZ"}, {"hz-gb", "HZ"}, {"hz-gb-2312", "HZ"}, {"hzgb", "HZ"},
    {"ibm367", "windows-1252"}, {"ibm819", "windows-1252"}, {"iso-646.irv:1991", "windows-1252"},
    {"iso-8859-1", "windows-1252"}, {"iso-8859-11", "windows-874"},
    {"iso-8859-16:2001", "iso-8859-16"}, {"iso-8859-9", "windows-1254"},
    {"iso-ir-100", "windows-1252"}, {"iso-ir-166", "windows-874"}, {"iso-ir-226", "iso-8859-16"},
    {"iso-ir-58", "gb18030"}, {"iso-ir-6", "windows-1252"}, {"iso2022-jp", "ISO-2022-JP"},
    {"iso2022-jp-1", "ISO-2022-JP-1"}, {"iso2022-jp-2", "ISO-2022-JP-2"},
    {"iso2022-kr", "ISO-2022-KR"}, {"iso2022jp", "ISO-2022-JP"}, {"iso2022jp-1", "ISO-2022-JP-1"},
    {"iso2022jp-2", "ISO-2022-JP-2"}, {"iso2022kr", "ISO-2022-KR"}, {"iso646-us", "windows-1252"},
    {"iso8859-1", "windows-1252"}, {"iso8859-11", "windows-874"}, {"iso8859-16", "iso-8859-16"},
    {"iso885916", "iso-8859-16"}, {"koi", "koi8-r"}, {"koi8", "koi8-r"}, {"koi8-ru", "koi8-u"},
    {"koi8t", "koi8-t"}, {"korean", "windows-949"}, {"ks-c-5601", "windows-949"},
    {"ks-c-5601-1987", "windows-949"}, {"ks-x-1001", "windows-949"}, {"ksc5601", "windows-949"},
    {"ksx1001", "windows-949"}, {"kz1048", "kz-1048"}, {"l1", "windows-1252"},
    {"l10", "iso-8859-16"}, {"l7", "iso-8859-13"}, {"latin-1", "windows-1252"},
    {"latin1", "windows-1252"}, {"latin10", "iso-8859-16"}, {"latin5", "windows-1254"},
    {"latin7", "iso-8859-13"}, {"logical", "iso-8859-8"}, {"mac", "macintosh"},
    {"mac-centeuro", "macce"}, {"mac-centraleurope", "macce"}, {"mac-cyrillic", "x-mac-cyrillic"},
    {"mac-greek", "macgr"}, {"mac-iceland", "macintosh"}, {"mac-latin2", "macce"},
    {"mac-roman", "macintosh"}, {"mac-turkish", "mactr"}, {"mac-ukraine", "x-mac-cyrillic"},
    {"mac-ukrainian", "x-mac-cyrillic"}, {"maccentraleurope", "macce"},
    {"maccyrillic", "x-mac-cyrillic"}, {"macgreek", "macgr"}, {"maciceland", "macintosh"},
    {"maclatin2", "macce"}, {"macturkish", "mactr"}, {"ms-kanji", "windows-31j"},
    {"ms932", "windows-31j"}, {"ms936", "gb18030"}, {"ms949", "windows-949"},
    {"ms950", "Big5-HKSCS"}, {"mskanji", "windows-31j"}, {"pt154", "ptcp154"}, {"r8", "hp-roman8"},
    {"rk1048", "kz-1048"}, {"roman8", "hp-roman8"}, {"ruscii", "ibm-1125"},
    {"shift-jis", "windows-31j"}, {"sjis", "windows-31j"}, {"strk1048-2002", "kz-1048"},
    {"thai", "windows-874"}, {"tis-620", "windows-874"}, {"tis-620-0", "windows-874"},
    {"tis-620-2529-0", "windows-874"}, {"tis-620-2529-1", "windows-874"}, {"tis620", "windows-874"},
    {"uhc", "windows-949"}, {"unicode", "utf-16"}, {"unicode-1-1-utf-8", "utf-8"},
    {"us", "windows-1252"}, {"us-ascii", "windows-1252"}, {"utf", "utf-8"}, {"utf8", "utf-8"},
    {"visual", "iso-8859-8"}, {"win-1251", "windows-1251"}, {"windows-932", "windows-31j"},
    {"windows-936", "gb18030"}, {"windows-950", "Big5-HKSCS"}, {"x-cp1252", "windows-1252"},
    {"x-gbk", "gb18030"}, {"x-mac-ce", "macce"}, {"x-mac-centraleurroman", "macce"},
    {"x-mac-greek", "macgr"}, {"x-mac-japanese", "windows-31j"}, {"x-mac-korean", "windows-949"},
    {"x-mac-roman", "macintosh"}, {"x-mac-simp-chinese", "gb18030"},
    {"x-mac-trad-chinese", "Big5-HKSCS"}, {"x-mac-turkish", "mactr"},
    {"x-mac-ukrainian", "x-mac-cyrillic"}, {"x-sjis", "windows-31j"},
    {"x-user-defined", "windows-1252"}, {"x-x-big5", "Big5-HKSCS"},
};
/* clang-format on */

/* A bare number is a code page. */
static void name_code_page(char out[ENCODING_NAME])
{
    char number[ENCODING_NAME];
    size_t digits = strspn(out, "0123456789");

    if (digits < 3 || digits > 5 || out[digits] != '\0')
        return;
    strcpy(number, out);
    snprintf(out, ENCODING_NAME, "%s-%.5s",
        strncmp(number, "125", 3) == 0 || strcmp(number, "932") == 0 ||
                strcmp(number, "936") == 0 || strcmp(number, "949") == 0 ||
                strcmp(number, "950") == 0
            ? "windows"
            : "ibm",
        number);
}

bool encoding_name(struct bytes label, char out[ENCODING_NAME])
{
    label = bytes_trim(label);
    if (label.len == 0 || label.len >= ENCODING_NAME)
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if ((unsigned char)label.ptr[i] <= ' ' || (unsigned char)label.ptr[i] >= 0x7f)
            return false;
        out[i] = (char)(label.ptr[i] == '_' ? '-' : to_lower(label.ptr[i]));
    }
    out[label.len] = '\0';
    name_code_page(out);
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
        if (strcmp(labels[i].label, out) == 0)
            strcpy(out, labels[i].name);
    return strstr(out, "utf-7") == NULL && strstr(out, "utf7") == NULL && strchr(out, ',') == NULL;
}
