/* The tables of methods, errors and messages: consistent, documented, and without a cycle. Runs in
 * the project's root. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "proto/errors.h"
#include "proto/frame.h"
#include "proto/method.h"
#include "proto/unpack.h"
#include "inap/v1/common.pb-c.h"

#define PROTOCOL "proto/PROTOCOL.md"

static char *file_read(const char *path)
{
	FILE *file = fopen(path, "r");
	static char text[1 << 18];

	if (file == NULL)
		fail_msg("cannot open '%s'", path);
	size_t n = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	assert_true(n > 0 && n < sizeof text - 1);
	text[n] = '\0';
	return text;
}

static void methods_ascend_and_are_found_by_number_and_name(void **state)
{
	size_t count = 0;
	const struct method *methods = method_all(&count);

	(void)state;
	assert_true(count > 40);
	for (size_t i = 0; i < count; i++) {
		assert_true(i == 0 || methods[i - 1].number < methods[i].number);
		assert_ptr_equal(method_by_number(methods[i].number), &methods[i]);
		assert_ptr_equal(method_by_name(methods[i].name), &methods[i]);
		assert_non_null(methods[i].request);
		assert_non_null(methods[i].reply);
	}
	for (unsigned number = 0; number <= 0xffff; number++) {
		const struct method *found = method_by_number(number);
		assert_true(found == NULL || found->number == number);
	}
	assert_null(method_by_number(0));
	assert_null(method_by_number(11));
	assert_null(method_by_number(0x1002a));
	assert_null(method_by_name("report"));
	assert_null(method_by_name(""));
}

static void rows_say_what_methods_def_says(void **state)
{
	const struct method *save = method_by_number(METHOD_REPORT_SAVE);
	const struct method *login = method_by_name("session.login");

	(void)state;
	assert_int_equal(save->number, 42);
	assert_string_equal(save->request->name, "inap.v1.ReportSave");
	assert_string_equal(save->reply->name, "inap.v1.ReportSaveReply");
	assert_int_equal(save->roles, ROLE_BIT_FOCAL_POINT);
	assert_int_equal(save->scope, SCOPE_REPORT);
	assert_int_equal(save->access, ACCESS_WRITE);
	assert_int_equal(save->lane, LANE_WRITE);
	assert_int_equal(save->body_max, METHOD_BODY_LARGE);
	assert_int_equal(save->deadline_ms, 10000);
	assert_int_equal(login->roles, ROLE_BITS_NOBODY_YET);
	assert_int_equal(login->access, ACCESS_SESSION);
	assert_int_equal(login->lane, LANE_AUTH);
	assert_true(method_by_name("report.submit")->step_up);
	assert_false(save->step_up || save->certificate);
}

static const ProtobufCFieldDescriptor *field_of(const struct method *method, unsigned id)
{
	return protobuf_c_message_descriptor_get_field(method->request, id);
}

static void scope_is_field_1_and_the_base_field_2(void **state)
{
	size_t count = 0;
	const struct method *methods = method_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct method *method = &methods[i];
		const ProtobufCFieldDescriptor *first = field_of(method, 1);
		const ProtobufCFieldDescriptor *second = field_of(method, 2);
		if (method->scope == SCOPE_REPORT)
			assert_ptr_equal(first->descriptor, &inap__v1__report_ref__descriptor);
		if (method->scope == SCOPE_ENTITY)
			assert_ptr_equal(first->descriptor, &inap__v1__entity_ref__descriptor);
		if (method->scope == SCOPE_REPORT && method->access == ACCESS_WRITE) {
			assert_string_equal(second->name, "base_revision");
			assert_int_equal(second->type, PROTOBUF_C_TYPE_UINT64);
		}
		/* What may be called before login fits the limit before login. */
		if ((method->roles & ROLE_BITS_NOBODY_YET) != 0) {
			assert_int_equal(method->body_max, METHOD_BODY_SMALL);
			assert_int_not_equal(method->access, ACCESS_WRITE);
		}
	}
}

static void errors_are_found_by_name_and_exit_as_promised(void **state)
{
	static const int exits[] = { 1, 2, 3, 4, 5, 6, 7, 8, 10, 130 };

	(void)state;
	for (unsigned code = 1; code < ERROR_COUNT; code++) {
		const struct error_row *row = error_row((enum error_code)code);
		bool known = false;
		assert_int_equal(error_by_name(row->name), code);
		for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++)
			known = known || row->exit == exits[i];
		assert_true(known);
		assert_true(strlen(row->text) >= 5);
	}
	assert_int_equal(error_by_name("NONE"), ERROR_NONE);
	assert_int_equal(error_by_name("FROM_THE_FUTURE"), ERROR_NONE);
	assert_int_equal(error_row(ERROR_NONE)->exit, 0);
	assert_true(error_row(ERROR_BUSY)->retry);
	assert_false(error_row(ERROR_STALE_REVISION)->retry);
}

