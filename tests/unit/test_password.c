/* Passwords: what is refused, what hashing does, what a one-time code looks like. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "server/rpc/password.h"

static const char user[] = "moi-focal";

static void refuse(const char *password, const char *why)
{
	const char *is = password_refused(password, user);

	if (!is || strcmp(is, why) != 0) {
		fail_msg("'%s' gives '%s', not '%s'", password, is ? is : "good", why);
	}
}

static void good_passwords_are_taken(void **state)
{
	static const char *const good[] = {
		"violet anvil tumbles gently",   "p7KQz2vXw9LmRt4Bny8c",
		"Hk3v9sQmZt5yWc2RbN8xLd7g",      "قمر أخضر يسبح فوق الزجاج",
		"باران بەسەر شاخەکاندا دەبارێت", "MyTallPonyGrazes7MyTallPonyGrazes7",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const char *why = password_refused(good[i], user);

		if (why) {
			fail_msg("'%s' is refused: %s", good[i], why);
		}
	}
}

static void length_counts_characters_and_bytes(void **state)
{
	char longest[130];

	(void)state;
	refuse("", "it has fewer than 15 characters");
	refuse("tK9!vQ2#xL5@wR", "it has fewer than 15 characters");
	assert_null(password_refused("tK9!vQ2#xL5@wRz", user));
	for (size_t i = 0; i < sizeof longest; i++) {
		longest[i] = (char)('!' + (i * i * 7 + i * 13) % 90);
	}
	longest[128] = '\0';
	assert_null(password_refused(longest, user));
	longest[128] = 'x';
	longest[129] = '\0';
	refuse(longest, "it has more than 128 bytes");
}

static void text_that_no_field_takes_is_no_password(void **state)
{
	(void)state;
	assert_non_null(password_refused("violet anvil\ttumbles", user));
	assert_non_null(password_refused("violet anvil \xff tumbles", user));
	assert_non_null(password_refused("violet anvil e\xcc\x81 tumbles", user)); /* not NFC */
}

static void what_everybody_tries_is_refused(void **state)
{
	static const char tried[] = "it is made of words and patterns that are tried first";
	static const char *const weak[] = {
		"password12345678",     "P4$$w0rdP4$$w0rd!!",
		"InapMinistry2024!!",   "iraq-1325-iraq-2024",
		"qwertyuiopasdfgh",     "1q2w3e4r5t6y7u8i9o",
		"ministry of interior", "correct horse battery staple",
		"abcdefghijklmnopq",    "zyxwvutsrqponmlkj",
		"1234567890123456",     "Baghdad Erbil Basra 99",
		"poiuytrewqlkjhgf",     "وزارة الداخلية العراق",
		"ضصثقفغعهخحجدشسيب",     "kurdistan_kurdistan1",
		"Women Peace Security", "adminadminroot2025",
		"وشەی نهێنی کوردستان",
	};

	(void)state;
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		const char *why = password_refused(weak[i], user);

		if (!why || (strcmp(why, tried) != 0 && strcmp(why, "it repeats itself") != 0)) {
			fail_msg("'%s' gives '%s'", weak[i], why ? why : "good");
		}
	}
}

static void repeats_are_refused(void **state)
{
	(void)state;
	refuse("aaaaaaaaaaaaaaaaaaaa", "it repeats itself");
	refuse("xk7xk7xk7xk7xk7xk7", "it repeats itself");
	refuse("k9Wq k9Wq k9Wq k9Wq", "it repeats itself");
}

static void the_user_name_is_refused(void **state)
{
	(void)state;
	refuse("xQ7 moi-focal vT3 zR9", "it contains the user name");
	refuse("xQ7 MoiFocal vT3 zR9kk", "it contains the user name");
	assert_null(password_refused("violet anvil tumbles", "vi")); /* too short to say anything */
}

static void hash(const char *password, char *out)
{
	struct password_job job;

	password_job_init(&job, &(struct password_cost){ 1, 1 });
	password_job_make(&job, password);
	password_work(&job);
	assert_false(job.failed);
	memcpy(out, job.made, PASSWORD_HASH_BYTES);
}

static bool verify(const char *stored, const char *password)
{
	struct password_job job;

	password_job_init(&job, &(struct password_cost){ 1, 1 });
	password_job_verify(&job, stored, password);
	password_work(&job);
	return job.matches;
}

static void a_hash_is_argon2id_and_verifies(void **state)
{
	char stored[PASSWORD_HASH_BYTES];
	char longer[200];

	(void)state;
	hash("violet anvil tumbles", stored);
	assert_memory_equal(stored, "$argon2id$v=19$m=1024,t=1,p=1$", 30);
	assert_true(verify(stored, "violet anvil tumbles"));
	assert_false(verify(stored, "violet anvil tumble"));
	assert_false(verify(NULL, "violet anvil tumbles"));
	memset(longer, 'a', sizeof longer);
	longer[128] = '\0';
	hash(longer, stored);
	assert_true(verify(stored, longer));
	longer[128] = 'a';
	longer[199] = '\0';
	assert_false(verify(stored, longer)); /* never cut down to what would match */
}

