/* What is remembered on disk: logins, shown revisions, writes whose outcome is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/exchange.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/report.pb-c.h"
#include "proto/frame.h"
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

/* ---- a server of one connection, in a child: says hello, then does as it is told */

enum manner { MANNER_SILENT, MANNER_ANSWER, MANNER_REFUSE, MANNER_BUSY, MANNER_PARTS };

static void put(int fd, const struct frame *head, const ProtobufCMessage *message, size_t from,
		size_t to)
{
	uint8_t bytes[4096];
	uint8_t body[2048];
	struct frame frame = *head;
	size_t length = protobuf_c_message_pack(message, body);

	if (to > length)
		to = length;
	frame.length = (uint32_t)(to - from);
	frame_header_pack(bytes, &frame);
	memcpy(bytes + FRAME_HEADER_BYTES, body + from, to - from);
	if (write(fd, bytes, FRAME_HEADER_BYTES + to - from) < 0)
		_exit(3);
}

static void answer(int fd, struct frame frame, enum manner manner)
{
	Inap__V1__ReportMoveReply reply = INAP__V1__REPORT_MOVE_REPLY__INIT;
	Inap__V1__SessionState session = INAP__V1__SESSION_STATE__INIT;
	Inap__V1__HelloReply hello = INAP__V1__HELLO_REPLY__INIT;
	Inap__V1__Error error = INAP__V1__ERROR__INIT;
	static char stale[] = "WRONG_STATE", busy[] = "BUSY", user[] = "moi-focal";

	frame.kind = FRAME_REPLY;
	session.user = user;
	reply.revision = 5;
	reply.replayed = true;
	error.code = manner == MANNER_BUSY ? busy : stale;
	if (frame.method == METHOD_HELLO) {
		put(fd, &frame, &hello.base, 0, SIZE_MAX);
	} else if (frame.method == METHOD_SESSION_RESUME) {
		put(fd, &frame, &session.base, 0, SIZE_MAX);
	} else if (manner == MANNER_REFUSE || manner == MANNER_BUSY) {
		frame.kind = FRAME_ERROR;
		put(fd, &frame, &error.base, 0, SIZE_MAX);
	} else if (manner == MANNER_PARTS) {
		frame.kind = FRAME_PART;
		put(fd, &frame, &reply.base, 0, 2);
		frame.kind = FRAME_REPLY;
		put(fd, &frame, &reply.base, 2, SIZE_MAX);
	} else if (manner == MANNER_ANSWER) {
		put(fd, &frame, &reply.base, 0, SIZE_MAX);
	} else {
		_exit(0);
	}
}

static void serve(int listener, enum manner manner)
{
	Inap__V1__HelloReply hello = INAP__V1__HELLO_REPLY__INIT;
	const struct frame first = { .kind = FRAME_HELLO };
	uint8_t bytes[8192];
	size_t have = 0, consumed;
	struct frame frame;
	int fd = accept(listener, NULL, NULL);

	hello.protocol = 1;
	put(fd, &first, &hello.base, 0, SIZE_MAX);
	for (;;) {
		ssize_t got = read(fd, bytes + have, sizeof bytes - have);

		if (got <= 0)
			_exit(0);
		have += (size_t)got;
		while (frame_next(bytes, have, 4096, &frame, &consumed) == FRAME_WHOLE) {
			answer(fd, frame, manner);
			memmove(bytes, bytes + consumed, have - consumed);
			have -= consumed;
		}
	}
}

static pid_t server_start(enum manner manner)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	pid_t child;

	exchange_close(app);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", client_app_folder());
	unlink(address.sun_path);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 1) != 0)
		abort();
	app->config.server = pool_printf(&app->pool, "unix:%s", address.sun_path);
	child = fork();
	if (child == 0)
		serve(listener, manner);
	close(listener);
	return child;
}

