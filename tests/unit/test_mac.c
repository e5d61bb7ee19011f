/* test_mac.c - the HMACs of RFC 2202 and RFC 4231, whole and in pieces. */
#include "base/mac.h"

#include "unit/test.h"

static const struct {
    const char *method, *hex;
} vectors[] = {
    {"sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {"sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"sha384", "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
               "8e2240ca5e69e2c78b3239ecfab21649"},
    {"sha512", "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
               "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
};

static bool is(const char *method, const char *key, const char *text, const char *hex)
{
    struct mac mac;

    assert_true(mac_begin(&mac, bytes_of(method), bytes_of(key)));
    for (size_t i = 0; text[i] != '\0'; i++)
        mac_add(&mac, (struct bytes){text + i, 1});
    return mac_is(&mac, bytes_of(hex));
}

static void knows_the_digests_of_the_standards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
        assert_true(is(vectors[i].method, "Jefe", "what do ya want for nothing?", vectors[i].hex));
}

static void refuses_another_key_text_or_digest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const char *method = vectors[i].method;
        char hex[200];

        assert_false(is(method, "Jeff", "what do ya want for nothing?", vectors[i].hex));
        assert_false(is(method, "Jefe", "what do ya want for nothing!", vectors[i].hex));
        strcpy(hex, vectors[i].hex);
        hex[strlen(hex) - 1] ^= 1;
        assert_false(is(method, "Jefe", "what do ya want for nothing?", hex));
        hex[strlen(hex) - 1] = '\0';
        assert_false(is(method, "Jefe", "what do ya want for nothing?", hex));
        assert_false(is(method, "Jefe", "what do ya want for nothing?", ""));
    }
}

static void reads_digits_of_either_case(void **state)
{
    (void)state;
    assert_true(is("SHA1", "Jefe", "what do ya want for nothing?",
        "EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79"));
    assert_false(is("sha1", "Jefe", "what do ya want for nothing?",
        "gffcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

static void knows_no_other_method(void **state)
{
    struct mac mac;

    (void)state;
    assert_false(mac_begin(&mac, LIT("md5"), LIT("key")));
    assert_false(mac_begin(&mac, LIT("sha"), LIT("key")));
    assert_false(mac_begin(&mac, LIT(""), LIT("key")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_digests_of_the_standards),
        cmocka_unit_test(refuses_another_key_text_or_digest),
        cmocka_unit_test(reads_digits_of_either_case),
        cmocka_unit_test(knows_no_other_method),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
