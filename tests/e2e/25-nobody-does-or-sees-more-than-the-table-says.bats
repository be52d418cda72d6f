# Every method by every role, every object of another entity or jurisdiction, every state of a report: tables by hand.
# shellcheck disable=SC2030,SC2031

# Columns: focal point, approver, coordinator, Secretariat, National Team, observer, admin, auditor, a user without a role.
# y: the role may; n: FORBIDDEN (exit 5). Written from DESIGN.md section 8, not from the code; a method without a row fails.
permitted='
session.logout         yyyyyyyyy
session.passwd         yyyyyyyyy
session.whoami         yyyyyyyyy
session.list           yyyyyyyyy
session.revoke         yyyyyyyyy
todo.list              yyyyyyyyy
plan.import            nnnynnnnn
plan.list              yyyyyyyyy
plan.show              yyyyyyyyy
indicator.list         yyyyyyyyy
entity.list            yyyyyyyyy
entity.edit            nnnynnnnn
category.list          yyyyyyyyy
rule.list              yyyyyyyyy
round.list             yyyyyyyyy
round.add              nnnynnnnn
round.open             nnnynnnnn
round.close            nnnynnnnn
round.extend           nnnynnnnn
round.outage           nnnynnnnn
round.extend-one       nnnynnnnn
round.excuse           nnnynnnnn
rule.change            nnnynnnnn
report.list            yyyyynnnn
report.show            yyyyynnnn
report.save            ynnnnnnnn
report.check           yyyynnnnn
report.diff            yyyynnnnn
report.history         yyyyynnnn
report.trail           yyyynnnnn
report.ready           yynnnnnnn
report.hand-back       nynnnnnnn
report.submit          nynnnnnnn
report.withdraw        nynnnnnnn
report.answer          yynnnnnnn
report.ask-cells       ynnnnnnnn
assignment.change      nnnynnnnn
report.narrative       ynnnnnnnn
report.contest         nynnnnnnn
consult.list           yynnnnnnn
report.consult         yynnnnnnn
report.activity        ynnnnnnnn
activity.list          yyyyyyyyy
activity.add           yynnnnnnn
activity.agree         nnynnnnnn
review.queue           nnyynnnnn
review.claim           nnynnnnnn
review.release         nnynnnnnn
review.point           nnynnnnnn
review.return          nnynnnnnn
review.endorse         nnynnnnnn
review.accept          nnnynnnnn
review.send-back       nnnynnnnn
review.withdraw        nnynnnnnn
review.receive         nnynnnnnn
extension.add          nnnynnnnn
extension.list         yyyynnnnn
extension.revoke       nnnynnnnn
national.summary       nnyyynnnn
national.completeness  nnyyynnnn
national.recompute     nnnynnnnn
target.set             nnnynnnnn
target.list            yyyyynnnn
national.lights        nnyyynnnn
light.override         nnnynnnnn
review.pairs           nnyynnnnn
user.add               nnnnnnynn
user.list              nnnnnnynn
user.disable           nnnnnnynn
user.enable            nnnnnnynn
user.reset             nnnnnnynn
user.import            nnnnnnynn
role.grant             nnnnnnynn
role.revoke            nnnnnnynn
role.delegate          nynnnnnnn
evidence.begin         ynynnnnnn
evidence.chunk         ynynnnnnn
evidence.attach        ynynnnnnn
evidence.detach        ynnnnnnnn
evidence.keep          ynnnnnnnn
evidence.list          yyyyynnnn
evidence.read          yyyyynnnn
edition.list           yyyyyyyyy
edition.read           yyyyyyyyy
edition.propose        nnnynnnnn
edition.comment        nnyyynnnn
edition.confirm        nnyynnnnn
edition.withdraw       nnnynnnnn
edition.sentence       nnnynnnnn
edition.restate        nnnynnnnn
report.ask-restatement nynnnnnnn
event.list             yyyyynyyn
event.write            nnnynnnnn
event.decide           nnnynnnnn
event.done             nnnynnnnn
organisation.list      yyyyynyyn
organisation.write     nnnynnnnn
verify.sample          nnnynnnnn
verify.record          nnnynnnnn
verify.list            yyyyynnnn
round.remind           nnyynnnnn
plan.suspend           nnnynnnnn
plan.resume            nnnynnnnn
plan.current           nnnynnnnn
entity.succeed         nnnynnnnn
'
roles=(moi-focal moi-approver fed-coordinator secretary team watcher admin auditor nobody)