static void server_stop(pid_t child)
{
	exchange_close(app);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* ---- one write: report.ready of FED-MOI/2024Q3 */

static bool ready_send(Inap__V1__ReportMoveReply **reply)
{
	Inap__V1__ReportMove request = INAP__V1__REPORT_MOVE__INIT;
	const struct write write = { .method = METHOD_REPORT_READY,
				     .request = &request.base,
				     .report = "FED-MOI/2024Q3",
				     .intent = 42 };

	request.base_revision = 4;
	return write_call(app, &write, (ProtobufCMessage **)reply);
}

static size_t left_behind(void)
{
	size_t count;

	pending_list(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, &count);
	return count;
}

static void an_answered_write_leaves_nothing_behind(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	pid_t child = server_start(MANNER_ANSWER);

	(void)state;
	assert_true(ready_send(&reply));
	assert_int_equal(reply->revision, 5);
	assert_int_equal(left_behind(), 0);
	server_stop(child);
}

static void a_refused_write_leaves_nothing_behind(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	pid_t child = server_start(MANNER_REFUSE);

	(void)state;
	assert_false(ready_send(&reply));
	assert_int_equal(app->failure.code, ERROR_WRONG_STATE);
	assert_int_equal(left_behind(), 0);
	server_stop(child);
}

static void parts_are_joined(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	pid_t child = server_start(MANNER_PARTS);

	(void)state;
	assert_true(ready_send(&reply));
	assert_int_equal(reply->revision, 5);
	assert_true(reply->replayed);
	server_stop(child);
}

/* The key on disk is the one sent, and the same at the second try. */
static void an_unknown_outcome_is_asked_again_under_the_same_key(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	ProtobufCMessage *settled = NULL;
	pid_t child = server_start(MANNER_SILENT);
	uint64_t seen;
	size_t count;
	struct pending *list;
	struct stat info;

	(void)state;
	assert_false(ready_send(&reply));
	assert_int_equal(app->failure.code, ERROR_OUTCOME_UNKNOWN);
	assert_int_equal(failure_exit(&app->failure), 8);
	list = pending_list(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, &count);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].intent, 42);
	assert_int_equal(stat(list[0].path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	server_stop(child);

	/* Busy is no answer to what became of the first try. */
	failure_clear(&app->failure);
	child = server_start(MANNER_BUSY);
	assert_false(pending_settle(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, 42, &settled));
	assert_int_equal(left_behind(), 1);
	server_stop(child);

	failure_clear(&app->failure);
	child = server_start(MANNER_ANSWER);
	assert_true(pending_settle(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, 42, &settled));
	assert_non_null(settled);
	assert_int_equal(reply_revision(settled), 5);
	assert_int_equal(left_behind(), 0);
	assert_true(seen_get(app, "FED-MOI/2024Q3", &seen));
	assert_int_equal(seen, 5);
	server_stop(child);
}

static void another_intent_or_another_person_is_not_settled_by_it(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	ProtobufCMessage *settled = NULL;
	pid_t child = server_start(MANNER_SILENT);

	(void)state;
	assert_false(ready_send(&reply));
	server_stop(child);
	failure_clear(&app->failure);
	app->login.user = "moi-approver";
	assert_int_equal(left_behind(), 0);
	app->login.user = "moi-focal";
	assert_int_equal(left_behind(), 1);
	child = server_start(MANNER_REFUSE);
	assert_true(pending_settle(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, 43, &settled));
	assert_null(settled);
	assert_int_equal(left_behind(), 0);
	assert_false(app->failure.set);
	server_stop(child);
}

/* Two systems may hold a report of one name: -s must not carry a write from one into the other. */
static void what_is_for_one_server_is_sent_to_no_other(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;
	ProtobufCMessage *settled = NULL;
	pid_t child = server_start(MANNER_SILENT);
	const char *first = app->config.server;

	(void)state;
	assert_false(ready_send(&reply));
	server_stop(child);
	failure_clear(&app->failure);
	app->config.server = "unix:/nonexistent/other";
	assert_true(pending_settle(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, 42, &settled));
	assert_null(settled);
	assert_null(app->exchange); /* nobody was even asked */
	assert_int_equal(left_behind(), 1);
	child = server_start(MANNER_ANSWER);
	assert_string_equal(app->config.server, first);
	assert_true(pending_settle(app, "FED-MOI/2024Q3", METHOD_REPORT_READY, 42, &settled));
	assert_non_null(settled);
	assert_int_equal(left_behind(), 0);
	server_stop(child);
}

static void what_never_left_is_not_kept(void **state)
{
	Inap__V1__ReportMoveReply *reply = NULL;

	(void)state;
	app->config.server = "unix:/nonexistent/socket";
	assert_false(ready_send(&reply));
	assert_int_equal(app->failure.code, ERROR_NOT_REACHED);
	assert_int_equal(left_behind(), 0);
}

/* A key of ours that is no word comes back itself. */
static bool is_word(const char *key)
{
	return word(key) != key;
}

/* Nobody is told of "the write of 12:03", in Arabic neither. */
static void every_write_left_behind_has_a_name(void **state)
{
	size_t count;
	const struct method *all = method_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char *verb = pool_strdup(&app->pool, strchr(all[i].name, '.'));

		for (char *at = verb; *at; at++)
			*at = *at == '-' ? '_' : *at;
		if (all[i].access == ACCESS_WRITE && !is_word(all[i].name) && !is_word(verb + 1))
			fail_msg("no word for %s", all[i].name);
	}
	assert_string_equal(pending_word(app, method_by_name("target.set")), "target");
	assert_string_equal(pending_word(app, method_by_name("report.hand-back")), "hand back");
}

