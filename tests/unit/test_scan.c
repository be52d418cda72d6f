/* The walk before unpacking: every refusal, with the field it names. */
#include "tests/unit/body.h"

static void a_fault_names_its_field(void **state)
{
	struct body body = { 0 }, cell = { 0 }, value = { 0 };

	(void)state;
	cell_put(&body, "a", "1");
	cell_put(&body, "b", "2");
	put_text(&cell, 3, "e\u0301");
	put_body(&body, 3, &cell);
	assert_refused(save, &body, ERROR_BAD_TEXT, "cells[2].note",
		       "is not in Unicode normalisation form C");

	cell_put(&body, "a", "1");
	put_number(&value, 7, 99);
	put_body(&cell, 2, &value);
	put_body(&body, 3, &cell);
	assert_refused(save, &body, ERROR_BAD_ARGUMENT, "cells[1].value.blank",
		       "99 is not a value of this enum");
}

static void strings_are_checked_by_the_field_s_name(void **state)
{
	static const char two_lines[] = "a\nb";
	struct body body = { 0 };
	char *large = malloc(UNPACK_JSON_BYTES + 1);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', UNPACK_JSON_BYTES + 1);
	put_bytes(&body, 4, "a\0b", 3);
	assert_refused(save, &body, ERROR_BAD_TEXT, "note", "holds a NUL character");
	put_text(&body, 4, "\xff");
	assert_refused(save, &body, ERROR_BAD_TEXT, "note", "is not valid UTF-8");
	put_text(&body, 4, "\u202e");
	assert_refused(save, &body, ERROR_BAD_TEXT, "note",
		       "holds a hidden character that turns the reading direction");
	put_bytes(&body, 4, large, UNPACK_TEXT_BYTES + 1);
	assert_refused(save, &body, ERROR_TOO_LARGE, "note", "32768 bytes");
	put_text(&body, 1, two_lines);
	assert_refused(&inap__v1__user_ref__descriptor, &body, ERROR_BAD_TEXT, "user",
		       "holds a control character");
	put_bytes(&body, 1, large, UNPACK_JSON_BYTES + 1);
	assert_refused(&inap__v1__plan_import__descriptor, &body, ERROR_TOO_LARGE, "json",
		       "921600 bytes");

	put_text(&body, 2, two_lines);
	assert_non_null(unpack(&inap__v1__user_ref__descriptor, &body, &memory));
	put_text(&body, 3, two_lines);
	assert_non_null(unpack(&inap__v1__value__descriptor, &body, &memory));
	put_bytes(&body, 1, large, UNPACK_JSON_BYTES);
	assert_non_null(unpack(&inap__v1__plan_import__descriptor, &body, &memory));
	free(large);
}

static void a_reply_may_be_newer_than_its_reader(void **state)
{
	struct body body = { 0 };

	(void)state;
	put_number(&body, 3, 77);    /* a state that we do not know */
	put_text(&body, 7, "a\x01"); /* filtered before it is shown */
	Inap__V1__ReportShowReply *reply =
		unpack(&inap__v1__report_show_reply__descriptor, &body, &reply_memory);
	assert_non_null(reply);
	put_bytes(&body, 6, "a\0", 2);
	assert_null(unpack(&inap__v1__report_show_reply__descriptor, &body, &reply_memory));
	assert_int_equal(fault.code, ERROR_BAD_TEXT);
	put_text(&body, 6, "\xff");
	assert_null(unpack(&inap__v1__report_show_reply__descriptor, &body, &reply_memory));
	assert_string_equal(fault.why, "is not valid UTF-8");
	put_number(&body, 3, (uint64_t)INT32_MAX + 1);
	assert_null(unpack(&inap__v1__report_show_reply__descriptor, &body, &reply_memory));
	assert_int_equal(fault.code, ERROR_BAD_ARGUMENT);
}

static void repeated_fields_hold_four_thousand(void **state)
{
	struct body body = { 0 };

	(void)state;
	for (unsigned i = 0; i < UNPACK_REPEATED_MAX; i++)
		put_text(&body, 6, "PA-1.1");
	struct body copy = { 0 };
	put(&copy, body.bytes, body.n);
	put(&copy, "\x32\0", 2);
	assert_true(
		proto_scan(&inap__v1__round_add__descriptor, body.bytes, body.n, false, &fault));
	assert_true(proto_scan(&inap__v1__round_add__descriptor, copy.bytes, copy.n, true, &fault));
	free(body.bytes);
	assert_refused(&inap__v1__round_add__descriptor, &copy, ERROR_TOO_LARGE, "surveys[4000]",
		       "4000 entries");
}

