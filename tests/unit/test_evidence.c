/* Tests of evidence: what is judged before SQL, what is sent, every refusal, what is answered. */
#include "tests/unit/fake_rpc.h"

#include <sodium.h>

#include "inap/v1/evidence.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define ROW                                                                                        \
	"number=1,name=minutes.pdf,kind=minutes,type=pdf,bytes=100,sha256=\\\\x0102,reference="    \
	"NULL,"                                                                                    \
	"cells=PR-2.1:age_band=18-29\\,sex=F\nPA-1.1,activities=NULL,note=because,round=NULL,"     \
	"written=5,by=ada,at=2024-10-09T00:00:00Z"
#define NO_ROW                                                                                     \
	"number=NULL,name=NULL,kind=NULL,type=NULL,bytes=NULL,sha256=NULL,reference=NULL,cells="   \
	"NULL,"                                                                                    \
	"activities=NULL,note=NULL,round=NULL,written=NULL,by=NULL,at=NULL"

static Inap__V1__ReportRef reference;
static Inap__V1__EvidenceAttach attach;
static Inap__V1__EvidenceChunk chunk;
static Inap__V1__EvidenceMark mark;
static uint8_t hash[32], data[400000], data_hash[32];
static char *cells[201];

static void chunk_data(const char *head, size_t length)
{
	memset(data, 'x', sizeof data);
	memcpy(data, head, strlen(head));
	crypto_hash_sha256(data_hash, data, length);
	chunk.data = (ProtobufCBinaryData){ length, data };
	chunk.data_sha256 = (ProtobufCBinaryData){ sizeof data_hash, data_hash };
	chunk.bytes = length;
}

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__evidence_attach__init(&attach);
	attach.report = &reference;
	attach.base_revision = 4;
	attach.name = TEXT("minutes.pdf");
	attach.kind = TEXT("minutes");
	attach.sha256 = (ProtobufCBinaryData){ sizeof hash, hash };
	attach.bytes = 100;
	for (size_t i = 0; i < 201; i++)
		cells[i] = TEXT("PA-1.1");
	attach.cells = cells;
	attach.n_cells = 1;
	inap__v1__evidence_chunk__init(&chunk);
	chunk.report = &reference;
	chunk.sha256 = attach.sha256;
	chunk.type = TEXT("pdf");
	chunk.name = TEXT("minutes.pdf");
	chunk_data("%PDF-1.7", 1000);
	inap__v1__evidence_mark__init(&mark);
	mark.report = &reference;
	mark.base_revision = 4;
	mark.number = 3;
	return fake_setup(state);
}

static const Inap__V1__Error *begin_refused(enum error_code code)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_EVIDENCE_BEGIN, 1, &attach.base);
	return fake_refused(c, 1, code);
}

static const Inap__V1__Error *chunk_refused(enum error_code code)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_EVIDENCE_CHUNK, 1, &chunk.base);
	return fake_refused(c, 1, code);
}

/* What SQL says of a piece. */
static struct connection *chunk_answered(const char *row)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_EVIDENCE_CHUNK, 1, &chunk.base);
	fake_waits("evidence_put");
	fake_rows(fake_unit, 0, row);
	fake_answer();
	return c;
}

static struct connection *attach_answered(const char *row)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_EVIDENCE_ATTACH, 1, &attach.base);
	fake_waits("evidence_write");
	fake_rows(fake_unit, 0, row);
	fake_answer();
	return c;
}

static void what_is_there_is_said_before_anything_is_sent(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__EvidenceBeginReply *reply;

	(void)state;
	fake_request(c, METHOD_EVIDENCE_BEGIN, 1, &attach.base);
	fake_waits("evidence_begin");
	assert_int_equal(fake_unit->lane, LANE_READ);
	assert_string_equal(fake_parameter(fake_unit, 0, 8), "{\"PA-1.1\"}");
	fake_rows(fake_unit, 0, "fault=NULL,have=65536,whole=f,number=0");
	fake_answer();
	reply = fake_reply(c, METHOD_EVIDENCE_BEGIN, 1);
	assert_int_equal(reply->have, 65536);
	assert_false(reply->whole);
}

