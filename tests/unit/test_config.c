/* Tests of the configuration: file, flags, checks, and the texts made of the table; and of
 * addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/address.h"
#include "server/base/config.h"

enum { ARGUMENTS_MAX = 8 };

static char path[64];
static struct config config;
static struct config_arguments arguments;
static struct error error;

static int make_path(void **state)
{
	int descriptor;

	(void)state;
	strcpy(path, "/tmp/test_config_XXXXXX");
	descriptor = mkstemp(path);
	if (descriptor >= 0) {
		close(descriptor);
	}
	return descriptor >= 0 ? 0 : -1;
}

static int drop_path(void **state)
{
	(void)state;
	config_fini(&config);
	return unlink(path);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Loads with these flags, ended by NULL. */
static bool load(const char *flag, ...)
{
	char *argv[ARGUMENTS_MAX + 2] = { (char *)"inapd", (char *)flag };
	int argc = flag ? 2 : 1;
	va_list list;

	va_start(list, flag);
	while (flag && argc <= ARGUMENTS_MAX && (argv[argc] = va_arg(list, char *)) != NULL) {
		argc++;
	}
	va_end(list);
	config_fini(&config);
	return config_load(&config, &arguments, argc, argv, &error);
}

static bool load_text(const char *text)
{
	write_file(text);
	return load("--config", path, "--tls-certificate=c", "--tls-key=k", NULL);
}

#define assert_why(part)                                                                           \
	do {                                                                                       \
		const char *why = error_argument(&error, "why");                                   \
		assert_non_null(why);                                                              \
		if (!strstr(why, part)) {                                                          \
			fail_msg("'%s' does not say '%s'", why, part);                             \
		}                                                                                  \
	} while (0)

static void defaults_are_those_of_the_table(void **state)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	(void)state;
	assert_true(config_init(&config, &error));
	assert_int_equal(config.listen.tls.count, 1);
	assert_string_equal(config.listen.tls.items[0], "0.0.0.0:1325");
	assert_string_equal(config.listen.unix_path, "");
	assert_string_equal(config.listen.http, "127.0.0.1:1326");
	assert_false(config.listen.reuse_port);
	assert_int_equal(config.database.write_connections, 2);
	assert_int_equal(config.limits.out_high_bytes, 512 * 1024);
	assert_int_equal(config.limits.idle_ms, 300000);
	assert_int_equal(config.password.memory_mib, 64);
	assert_int_equal(config.log.level, LOG_LEVEL_INFO);
	for (; count > 0; count--, key++) {
		assert_true(strlen(key->help) > 10);
		assert_int_equal(key->help[strlen(key->help) - 1], '.');
	}
}

static void a_file_sets_every_type(void **state)
{
	(void)state;
	assert_true(load_text("# a comment\n"
			      "[listen]\n"
			      "tls = 127.0.0.1:0 , [::1]:1325\n"
			      "reuse_port = yes\n"
			      "[database]\n"
			      "conninfo = host=/run/inap ; dbname=inap\n"
			      "queue_max = 12\n"
			      "[limits]\n"
			      "stall_ms = 3s\n"
			      "idle_ms = 2min\n"
			      "drain_ms = 250\n"
			      "out_high_bytes = 1MiB\n"
			      "[log]\n"
			      "level = debug\n"));
	assert_int_equal(config.listen.tls.count, 2);
	assert_string_equal(config.listen.tls.items[0], "127.0.0.1:0");
	assert_string_equal(config.listen.tls.items[1], "[::1]:1325");
	assert_true(config.listen.reuse_port);
	assert_string_equal(config.database.conninfo, "host=/run/inap ; dbname=inap");
	assert_int_equal(config.database.queue_max, 12);
	assert_int_equal(config.limits.stall_ms, 3000);
	assert_int_equal(config.limits.idle_ms, 120000);
	assert_int_equal(config.limits.drain_ms, 250);
	assert_int_equal(config.limits.out_high_bytes, 1 << 20);
	assert_int_equal(config.log.level, LOG_LEVEL_DEBUG);
}