static void packed_entries_are_counted_and_checked(void **state)
{
	uint8_t actions[UNPACK_REPEATED_MAX + 1];
	const ProtobufCMessageDescriptor *reply = &inap__v1__report_move_reply__descriptor;
	struct body body = { 0 };

	(void)state;
	memset(actions, INAP__V1__ACTION__ACTION_SAVE, sizeof actions);
	put_bytes(&body, 6, actions, sizeof actions);
	assert_refused(reply, &body, ERROR_TOO_LARGE, "actions[4000]", "4000 entries");
	put_bytes(&body, 6, "\x01\x63", 2);
	assert_refused(reply, &body, ERROR_BAD_ARGUMENT, "actions[1]",
		       "99 is not a value of this enum");
	put_bytes(&body, 6, "\x01\x80", 2);
	assert_refused(reply, &body, ERROR_MALFORMED, "actions[1]", "the message is cut off");
	put_number(&body, 6, 1); /* one by one is as good as packed */
	put_bytes(&body, 6, "\x02\x03", 2);
	Inap__V1__ReportMoveReply *got = unpack(reply, &body, &memory);
	assert_non_null(got);
	assert_int_equal(got->n_actions, 3);
	assert_int_equal(got->actions[2], INAP__V1__ACTION__ACTION_HAND_BACK);
}

static void what_is_no_protobuf_is_malformed(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *why;
	} rows[] = {
#define ROW(bytes_, why_) { bytes_, sizeof(bytes_) - 1, why_ }
		ROW("\x80", "the message is cut off"),
		ROW("\x22", "the message is cut off"),
		ROW("\x22\x05"
		    "ab",
		    "the message is cut off"),
		ROW("\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "the message is cut off"),
		ROW("\x22\x80", "the message is cut off"),
		ROW("\xb9\x38"
		    "1234567",
		    "the message is cut off"),
		ROW("\xbd\x38"
		    "123",
		    "the message is cut off"),
		ROW("\x02\x00", "a field has number 0"),
		ROW("\x00\x00", "a field has number 0"),
		ROW("\x80\x80\x80\x80\x80\x01", "a field's tag is too long"),
		ROW("\xa2\x80\x80\x80\x80\x00", "a field's tag is too long"),
		ROW("\xff\xff\xff\xff\x7f", "a field's tag is too long"),
		ROW("\xb8\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
		    "a number has more than 64 bits"),
		ROW("\xb8\x38\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00",
		    "a number has more than 64 bits"),
		ROW("\xbb\x38\xbc\x38", "a field has a wire type that is not used here"),
		ROW("\xbc\x38", "a field has a wire type that is not used here"),
		ROW("\xbe\x38", "a field has a wire type that is not used here"),
		ROW("\xbf\x38", "a field has a wire type that is not used here"),
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct body body = { 0 };
		put(&body, rows[i].bytes, rows[i].n);
		assert_refused(save, &body, ERROR_MALFORMED, "", rows[i].why);
	}
}

static void a_field_of_another_type_is_malformed(void **state)
{
	struct body body = { 0 };

	(void)state;
	put_number(&body, 4, 1);
	assert_refused(save, &body, ERROR_MALFORMED, "note", "the field has another type");
	put_text(&body, 2, "x");
	assert_refused(save, &body, ERROR_MALFORMED, "base_revision", "the field has another type");
	put_number(&body, 3, 1);
	assert_refused(save, &body, ERROR_MALFORMED, "cells[0]", "the field has another type");
}

static void a_number_that_does_not_fit_is_refused_not_cut(void **state)
{
	struct body body = { 0 };

	(void)state;
	put_number(&body, 5, (1ULL << 32) + 1);
	assert_refused(&inap__v1__cell_value__descriptor, &body, ERROR_BAD_ARGUMENT, "row",
		       "does not fit into 32 bits");
	put_number(&body, 5, (1ULL << 32) + 1);
	assert_refused(save, &body, ERROR_BAD_ARGUMENT, "via",
		       "4294967297 is not a value of this enum");
}

/* A schema of our own for the walk: every type, and a message that holds itself. */
#define FIELD(name_, id_, label_, type_, inner_)                                                   \
	{                                                                                          \
		.name = name_, .id = id_, .label = PROTOBUF_C_LABEL_##label_,                      \
		.type = PROTOBUF_C_TYPE_##type_, .descriptor = inner_                              \
	}