static void sentences_are_lower_case_without_full_stop_and_name_their_places(void **state)
{
	(void)state;
	for (unsigned code = 1; code < ERROR_COUNT; code++) {
		const char *text = error_row((enum error_code)code)->text;
		size_t length = strlen(text);
		assert_false(isupper((unsigned char)text[0]));
		assert_int_not_equal(text[length - 1], '.');
		assert_null(strchr(text, '%'));
		for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
			size_t n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
			assert_true(n > 0 && at[1 + n] == '}');
		}
	}
}

/* Walks everything a message holds; path is the way from the top. */
static unsigned graph_walk(const ProtobufCMessageDescriptor *message,
			   const ProtobufCMessageDescriptor **path, unsigned depth)
{
	unsigned deepest = depth + 1;

	for (unsigned i = 0; i < depth; i++)
		if (path[i] == message)
			fail_msg("%s holds itself", message->name);
	assert_true(depth < UNPACK_DEPTH_MAX);
	assert_true(message->n_fields <= UNPACK_FIELDS_MAX);
	path[depth] = message;
	for (unsigned i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];
		assert_int_not_equal(field->type, PROTOBUF_C_TYPE_FLOAT);
		assert_int_not_equal(field->type, PROTOBUF_C_TYPE_DOUBLE);
		if (field->type == PROTOBUF_C_TYPE_ENUM) {
			/* Words fit their table, and value 0 gives the prefix: enums.c asserts it.
			 */
			const ProtobufCEnumDescriptor *words = field->descriptor;
			assert_int_equal(proto_enum_value(words, "no such word"), 0);
			assert_null(proto_enum_text(words, 0));
			assert_non_null(proto_enum_text(words, 1));
		}
		if (field->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		unsigned inner = graph_walk(field->descriptor, path, depth + 1);
		deepest = inner > deepest ? inner : deepest;
	}
	return deepest;
}

static void no_message_holds_itself_or_a_float(void **state)
{
	const ProtobufCMessageDescriptor *path[UNPACK_DEPTH_MAX];
	size_t count = 0;
	const struct method *methods = method_all(&count);
	unsigned deepest = graph_walk(&inap__v1__error__descriptor, path, 0);

	(void)state;
	for (size_t i = 0; i < 2 * count; i++) {
		const struct method *method = &methods[i / 2];
		unsigned depth = graph_walk(i % 2 == 0 ? method->request : method->reply, path, 0);
		deepest = depth > deepest ? depth : deepest;
	}
	assert_true(deepest >= 4); /* save > cell > value > ratio: the walk does walk */
}

/* True if the line itself, or the line before it, is a comment of more than two characters. */
static bool commented(const char *line, const char *before)
{
	const char *slashes = strstr(line, "//");

	if (slashes != NULL && strlen(slashes) > 4)
		return true;
	before += strspn(before, " \t");
	return strncmp(before, "//", 2) == 0 && strlen(before) > 4;
}

static unsigned proto_file_check(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[512], before[512] = "";
	unsigned checked = 0;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	if (strncmp(line, "//", 2) != 0)
		fail_msg("%s does not say in its first line what it is for", path);
	while (fgets(line, sizeof line, file) != NULL) {
		const char *at = line + strspn(line, " \t");
		bool opens = strncmp(at, "message ", 8) == 0 || strncmp(at, "enum ", 5) == 0 ||
			     strncmp(at, "oneof ", 6) == 0;
		bool field = at > line && strstr(at, " = ") != NULL && strncmp(at, "//", 2) != 0;
		if ((opens || field) && !commented(line, before))
			fail_msg("%s: no comment on: %s", path, line);
		checked += opens || field;
		memcpy(before, line, sizeof before);
	}
	fclose(file);
	return checked;
}