# Who reads FED-MOI/2024Q3 at which state, by report.show, .check, .diff, .history, .trail: y, 6 (NOT_FOUND) or 5 (FORBIDDEN).
# The admin, the observer and the auditor have 5 by role. After a return and a send-back, whoever could read still can.
readers=(moi-focal moi-approver sjc-focal krg-focal fed-coordinator krg-coordinator secretary team watcher admin)
visible='
expected   yyyyy yyyyy 66666 66666 66666 66666 66666 65565 55555 55555
draft      yyyyy yyyyy 66666 66666 66666 66666 66666 65565 55555 55555
submitted  yyyyy yyyyy 66666 66666 yyyyy 66666 66666 65565 55555 55555
in_review  yyyyy yyyyy 66666 66666 yyyyy 66666 66666 65565 55555 55555
returned   yyyyy yyyyy 66666 66666 yyyyy 66666 66666 65565 55555 55555
again      yyyyy yyyyy 66666 66666 yyyyy 66666 66666 65565 55555 55555
endorsed   yyyyy yyyyy 66666 66666 yyyyy 66666 yyyyy 65565 55555 55555
accepted   yyyyy yyyyy 66666 66666 yyyyy 66666 yyyyy y55y5 55555 55555
sent_back  yyyyy yyyyy 66666 66666 yyyyy 66666 yyyyy y55y5 55555 55555
'

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	make_user sjc-focal FED-SJC focal_point FED-SJC
	make_user krg-focal KRG-MOI focal_point KRG-MOI
	make_user fed-coordinator FED-MOP coordinator federal
	make_user krg-coordinator KRG-MOP coordinator kurdistan
	make_user team FED-MOFA national_team
	make_user watcher FED-NSS observer
	make_user auditor FED-NSS auditor
	make_user nobody FED-MOI focal_point FED-MOI
	inap_as admin -q role revoke nobody focal_point FED-MOI
	raw_login moi-focal moi-approver sjc-focal krg-focal fed-coordinator krg-coordinator secretary team watcher admin auditor nobody
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

# methods SCOPE: of methods.def with that scope; `any` all but those before login.
methods() {
	awk -F ', *' -v scope="$1" '/^METHOD\([0-9]/ && $6 != "NOBODY_YET" && (scope == "any" || $7 == scope) { gsub(/"/, "", $3); print $3, $4 }' "$INAP_ROOT/proto/methods.def"
}

# code: the code of a frame's line, `reply` of a reply.
code() {
	awk '{ print $1 == "error" ? $4 : $1 }' <<<"$1"
}

@test "a role that may not is FORBIDDEN, for every method and role" {
	local method row column commands got wrong='' asked=0
	while read -r method _; do
		grep -q "^$method " <<<"$permitted" || flunk "the table has no row for $method"
	done < <(methods any)
	for column in "${!roles[@]}"; do
		commands=
		while read -r method row; do
			# Who may is asked with an empty body: the gate stands before it. What ends the session comes apart.
			case $method in
			'' | session.logout) ;;
			session.revoke) commands+="call $method body=$(encode SessionRevoke <<<'id: 999999999')"$'\n' ;;
			*) commands+="call $method"$'\n' ;;
			esac
		done <<<"$permitted"
		raw "${roles[$column]}" "$commands"
		while read -r method row; do
			[[ -n $method && $method != session.logout ]] || continue
			got=$(code "$(grep -m1 " $method " <<<"$output")")
			asked=$((asked + 1))
			case ${row:column:1}:$got in
			n:FORBIDDEN) ;;
			n:* | y:FORBIDDEN | y:LOGIN_REQUIRED | y:INTERNAL | y:) wrong+="${roles[$column]} $method: wanted ${row:column:1}, got $got"$'\n' ;;
			esac
		done <<<"$permitted"
	done
	[[ -z $wrong ]] || flunk "$wrong"
	((asked == ${#roles[@]} * $(methods any | grep -vc '^session.logout ')))
	((asked >= 9 * 45))
	echo "# $asked cells of the table asked" >&3
}

@test "exit statuses: 5 for a role that may not, 6 for what is not there" {
	run_as moi-focal --json --yes review accept "FED-MOI/$round"
	assert_refused FORBIDDEN 5
	run_as watcher --json user list
	assert_refused FORBIDDEN 5
	run_as moi-focal --json report show "FED-SJC/$round"
	assert_refused NOT_FOUND 6
	run_as moi-focal --json report show "KRG-MOI/$round"
	assert_refused NOT_FOUND 6
}

# may METHOD USER
may() {
	local column row
	row=$(awk -v method="$1" '$1 == method { print $2 }' <<<"$permitted")
	for column in "${!roles[@]}"; do
		[[ ${roles[$column]} != "$2" || ${row:column:1} != y ]] || return 0
	done
	return 1
}

# others USER: whose reports are another's to that user. Coordinators and national roles know of every report of theirs by
# completeness (states and dates), so a move of one says in which state it is; to read it is still NOT_FOUND.
others() {
	case $1 in
	*-focal | *-approver) echo FED-SJC KRG-MOI FED-NOSUCH ;;
	*-coordinator) echo KRG-MOI KRG-HCWD FED-NOSUCH ;;
	*) echo FED-NOSUCH KRG-NOSUCH ;;
	esac
}