static const ProtobufCMessageDescriptor odd;
static const ProtobufCFieldDescriptor odd_fields[] = {
	FIELD("self", 1, NONE, MESSAGE, &odd),      FIELD("fixed32", 2, REPEATED, FIXED32, NULL),
	FIELD("double", 3, REPEATED, DOUBLE, NULL), FIELD("int32", 4, NONE, INT32, NULL),
	FIELD("sint32", 5, REPEATED, SINT32, NULL), FIELD("bool", 6, NONE, BOOL, NULL),
	FIELD("bytes", 7, NONE, BYTES, NULL),
};
static const ProtobufCIntRange odd_ranges[] = { { 1, 0 }, { 0, 7 } };
static const ProtobufCMessageDescriptor odd = { .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
						.name = "Odd",
						.n_fields = 7,
						.fields = odd_fields,
						.n_field_ranges = 1,
						.field_ranges = odd_ranges };

static bool nest_scan(unsigned messages)
{
	struct body body = { 0 };

	put(&body, "", 0);
	for (unsigned i = 1; i < messages; i++) {
		struct body outer = { 0 };
		put_body(&outer, 1, &body);
		body = outer;
	}
	bool good = proto_scan(&odd, body.bytes, body.n, false, &fault);
	free(body.bytes);
	return good;
}

static void nesting_deeper_than_eight_is_refused(void **state)
{
	(void)state;
	assert_true(nest_scan(1));
	assert_true(nest_scan(UNPACK_DEPTH_MAX));
	assert_false(nest_scan(UNPACK_DEPTH_MAX + 1));
	assert_int_equal(fault.code, ERROR_MALFORMED);
	assert_string_equal(fault.why, "messages lie more than 8 deep");
	assert_string_equal(fault.path, "self.self.self.self.self.self.self.self");
	assert_false(nest_scan(20000));
}

static void odd_assert_refused(struct body *body, enum error_code code, const char *path)
{
	assert_false(proto_scan(&odd, body->bytes, body->n, false, &fault));
	assert_string_equal(error_row(fault.code)->name, error_row(code)->name);
	assert_string_equal(fault.path, path);
	free(body->bytes);
	*body = (struct body){ 0 };
}

static void types_that_the_schema_does_not_use_yet_are_walked_too(void **state)
{
	struct body body = { 0 };

	(void)state;
	put_bytes(&body, 2, "12345678", 8);
	put_bytes(&body, 3, "12345678", 8);
	put(&body,
	    "\x15"
	    "1234"
	    "\x19"
	    "12345678",
	    14);
	put_number(&body, 4, (uint64_t)-5);
	put_number(&body, 5, UINT32_MAX);
	put_number(&body, 6, 2);
	put_text(&body, 7, "\xff");
	assert_true(proto_scan(&odd, body.bytes, body.n, false, &fault));
	body.n = 0;
	put_bytes(&body, 2, "12345", 5);
	odd_assert_refused(&body, ERROR_MALFORMED, "fixed32[1]");
	put_bytes(&body, 3, "1234", 4);
	odd_assert_refused(&body, ERROR_MALFORMED, "double[0]");
	put_number(&body, 2, 1);
	odd_assert_refused(&body, ERROR_MALFORMED, "fixed32[0]");
	put_number(&body, 4, 1ULL << 31);
	odd_assert_refused(&body, ERROR_BAD_ARGUMENT, "int32");
	put_bytes(&body, 5, "\xff\xff\xff\xff\x1f", 5);
	odd_assert_refused(&body, ERROR_BAD_ARGUMENT, "sint32[0]");
}

#define TEST(name) cmocka_unit_test_teardown(name, heap_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_fault_names_its_field),
		TEST(strings_are_checked_by_the_field_s_name),
		TEST(a_reply_may_be_newer_than_its_reader),
		TEST(repeated_fields_hold_four_thousand),
		TEST(packed_entries_are_counted_and_checked),
		TEST(what_is_no_protobuf_is_malformed),
		TEST(a_field_of_another_type_is_malformed),
		TEST(a_number_that_does_not_fit_is_refused_not_cut),
		TEST(nesting_deeper_than_eight_is_refused),
		TEST(types_that_the_schema_does_not_use_yet_are_walked_too),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
