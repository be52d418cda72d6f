# Evidence: what is taken and what is refused, by which name; references; the period before; who sees what, and when.
# shellcheck disable=SC2030,SC2031

report=FED-MOI/2024Q3

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	make_user sjc-focal FED-SJC focal_point FED-SJC
	make_user coordinator FED-MOP coordinator federal
	make_user team FED-MOFA national_team
	printf '%%PDF-1.7\nminutes of the first meeting\n' >"$INAP_HOME/minutes.pdf"
	inap_as moi-focal report show "$report" >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
	cd "$BATS_TEST_TMPDIR" || return 1
}

attach() {
	run_as moi-focal --json report attach "$report" "$@"
}

# refused FOUND: the file x is refused by that name, before anything is asked of the server.
refused() {
	INAP_SERVER=localhost:1 run_as moi-focal --json report attach "$report" "${2:-x}"
	assert_refused EVIDENCE_TYPE 3
	assert_json .error.arguments.found "$1"
}

@test "a file is attached with what it supports; the same again is the same evidence" {
	attach "$INAP_HOME/minutes.pdf" --kind minutes --cell PA-1.1 --cell 'PA-1.1:age_band=18-29' --note 'signed by all'
	assert_exit 0
	assert_json '[.number, .kind, .type, .bytes, .note, .state, .unchanged]' '[1,"minutes","pdf",38,"signed by all","draft",false]'
	assert_json .cells '["PA-1.1","PA-1.1:age_band=18-29"]'
	assert_json .sha256 "$(sha256sum "$INAP_HOME/minutes.pdf" | cut -d ' ' -f 1)"
	attach "$INAP_HOME/minutes.pdf" --kind minutes --cell PA-1.1
	assert_json '[.number, .unchanged]' '[1,true]'
	cp "$INAP_HOME/minutes.pdf" 'محضر الاجتماع.pdf'
	attach 'محضر الاجتماع.pdf' --kind minutes --cell PR-1.5
	assert_json '[.number, .unchanged, .name]' '[1,false,"محضر الاجتماع.pdf"]'
	assert_json .cells '["PA-1.1","PA-1.1:age_band=18-29","PR-1.5"]'
	run_as moi-focal --json report history "$report"
	assert_json '[.[] | .action]' '["attach","attach"]'
}

@test "a reference needs no file, and is evidence for an activity as well" {
	local activity
	activity=$(inap_as moi-focal --json plan show | jq -r '[.. | objects | select(.kind? == "activity") | .code][0]')
	[[ $activity != null ]] || activity=$(sql "SELECT code FROM result WHERE kind = 'activity' ORDER BY sort LIMIT 1")
	attach --reference 'letter 4417, archive of the cabinet' --kind letter ${activity:+--activity "$activity"}
	assert_exit 0
	assert_json '[.number, .type, .sha256, .reference, .name]' '[2,null,null,"letter 4417, archive of the cabinet","letter 4417, archive of the cabinet"]'
	[[ -z $activity ]] || assert_json .activities "[\"$activity\"]"
	attach --kind letter
	assert_refused USAGE 2
	run_as moi-focal --json report evidence "$report" 2 --out letter
	assert_refused NOT_FOUND 6
}

@test "what is not taken is refused by its name" {
	printf 'MZ\x90\0\3\0\0\0' >x && refused 'a program'
	printf '\x7fELF\2\1\1\0' >x && refused 'a program'
	printf '#!/bin/sh\n' >x && refused 'a script'
	printf '<!DOCTYPE html><html>' >x && refused 'an HTML page'
	printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >x && refused 'an SVG picture or another XML file'
	printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' >x && refused 'an old or encrypted Office document, in which macros cannot be ruled out'
	printf 'GIF89a' >x && refused 'a picture that is neither PNG nor JPEG'
	printf '\xc7\xe1\xda\xd1\xc7\xde' >x && refused 'neither a type that is taken nor text in UTF-8'
	: >x && refused 'empty'
	printf 'echo off\n' >run.bat && refused 'a script' run.bat
	printf 'text' >x.docm && refused 'a document with macros' x.docm
	mkdir -p zip && printf 'x' >zip/a
	head -c 20971521 /dev/zero >x
	attach x
	assert_refused TOO_LARGE 3
	attach nowhere.pdf
	assert_refused FILE_BAD 3
	attach zip
	assert_refused FILE_BAD 3
	run_as moi-focal --json report evidence "$report"
	assert_json '[(.evidence | length), .unfinished]' '[2,[]]'
}

