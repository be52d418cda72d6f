#!/usr/bin/env bats
# One entity takes over from another with a quarter: assignments, the open draft, the series, what it had decided to do.

setup_file() {
	load helper
	load quarter
	make_round && make_office moi FED-MOI && make_office nrc FED-NRC && make_office molsa FED-MOLSA && make_user fed-coord FED-MOP coordinator federal
	inap_as nrc-focal report show "FED-NRC/$round" >/dev/null
	# of the quarter before, which stays FED-NRC's
	inap_as nrc-focal -q report activity "FED-NRC/$round" PA-O1.2-A1 --status on_track --percent 25 >/dev/null
	printf '%%PDF-1.7\nlist\n%%%%EOF\n' >"$INAP_HOME/list.pdf"
	inap_as nrc-focal -q report attach "FED-NRC/$round" "$INAP_HOME/list.pdf" --kind minutes --activity PA-O1.2-A1 >/dev/null
	answer_all nrc-focal "FED-NRC/$round" && move nrc-approver "FED-NRC/$round" report submit "FED-NRC/$round" --letter 1 --letter-date 2024-10-09 --note "made up"
	inap_as secretary -q round add 2024Q4 --due "$(date -d '+60 days' +%F)" >/dev/null
	inap_as nrc-focal report show FED-NRC/2024Q4 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

# cell_of ENTITY ROUND: the first total of a number that is asked of it.
cell_of() {
	sql "SELECT k.code FROM inap.form_cell f JOIN inap.cell k USING (cell_id) JOIN inap.entity e USING (entity_id) JOIN inap.indicator i ON i.indicator_id = f.indicator_id
		WHERE e.code = '$1' AND k.table_id IS NULL AND f.kinds & 2 = 2 AND i.frequency = 'quarterly' AND inap.quarter_number('$2') BETWEEN f.from_quarter AND f.to_quarter ORDER BY k.code LIMIT 1"
}

@test "what cannot be is refused: another government, itself, a report that is signed, a round that closed" {
	succeed() {
		run_as secretary --json entity succeed "$@" --confirm "$1"
	}
	run_as moi-approver --json entity succeed FED-NRC FED-MOLSA --from 2024Q4 --confirm FED-NRC
	assert_refused FORBIDDEN 5
	succeed FED-NRC KRG-MOI --from 2024Q4
	assert_refused BAD_ARGUMENT 2
	succeed FED-NRC FED-NRC --from 2024Q4
	assert_refused BAD_ARGUMENT 2
	succeed FED-NRC FED-NOSUCH --from 2024Q4
	assert_refused NOT_FOUND 6
	succeed FED-NRC FED-MOLSA --from 2024S4
	assert_refused BAD_ARGUMENT 2
	succeed FED-NRC FED-MOLSA --from 0001Q1 # the day before it is none
	assert_refused BAD_ARGUMENT 2
	succeed FED-NRC FED-MOLSA --from "$round"
	assert_refused WRONG_STATE 7
	assert_json .error.arguments.report "\"FED-NRC/$round\""
	run_as secretary --json --no-input entity succeed FED-NRC FED-MOLSA --from 2024Q4
	[[ $status != 0 ]]
}

@test "assignments end and begin, the draft goes over, and the former report is nobody's any more" {
	local cell before
	cell=$(cell_of FED-NRC 2024Q4)
	[[ -n $cell ]]
	inap_as nrc-focal -q report set FED-NRC/2024Q4 "$cell=61" >/dev/null
	inap_as nrc-focal -q report narrative FED-NRC/2024Q4 results "Three committees met." >/dev/null
	inap_as nrc-focal -q report narrative FED-NRC/2024Q4 obstacles "No budget line yet." >/dev/null
	inap_as nrc-focal -q report activity FED-NRC/2024Q4 PA-O1.2-A1 --status on_track --percent 40 >/dev/null
	printf '%%PDF-1.7\nminutes\n%%%%EOF\n' >"$INAP_HOME/minutes.pdf"
	inap_as nrc-focal -q report attach FED-NRC/2024Q4 "$INAP_HOME/minutes.pdf" --kind minutes --cell "$cell" >/dev/null
	inap_as nrc-focal -q report attach FED-NRC/2024Q4 --reference "Archive 4/12" --kind letter --activity PA-O1.2-A1 >/dev/null
	# What the successor wrote itself stays.
	inap_as moi-focal report show FED-MOI/2024Q4 >/dev/null
	inap_as moi-focal -q report narrative FED-MOI/2024Q4 obstacles "Roads." >/dev/null
	inap_as moi-focal report show FED-MOI/2024Q4 >/dev/null
	before=$(inap_as secretary --json indicator list --entity FED-NRC | jq length)
	((before > 0))
	run_as secretary --json entity succeed FED-NRC FED-MOI --from 2024Q4 --dry-run
	assert_exit 0
	assert_json '[.dry_run, .cells, .sections, .activities, .evidence]' '[true,1,1,1,2]'
	run_as secretary --json entity show FED-NRC
	assert_json '.to' null
	run_as secretary --json entity succeed fed-nrc FED-MOI --from 2024Q4 --note "Law 12 of 2024" --confirm FED-NRC
	assert_exit 0
	assert_json '[.entity, .successor, .from, .cells, .reports, (.receipt | length)]' '["FED-NRC","FED-MOI","2024Q4",1,["INAP-II:FED-MOI/2024Q4"],64]'
	# Roles do not move by themselves: who holds one is named, with what an admin types next.
	assert_json '.people' '[{"user":"nrc-approver","role":"approver","grant":"inap role grant nrc-approver approver FED-MOI"},{"user":"nrc-focal","role":"focal_point","grant":"inap role grant nrc-focal focal_point FED-MOI"}]'
	run_as nrc-focal --json report show FED-MOI/2024Q4
	assert_refused NOT_FOUND 6
	inap_as nrc-focal report show "FED-NRC/$round" >/dev/null
	run_as secretary --json entity show FED-NRC
	assert_json '.to' '"2024-09-30"'
	run_as secretary --json indicator list --entity FED-NRC
	assert_json . '[]'
	run_as moi-focal --json report show FED-MOI/2024Q4
	assert_json '[.state, (.values[] | select(.cell == "'"$cell"'") | .value)]' '["draft","61"]'
	run_as moi-focal --json report show FED-MOI/2024Q4
	assert_json '.unanswered | length > 0'
	run_as nrc-focal --json todo
	assert_json '[.[] | select(.report == "FED-NRC/2024Q4")]' '[]'
	run_as nrc-focal --json report set FED-NRC/2024Q4 "$cell=62" --base 2
	[[ $status != 0 ]]
	run_as moi-focal --json report set FED-MOI/2024Q4 "$cell=62"
	assert_exit 0
	run_as secretary --json national completeness --round 2024Q4
	assert_json '[.entities[] | select(.entity == "FED-NRC")]' '[]'
	run_as secretary --json national completeness --round "$round"
	assert_json '[.entities[] | select(.entity == "FED-NRC") | .state]' '["submitted"]'
	[[ $(sql "SELECT count(*) FROM inap.report r, inap.value_differences(r.entity_id, r.round_id)") == 0 ]]
	[[ $(sql "SELECT count(*) FROM inap.entity e, inap.chain_faults(e.entity_id)") == 0 ]]
	run_as secretary --json entity succeed FED-NRC FED-MOLSA --from 2025Q1 --confirm FED-NRC
	assert_refused WRONG_STATE 7
}

@test "the open draft goes over with its words, how its activities stand and its evidence; each is read under its new owner" {
	local cell
	cell=$(cell_of FED-NRC "$round")
	run_as moi-focal --json report narrative FED-MOI/2024Q4
	assert_json '[.narrative[] | [.section, .text]]' '[["results","Three committees met."],["obstacles","Roads."]]'
	run_as moi-focal --json report activity FED-MOI/2024Q4
	assert_json '.[] | select(.activity == "PA-O1.2-A1") | [.role, .lead, .status, .percent]' '["lead","FED-MOI","on_track","40"]'
	assert_json '.[] | select(.activity == "PA-O1.2-A1") | .previous | [.round, .status, .percent]' "[\"$round\",\"on_track\",\"25\"]"
	run_as moi-focal --json report activity FED-MOI/2024Q4 PA-O1.2-A1 --status delayed --delay funding --percent 45 --note "no money yet"
	assert_exit 0
	run_as moi-focal --json report evidence FED-MOI/2024Q4
	assert_json '[.evidence[] | [.number, .reference, .cells, .activities]]' "[[1,null,[\"$cell\"],[]],[2,\"Archive 4/12\",[],[\"PA-O1.2-A1\"]]]"
	inap_as moi-focal -q report evidence FED-MOI/2024Q4 1 --out "$INAP_HOME/taken.pdf" >/dev/null
	cmp "$INAP_HOME/minutes.pdf" "$INAP_HOME/taken.pdf"
	# What supported the former report of the quarter before may be kept.
	run_as moi-focal --json report evidence FED-MOI/2024Q4
	assert_json '[.still_valid[] | [.number, .activities]]' '[[1,["PA-O1.2-A1"]]]'
	inap_as moi-focal -q report evidence FED-MOI/2024Q4 --keep 1 >/dev/null
	inap_as moi-focal -q report evidence FED-MOI/2024Q4 3 --out "$INAP_HOME/kept.pdf" >/dev/null
	cmp "$INAP_HOME/list.pdf" "$INAP_HOME/kept.pdf"
	# As it was when it was handed over, from the log.
	[[ $(sql "SELECT n.text FROM inap.entity e, inap.round o, inap.log l, inap.narrative_at(e.entity_id, o.round_id, l.revision) n WHERE e.code = 'FED-MOI' AND o.code = '2024Q4'
		AND l.entity_id = e.entity_id AND l.round_id = o.round_id AND l.action = 'handover' AND n.section = 'results'") == "Three committees met." ]]
	[[ $(sql "SELECT a.status FROM inap.entity e, inap.round o, inap.log l, inap.activities_at(e.entity_id, o.round_id, l.revision) a WHERE e.code = 'FED-MOI' AND o.code = '2024Q4'
		AND l.entity_id = e.entity_id AND l.round_id = o.round_id AND l.action = 'handover'") == on_track ]]
	[[ $(sql "SELECT count(*) FROM inap.entity e, inap.chain_faults(e.entity_id)") == 0 ]]
}

@test "what the former entity answered in the quarter before is offered to the one that took over" {
	local offered
	offered=$(sql "SELECT count(*) FROM inap.entity e, inap.entity x, inap.round o, inap.previous_values(e.entity_id, o.round_id, 2) v
		WHERE e.code = 'FED-MOI' AND x.code = 'FED-NRC' AND o.code = '2024Q4'
		  AND v.cell_id IN (SELECT w.cell_id FROM inap.value w JOIN inap.round b USING (round_id) WHERE w.entity_id = x.entity_id AND b.code = '$round' AND w.kind <> 0)
		  AND v.cell_id NOT IN (SELECT w.cell_id FROM inap.value w JOIN inap.round b USING (round_id) WHERE w.entity_id = e.entity_id AND b.code = '$round' AND w.kind <> 0)")
	((offered > 0))
}

@test "a plan file that is loaded again leaves the succession as it is" {
	inap_as secretary -q plan import "$INAP_ROOT/client/share/plans/INAP-II.json" >/dev/null
	run_as secretary --json entity show FED-NRC
	assert_json '.to' '"2024-09-30"'
	run_as secretary --json indicator list --entity FED-NRC
	assert_json . '[]'
	[[ $(sql "SELECT s.code FROM inap.entity e JOIN inap.entity s ON s.entity_id = e.successor_id WHERE e.code = 'FED-NRC'") == FED-MOI ]]
	[[ $(sql "SELECT count(*) FROM inap.entity e CROSS JOIN inap.round o CROSS JOIN LATERAL inap.asked(e.entity_id, o.round_id) WHERE e.code = 'FED-NRC' AND o.code = '2024Q4'") == 0 ]]
}
