/* Bodies into messages: what comes out, memory under a cap, recorded malformed payloads, words,
 * parts. */
#include "tests/unit/body.h"

#include "proto/method.h"

#define PAYLOADS "../shared/data/nasty/protobuf/proto3-binary.jsonl"

static void a_good_body_comes_out_whole(void **state)
{
	struct body body = { 0 }, ref = { 0 };

	(void)state;
	put_text(&ref, 2, "FED-MOI");
	put_text(&ref, 3, "2024Q3");
	put_body(&body, 1, &ref);
	put_number(&body, 2, 18446744073709551615U);
	cell_put(&body, "PR-2.1", "12.50");
	cell_put(&body, "PR-2.1:sex=F", "999.999999999999999999");
	put_text(&body, 4, "سطر\n\tline");
	put_number(&body, 5, INAP__V1__VIA__VIA_IMPORT);
	put_number(&body, 6, 1);
	Inap__V1__ReportSave *in = unpack(save, &body, &memory);
	assert_non_null(in);
	assert_int_equal(fault.code, ERROR_NONE);
	assert_string_equal(in->report->entity, "FED-MOI");
	assert_string_equal(in->report->plan, "");
	assert_true(in->base_revision == UINT64_MAX);
	assert_int_equal(in->n_cells, 2);
	assert_string_equal(in->cells[1]->value->number, "999.999999999999999999");
	assert_string_equal(in->note, "سطر\n\tline");
	assert_int_equal(in->via, INAP__V1__VIA__VIA_IMPORT);
	assert_true(in->dry_run);
	assert_false(in->merge);
}

static void an_empty_body_is_a_message_of_defaults(void **state)
{
	struct body body = { 0 };

	(void)state;
	put(&body, "", 0);
	Inap__V1__ReportSave *in = unpack(save, &body, &memory);
	assert_non_null(in);
	assert_null(in->report);
	assert_string_equal(in->note, "");
}

static void of_a_singular_field_the_last_counts(void **state)
{
	struct body body = { 0 }, ref = { 0 };

	(void)state;
	put_text(&body, 4, "first");
	put_text(&body, 4, "last");
	put_text(&ref, 2, "FED-MOI");
	put_body(&body, 1, &ref);
	put_text(&ref, 3, "2024Q3");
	put_body(&body, 1, &ref);
	Inap__V1__ReportSave *in = unpack(save, &body, &memory);
	assert_non_null(in);
	assert_string_equal(in->note, "last");
	assert_string_equal(in->report->entity, "FED-MOI"); /* messages merge */
	assert_string_equal(in->report->round, "2024Q3");
}

static void of_a_oneof_the_last_member_counts(void **state)
{
	struct body body = { 0 };

	(void)state;
	put_text(&body, 1, "5");
	put_body(&body, 4, &(struct body){ 0 }); /* an empty ratio */
	put_text(&body, 3, "words");
	Inap__V1__Value *value = unpack(&inap__v1__value__descriptor, &body, &memory);
	assert_non_null(value);
	assert_int_equal(value->kind_case, INAP__V1__VALUE__KIND_TEXT);
	assert_string_equal(value->text, "words");

	put_text(&body, 3, "words");
	put_body(&body, 8, &(struct body){ 0 });
	value = unpack(&inap__v1__value__descriptor, &body, &memory);
	assert_non_null(value);
	assert_int_equal(value->kind_case, INAP__V1__VALUE__KIND_CLEARED);
}

