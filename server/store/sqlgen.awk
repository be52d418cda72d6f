# Makes typed C of the named SQL statements in server/domain/*.sql (see README.md for the format).
#
#   awk -v out=h   -f sqlgen.awk report.sql       > report.h     declarations
#   awk -v out=c   -f sqlgen.awk report.sql       > report.c     definitions
#   awk -v out=all -f sqlgen.awk a.sql b.sql ...  > all.c        the list of every statement
#   awk -v out=allh -f sqlgen.awk /dev/null       > all.h        its declaration
#
# POSIX awk: no arrays of arrays, no {n} in expressions, no gensub. A mistake in the input stops with
# file:line and status 1; nothing is printed then.

BEGIN {
	if (out != "h" && out != "c" && out != "all" && out != "allh")
		fail_at("sqlgen.awk", 0, "-v out= must be h, c, all or allh")
	split_set("bigint int8", is_bigint)
	split_set("integer int int4 smallint int2", is_integer)
	split_set("boolean bool", is_boolean)
	split_set("bytea", is_bytea)
	split_set("text varchar name char numeric date time timestamptz timestamp interval json jsonb" \
		" uuid inet oid", is_text)
	split_set("write read bulk auth", is_lane)
	split_set("auto break case char const continue default do double else enum extern float for goto if" \
		" inline int long register restrict return short signed sizeof static struct switch typedef" \
		" union unsigned void volatile while bool true false unit parameters", reserved)
	statements = 0
	mode = ""
}

FNR == 1 {
	finish()
	mode = ""
	first_file = (first_file == "") ? FILENAME : first_file
}

{ sub(/\r$/, "") }

/^--[ \t]*name:/ {
	finish()
	begin_statement($0)
	next
}

mode == "" {
	if ($0 !~ /^[ \t]*$/ && $0 !~ /^[ \t]*--/)
		fail("SQL before the first '-- name:'")
	next
}

mode == "head" {
	if ($0 !~ /^--/)
		fail_at(FILENAME, head_line, "the head is not complete: want name (parameters) -> (columns)")
	line = $0
	sub(/^--[ \t]*/, "", line)
	head = head " " line
	read_head()
	next
}

mode == "prose" && /^--[ \t]*lanes:/ {
	line = $0
	sub(/^--[ \t]*lanes:[ \t]*/, "", line)
	read_lanes(line)
	next
}

mode == "prose" && /^[ \t]*--/ { next }

{
	if ($0 !~ /^[ \t]*$/)
		mode = "text"
	if (mode == "text")
		text = text $0 "\n"
}

END {
	if (failed)
		exit 1
	finish()
	if (failed)
		exit 1
	if (out == "h")
		print_header()
	else if (out == "c")
		print_source()
	else if (out == "all")
		print_all()
	else
		print_all_header()
}

function fail_at(file, line, message)
{
	if (!failed)
		printf "%s:%d: %s\n", file, line, message > "/dev/stderr"
	failed = 1
	exit 1
}

function fail(message)
{
	fail_at(FILENAME, FNR, message)
}

# For what is found after the statement's last line was read.
function fail_statement(message)
{
	fail_at(head_file, head_line, "statement '" name "': " message)
}

function split_set(words, set,    n, i, list)
{
	n = split(words, list, " ")
	for (i = 1; i <= n; i++)
		set[list[i]] = 1
}

function trim(s)
{
	sub(/^[ \t]+/, "", s)
	sub(/[ \t]+$/, "", s)
	return s
}

function begin_statement(line)
{
	sub(/^--[ \t]*name:[ \t]*/, "", line)
	head = line
	head_line = FNR
	head_file = FILENAME
	text = ""
	lanes = "read"
	lanes_given = 0
	name = ""
	mode = "head"
	read_head()
}

