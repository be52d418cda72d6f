# Right-to-left text is at most one column of a table, the last: then every terminal keeps the columns in order.

setup_file() {
	load helper
	server_start
	make_users
	open_round 2024Q3
	inap_as fed-moi-focal -q report show FED-MOI/2024Q3 >/dev/null
	inap_as fed-moi-focal -q report set FED-MOI/2024Q3 PA-1.1=12 PR-1.3=@not_collected --note "من سجل المديرية"
}

teardown_file() {
	load helper
	server_stop
}

teardown() {
	terminal_close
}

setup() {
	load helper
	load terminal
	command -v tmux >/dev/null || skip "tmux is not installed"
}

# in_order: of a screen on stdin, the table has numbered columns, each number explained above it, and in every line
# below right-to-left letters begin at one and the same place, behind all that is not; what is folded goes on there.
# Bytes are counted: what stands before is ASCII.
in_order() {
	LC_ALL=C awk '
	function first_arabic(line,  at) { at = match(line, /[\330-\333]/); return at ? at : 0 }
	!heading && /^[0-9]+: / { explained++; next }
	!heading && /^ *1( +[0-9]+)* *$/ { heading = 1; for (i = 1; i <= NF; i++) { if ($i != i) bad = "columns are not numbered: " $0; numbered++ }; next }
	heading && /^$/ { exit }
	heading {
		rows++
		at = first_arabic($0)
		if (!start) start = at
		folded = rows > 1 && substr($0, 1, start - 1) ~ /^ *$/
		if (folded ? at && at < start : at != start) { print "begins at " at " and not at " start ": " $0; failed = 1 }
	}
	END {
		if (!heading) bad = "no table"
		else if (!bad && explained != numbered) bad = explained " columns are explained, " numbered " are there"
		else if (!bad && !rows) bad = "no rows"
		else if (!bad && !start) bad = "nothing right-to-left"
		if (bad) { print bad; failed = 1 }
		exit failed
	}'
}

# ordered USER ARGUMENTS...: the command's table, wide and narrow (cells fold), in both languages.
ordered() {
	local language width screen user=$1
	shift
	for language in ar ckb; do
		for width in 200 70; do
			screen=$(screen_of "$user" "$width" -L "$language" -q -o table "$@")
			in_order <<<"$screen" || flunk "$language, $width columns:" "$screen" || return 1
		done
	done
}

@test "the check itself finds a column out of order" {
	in_order <<<$'1: رمز\n1   \nA-1 نص\nA-2 نص آخر'
	! in_order <<<$'1: رمز\n2: حالة\n1   2    \nA-1 مسودة 12\nA-2 12345 نص' || false
	in_order <<<$'1: رمز\n1   \nA-1 نص\n    code نص آخر'
	! in_order <<<$'1: رمز\n1   \nA-1 نص\n  نص آخر' || false
	! in_order <<<$'1: رمز\n1   2\nA-1 نص' || false
	! in_order <<<$'رمز\nA-1 نص' || false
	! in_order <<<$'1: رمز\n1   \nA-1 text' || false
}

@test "todo, report list, check, history" {
	ordered fed-moi-focal todo
	ordered fed-moi-focal report list
	ordered fed-moi-focal report check FED-MOI/2024Q3
	ordered fed-moi-focal report history FED-MOI/2024Q3
}

@test "report show" {
	local screen
	screen=$(screen_of fed-moi-focal 160 -L ar -q -o table report show FED-MOI/2024Q3)
	# the report's own lines come first, then a table of values, then one of what is unanswered
	sed -n '/^1: /,$p' <<<"$screen" | in_order
	sed -n '/غير مُجاب:$/,$p' <<<"$screen" | sed 1d | in_order
}

@test "look-ups" {
	ordered fed-moi-focal indicator list --entity FED-MOI
	ordered fed-moi-focal entity list --jurisdiction kurdistan
	ordered fed-moi-focal plan list
	ordered fed-moi-focal plan show
	ordered fed-moi-focal round list
}

@test "users and sessions" {
	ordered admin user list
	ordered admin session list
}

@test "the national picture" {
	ordered sec national summary --round 2024Q3
	ordered team national completeness --round 2024Q3
	ordered sec national lights --round 2024Q3
}

@test "Arabic digits are everywhere in a row of figures or nowhere" {
	run_as team --digits arab national completeness --round 2024Q3
	assert_exit 0
	assert_output_has "٠٫"
	! grep -E '[0-9]+ \([0-9]' <<<"$output" || flunk "digits of two kinds"
}

@test "cards are the way it is shown unasked, and begin with a code" {
	local language
	for language in ar ckb; do
		run_as fed-moi-focal -L "$language" report check FED-MOI/2024Q3
		assert_exit 0
		LC_ALL=C awk -v RS= '{ split($0, lines, "\n"); if (lines[1] !~ /^([A-Z][A-Z]-[0-9.]+(:[a-z_,]+)?|narrative:[a-z_]+)$/) { print lines[1]; bad = 1 }; cards++ } END { exit bad || cards < 5 }' <<<"$output" ||
			flunk "a card without a code at its head"
	done
}

# names are in the person's language, and in the last column
without_names() {
	inap_as fed-moi-focal -L "$1" -o csv report list | sed 's/,[^,]*$//'
}

@test "scripts get the same in every language" {
	local language english
	english=$(without_names en)
	[[ -n $english ]]
	for language in ar ckb; do
		[[ $(without_names "$language") == "$english" ]]
		[[ $(inap_as fed-moi-focal -L "$language" --json report show FED-MOI/2024Q3) == "$(inap_as fed-moi-focal -L en --json report show FED-MOI/2024Q3)" ]]
	done
}