static void unknown_fields_are_dropped_at_every_depth(void **state)
{
	struct body body = { 0 }, cell = { 0 }, ref = { 0 }, value = { 0 };

	(void)state;
	put_number(&value, 900, 1);
	put_text(&value, 1, "5");
	put_text(&cell, 1, "PR-2.1");
	put_body(&cell, 2, &value);
	put_text(&cell, 900, "from the future");
	put_text(&ref, 900, "\xff");
	put_body(&body, 1, &ref);
	put_body(&body, 3, &cell);
	put_varint(&body, 901 << 3 | 1);
	put(&body, "12345678", 8);
	put_varint(&body, 902 << 3 | 5);
	put(&body, "1234", 4);
	Inap__V1__ReportSave *in = unpack(save, &body, &memory);
	assert_non_null(in);
	assert_int_equal(in->base.n_unknown_fields, 0);
	assert_int_equal(in->report->base.n_unknown_fields, 0);
	assert_int_equal(in->cells[0]->base.n_unknown_fields, 0);
	assert_int_equal(in->cells[0]->value->base.n_unknown_fields, 0);
	assert_string_equal(in->cells[0]->value->number, "5");
}

static void memory_has_a_cap(void **state)
{
	struct unpack_memory small = memory;
	struct body body = { 0 };

	(void)state;
	cell_put(&body, "PR-2.1", "5");
	small.bytes_max = 64;
	assert_null(unpack(save, &body, &small));
	assert_int_equal(fault.code, ERROR_TOO_LARGE);
	assert_string_equal(fault.path, "the message");
	assert_string_equal(fault.why, "64 bytes of memory");

	/* A megabyte of unknown fields would become forty of memory. */
	heap_empty(&heap);
	for (unsigned i = 0; i < 262144; i++)
		put(&body, "\xb8\x38\x01", 3);
	assert_null(unpack(save, &body, &memory));
	assert_int_equal(fault.code, ERROR_TOO_LARGE);
}

static void the_nth_allocation_failing_is_a_refusal_until_it_passes(void **state)
{
	bool passed = false;

	(void)state;
	for (unsigned n = 1; !passed; n++) {
		struct body body = { 0 }, ref = { 0 };
		assert_true(n < 100);
		put_text(&ref, 2, "FED-MOI");
		put_body(&body, 1, &ref);
		put_text(&ref, 3, "2024Q3");
		put_body(&body, 1, &ref);
		cell_put(&body, "PR-2.1", "5");
		cell_put(&body, "PR-2.2", "6");
		put_text(&body, 900, "unknown");
		heap.fail_at = n;
		passed = unpack(save, &body, &memory) != NULL;
		if (!passed)
			assert_int_equal(fault.code, ERROR_TOO_LARGE);
		else
			assert_true(n > 5);
		heap.fail_at = 0;
		heap_empty(&heap);
	}
}

static size_t hex_read(const char *hex, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (unsigned byte = 0; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
		assert_true(n < room);
		out[n++] = (uint8_t)byte;
	}
	return n;
}

/* Every method's request and reply against one payload. */
static void payload_try(const uint8_t *bytes, size_t n, bool must_refuse)
{
	size_t count = 0;
	const struct method *methods = method_all(&count);

	for (size_t i = 0; i < 2 * count; i++) {
		const struct method *method = &methods[i / 2];
		const ProtobufCMessageDescriptor *type =
			i % 2 == 0 ? method->request : method->reply;
		/* An exact copy: reading past the end shows under the sanitiser. */
		struct body body = { 0 };
		put(&body, bytes, n);
		body.bytes = realloc(body.bytes, n == 0 ? 1 : n);
		const void *message = unpack(type, &body, i % 4 < 2 ? &memory : &reply_memory);
		if (must_refuse && message != NULL)
			fail_msg("%s took what no decoder takes", type->name);
		if (must_refuse)
			assert_int_equal(fault.code, ERROR_MALFORMED);
		heap_empty(&heap);
	}
}

static void google_s_malformed_payloads_are_refused_under_every_type(void **state)
{
	FILE *file = fopen(PAYLOADS, "r");
	static char line[400000];
	static uint8_t bytes[200000];
	unsigned refused = 0, others = 0;

	(void)state;
	if (file == NULL) {
		print_message("SKIPPED: '%s' is not there\n", PAYLOADS);
		skip();
	}
	while (fgets(line, sizeof line, file) != NULL) {
		const char *hex = strstr(line, "\"hex\":\"");
		assert_non_null(hex);
		size_t n = hex_read(hex + 7, bytes, sizeof bytes);
		bool reject = strstr(line, "\"any_schema\":\"reject\"") != NULL;
		payload_try(bytes, n, reject);
		refused += reject;
		others += !reject;
	}
	fclose(file);
	assert_int_equal(refused, 93);
	assert_int_equal(others, 266);
}