static void what_cannot_be_attached_is_refused_before_sql(void **state)
{
	(void)state;
	attach.name = TEXT("");
	assert_argument(begin_refused(ERROR_BAD_ARGUMENT), "field", "name");
	attach.name = TEXT("minutes.docm");
	assert_argument(begin_refused(ERROR_EVIDENCE_TYPE), "found", "a document with macros");
	attach.name = TEXT("minutes.pdf");
	attach.kind = TEXT("novel");
	assert_argument(begin_refused(ERROR_BAD_ARGUMENT), "field", "kind");
	attach.kind = TEXT("scan");
	attach.bytes = (20 << 20) + 1;
	assert_argument(begin_refused(ERROR_TOO_LARGE), "limit", "20 MiB");
	attach.bytes = 0;
	assert_argument(begin_refused(ERROR_EVIDENCE_TYPE), "found", "empty");
	attach.bytes = 7;
	attach.sha256.len = 31;
	assert_argument(begin_refused(ERROR_BAD_ARGUMENT), "field", "sha256");
	attach.bytes = 0;
	attach.sha256.len = 0;
	assert_argument(begin_refused(ERROR_BAD_ARGUMENT), "field", "reference");
	attach.reference = TEXT("4417");
	attach.n_cells = 201;
	assert_argument(begin_refused(ERROR_TOO_LARGE), "what", "the cells of evidence");
}

static void a_piece_is_judged_before_sql(void **state)
{
	(void)state;
	chunk_data("\x7f"
		   "ELF",
		   1000);
	assert_argument(chunk_refused(ERROR_EVIDENCE_TYPE), "found", "a program");
	chunk_data("%PDF-1.7", 1000);
	chunk.type = TEXT("png");
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "field", "type");
	chunk.type = TEXT("pdf");
	data_hash[0] ^= 1;
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "why", "does not have its hash");
	chunk_data("%PDF-1.7", 1000);
	chunk.bytes = 2000; /* it is not the last, and too short */
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "field", "data");
	chunk_data("%PDF-1.7", (256 << 10) + 1);
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "field", "data");
	chunk_data("%PDF-1.7", 1000);
	chunk.offset = 1; /* over the end */
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "field", "data");
	chunk.offset = UINT64_MAX;
	assert_argument(chunk_refused(ERROR_BAD_ARGUMENT), "field", "data");
	chunk.offset = 0;
	chunk.bytes = (20 << 20) + 1;
	assert_argument(chunk_refused(ERROR_TOO_LARGE), "limit", "20 MiB");
}

static void a_piece_goes_through_the_lane_of_large_things(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__EvidenceChunkReply *reply;

	(void)state;
	fake_request(c, METHOD_EVIDENCE_CHUNK, 1, &chunk.base);
	fake_waits("evidence_put");
	assert_int_equal(fake_unit->lane, LANE_BULK);
	assert_null(fake_parameter(fake_unit, 0, 8)); /* no list of content types */
	fake_rows(fake_unit, 0, "fault=NULL,have=1000,whole=t");
	fake_answer();
	reply = fake_reply(c, METHOD_EVIDENCE_CHUNK, 1);
	assert_int_equal(reply->have, 1000);
	assert_true(reply->whole);
}

static void what_sql_refuses_of_a_piece_is_said(void **state)
{
	struct connection *c;

	(void)state;
	c = chunk_answered("fault=EVIDENCE_OFFSET|have\\=500,have=NULL,whole=NULL");
	assert_argument(fake_refused(c, 1, ERROR_EVIDENCE_OFFSET), "have", "500");
	c = chunk_answered("fault=EVIDENCE_TYPE|found\\=a ZIP archive,have=NULL,whole=NULL");
	assert_argument(fake_refused(c, 1, ERROR_EVIDENCE_TYPE), "file", "minutes.pdf");
	c = chunk_answered("fault=NOT_FOUND|what\\=report,have=NULL,whole=NULL");
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3");
}

