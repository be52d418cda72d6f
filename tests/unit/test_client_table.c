/* The table of commands: every method reachable, every row well-formed, the manual equal to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cmd/help.h"
#include "client/cmd/target.h"
#include "proto/method.h"
#include "tests/unit/client_app.h"

static struct app *app;

static int set_up(void **state)
{
	(void)state;
	app = client_app_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	client_app_free(app);
	return 0;
}

/* Is name one of the blank-separated words? */
static bool has_word(const char *words, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(words, name); at; at = strstr(at + 1, name))
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static void every_method_has_a_command(void **state)
{
	size_t methods_count, commands_count;
	const struct method *methods = method_all(&methods_count);
	const struct command *commands = command_all(&commands_count);

	(void)state;
	for (size_t i = 0; i < methods_count; i++) {
		bool found = methods[i].number == METHOD_HELLO ||
			     methods[i].number == METHOD_SESSION_RESUME;

		for (size_t j = 0; j < commands_count && !found; j++)
			found = has_word(commands[j].methods, methods[i].name);
		if (!found)
			fail_msg("no command for %s", methods[i].name);
	}
}

static void every_row_names_methods_that_exist(void **state)
{
	size_t count;
	const struct command *commands = command_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char *names = pool_strdup(&app->pool, commands[i].methods);
		char *rest;

		for (char *name = strtok_r(names, " ", &rest); name;
		     name = strtok_r(NULL, " ", &rest))
			if (!method_by_name(name))
				fail_msg("%s %s: no method %s", commands[i].noun, commands[i].verb,
					 name);
		assert_ptr_equal(command_find(commands[i].noun, commands[i].verb), &commands[i]);
		assert_true(strncmp(commands[i].example, "inap ", 5) == 0);
		assert_true(commands[i].most < 0 || commands[i].least <= commands[i].most);
	}
}

/* Writes name the base they saw; who changes a report must be able to override it. */
static void every_write_of_a_report_takes_base(void **state)
{
	size_t count;
	const struct command *commands = command_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char name[64] = "";
		const struct method *method;

		strncat(name, commands[i].methods, strcspn(commands[i].methods, " "));
		method = method_by_name(name);
		if (method && method->scope == SCOPE_REPORT && method->access == ACCESS_WRITE &&
		    !command_takes(&commands[i], OPT_BASE))
			fail_msg("%s %s takes no --base", commands[i].noun, commands[i].verb);
	}
}

static void options_stand_anywhere(void **state)
{
	(void)state;
	client_app_words(app, "-o json report show --points FED-MOI/2024Q3");
	assert_string_equal(app->command->verb, "show");
	assert_int_equal(app->words_count, 1);
	assert_string_equal(app->words[0], "FED-MOI/2024Q3");
	assert_string_equal(option_text(app, OPT_OUTPUT), "json");
	assert_true(app->options.given[OPT_POINTS]);
}

static void an_unknown_option_is_named(void **state)
{
	(void)state;
	client_app_words(app, "report show --colour");
	assert_int_equal(app->failure.code, ERROR_USAGE);
	assert_non_null(strstr(app->failure.places[0].value, "--colour"));
}

static void dates_and_numbers_of_options_are_checked(void **state)
{
	uint64_t number;
	const char *date;

	(void)state;
	client_app_words(app, "report submit --letter-date 2024-02-30 --base 12x");
	assert_false(option_date(app, OPT_LETTER_DATE, &date));
	assert_int_equal(app->failure.code, ERROR_DATE_BAD);
	assert_false(option_number(app, OPT_BASE, &number));
	client_app_words(app, "report submit --letter-date 2024-02-29 --base 12");
	assert_true(option_date(app, OPT_LETTER_DATE, &date));
	assert_true(option_number(app, OPT_BASE, &number));
	assert_int_equal(number, 12);
	client_app_words(app, "report submit --letter-date 2023-02-29");
	assert_false(option_date(app, OPT_LETTER_DATE, &date));
}

static void a_typo_is_guessed_and_not_run(void **state)
{
	(void)state;
	assert_string_equal(command_guess(app, "reprot", "shwo"), "report show");
	assert_string_equal(command_guess(app, "logn", ""), "login");
	assert_null(command_guess(app, "xyzzy", ""));
}

static void short_help_shows_the_callers_commands(void **state)
{
	const char *text;

	(void)state;
	help_short(app);
	text = client_app_output(app);
	assert_non_null(strstr(text, "inap report import"));
	assert_null(strstr(text, "inap user add"));
	app->options.given[OPT_ALL] = true;
	help_short(app);
	assert_non_null(strstr(client_app_output(app), "inap user add"));
}

static void a_report_is_told_from_a_cell(void **state)
{
	(void)state;
	assert_true(target_is_report("FED-MOI/2024Q3"));
	assert_true(target_is_report("INAP-I:FED-MOI/2015Q1"));
	assert_false(target_is_report("PR-2.2=12/40"));
	assert_false(target_is_report("PA-1.1:sex=F=1/2"));
	assert_false(target_is_report("q3.csv"));
}

static void the_manual_has_the_tables_lines(void **state)
{
	size_t length, wanted_length;
	char *wanted = NULL, *manual;
	FILE *stream = open_memstream(&wanted, &wanted_length);

	(void)state;
	help_manual(app, stream);
	fclose(stream);
	manual = state_read(app, "client/man/inap.1", 1 << 20, &length);
	assert_non_null(manual);
	for (char *rest, *section = strtok_r(wanted, "\n", &rest); section;
	     section = strtok_r(NULL, "\n", &rest))
		if (!strstr(manual, pool_printf(&app->pool, "\n%s\n", section)))
			fail_msg("client/man/inap.1 lacks: %s", section);
	free(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_method_has_a_command, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_row_names_methods_that_exist, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(every_write_of_a_report_takes_base, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(options_stand_anywhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_unknown_option_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(dates_and_numbers_of_options_are_checked, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_typo_is_guessed_and_not_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(short_help_shows_the_callers_commands, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_report_is_told_from_a_cell, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_manual_has_the_tables_lines, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