static void nobodys_hash_costs_the_same(void **state)
{
	struct password_job job;

	(void)state;
	password_job_init(&job, &(struct password_cost){ 3, 64 });
	password_job_verify(&job, NULL, "x");
	/* libsodium reads it, and finds the configured cost in it */
	assert_int_equal(crypto_pwhash_str_needs_rehash(job.stored, 3, 64u << 20), 0);
	assert_int_equal(crypto_pwhash_str_needs_rehash(job.stored, 3, 32u << 20), 1);
	assert_int_equal(crypto_pwhash_str_needs_rehash(job.stored, 2, 64u << 20), 1);
}

static void a_new_password_is_made_only_after_the_old_one(void **state)
{
	struct password_job job;
	char stored[PASSWORD_HASH_BYTES];

	(void)state;
	hash("violet anvil tumbles", stored);
	password_job_init(&job, &(struct password_cost){ 1, 1 });
	password_job_verify(&job, stored, "wrong");
	password_job_make(&job, "gentle copper rivers");
	password_work(&job);
	assert_false(job.matches);
	assert_string_equal(job.made, "");
	password_job_verify(&job, stored, "violet anvil tumbles");
	password_work(&job);
	assert_true(verify(job.made, "gentle copper rivers"));
}

static void no_password_is_left_in_memory(void **state)
{
	struct password_job job;
	char typed[] = "violet anvil tumbles";
	char zeros[PASSWORD_BYTES_MAX + 1] = { 0 };

	(void)state;
	password_job_init(&job, &(struct password_cost){ 1, 1 });
	password_job_verify(&job, NULL, typed);
	password_job_make(&job, typed);
	password_job_fini(&job);
	assert_memory_equal(job.given, zeros, sizeof zeros);
	assert_memory_equal(job.fresh, zeros, sizeof zeros);
	password_forget(typed);
	assert_memory_equal(typed, zeros, sizeof typed);
	password_forget(NULL);
}

static void memory_that_is_not_there_fails_the_job(void **state)
{
	struct password_job job;

	(void)state;
	password_job_init(&job, &(struct password_cost){ 0, 1 }); /* libsodium refuses no passes */
	password_job_make(&job, "violet anvil tumbles");
	password_work(&job);
	assert_true(job.failed);
}

static void a_code_is_read_back_however_it_is_typed(void **state)
{
	char code[ENROL_CODE_BYTES], typed[80] = "";
	uint8_t made[PASSWORD_SHA256_BYTES], read[PASSWORD_SHA256_BYTES];

	(void)state;
	for (unsigned n = 0; n < 200; n++) {
		size_t out = 0;

		enrol_code_new(code, made);
		assert_int_equal(strlen(code), 32);
		assert_true(code[4] == '-' && code[9] == '-' && code[29] == '-');
		assert_true(enrol_code_hash(code, read));
		assert_memory_equal(made, read, sizeof made);
		for (const char *c = code; *c; c++) {
			if (*c != '-') {
				typed[out++] = *c == '0'   ? 'o'
					       : *c == '1' ? 'L'
							   : (char)(*c >= 'A' ? *c + 32 : *c);
			}
		}
		typed[out++] = '\n';
		typed[out] = '\0';
		assert_true(enrol_code_hash(typed, read));
		assert_memory_equal(made, read, sizeof made);
	}
}

static void what_is_no_code_is_refused(void **state)
{
	uint8_t read[PASSWORD_SHA256_BYTES];
	char code[ENROL_CODE_BYTES], changed[ENROL_CODE_BYTES + 2];

	(void)state;
	enrol_code_new(code, read);
	assert_false(enrol_code_hash("", read));
	assert_false(enrol_code_hash("K7Q2-", read));
	snprintf(changed, sizeof changed, "%sA", code);
	assert_false(enrol_code_hash(changed, read)); /* one too many */
	code[31] = 'Z';                               /* bits that no code has */
	assert_false(enrol_code_hash(code, read));
	code[31] = 'U';
	assert_false(enrol_code_hash(code, read));
	assert_true(enrol_code_hash("0000-0000-0000-0000-0000-0000-00", read));
}

static void tokens_differ_and_are_kept_as_hashes(void **state)
{
	uint8_t a[32], b[32], a_hash[32], b_hash[32], again[32];

	(void)state;
	token_new(a, a_hash);
	token_new(b, b_hash);
	assert_memory_not_equal(a, b, sizeof a);
	assert_memory_not_equal(a, a_hash, sizeof a);
	sha256_of(a, sizeof a, again);
	assert_memory_equal(a_hash, again, sizeof again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_passwords_are_taken),
		cmocka_unit_test(length_counts_characters_and_bytes),
		cmocka_unit_test(text_that_no_field_takes_is_no_password),
		cmocka_unit_test(what_everybody_tries_is_refused),
		cmocka_unit_test(repeats_are_refused),
		cmocka_unit_test(the_user_name_is_refused),
		cmocka_unit_test(a_hash_is_argon2id_and_verifies),
		cmocka_unit_test(nobodys_hash_costs_the_same),
		cmocka_unit_test(a_new_password_is_made_only_after_the_old_one),
		cmocka_unit_test(no_password_is_left_in_memory),
		cmocka_unit_test(memory_that_is_not_there_fails_the_job),
		cmocka_unit_test(a_code_is_read_back_however_it_is_typed),
		cmocka_unit_test(what_is_no_code_is_refused),
		cmocka_unit_test(tokens_differ_and_are_kept_as_hashes),
	};

	if (sodium_init() < 0) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