@test "the server judges by itself: another client's program is refused, and so is a piece out of order" {
	local hash data
	printf 'MZ\x90\0\3\0\0\0' >x
	hash=$(sha256sum x | cut -d ' ' -f 1)
	# escapes of protobuf's text
	bytes() { fold -w 2 <<<"$1" | sed 's/^/\\x/' | tr -d '\n'; }
	data=$(xxd -p -c 0 x)
	chunk() {
		encode EvidenceChunk <<<"report { entity: \"FED-MOI\" round: \"$round\" } sha256: \"$(bytes "$hash")\" bytes: $1 type: \"$2\" offset: $3 data: \"$(bytes "$data")\" data_sha256: \"$(bytes "$hash")\" name: \"x\""
	}
	raw_login moi-focal
	raw moi-focal "call evidence.chunk body=$(chunk 8 pdf 0)
call evidence.chunk body=$(chunk 20 pdf 12)
call evidence.chunk body=$(chunk 8 pdf 3)"
	wants_line 0 '* EVIDENCE_TYPE *'
	wants_line 1 '* EVIDENCE_OFFSET *'
	wants_line 2 '* BAD_ARGUMENT *'
	[[ $(sql "SELECT count(*) FROM evidence_file WHERE attached_at IS NULL") == 0 ]]
}

@test "cells and activities that are none are named before anything is sent" {
	printf 'hello\n' >a.txt
	attach a.txt --cell PA-99
	assert_refused CELL_UNKNOWN 3
	attach a.txt --cell PA-1.1 --activity NO-SUCH
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.name NO-SUCH
	attach a.txt --kind novel
	assert_refused USAGE 2
	[[ $(sql "SELECT count(*) FROM evidence_file WHERE attached_at IS NULL") == 0 ]]
}

@test "a stale base is refused with the way out, and --merge takes it" {
	inap_as moi-focal report show "$report" >/dev/null
	printf 'hello\n' >a.txt
	attach a.txt --base 1
	assert_refused STALE_REVISION 7
	run_as moi-focal report attach "$report" a.txt --base 1
	assert_stderr_has '--merge'
	attach a.txt --base 1 --merge
	assert_json .number 3
}

@test "taken off: marked, not deleted; attached again it has its number" {
	inap_as moi-focal report show "$report" >/dev/null
	run_as moi-focal --json report evidence "$report" 3 --detach --note 'the wrong file'
	assert_exit 0
	run_as moi-focal --json report evidence "$report"
	assert_json '[.evidence[].number]' '[1,2]'
	run_as moi-focal --json report evidence "$report" 3
	assert_refused NOT_FOUND 6
	run_as moi-focal --json report evidence "$report" 3 --detach
	assert_refused NOT_FOUND 6
	run_as moi-focal --json report evidence "$report" --revision "$(($(inap_as moi-focal --json report show "$report" | jq .revision) - 1))"
	assert_json '[.evidence[].number]' '[1,2,3]'
	printf 'hello\n' >a.txt
	attach a.txt
	assert_json .number 3
}

@test "a file is fetched into the name that is said, never over another unasked, never by the server's name" {
	printf 'mine\n' >mine
	run_as moi-focal --no-input --json report evidence "$report" 1 --out mine
	assert_refused USAGE 2
	[[ $(<mine) == mine ]]
	run_as moi-focal --yes --json report evidence "$report" 1 --out mine
	assert_exit 0
	assert_json .file mine
	cmp mine "$INAP_HOME/minutes.pdf"
	run_as moi-focal --json report evidence "$report" 1 --out .
	assert_refused FILE_BAD 3
	inap_as moi-focal report evidence "$report" 1 --out - >poured
	cmp poured "$INAP_HOME/minutes.pdf"
	printf 'text\n' >a.txt
	inap_as moi-focal report show "$report" >/dev/null
	attach a.txt --name '../../../../tmp/inap-escaped'
	assert_exit 0
	run_as moi-focal --json report evidence "$report" 4 --out here
	assert_exit 0
	[[ -f here && ! -e /tmp/inap-escaped ]]
}

@test "names are shown without what moves a terminal" {
	run_as moi-focal --json report attach "$report" --reference x --name $'evil\e[2Jname'
	assert_refused BAD_TEXT 3
	run_as moi-focal report evidence "$report"
	[[ $output != *$'\e'* ]]
}