static void an_intent_is_the_command_and_its_own_options(void **state)
{
	uint64_t first;

	(void)state;
	client_app_words(app, "report set FED-MOI/2024Q3 PA-1.1=1 --note x");
	first = intent_of(app, "", 0);
	memset(&app->options, 0, sizeof app->options);
	client_app_words(app, "--json report set --note x FED-MOI/2024Q3 PA-1.1=1");
	assert_true(first == intent_of(app, "", 0));
	assert_true(first != intent_of(app, "file", 4));
	memset(&app->options, 0, sizeof app->options);
	client_app_words(app, "report set FED-MOI/2024Q3 PA-1.1=1 --note y");
	assert_true(first != intent_of(app, "", 0));
	memset(&app->options, 0, sizeof app->options);
	client_app_words(app, "report set FED-MOI/2024Q3 PA-1.1=2 --note x");
	assert_true(first != intent_of(app, "", 0));
}

static void seen_is_per_report_and_person(void **state)
{
	uint64_t revision;

	(void)state;
	assert_false(seen_get(app, "FED-MOI/2024Q3", &revision));
	seen_put(app, "FED-MOI/2024Q3", 7);
	assert_true(seen_get(app, "FED-MOI/2024Q3", &revision));
	assert_int_equal(revision, 7);
	assert_false(seen_get(app, "FED-MOH/2024Q3", &revision));
	app->login.user = "moi-approver";
	assert_false(seen_get(app, "FED-MOI/2024Q3", &revision));
}

static void a_login_that_others_can_read_is_refused(void **state)
{
	Inap__V1__SessionState session = INAP__V1__SESSION_STATE__INIT;
	const uint8_t token[TOKEN_BYTES] = { 1, 2, 0xff };
	const char *path = pool_printf(&app->pool, "%s/inap/tokens/default", client_app_folder());
	struct stat info;

	(void)state;
	session.user = pool_strdup(&app->pool, "moi-focal");
	assert_true(login_store(app, token, &session));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	app->login.present = false;
	assert_true(login_load(app));
	assert_true(app->login.present);
	assert_memory_equal(app->login.token, token, TOKEN_BYTES);
	assert_string_equal(app->login.user, "moi-focal");
	assert_int_equal(chmod(path, 0640), 0);
	assert_false(login_load(app));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
	assert_non_null(strstr(app->failure.next, "chmod 600"));
	failure_clear(&app->failure);
	login_forget(app);
	assert_int_not_equal(stat(path, &info), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_answered_write_leaves_nothing_behind, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_refused_write_leaves_nothing_behind, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(parts_are_joined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_unknown_outcome_is_asked_again_under_the_same_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			another_intent_or_another_person_is_not_settled_by_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_for_one_server_is_sent_to_no_other, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_never_left_is_not_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_write_left_behind_has_a_name, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(an_intent_is_the_command_and_its_own_options,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(seen_is_per_report_and_person, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_login_that_others_can_read_is_refused, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