static void enum_values_are_words(void **state)
{
	const ProtobufCEnumDescriptor *states = &inap__v1__state__descriptor;
	const ProtobufCEnumDescriptor *roles = &inap__v1__role__descriptor;

	(void)state;
	assert_string_equal(proto_enum_text(states, INAP__V1__STATE__STATE_DRAFT), "draft");
	assert_string_equal(proto_enum_text(states, INAP__V1__STATE__STATE_IN_REVIEW), "in_review");
	assert_string_equal(proto_enum_text(roles, INAP__V1__ROLE__ROLE_FOCAL_POINT),
			    "focal_point");
	assert_null(proto_enum_text(states, 0));
	assert_null(proto_enum_text(states, 99));
	assert_null(proto_enum_text(states, -1));
	assert_int_equal(proto_enum_value(states, "in_review"), INAP__V1__STATE__STATE_IN_REVIEW);
	assert_int_equal(proto_enum_value(roles, "approver"), INAP__V1__ROLE__ROLE_APPROVER);
	assert_int_equal(proto_enum_value(states, "unspecified"), 0);
	assert_int_equal(proto_enum_value(states, ""), 0);
	assert_int_equal(proto_enum_value(states, "DRAFT"), 0);
	/* a word lives for good, also after others were made */
	assert_ptr_equal(proto_enum_text(states, 2), proto_enum_text(states, 2));
}

static void parts_put_together_are_the_message(void **state)
{
	struct body body = { 0 }, whole = { 0 };
	struct proto_split split;
	struct proto_piece piece = { 0 };
	unsigned pieces = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		cell_put(&body, "PR-2.1:sex=F", "5");
	put_text(&body, 4, "a note that is longer than a whole piece may be, and so travels alone");
	proto_split_init(&split, body.bytes, body.n, 60);
	while (!piece.last) {
		assert_true(proto_split_next(&split, &piece));
		assert_true(piece.length > 0 && (piece.length <= 60 || piece.last));
		assert_true(proto_scan(save, piece.bytes, piece.length, false, &fault));
		put(&whole, piece.bytes, piece.length);
		pieces++;
	}
	assert_int_equal(pieces, 51); /* two cells of 21 bytes each, and the note */
	assert_int_equal(whole.n, body.n);
	assert_memory_equal(whole.bytes, body.bytes, body.n);
	free(body.bytes);
	free(whole.bytes);
}

static void an_empty_message_is_one_empty_part_and_a_broken_one_none(void **state)
{
	struct proto_split split;
	struct proto_piece piece = { 0 };

	(void)state;
	proto_split_init(&split, NULL, 0, 100);
	assert_true(proto_split_next(&split, &piece));
	assert_true(piece.last);
	assert_int_equal(piece.length, 0);
	proto_split_init(&split, (const uint8_t *)"\x22\x05", 2, 100);
	assert_false(proto_split_next(&split, &piece));
}

#define TEST(name) cmocka_unit_test_teardown(name, heap_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_body_comes_out_whole),
		TEST(an_empty_body_is_a_message_of_defaults),
		TEST(of_a_singular_field_the_last_counts),
		TEST(of_a_oneof_the_last_member_counts),
		TEST(unknown_fields_are_dropped_at_every_depth),
		TEST(memory_has_a_cap),
		TEST(the_nth_allocation_failing_is_a_refusal_until_it_passes),
		TEST(google_s_malformed_payloads_are_refused_under_every_type),
		TEST(enum_values_are_words),
		TEST(parts_put_together_are_the_message),
		TEST(an_empty_message_is_one_empty_part_and_a_broken_one_none),
	};

	return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
