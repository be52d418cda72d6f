/* sqlgen.awk: what it makes of a statement, and what it refuses by file and line. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define AWK "awk -f server/store/sqlgen.awk "
#define WARNINGS                                                                                   \
	" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes"      \
	" -Wmissing-prototypes -Wvla -Wformat=2 -Werror "

struct fixture {
	char directory[32];
	char output[1 << 16];
	int status;
};

static int setup(void **state)
{
	static struct fixture f;

	strcpy(f.directory, "/tmp/inap-sqlgen-XXXXXX");
	*state = &f;
	return mkdtemp(f.directory) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s", f->directory);
	return system(command);
}

/* Runs a command, its output of both kinds into f->output. */
__attribute__((format(printf, 2, 3))) static void run(struct fixture *f, const char *format, ...)
{
	char command[1024], with[1060];
	size_t used = 0, n;
	va_list list;
	FILE *pipe;

	va_start(list, format);
	vsnprintf(command, sizeof command, format, list);
	va_end(list);
	snprintf(with, sizeof with, "{ %s; } 2>&1", command);
	pipe = popen(with, "r");
	assert_non_null(pipe);
	while ((n = fread(f->output + used, 1, sizeof f->output - used - 1, pipe)) > 0)
		used += n;
	f->output[used] = '\0';
	f->status = pclose(pipe);
}

static void write_sql(struct fixture *f, const char *name, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s.sql", f->directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static const char sample[] = "-- What this file is.\n"
			     "\n"
			     "-- name: report_move (bigint entity_id, text[] from_states, boolean "
			     "four_eyes, bytea key,\n"
			     "--                    bigint? claimant, integer n, numeric amount)\n"
			     "--                -> (bigint revision, text state, bytea receipt, "
			     "boolean late, integer m,\n"
			     "--                    timestamptz at)\n"
			     "-- lanes: write, bulk\n"
			     "-- Prose; with a semicolon, $99 and 'quotes.\n"
			     "WITH moved AS ( -- a comment; with $98\n"
			     "  SELECT $1, $2 /* $97 ; */, 'a;b''$96', $q$ ; $95 $q$, \"a;b\\\"\n"
			     ")\n"
			     "SELECT $3, $4, $5, $6, $7;\n"
			     "\n"
			     "-- ---- section ----\n"
			     "-- name: tick () -> none\n"
			     "SELECT 1\n";

static void has(const struct fixture *f, const char *text)
{
	if (strstr(f->output, text) == NULL)
		fail_msg("not found: %s\nin: %s", text, f->output);
}

static void a_statement_becomes_a_typed_function_and_a_row(void **state)
{
	struct fixture *f = *state;

	write_sql(f, "sample", sample);
	run(f, AWK "-v out=h %s/sample.sql", f->directory);
	assert_int_equal(f->status, 0);
	has(f, "#ifndef INAP_SQL_SAMPLE_H");
	has(f, "extern const struct statement statement_report_move;");
	has(f, "void sql_report_move(struct unit *unit,\n\t\tint64_t entity_id,\n"
	       "\t\tconst char *from_states,\n\t\tbool four_eyes,\n\t\tstruct bytes key,\n"
	       "\t\tconst int64_t *claimant,\n\t\tint32_t n,\n\t\tconst char *amount);");
	has(f, "struct sql_report_move_row {\n\tint64_t revision;\n\tbool revision_null;\n"
	       "\tconst char *state;\n\tstruct bytes receipt;\n\tbool late;\n\tbool late_null;\n"
	       "\tint32_t m;\n\tbool m_null;\n\tconst char *at;\n};");
	has(f, "void sql_tick(struct unit *unit);");
	assert_null(strstr(f->output, "sql_tick_row"));
}

static void its_text_travels_without_comments(void **state)
{
	struct fixture *f = *state;

	run(f, AWK "-v out=c %s/sample.sql", f->directory);
	assert_int_equal(f->status, 0);
	has(f, ".text =\n\t\t\"WITH moved AS (\\n\"\n"
	       "\t\t\"  SELECT $1, $2  , 'a;b''$96', $q$ ; $95 $q$, \\\"a;b\\\\\\\"\\n\"\n"
	       "\t\t\")\\n\"\n\t\t\"SELECT $3, $4, $5, $6, $7\",");
	has(f, ".lanes = \"write,bulk\",");
	has(f, ".lanes = \"read\",");
	has(f,
	    "types_in_report_move[] = { \"bigint\", \"text[]\", \"boolean\", \"bytea\", \"bigint\","
	    " \"integer\", \"numeric\" };");
	has(f, "if (claimant != NULL)\n\t\tparameter_bigint(unit, &parameters[4], *claimant);");
}

static void both_compilers_take_it(void **state)
{
	static const char *const compilers[] = { "gcc", "clang-14" };
	struct fixture *f = *state;

	run(f,
	    "cd %s && mkdir -p sql && cd - >/dev/null && " AWK
	    "-v out=h %s/sample.sql >%s/sql/sample.h"
	    " && " AWK "-v out=c %s/sample.sql >%s/sql/sample.c && " AWK
	    "-v out=all %s/sample.sql >%s/sql/all.c && " AWK
	    "-v out=allh /dev/null >%s/sql/all.h && cat %s/sql/all.c",
	    f->directory, f->directory, f->directory, f->directory, f->directory, f->directory,
	    f->directory, f->directory, f->directory);
	assert_int_equal(f->status, 0);
	has(f, "const struct statement *const sql_statements[] = {\n\t&statement_report_move,\n"
	       "\t&statement_tick,\n\tNULL,\n};");
	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
		run(f, "command -v %s", compilers[i]);
		if (f->status != 0)
			continue; /* gcc or clang: what is there */
		run(f,
		    "for c in sample all; do %s" WARNINGS
		    "-I. -I%s -c %s/sql/$c.c -o %s/out.o || exit 1; done",
		    compilers[i], f->directory, f->directory, f->directory);
		if (f->status != 0)
			fail_msg("%s: %s", compilers[i], f->output);
	}
}