static void what_was_attached_is_answered_whole(void **state)
{
	const Inap__V1__EvidenceReply *reply;
	struct connection *c;

	(void)state;
	c = attach_answered(
		"fault=NULL,receipt=\\\\x00ff,replayed=f,revision=5,state=draft,unchanged=f," ROW);
	reply = fake_reply(c, METHOD_EVIDENCE_ATTACH, 1);
	assert_int_equal(reply->revision, 5);
	assert_int_equal(reply->state, INAP__V1__STATE__STATE_DRAFT);
	assert_int_equal(reply->receipt.len, 2);
	assert_int_equal(reply->evidence->number, 1);
	assert_int_equal(reply->evidence->n_cells, 2);
	assert_string_equal(reply->evidence->cells[0], "PR-2.1:age_band=18-29,sex=F");
	assert_string_equal(reply->evidence->cells[1], "PA-1.1");
	assert_int_equal(reply->evidence->n_activities, 0);
	assert_int_equal(reply->evidence->sha256.len, 2);
	assert_string_equal(reply->evidence->reference, "");
}

static void every_lock_says_which_it_is(void **state)
{
	const Inap__V1__Error *error;
	struct connection *c;

	(void)state;
#define REFUSED(fault)                                                                             \
	attach_answered("fault=" fault                                                             \
			",receipt=NULL,replayed=f,revision=NULL,state=NULL,unchanged=f," NO_ROW)
	c = REFUSED("STALE_REVISION|revision\\=9");
	error = fake_refused(c, 1, ERROR_STALE_REVISION);
	assert_argument(error, "revision", "9");
	assert_argument(error, "base", "4");
	assert_argument(error, "report", "FED-MOI/2024Q3");
	c = REFUSED("LOCKED|lock\\=submitted");
	error = fake_refused(c, 1, ERROR_LOCKED);
	assert_argument(error, "lock", "submitted");
	assert_argument(error, "report", "FED-MOI/2024Q3");
	c = REFUSED("ROUND_NOT_OPEN|why\\=closed");
	assert_argument(fake_refused(c, 1, ERROR_ROUND_NOT_OPEN), "round", "2024Q3");
	c = REFUSED("CELL_UNKNOWN|cell\\=PA-9");
	assert_argument(fake_refused(c, 1, ERROR_CELL_UNKNOWN), "cell", "PA-9");
	c = REFUSED("KEY_REUSED");
	fake_refused(c, 1, ERROR_KEY_REUSED);
}

static void a_mark_names_its_action(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	fake_request(c, METHOD_EVIDENCE_DETACH, 1, &mark.base);
	fake_waits("evidence_write");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "detach");
	assert_string_equal(fake_parameter(fake_unit, 0, 6), "3");
	fake_rows(fake_unit, 0,
		  "fault=NOT_FOUND|what\\=evidence|name\\=3,receipt=NULL,replayed=f,revision=NULL,"
		  "state=NULL,unchanged=f," NO_ROW);
	fake_answer();
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "3");
	fake_request(c, METHOD_EVIDENCE_KEEP, 2, &mark.base);
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "keep");
	fake_rows(fake_unit, 0,
		  "fault=NULL,receipt=\\\\x00,replayed=t,revision=6,state=draft,unchanged=f," ROW);
	fake_answer();
	assert_true(((const Inap__V1__EvidenceReply *)fake_reply(c, METHOD_EVIDENCE_KEEP, 2))
			    ->replayed);
}

static void the_list_is_as_of_what_may_be_read(void **state)
{
	Inap__V1__EvidenceList in = INAP__V1__EVIDENCE_LIST__INIT;
	struct connection *c = fake_user(ROLE_BIT_NATIONAL_TEAM);
	const Inap__V1__EvidenceListReply *reply;

	(void)state;
	in.report = &reference;
	fake_request(c, METHOD_EVIDENCE_LIST, 1, &in.base);
	fake_waits("evidence_seen evidence_list evidence_offered");
	assert_string_equal(fake_parameter(fake_unit, 1, 3),
			    "32"); /* the roles: by them SQL hides */
	assert_null(fake_parameter(fake_unit, 1, 4));
	fake_rows(fake_unit, 0, "revision=5");
	fake_rows(fake_unit, 1, ROW);
	fake_rows(fake_unit, 2, ROW ";" ROW);
	fake_answer();
	reply = fake_reply(c, METHOD_EVIDENCE_LIST, 1);
	assert_int_equal(reply->revision, 5);
	assert_int_equal(reply->n_evidence, 1);
	assert_int_equal(reply->n_offered, 2);
	fake_request(c, METHOD_EVIDENCE_LIST, 2, &in.base);
	fake_answer(); /* nothing to be seen */
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "what", "report");
}

