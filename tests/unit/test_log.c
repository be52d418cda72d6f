/* Tests of the log and of the clock that stamps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/log.h"

static int ends[2];
static char got[8192];

static int open_pipe(void **state)
{
	(void)state;
	if (pipe(ends) != 0) {
		return -1;
	}
	log_descriptor_set(ends[1]);
	log_level_set(LOG_LEVEL_INFO);
	return 0;
}

static int close_pipe(void **state)
{
	(void)state;
	log_descriptor_set(STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

/* The line without its time. */
static const char *logged(void)
{
	ssize_t n = read(ends[0], got, sizeof(got) - 1);

	assert_true(n > 0);
	got[n] = '\0';
	assert_int_equal(strncmp(got, "time=2", 6), 0);
	assert_non_null(strstr(got, "Z level="));
	return strstr(got, "level=");
}

static void a_line_is_keys_and_values(void **state)
{
	static const uint8_t trace[LOG_TRACE_BYTES] = { 0x01, 0xab };
	struct log_line line;

	(void)state;
	log_begin(&line, LOG_LEVEL_INFO, "request");
	log_text(&line, "method", "report.save");
	log_number(&line, "total_us", -1234567890123);
	log_bool(&line, "dry", false);
	log_bool(&line, "write", true);
	log_trace(&line, trace);
	log_text(&line, "none", NULL);
	log_end(&line);
	assert_string_equal(logged(),
			    "level=info event=request method=report.save total_us=-1234567890123 "
			    "dry=no write=yes trace=01ab0000000000000000000000000000 none=\"\"\n");
}

static void no_value_can_forge_a_line_or_move_the_cursor(void **state)
{
	(void)state;
	log_event(LOG_LEVEL_WARNING, "refused", "a", "x\nlevel=error event=fake", "b",
		  "\x1b[2J\t\x7f", "c", "say \"hi\" \\", "d", "a=b", "e", "\xd8\xb9", NULL);
	assert_string_equal(logged(), "level=warning event=refused "
				      "a=\"x\\nlevel=error event=fake\" b=\"\\x1b[2J\\t\\x7f\" "
				      "c=\"say \\\"hi\\\" \\\\\" d=\"a=b\" e=\"\\xd8\\xb9\"\n");
}

static void an_error_brings_code_and_arguments(void **state)
{
	struct log_line line;
	struct error error;
	struct error none = { 0 };

	(void)state;
	error_set(&error, ERROR_NOT_FOUND, "what", "report", "name", "FED MOI", NULL);
	log_begin(&line, LOG_LEVEL_ERROR, "refused");
	log_error(&line, &error);
	log_end(&line);
	assert_string_equal(
		logged(),
		"level=error event=refused code=NOT_FOUND what=report name=\"FED MOI\"\n");
	log_begin(&line, LOG_LEVEL_ERROR, "refused");
	log_error(&line, &none);
	log_end(&line);
	assert_string_equal(logged(), "level=error event=refused code=NONE\n");
}

static void below_the_level_nothing_is_written(void **state)
{
	struct log_line line;

	(void)state;
	log_level_set(LOG_LEVEL_WARNING);
	log_begin(&line, LOG_LEVEL_INFO, "quiet");
	log_text(&line, "key", "value");
	log_end(&line);
	log_event(LOG_LEVEL_DEBUG, "quiet", NULL);
	log_event(LOG_LEVEL_WARNING, "loud", NULL);
	assert_string_equal(logged(), "level=warning event=loud\n");
}

static void a_line_that_is_full_says_so(void **state)
{
	char value[1500];
	struct log_line line;
	size_t length;

	(void)state;
	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	log_begin(&line, LOG_LEVEL_INFO, "long");
	log_text(&line, "first", value);
	log_text(&line, "second", value);
	value[0] = ' ';
	log_text(&line, "third", value);
	log_text(&line, "last", "fits");
	log_end(&line);
	logged();
	length = strlen(got);
	assert_true(length < LOG_LINE_BYTES);
	assert_null(strstr(got, "second="));
	assert_null(strstr(got, "third="));
	assert_string_equal(got + length - 19, " last=fits cut=yes\n");
}

static void bytes_over_the_limit_are_cut(void **state)
{
	unsigned char bytes[100] = { 0 };
	struct log_line line;

	(void)state;
	log_begin(&line, LOG_LEVEL_INFO, "hex");
	log_hex(&line, "data", bytes, sizeof(bytes));
	log_end(&line);
	assert_int_equal(strlen(logged()), strlen("level=info event=hex data=\n") + 128);
}

static void levels_have_names(void **state)
{
	enum log_level level;

	(void)state;
	assert_true(log_level_by_name("warning", &level));
	assert_int_equal(level, LOG_LEVEL_WARNING);
	assert_false(log_level_by_name("loud", &level));
	assert_string_equal(log_level_name(LOG_LEVEL_DEBUG), "debug");
}

static void a_log_that_cannot_be_written_is_no_failure(void **state)
{
	(void)state;
	log_descriptor_set(-1);
	log_event(LOG_LEVEL_ERROR, "lost", NULL);
	log_descriptor_set(ends[1]);
	log_event(LOG_LEVEL_ERROR, "found", NULL);
	assert_string_equal(logged(), "level=error event=found\n");
}

static void times_are_iso_8601(void **state)
{
	char text[CLOCK_ISO_BYTES];
	int64_t wall = clock_wall_ms();

	(void)state;
	assert_string_equal(clock_iso(0, text), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_iso(1727767800250, text), "2024-10-01T07:30:00.250Z");
	assert_string_equal(clock_iso(-1, text), "1969-12-31T23:59:59.999Z");
	assert_true(wall / 1000 - (int64_t)time(NULL) <= 0);
	assert_true(clock_wall_ms() / 1000 >= 1727767800);
}

static void monotonic_time_does_not_go_back(void **state)
{
	int64_t us = clock_us();
	int64_t ms = clock_ms();

	(void)state;
	assert_true(clock_us() >= us);
	assert_true(clock_ms() >= ms);
	assert_true(clock_us() / 1000 >= ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_is_keys_and_values, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(no_value_can_forge_a_line_or_move_the_cursor,
						open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(an_error_brings_code_and_arguments, open_pipe,
						close_pipe),
		cmocka_unit_test_setup_teardown(below_the_level_nothing_is_written, open_pipe,
						close_pipe),
		cmocka_unit_test_setup_teardown(a_line_that_is_full_says_so, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(bytes_over_the_limit_are_cut, open_pipe,
						close_pipe),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test_setup_teardown(a_log_that_cannot_be_written_is_no_failure,
						open_pipe, close_pipe),
		cmocka_unit_test(times_are_iso_8601),
		cmocka_unit_test(monotonic_time_does_not_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