@test "every method over a report: another entity's, another jurisdiction's and none at all are one NOT_FOUND" {
	local method message user entity wanted asked=0 commands answers wrong=''
	for user in moi-focal moi-approver fed-coordinator secretary team; do
		commands='' wanted=0
		while read -r method message; do
			may "$method" "$user" || continue
			for entity in $(others "$user"); do
				commands+="call $method body=$(encode "$message" <<<"report { entity: \"$entity\" round: \"$round\" }")"$'\n'
				wanted=$((wanted + 1))
			done
		done < <(methods REPORT)
		bodies=yes raw "$user" "$commands"
		((${#lines[@]} == wanted)) || flunk "${#lines[@]} answers to $wanted"
		answers=$(awk '$1 != "error" || $4 != "NOT_FOUND"' <<<"$output")
		[[ -z $answers ]] || wrong+="$user: $answers"$'\n'
		# The same bytes but the name: nothing tells what exists from what does not.
		(($(awk '{ print $8 }' <<<"$output" | while read -r body; do decode Error "$body" | sed -E 's,[A-Z]+-[A-Z]+/,X/,' | md5sum; done | sort -u | wc -l) == 1)) ||
			wrong+="$user: the refusals differ"$'\n'
		asked=$((asked + wanted))
	done
	[[ -z $wrong ]] || flunk "$wrong"
	echo "# $asked requests for what is not the caller's" >&3
}

@test "a report that is there but not to be read yet is NOT_FOUND to all who may not, for every reading method" {
	local user entity method message commands
	for user in fed-coordinator secretary team; do
		commands=
		for entity in FED-SJC FED-MOI; do
			while read -r method message; do
				! may "$method" "$user" || commands+="call $method body=$(encode "$message" <<<"report { entity: \"$entity\" round: \"$round\" }")"$'\n'
			done < <(methods REPORT | grep -E '^(report[.](show|check|diff|history|trail)|evidence[.](list|read)) ')
		done
		raw "$user" "$commands"
		[[ -n $output ]] || flunk "$user was asked nothing"
		! grep -v ' NOT_FOUND ' <<<"$output" || flunk "$user"
	done
}

@test "another's session, entity and user are not there either" {
	local id
	bodies=yes raw secretary "call session.list"
	id=$(decode SessionListReply "$(awk '{ print $8 }' <<<"$output")" | awk '/^  id:/ { print $2 }' | head -n 1)
	[[ -n $id ]]
	raw krg-focal "call session.revoke body=$(encode SessionRevoke <<<"id: $id")
call session.list body=$(encode SessionList <<<'user: "secretary"')
call session.revoke body=$(encode SessionRevoke <<<'user: "secretary"')"
	# Another's session is not there; naming another user is the admin's right.
	wants_line 0 '* NOT_FOUND *'
	wants_line 1 '* FORBIDDEN *'
	wants_line 2 '* FORBIDDEN *'
	raw_served secretary
	raw moi-approver "call role.delegate body=$(encode RoleDelegate <<<"entity { entity: \"FED-SJC\" } user: \"sjc-focal\" until: \"$(date -d '+5 days' +%F)\"")
call role.delegate body=$(encode RoleDelegate <<<"entity { entity: \"KRG-MOI\" } user: \"krg-focal\" until: \"$(date -d '+5 days' +%F)\"")"
	wants_line 0 '* NOT_FOUND *'
	wants_line 1 '* NOT_FOUND *'
}

# row STATE: who reads the report now, a word of five letters for each reader.
row() {
	local reader word line
	local ref="report { entity: \"FED-MOI\" round: \"$round\" }"
	printf '%-10s' "$1"
	for reader in "${readers[@]}"; do
		raw "$reader" "call report.show body=$(encode ReportShow <<<"$ref")
call report.check body=$(encode ReportCheck <<<"$ref")
call report.diff body=$(encode ReportDiff <<<"$ref")
call report.history body=$(encode ReportHistory <<<"$ref")
call report.trail body=$(encode ReportTrail <<<"$ref")" || return 1
		word=
		while read -r line; do
			case $line in
			reply*) word+=y ;;
			*' NOT_FOUND '*) word+=6 ;;
			*' FORBIDDEN '*) word+=5 ;;
			*) word+='?' ;;
			esac
		done <<<"$output"
		printf ' %s' "$word"
	done
}