# The head may go on over comment lines; it ends with the parenthesis of the result list, or with 'none'.
function read_head(    rest, open, close_, inside, result)
{
	head = trim(head)
	open = index(head, "(")
	if (open == 0)
		return
	close_ = index(head, ")")
	if (close_ == 0)
		return
	name = trim(substr(head, 1, open - 1))
	if (name !~ /^[a-z][a-z0-9_]*$/)
		fail("bad statement name '" name "'")
	if (name ~ /_row$/)
		fail("a statement's name must not end in _row: '" name "'")
	if (name in line_of)
		fail("statement '" name "' is already defined at " line_of[name])
	inside = substr(head, open + 1, close_ - open - 1)
	rest = trim(substr(head, close_ + 1))
	if (rest == "" || rest == "-")
		return
	if (substr(rest, 1, 2) != "->")
		fail("statement '" name "': missing '->' and the result list")
	result = trim(substr(rest, 3))
	if (result == "")
		return
	if (result == "none") {
		result = ""
	} else {
		if (substr(result, 1, 1) != "(")
			fail("statement '" name "': after '->' want (columns) or none")
		if (index(result, ")") == 0)
			return
		if (result !~ /\)$/)
			fail("statement '" name "': nothing may follow the result list")
		result = substr(result, 2, length(result) - 2)
	}
	parameters = read_list(inside, "parameter", parameter_type, parameter_name, parameter_nullable)
	columns = read_list(result, "column", column_type, column_name, column_nullable)
	if (parameters > 40)
		fail("statement '" name "': more than 40 parameters (UNIT_PARAMETERS_MAX)")
	mode = "prose"
}

function read_list(list, what, types, names, nullable,    n, i, parts, item, words, type, seen)
{
	if (trim(list) == "")
		return 0
	n = split(list, parts, ",")
	for (i = 1; i <= n; i++) {
		item = trim(parts[i])
		if (split(item, words, /[ \t]+/) != 2)
			fail("statement '" name "': " what " " i " is not 'type name': '" item "'")
		type = words[1]
		nullable[i] = 0
		if (type ~ /\?$/) {
			sub(/\?$/, "", type)
			nullable[i] = 1
			if (what == "column" || !((type in is_bigint) || (type in is_integer) || (type in is_boolean)))
				fail("statement '" name "': '?' is for bigint, integer and boolean parameters only: '" item "'")
		}
		if (kind_of(type) == "")
			fail("statement '" name "': unknown type '" type "'")
		if (words[2] !~ /^[a-z][a-z0-9_]*$/ || (words[2] in reserved))
			fail("statement '" name "': bad " what " name '" words[2] "'")
		if (words[2] in seen)
			fail("statement '" name "': " what " '" words[2] "' twice")
		seen[words[2]] = 1
		types[i] = type
		names[i] = words[2]
	}
	return n
}

# How a type travels in C: bigint, integer, boolean, bytea, text; "" for a type that is not known.
function kind_of(type,    base)
{
	if (type in is_bigint)
		return "bigint"
	if (type in is_integer)
		return "integer"
	if (type in is_boolean)
		return "boolean"
	if (type in is_bytea)
		return "bytea"
	base = type
	if (sub(/\[\]$/, "", base) && ((base in is_bigint) || (base in is_integer) || (base in is_boolean) \
		|| (base in is_bytea) || (base in is_text)))
		return "text"
	return (type in is_text) ? "text" : ""
}

function read_lanes(list,    n, i, parts)
{
	if (lanes_given)
		fail("statement '" name "': lanes given twice")
	lanes_given = 1
	lanes = ""
	n = split(list, parts, ",")
	for (i = 1; i <= n; i++) {
		parts[i] = trim(parts[i])
		if (!(parts[i] in is_lane))
			fail("statement '" name "': unknown lane '" parts[i] "'")
		lanes = lanes (i > 1 ? "," : "") parts[i]
	}
	if (n == 0)
		fail("statement '" name "': no lane")
}

function finish(    i, n)
{
	if (failed || mode == "")
		return
	if (mode == "head")
		fail_at(head_file, head_line, "the head is not complete: want name (parameters) -> (columns)")
	if (failed)
		return
	scan()
	mode = ""
	if (failed)
		return
	if (text == "") {
		fail_statement("no SQL follows")
		return
	}
	for (i = 1; i <= parameters; i++)
		if (!(i in used)) {
			fail_statement("parameter $" i " (" parameter_name[i] ") is never used")
			return
		}
	n = ++statements
	line_of[name] = head_file ":" head_line
	s_name[n] = name
	s_text[n] = text
	s_lanes[n] = lanes
	s_parameters[n] = parameters
	s_columns[n] = columns
	for (i = 1; i <= parameters; i++) {
		s_ptype[n, i] = parameter_type[i]
		s_pname[n, i] = parameter_name[i]
		s_pnull[n, i] = parameter_nullable[i]
	}
	for (i = 1; i <= columns; i++) {
		s_ctype[n, i] = column_type[i]
		s_cname[n, i] = column_name[i]
	}
}