static void what_a_file_gets_wrong_is_named_with_its_line(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "[listen]\n\nport = 1\n", "line 3: unknown key 'listen.port'" },
		{ "backlog = 1\n", "line 1: unknown key '.backlog'" },
		{ "[listen]\nbacklog = many\n", "line 2: listen.backlog: 'many' is not a number" },
		{ "[listen]\nbacklog = 0\n", "listen.backlog: '0' lies outside 1 to 65535" },
		{ "[listen]\nbacklog = 65536\n", "lies outside" },
		{ "[listen]\nbacklog = 99999999999999999999\n", "lies outside" },
		{ "[listen]\nbacklog = 5s\n", "unknown unit 's'" },
		{ "[listen]\nreuse_port = true\n", "neither yes nor no" },
		{ "[listen]\ntls = a:1,,b:2\n", "listen.tls: an item is empty" },
		{ "[listen]\ntls = a:1, ,b:2\n", "listen.tls: an item is empty" },
		{ "[listen]\ntls = 1:1,1:2,1:3,1:4,1:5,1:6,1:7,1:8,1:9\n", "more than 8 items" },
		{ "[limits]\nstall_ms = 2d\n", "unknown unit 'd'" },
		{ "[limits]\nout_high_bytes = 1GiB\n", "lies outside" },
		{ "[log]\nlevel = loud\n", "log.level: 'loud' is not debug" },
		{ "[log]\nlevel\n", "line 2: neither [section] nor key = value" },
		{ "[log\n", "line 1: neither [section]" },
		{ "[log]\nlevel = info\n  more\n", "line 3: neither" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(load_text(cases[i].text));
		assert_why(cases[i].why);
	}
	assert_why(path);
}

static void a_line_too_long_to_read_whole_is_refused(void **state)
{
	char text[400] = "[database]\nconninfo = ";

	(void)state;
	memset(text + strlen(text), 'x', 300);
	assert_false(load_text(text));
	assert_why("line 2: this line is too long");
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	assert_false(load("--config=/no/such/file", NULL));
	assert_why("cannot open '/no/such/file': No such file");
	assert_false(load("--config=/", NULL));
	assert_why("cannot be read");
}

static void flags_override_the_file(void **state)
{
	(void)state;
	write_file("[listen]\nbacklog = 10\n[tls]\ncertificate = c\nkey = k\n");
	assert_true(load("--listen-backlog=20", "--config", path, "--listen=127.0.0.1:7",
			 "--listen-reuse-port", "--limits-stall_ms", "99ms", "--check-config",
			 NULL));
	assert_int_equal(config.listen.backlog, 20);
	assert_string_equal(config.listen.tls.items[0], "127.0.0.1:7");
	assert_true(config.listen.reuse_port);
	assert_int_equal(config.limits.stall_ms, 99);
	assert_string_equal(config.tls.certificate, "c");
	assert_true(arguments.check);
	assert_string_equal(arguments.file, path);
}

static void wrong_flags_are_named(void **state)
{
	(void)state;
	assert_false(load("--no-such=1", NULL));
	assert_why("unknown flag '--no-such=1'");
	assert_false(load("--listen-backlogs=1", NULL));
	assert_why("unknown flag");
	assert_false(load("serve", NULL));
	assert_why("unknown argument 'serve'");
	assert_false(load("--", NULL));
	assert_why("unknown argument '--'");
	assert_false(load("--listen-backlog", NULL));
	assert_why("wants a value");
	assert_false(load("--listen-backlog=x", NULL));
	assert_why("listen.backlog");
}

static void help_and_version_need_no_certificate(void **state)
{
	(void)state;
	assert_true(load("--help", NULL));
	assert_true(arguments.help);
	assert_true(load("--version", NULL));
	assert_true(arguments.version);
	assert_false(load(NULL));
	assert_why("listen.tls needs tls.certificate and tls.key");
}

static void what_does_not_go_together_is_refused(void **state)
{
	char unix_path[200] = "--listen-unix=/";

	(void)state;
	memset(unix_path + strlen(unix_path), 'u', 107);
	assert_false(load("--listen=", unix_path, NULL));
	assert_why("listen.unix: a path over 107 bytes");
	unix_path[14 + 107] = '\0';
	assert_true(load("--listen=", unix_path, NULL));
	assert_int_equal(strlen(config.listen.unix_path), 107);
	assert_false(load("--listen=", NULL));
	assert_why("are all empty");
	assert_false(load("--listen=", "--listen-plain=192.0.2.1:5", NULL));
	assert_why("listen.plain: '192.0.2.1:5' is not a loopback address");
	assert_false(load("--listen=", "--listen-plain=here", NULL));
	assert_why("listen.plain: 'here' is not host:port");
	assert_false(
		load("--listen=", "--listen-plain=127.0.0.1:5", "--listen-http=0.0.0.0:5", NULL));
	assert_why("listen.http");
	assert_false(load("--listen=::1:5", NULL));
	assert_why("listen.tls: '::1:5' is not host:port");
	assert_true(load("--listen=", "--listen-plain=[::1]:5", "--listen-http=", NULL));
}