static void mistakes_are_refused_by_file_and_line(void **state)
{
	static const struct {
		const char *sql;
		const char *says; /* behind the file's name */
	} rows[] = {
		{ "\nSELECT 1\n", ":2: SQL before the first '-- name:'" },
		{ "-- name: a (bigint x)\nSELECT $1\n", ":1: the head is not complete" },
		{ "-- name: a (bigint x)", ":1: the head is not complete" },
		{ "-- name: a (bigint x) (text y)\nSELECT $1\n",
		  ":1: statement 'a': missing '->'" },
		{ "-- name: a (bigint x) -> rows\nSELECT $1\n",
		  "after '->' want (columns) or none" },
		{ "-- name: a () -> () b\nSELECT 1\n", "nothing may follow the result list" },
		{ "-- name: A () -> ()\nSELECT 1\n", ":1: bad statement name 'A'" },
		{ "-- name: a_row () -> ()\nSELECT 1\n", "must not end in _row" },
		{ "--\n-- name: a (money x) -> ()\nSELECT $1\n",
		  ":2: statement 'a': unknown type 'money'" },
		{ "-- name: a (float8 x) -> ()\nSELECT $1\n", "unknown type 'float8'" },
		{ "-- name: a (bigint) -> ()\nSELECT $1\n", "parameter 1 is not 'type name'" },
		{ "-- name: a (bigint int) -> ()\nSELECT $1\n", "bad parameter name 'int'" },
		{ "-- name: a (bigint x, text x) -> ()\nSELECT $1\n", "parameter 'x' twice" },
		{ "-- name: a () -> (bigint x, text x)\nSELECT 1\n", "column 'x' twice" },
		{ "-- name: a (text? x) -> ()\nSELECT $1\n",
		  "'?' is for bigint, integer and boolean" },
		{ "-- name: a () -> (bigint? x)\nSELECT 1\n",
		  "'?' is for bigint, integer and boolean" },
		{ "-- name: a () -> ()\nSELECT 1;\nSELECT 2\n",
		  ":1: statement 'a': a semicolon in the middle" },
		{ "-- name: a () -> ()\nSELECT $1\n", "$1 is beyond its 0 parameters" },
		{ "-- name: a (text x) -> ()\nSELECT $1, $10\n", "$10 is beyond its 1 parameters" },
		{ "-- name: a (text x, text y) -> ()\nSELECT $1 -- $2\n",
		  "parameter $2 (y) is never used" },
		{ "-- name: a () -> ()\nSELECT 1\n-- name: a () -> ()\nSELECT 1\n",
		  ":3: statement 'a' is already defined at" },
		{ "-- name: a () -> ()\n-- lanes: slow\nSELECT 1\n",
		  ":2: statement 'a': unknown lane 'slow'" },
		{ "-- name: a () -> ()\n-- lanes: read\n-- lanes: bulk\nSELECT 1\n",
		  "lanes given twice" },
		{ "-- name: a () -> ()\n-- no text\n", "no SQL follows" },
		{ "-- name: a () -> ()\nSELECT 'x\n", "a quotation ' is not closed" },
		{ "-- name: a () -> ()\nSELECT /* x\n", "a comment is not closed" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char where[64];

		write_sql(f, "bad", rows[i].sql);
		run(f, AWK "-v out=c %s/bad.sql", f->directory);
		assert_int_not_equal(f->status, 0);
		snprintf(where, sizeof where, "%s/bad.sql:", f->directory);
		has(f, where);
		has(f, rows[i].says);
		if (rows[i].says[0] == ':')
			assert_ptr_equal(strstr(f->output, rows[i].says),
					 f->output + strlen(where) - 1);
		/* One line, and no half of a file. */
		assert_ptr_equal(strchr(f->output, '\n'), f->output + strlen(f->output) - 1);
	}
	run(f, AWK "-v out=x /dev/null");
	assert_int_not_equal(f->status, 0);
}

static void a_name_is_defined_once_over_all_files(void **state)
{
	struct fixture *f = *state;

	write_sql(f, "one", "-- name: a () -> ()\nSELECT 1\n");
	write_sql(f, "two", "-- a comment ends one\n-- name: b () -> ()\nSELECT 1\n");
	run(f, AWK "-v out=all %s/one.sql %s/two.sql", f->directory, f->directory);
	assert_int_equal(f->status, 0);
	has(f, "\t&statement_a,\n\t&statement_b,\n\tNULL,\n");
	run(f, AWK "-v out=all %s/one.sql %s/one.sql", f->directory, f->directory);
	assert_int_not_equal(f->status, 0);
	has(f, "is already defined at");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_becomes_a_typed_function_and_a_row),
		cmocka_unit_test(its_text_travels_without_comments),
		cmocka_unit_test(both_compilers_take_it),
		cmocka_unit_test(mistakes_are_refused_by_file_and_line),
		cmocka_unit_test(a_name_is_defined_once_over_all_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