# Walks the text once: drops comments, notes which $n are used, refuses a semicolon that is not the last thing.
# Quoted and dollar-quoted parts are copied as they stand.
function scan(    rest, kept, at, token, close_)
{
	for (at in used)
		delete used[at]
	rest = text
	kept = ""
	semicolon = 0
	while (match(rest, /--|\/\*|'|"|;|\$[0-9]+|\$[A-Za-z_0-9]*\$/)) {
		keep(substr(rest, 1, RSTART - 1))
		kept = kept substr(rest, 1, RSTART - 1)
		token = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		if (token == "--") {
			at = index(rest, "\n")
			rest = (at == 0) ? "" : substr(rest, at)
		} else if (token == "/*") {
			at = index(rest, "*/")
			if (at == 0)
				fail_statement("a comment is not closed")
			rest = " " substr(rest, at + 2)
		} else if (token == ";") {
			semicolon = 1
		} else if (token ~ /^\$[0-9]+$/) {
			keep(token)
			if (substr(token, 2) + 0 > parameters || substr(token, 2) + 0 < 1)
				fail_statement(token " is beyond its " parameters " parameters")
			used[substr(token, 2) + 0] = 1
			kept = kept token
		} else {
			keep(token)
			close_ = token
			at = index(rest, close_)
			if (at == 0)
				fail_statement("a quotation " close_ " is not closed")
			kept = kept token substr(rest, 1, at + length(close_) - 1)
			rest = substr(rest, at + length(close_))
		}
		if (failed)
			return
	}
	keep(rest)
	kept = kept rest
	gsub(/[ \t]+\n/, "\n", kept)
	gsub(/\n\n+/, "\n", kept)
	sub(/^[ \t\n]+/, "", kept)
	sub(/[ \t\n]+$/, "", kept)
	text = kept
}

# Something other than a comment after a semicolon means two statements.
function keep(part)
{
	if (semicolon && part !~ /^[ \t\n]*$/)
		fail_statement("a semicolon in the middle: one statement only")
}

# Backslashes by hand: what gsub makes of them in its replacement differs between awks.
function c_string(s,    at, kept)
{
	while ((at = index(s, "\\")) > 0) {
		kept = kept substr(s, 1, at) "\\"
		s = substr(s, at + 1)
	}
	s = kept s
	gsub(/"/, "\\\"", s)
	return "\"" s "\""
}

function c_type(type, nullable,    kind)
{
	kind = kind_of(type)
	if (kind == "bigint")
		return nullable ? "const int64_t *" : "int64_t "
	if (kind == "integer")
		return nullable ? "const int32_t *" : "int32_t "
	if (kind == "boolean")
		return nullable ? "const bool *" : "bool "
	return (kind == "bytea") ? "struct bytes " : "const char *"
}

function prototype(n,    i, s)
{
	s = "void sql_" s_name[n] "(struct unit *unit"
	for (i = 1; i <= s_parameters[n]; i++)
		s = s ",\n\t\t" c_type(s_ptype[n, i], s_pnull[n, i]) s_pname[n, i]
	return s ")"
}

function row_prototype(n)
{
	return "void sql_" s_name[n] "_row(struct unit *unit, unsigned entry, size_t row,\n\t\tstruct sql_" \
		s_name[n] "_row *out)"
}

function stem(path)
{
	sub(/^.*\//, "", path)
	sub(/\.sql$/, "", path)
	return path
}

function print_header(    n, i, guard)
{
	guard = "INAP_SQL_" toupper(stem(first_file)) "_H"
	gsub(/[^A-Z0-9_]/, "_", guard)
	printf "/* Statements of %s, typed. Made by sqlgen.awk; do not edit. */\n", stem(first_file) ".sql"
	printf "#ifndef %s\n#define %s\n\n#include \"server/store/unit.h\"\n", guard, guard
	for (n = 1; n <= statements; n++) {
		printf "\nextern const struct statement statement_%s;\n%s;\n", s_name[n], prototype(n)
		if (s_columns[n] == 0)
			continue
		printf "struct sql_%s_row {\n", s_name[n]
		for (i = 1; i <= s_columns[n]; i++) {
			printf "\t%s%s;\n", c_type(s_ctype[n, i], 0), s_cname[n, i]
			if (has_null(s_ctype[n, i]))
				printf "\tbool %s_null;\n", s_cname[n, i]
		}
		printf "};\n%s;\n", row_prototype(n)
	}
	printf "\n#endif\n"
}

# Text and bytea say null themselves (NULL, data NULL).
function has_null(type,    kind)
{
	kind = kind_of(type)
	return kind != "text" && kind != "bytea"
}

function print_strings(n, what, count, values,    i)
{
	if (count == 0)
		return
	printf "static const char *const %s_%s[] = {", what, s_name[n]
	for (i = 1; i <= count; i++)
		printf "%s%s", (i > 1 ? ", " : " "), c_string(values[n, i])
	printf " };\n"
}

function print_source(    n, lines, count, i)
{
	printf "/* Statements of %s, typed. Made by sqlgen.awk; do not edit. */\n", stem(first_file) ".sql"
	printf "#include \"sql/%s.h\"\n#include \"server/store/parameter.h\"\n", stem(first_file)
	for (n = 1; n <= statements; n++) {
		printf "\n"
		print_strings(n, "types_in", s_parameters[n], s_ptype)
		print_strings(n, "names_out", s_columns[n], s_cname)
		print_strings(n, "types_out", s_columns[n], s_ctype)
		printf "const struct statement statement_%s = {\n\t.name = \"%s\",\n\t.text =", s_name[n], s_name[n]
		count = split(s_text[n], lines, "\n")
		for (i = 1; i <= count; i++)
			printf "\n\t\t%s", c_literal(lines[i], i < count)
		printf ",\n\t.lanes = \"%s\",\n", s_lanes[n]
		printf "\t.parameters = %d,\n\t.columns = %d,\n", s_parameters[n], s_columns[n]
		if (s_parameters[n] > 0)
			printf "\t.types_in = types_in_%s,\n", s_name[n]
		if (s_columns[n] > 0)
			printf "\t.names_out = names_out_%s,\n\t.types_out = types_out_%s,\n", s_name[n], s_name[n]
		printf "};\n"
		print_call(n)
		if (s_columns[n] > 0)
			print_row(n)
	}
}

# One line of the text as a C string; the newline stays so that PostgreSQL's error positions make sense.
function c_literal(line, newline,    s)
{
	s = c_string(line)
	if (newline)
		s = substr(s, 1, length(s) - 1) "\\n\""
	return s
}

function print_call(n,    i, kind)
{
	printf "\n%s\n{\n", prototype(n)
	if (s_parameters[n] == 0) {
		printf "\tunit_add(unit, &statement_%s, NULL);\n}\n", s_name[n]
		return
	}
	printf "\tstruct parameter *parameters = parameter_array(unit, %d);\n\n", s_parameters[n]
	printf "\tif (parameters == NULL)\n\t\treturn;\n"
	for (i = 1; i <= s_parameters[n]; i++) {
		kind = kind_of(s_ptype[n, i])
		if (s_pnull[n, i]) {
			printf "\tif (%s != NULL)\n\t\tparameter_%s(unit, &parameters[%d], *%s);\n", \
				s_pname[n, i], kind, i - 1, s_pname[n, i]
		} else {
			printf "\tparameter_%s(unit, &parameters[%d], %s);\n", kind, i - 1, s_pname[n, i]
		}
	}
	printf "\tunit_add(unit, &statement_%s, parameters);\n}\n", s_name[n]
}

function print_row(n,    i, kind)
{
	printf "\n%s\n{\n\tassert(entry < unit->count && unit->entries[entry].statement == &statement_%s);\n", \
		row_prototype(n), s_name[n]
	for (i = 1; i <= s_columns[n]; i++) {
		kind = kind_of(s_ctype[n, i])
		printf "\tout->%s = ", s_cname[n, i]
		if (kind == "integer")
			printf "(int32_t)unit_bigint(unit, entry, row, %d);\n", i - 1
		else
			printf "unit_%s(unit, entry, row, %d);\n", kind, i - 1
		if (has_null(s_ctype[n, i]))
			printf "\tout->%s_null = unit_null(unit, entry, row, %d);\n", s_cname[n, i], i - 1
	}
	printf "}\n"
}

function print_all(    n)
{
	printf "/* Every statement. Made by sqlgen.awk; do not edit. */\n#include \"sql/all.h\"\n\n"
	for (n = 1; n <= statements; n++)
		printf "extern const struct statement statement_%s;\n", s_name[n]
	printf "\nconst struct statement *const sql_statements[] = {\n"
	for (n = 1; n <= statements; n++)
		printf "\t&statement_%s,\n", s_name[n]
	printf "\tNULL,\n};\n"
}

function print_all_header()
{
	printf "/* Every statement. Made by sqlgen.awk; do not edit. */\n"
	printf "#ifndef INAP_SQL_ALL_H\n#define INAP_SQL_ALL_H\n\n#include \"server/store/unit.h\"\n\n"
	printf "/** Ended by NULL. */\nextern const struct statement *const sql_statements[];\n\n#endif\n"
}