@test "who may read: nobody a draft's, the coordinator what was submitted, and protected ones not the National Team" {
	run_as coordinator --json report evidence "$report"
	assert_refused NOT_FOUND 6
	run_as sjc-focal --json report evidence "$report"
	assert_refused NOT_FOUND 6
	run_as moi-approver --json report evidence "$report"
	assert_json '.evidence | length' 4
	run_as moi-approver --json report attach "$report" "$INAP_HOME/minutes.pdf"
	assert_refused FORBIDDEN 5
	printf 'protected\n' >p.txt
	inap_as moi-focal report show "$report" >/dev/null
	attach p.txt --cell "$(sql "SELECT k.code FROM cell k JOIN indicator i USING (indicator_id) JOIN form_cell f ON f.cell_id = k.cell_id JOIN entity e ON e.entity_id = f.entity_id WHERE e.code = 'FED-MOI' AND i.protection <> 'none' AND k.table_id IS NULL AND i.frequency = 'quarterly' ORDER BY k.code LIMIT 1")"
	assert_json .number 5
	submit moi FED-MOI
	run_as coordinator --json report evidence "$report"
	assert_json '[.evidence[].number]' '[1,2,3,4,5]'
	run_as coordinator --json report evidence "$report" 5 --out p
	assert_exit 0
	# Locked: the refusal says by what.
	attach p.txt --name another
	assert_refused LOCKED 7
	assert_json .error.arguments.lock submitted
	run_as moi-focal --json report evidence "$report" 1 --detach
	assert_refused LOCKED 7
	# Returned: evidence comes with the answers, and is not the coordinator's to see before it is submitted.
	inap_as coordinator report show "$report" >/dev/null
	inap_as coordinator -q review return "$report" --note 'prove it' >/dev/null
	printf 'proof\n' >proof.txt
	inap_as moi-focal report show "$report" >/dev/null
	attach proof.txt
	assert_json .number 6
	inap_as moi-focal -q report evidence "$report" 3 --detach >/dev/null
	run_as coordinator --json report evidence "$report"
	assert_json '[.evidence[].number]' '[1,2,3,4,5]'
	run_as coordinator --json report evidence "$report" 6
	assert_refused NOT_FOUND 6
	inap_as moi-focal -q report answer "$report" 1 'here it is' >/dev/null
	inap_as moi-focal -q report ready "$report" >/dev/null
	move moi-approver "$report" report submit "$report" --note "a test's figures" >/dev/null
	run_as coordinator --json report evidence "$report"
	assert_json '[.evidence[].number]' '[1,2,4,5,6]'
	run_as team --json report evidence "$report"
	assert_refused NOT_FOUND 6
	move coordinator "$report" review endorse "$report" >/dev/null
	move secretary "$report" review accept "$report" >/dev/null
	run_as team --json report evidence "$report"
	assert_json '[.evidence[].number]' '[1,2,4,6]'
	run_as team --json report evidence "$report" 5
	assert_refused NOT_FOUND 6
	run_as team --json report evidence "$report" 6 --out proof
	cmp proof proof.txt
}

@test "evidence of the period before: is it still valid? Kept once, its bytes once; taken off it is not asked again" {
	inap_as secretary -q round add 2024Q4 --due "$(date -d '+14 days' +%F)" >/dev/null
	local next=FED-MOI/2024Q4 before
	inap_as moi-focal report show "$next" >/dev/null
	run_as moi-focal --json report evidence "$next"
	assert_json '[.evidence, [.still_valid[].number], .still_valid[0].round]' '[[],[1,2,4,5,6],"2024Q3"]'
	before=$(sql "SELECT count(*) FROM evidence_file")
	run_as moi-focal --json report evidence "$next" --keep 1
	assert_json '[.number, .round, .kind, .state]' '[1,"2024Q3","minutes","draft"]'
	run_as moi-focal --json report evidence "$next" --keep 2
	assert_json '[.number, .reference]' '[2,"letter 4417, archive of the cabinet"]'
	run_as moi-focal --json report evidence "$next" --keep 99
	assert_refused NOT_FOUND 6
	inap_as moi-focal -q report evidence "$next" 2 --detach >/dev/null
	run_as moi-focal --json report evidence "$next"
	assert_json '[[.evidence[].number], [.still_valid[].number]]' '[[1],[4,5,6]]'
	[[ $(sql "SELECT count(*) FROM evidence_file") == "$before" ]]
	run_as moi-approver --json report evidence "$next"
	assert_json .still_valid '[]'
	run_as moi-focal -L ar report evidence "$next"
	assert_output_has '2024Q3'
	assert_output_has 'محضر'
}