static void every_message_and_field_has_its_comment(void **state)
{
	glob_t found;
	unsigned checked = 0;

	(void)state;
	assert_int_equal(glob("proto/inap/v1/*.proto", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		checked += proto_file_check(found.gl_pathv[i]);
	globfree(&found);
	assert_true(checked > 400);
}

static void who_write(unsigned roles, char *out, size_t room)
{
	size_t used = 0;

	if (roles == ROLE_BITS_NOBODY_YET || roles == ROLE_BITS_ANYONE) {
		snprintf(out, room, "%s",
			 roles == ROLE_BITS_ANYONE ? "any session" : "before login");
		return;
	}
	for (int role = 1; role <= 8; role++) {
		if ((roles & 1U << role) == 0)
			continue;
		int n = snprintf(out + used, room - used, "%s%s", used > 0 ? ", " : "",
				 proto_enum_text(&inap__v1__role__descriptor, role));
		used += (size_t)n;
	}
}

/* Rows of the table under a heading, its two head lines not counted. */
static unsigned rows_under(const char *text, const char *heading)
{
	const char *at = strstr(text, heading);
	unsigned rows = 0;

	assert_non_null(at);
	at = strstr(at, "\n| ");
	for (; at != NULL && strncmp(at, "\n| ", 3) == 0; at = strchr(at + 1, '\n'))
		rows++;
	return rows - 2;
}

static void row_expect(const char *text, const char *row)
{
	if (strstr(text, row) == NULL)
		fail_msg("%s lacks the row: %s", PROTOCOL, row);
}

static void the_protocol_s_table_of_methods_is_the_code_s(void **state)
{
	static const char *const scopes[] = { "", "report", "entity" };
	static const char *const accesses[] = { "read", "write", "session" };
	const char *text = file_read(PROTOCOL);
	size_t count = 0;
	const struct method *methods = method_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct method *method = &methods[i];
		char who[200], row[400];
		who_write(method->roles, who, sizeof who);
		snprintf(row, sizeof row,
			 "\n| %u | %s | %s | %s | %s | %s | %s | %u KiB | %u s |\n",
			 (unsigned)method->number, method->name, method->request->short_name,
			 method->reply->short_name, who, scopes[method->scope],
			 accesses[method->access], (unsigned)method->body_max / 1024,
			 (unsigned)method->deadline_ms / 1000);
		row_expect(text, row);
	}
	assert_int_equal(rows_under(text, "\n## 9. Methods"), count);
}

static void the_protocol_s_table_of_errors_is_the_code_s(void **state)
{
	const char *text = file_read(PROTOCOL);

	(void)state;
	for (unsigned code = 1; code < ERROR_COUNT; code++) {
		const struct error_row *error = error_row((enum error_code)code);
		char row[400];
		snprintf(row, sizeof row, "\n| %s | %d | %s | %s |\n", error->name, error->exit,
			 error->retry ? "yes" : "", error->text);
		row_expect(text, row);
	}
	assert_int_equal(rows_under(text, "\n## 10. Error codes"), ERROR_COUNT - 1);
}

/* The indented lines of hexadecimal bytes after `from`, as one frame; returns where they end. */
static const char *example_read(const char *from, uint8_t *bytes, size_t *n)
{
	const char *at = strstr(from, "\n    ");

	*n = 0;
	assert_non_null(at);
	while (strncmp(at, "\n    ", 5) == 0) {
		unsigned byte = 0;
		for (at += 5; isxdigit((unsigned char)at[0]) && sscanf(at, "%2x", &byte) == 1;) {
			bytes[(*n)++] = (uint8_t)byte;
			at += at[2] == ' ' ? 3 : 2;
		}
		assert_int_equal(*at, '\n');
	}
	return at;
}

static void the_protocol_s_example_is_made_of_good_frames(void **state)
{
	static const unsigned expected[] = { METHOD_HELLO, METHOD_SESSION_LOGIN,
					     METHOD_REPORT_SHOW };
	const char *at = strstr(file_read(PROTOCOL), "\n## 11.");
	uint8_t bytes[512];
	size_t n = 0, consumed = 0;

	(void)state;
	assert_non_null(at);
	for (unsigned i = 0; i < 3; i++) {
		struct frame frame;
		struct unpack_fault fault;
		at = example_read(at, bytes, &n);
		assert_int_equal(frame_next(bytes, n, METHOD_BODY_SMALL, &frame, &consumed),
				 FRAME_WHOLE);
		assert_int_equal(consumed, n);
		assert_int_equal(frame.method, expected[i]);
		assert_int_equal(frame.kind, FRAME_REQUEST);
		assert_int_equal(frame.id, i + 1);
		const struct method *method = method_by_number(frame.method);
		assert_true(proto_scan(method->request, frame.body, frame.length, false, &fault));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_ascend_and_are_found_by_number_and_name),
		cmocka_unit_test(rows_say_what_methods_def_says),
		cmocka_unit_test(scope_is_field_1_and_the_base_field_2),
		cmocka_unit_test(errors_are_found_by_name_and_exit_as_promised),
		cmocka_unit_test(sentences_are_lower_case_without_full_stop_and_name_their_places),
		cmocka_unit_test(no_message_holds_itself_or_a_float),
		cmocka_unit_test(every_message_and_field_has_its_comment),
		cmocka_unit_test(the_protocol_s_table_of_methods_is_the_code_s),
		cmocka_unit_test(the_protocol_s_table_of_errors_is_the_code_s),
		cmocka_unit_test(the_protocol_s_example_is_made_of_good_frames),
	};

	return cmocka_run_group_tests_name("defs", tests, NULL, NULL);
}