# at STATE: the row is the table's.
at() {
	local wanted got
	wanted=$(grep "^$1 " <<<"$visible" | sed 's/  */ /g')
	got=$(row "$1" | sed 's/  */ /g')
	echo "# $got" >&3
	[[ $got == "$wanted" ]] || differences+="wanted $wanted"$'\n'"got    $got"$'\n'
}

@test "who reads a report at which state" {
	local report=FED-MOI/$round differences=''
	echo "# state ${readers[*]}" >&3
	at expected
	answer_all moi-focal "$report"
	at draft
	move moi-approver "$report" report submit "$report" --letter 1 --letter-date 2024-10-09 --note 'made up' >/dev/null
	at submitted
	move fed-coordinator "$report" review claim "$report" >/dev/null
	at in_review
	move fed-coordinator "$report" review return "$report" --note 'look again' >/dev/null
	at returned
	# What the entity types now is not the coordinator's to read: it keeps what was submitted.
	inap_as moi-focal report show "$report" >/dev/null
	inap_as moi-focal -q report set "$report" PR-1.5=777 >/dev/null
	run_as fed-coordinator --json report show "$report"
	[[ $output != *777* ]] || differences+="the coordinator reads a draft after the return"$'\n'
	run_as fed-coordinator --json report diff "$report"
	[[ $output != *777* ]] || differences+="the coordinator reads a draft's difference"$'\n'
	run_as fed-coordinator --json report show "$report" --revision "$(inap_as moi-focal --json report show "$report" | jq .revision)"
	[[ $status == 6 ]] || differences+="the coordinator reads a draft's revision"$'\n'
	inap_as moi-focal report show "$report" >/dev/null
	inap_as moi-focal -q report answer "$report" 1 'it was the wrong sheet' >/dev/null
	inap_as moi-focal -q report ready "$report" >/dev/null
	move moi-approver "$report" report submit "$report" --note 'made up' >/dev/null
	at again
	move fed-coordinator "$report" review endorse "$report" >/dev/null
	at endorsed
	move secretary "$report" review accept "$report" >/dev/null
	at accepted
	move secretary "$report" review send-back "$report" --note 'once more' >/dev/null
	at sent_back
	[[ -z $differences ]] || flunk "$differences"
}

@test "nobody passes their own house's report, nor what they typed" {
	make_user moi-coordinator FED-MOI coordinator federal
	make_user second-secretary FED-MOI secretariat
	local report=FED-MOI/$round
	# It is in review, claimed by the other coordinator after the send-back or by none.
	inap_as moi-coordinator report show "$report" >/dev/null
	run_as moi-coordinator --json review endorse "$report"
	[[ $status == 5 || $status == 7 ]] || flunk "endorsed by its own house"
	move fed-coordinator "$report" review endorse "$report" >/dev/null
	inap_as second-secretary report show "$report" >/dev/null
	run_as second-secretary --json --yes review accept "$report"
	assert_refused FOUR_EYES 5
	move secretary "$report" review accept "$report" >/dev/null
}