/* The least that this build takes: a release build has no way below 3 passes and 64 MiB. */
static void the_cost_of_a_password_has_a_floor(void **state)
{
	size_t count;
	const struct config_key *key = config_keys(&count);
	unsigned checked = 0;

	(void)state;
	assert_true(config_init(&config, &error));
	for (; count > 0; count--, key++) {
		char below[32];

		if (strcmp(key->name, "passes") != 0 && strcmp(key->name, "memory_mib") != 0) {
			continue;
		}
#ifdef INAP_TEST_COSTS
		assert_int_equal(key->min, 1);
#else
		assert_int_equal(key->min, key->name[0] == 'p' ? 3 : 64);
#endif
		snprintf(below, sizeof(below), "%lu", key->min - 1);
		assert_false(config_set(&config, key, below, &error));
		assert_why(key->name);
		checked++;
	}
	assert_int_equal(checked, 2);
}

static void both_texts_name_every_key(void **state)
{
	char *manual = NULL;
	char *usage = NULL;
	size_t length = 0;
	size_t count;
	const struct config_key *key = config_keys(&count);
	FILE *out = open_memstream(&manual, &length);

	(void)state;
	config_document(out);
	fclose(out);
	out = open_memstream(&usage, &length);
	config_usage(out);
	fclose(out);
	for (; count > 0; count--, key++) {
		char item[80];

		snprintf(item, sizeof(item), ".It Ic %s\n", key->name);
		assert_non_null(strstr(manual, item));
		assert_non_null(strstr(manual, key->help));
		snprintf(item, sizeof(item), "  --%s-", key->section);
		assert_non_null(strstr(usage, item));
		assert_non_null(strstr(usage, key->help));
	}
	assert_non_null(strstr(manual, ".Ss Section [listen]\n"));
	assert_non_null(strstr(usage, "--limits-stall-ms=30000"));
	free(manual);
	free(usage);
}

static void addresses_are_read_and_compared(void **state)
{
	struct sockaddr_storage a;
	struct sockaddr_storage b;
	char text[ADDRESS_TEXT_BYTES];
	static const char *const bad[] = { "",
					   ":",
					   ":1",
					   "127.0.0.1",
					   "127.0.0.1:",
					   "127.0.0.1:x",
					   "127.0.0.1:70000",
					   "127.0.0.1:1x",
					   "::1:5",
					   "[]:5" };
	static const struct {
		const char *a;
		const char *b;
		bool same;
	} pairs[] = {
		{ "192.0.2.1:5", "192.0.2.200:6", true },
		{ "192.0.2.1:5", "192.0.3.1:5", false },
		{ "[2001:db8:1:2::1]:5", "[2001:db8:1:2:ffff::9]:5", true },
		{ "[2001:db8:1:2::1]:5", "[2001:db8:1:3::1]:5", false },
		{ "[::ffff:192.0.2.1]:5", "[::ffff:192.0.2.9]:5", true },
		{ "[::ffff:192.0.2.1]:5", "[::ffff:192.0.3.1]:5", false },
		{ "192.0.2.1:5", "[2001:db8::1]:5", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(address_parse(bad[i], &a, &error));
	}
	assert_false(address_parse("no.such.host.invalid:5", &a, &error));
	assert_why("cannot resolve");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_true(address_parse(pairs[i].a, &a, &error));
		assert_true(address_parse(pairs[i].b, &b, &error));
		assert_int_equal(address_same_source(&a, &b), pairs[i].same);
		assert_false(address_loopback(&a));
	}
	assert_string_equal(address_host(&a, text), "192.0.2.1");
	assert_string_equal(address_host(&b, text), "2001:db8::1");
	memset(&a, 0, sizeof(a));
	assert_string_equal(address_host(&a, text), "");
	assert_false(address_same_source(&a, &a));
	assert_false(address_loopback(&a));
	assert_true(address_parse("127.9.9.9:1", &a, &error));
	assert_true(address_loopback(&a));
	assert_true(address_parse("[::1]:1", &a, &error));
	assert_true(address_loopback(&a));
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, make_path, drop_path)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(defaults_are_those_of_the_table),
		WITH_FILE(a_file_sets_every_type),
		WITH_FILE(what_a_file_gets_wrong_is_named_with_its_line),
		WITH_FILE(a_line_too_long_to_read_whole_is_refused),
		WITH_FILE(a_missing_file_is_named),
		WITH_FILE(flags_override_the_file),
		WITH_FILE(wrong_flags_are_named),
		WITH_FILE(help_and_version_need_no_certificate),
		WITH_FILE(what_does_not_go_together_is_refused),
		WITH_FILE(the_cost_of_a_password_has_a_floor),
		WITH_FILE(both_texts_name_every_key),
		WITH_FILE(addresses_are_read_and_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
