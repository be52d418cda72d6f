/* Tests of errors and their arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "server/base/error.h"

static void arguments_are_found_by_name(void **state)
{
	struct error error;

	(void)state;
	assert_false(error_set(&error, ERROR_STALE_REVISION, "report", "FED-MOI/2024Q3", "revision",
			       "5", NULL));
	error_argf(&error, "base", "%d", 4);
	assert_int_equal(error.code, ERROR_STALE_REVISION);
	assert_string_equal(error_argument(&error, "report"), "FED-MOI/2024Q3");
	assert_string_equal(error_argument(&error, "revision"), "5");
	assert_string_equal(error_argument(&error, "base"), "4");
	assert_null(error_argument(&error, "state"));
}

static void setting_anew_forgets_the_old(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, ERROR_NOT_FOUND, "what", "report", "name", NULL, NULL);
	assert_string_equal(error_argument(&error, "name"), "");
	assert_false(error_why(&error, "cannot open '%s'", "x"));
	assert_int_equal(error.code, ERROR_INTERNAL);
	assert_int_equal(error.count, 1);
	assert_string_equal(error_argument(&error, "why"), "cannot open 'x'");
}

/* Cuts at every alignment of 1 to 4 byte letters: never in the middle of one. */
static void long_values_are_cut_between_letters(void **state)
{
	static const char *const letters[] = { "a", "\xd8\xb9", "\xe2\x82\xac",
					       "\xf0\x9f\x95\x8a" };

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		for (size_t l = 0; l < 4; l++) {
			char text[600] = "";
			struct error error;
			struct error formatted;
			size_t length = strlen(letters[l]);
			size_t kept;

			memset(text, 'x', lead);
			for (size_t i = lead; i + length < sizeof(text); i += length) {
				memcpy(text + i, letters[l], length + 1);
			}
			error_set(&error, ERROR_MALFORMED, "why", text, NULL);
			error_why(&formatted, "%s", text);
			kept = strlen(error.arguments[0].value);
			assert_int_equal(kept,
					 lead + (ERROR_VALUE_BYTES - 1 - lead) / length * length);
			assert_memory_equal(error.arguments[0].value, text, kept);
			assert_string_equal(formatted.arguments[0].value, error.arguments[0].value);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_found_by_name),
		cmocka_unit_test(setting_anew_forgets_the_old),
		cmocka_unit_test(long_values_are_cut_between_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