static void bytes_are_read_from_an_offset(void **state)
{
	Inap__V1__EvidenceRead in = INAP__V1__EVIDENCE_READ__INIT;
	struct connection *c = fake_user(ROLE_BIT_COORDINATOR);
	const Inap__V1__EvidenceReadReply *reply;

	(void)state;
	in.report = &reference;
	in.number = 1;
	in.offset = 98;
	fake_request(c, METHOD_EVIDENCE_READ, 1, &in.base);
	fake_waits("evidence_seen evidence_read");
	assert_string_equal(fake_parameter(fake_unit, 1, 5), "98");
	fake_rows(fake_unit, 0, "revision=5");
	fake_rows(fake_unit, 1, ROW ",data=\\\\x4142");
	fake_answer();
	reply = fake_reply(c, METHOD_EVIDENCE_READ, 1);
	assert_int_equal(reply->data.len, 2);
	assert_memory_equal(reply->data.data, "AB", 2);
	fake_request(c, METHOD_EVIDENCE_READ, 2, &in.base);
	fake_rows(fake_unit, 0, "revision=5");
	fake_answer();
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "what", "evidence");
	fake_request(c, METHOD_EVIDENCE_READ, 3, &in.base);
	fake_answer();
	assert_argument(fake_refused(c, 3, ERROR_NOT_FOUND), "what", "report");
}

/* A request with its answer at one size of arena; false: TOO_LARGE. */
static bool fits(struct connection *c, enum method_number method, const ProtobufCMessage *body,
		 size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, method, 1, body);
	if (fake_unit) {
		bool list = method == METHOD_EVIDENCE_LIST, read = method == METHOD_EVIDENCE_READ;

		fake_rows(fake_unit, 0,
			  list || read ? "revision=5"
			  : method == METHOD_EVIDENCE_ATTACH
				  ? "fault=NULL,receipt=\\\\x00ff,replayed=f,revision=5,state="
				    "draft,unchanged=f," ROW
				  : "fault=NULL,have=1000,whole=t,number=1");
		if (list || read)
			fake_rows(fake_unit, 1, list ? ROW ";" ROW : ROW ",data=\\\\x4142");
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_ERROR) {
		const Inap__V1__Error *error =
			fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);

		assert_string_equal(error->code, "TOO_LARGE");
	}
	return frame.kind == FRAME_REPLY;
}

static void answers_in_an_arena_of_any_size(void **state)
{
	Inap__V1__EvidenceList list = INAP__V1__EVIDENCE_LIST__INIT;
	Inap__V1__EvidenceRead read = INAP__V1__EVIDENCE_READ__INIT;
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const struct {
		enum method_number method;
		const ProtobufCMessage *body;
	} calls[] = { { METHOD_EVIDENCE_BEGIN, &attach.base },
		      { METHOD_EVIDENCE_ATTACH, &attach.base },
		      { METHOD_EVIDENCE_LIST, &list.base },
		      { METHOD_EVIDENCE_READ, &read.base } };

	(void)state;
	list.report = read.report = &reference;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		size_t cap = 0;

		while (!fits(c, calls[i].method, calls[i].body, cap))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 512);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fake_teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_there_is_said_before_anything_is_sent),
		TEST(what_cannot_be_attached_is_refused_before_sql),
		TEST(a_piece_is_judged_before_sql),
		TEST(a_piece_goes_through_the_lane_of_large_things),
		TEST(what_sql_refuses_of_a_piece_is_said),
		TEST(what_was_attached_is_answered_whole),
		TEST(every_lock_says_which_it_is),
		TEST(a_mark_names_its_action),
		TEST(the_list_is_as_of_what_may_be_read),
		TEST(bytes_are_read_from_an_offset),
		TEST(answers_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
