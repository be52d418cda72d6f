# Evidence over bad links: resumed where it stopped, once, and the hash is right; in both directions, whoever is killed.
# shellcheck disable=SC2030,SC2031

report=FED-MOI/2024Q3

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	make_user second FED-MOI focal_point FED-MOI
	pdf "$INAP_HOME/large.pdf" 5000000
	inap_as moi-focal report show "$report" >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
	proxies=()
}

teardown() {
	((${#proxies[@]} == 0)) || kill "${proxies[@]}" 2>/dev/null || true
}

# pdf FILE BYTES: a PDF by its first bytes, and bytes that nobody else has.
pdf() {
	{
		printf '%%PDF-1.7\n'
		head -c $(($2 - 9)) /dev/urandom
	} >"$1"
}

# proxy RULE...: before the daemon; $INAP_SERVER is then its address. What it says is in $BATS_TEST_TMPDIR/proxy.
proxy() {
	local port tries
	port=$(free_port)
	"$INAP_TOOLS/faults/frameproxy" "$port" "$INAP_PORT" "$@" >"$BATS_TEST_TMPDIR/proxy" 3>&- &
	proxies+=($!)
	for ((tries = 0; tries < 100; tries++)); do
		! (exec 5<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
		sleep 0.05
	done
	export INAP_SERVER=localhost:$port
}

# evidence: the rows of the log, the files that are whole, the pieces of evidence: of the report.
counts() {
	sql "SELECT concat_ws(' ', (SELECT count(*) FROM log WHERE action = 'attach'), (SELECT count(*) FROM evidence_file WHERE attached_at IS NOT NULL), (SELECT count(DISTINCT number) FROM evidence))"
}

hash_of() {
	sha256sum "$1" | cut -d ' ' -f 1
}

@test "5 MB over a link that is cut five times: one command, resumed five times, once, and the hash is the file's" {
	proxy cut-client-after-bytes=900000 cuts=5
	run_as moi-focal --json report attach "$report" "$INAP_HOME/large.pdf" --kind minutes --cell PA-1.1
	assert_exit 0
	assert_json .number 1
	assert_json .sha256 "$(hash_of "$INAP_HOME/large.pdf")"
	(($(grep -c '^cut$' "$BATS_TEST_TMPDIR/proxy") == 5)) || flunk "$(cat "$BATS_TEST_TMPDIR/proxy")"
	(($(grep -c 'going on at [1-9]' <<<"$stderr") == 5)) || flunk "not resumed five times"
	[[ $(counts) == '1 1 1' ]] || flunk "$(counts)"
	[[ $(sql "SELECT encode(sha256(string_agg(data, '' ORDER BY place)), 'hex') FROM evidence_chunk") == "$(hash_of "$INAP_HOME/large.pdf")" ]]
	(($(sql "SELECT count(*) FROM evidence_chunk") == 20))
}

@test "it is fetched over a link that is cut, and is the same" {
	proxy cut-after-bytes=900000 cuts=5
	run_as moi-focal --json report evidence "$report" 1 --out "$BATS_TEST_TMPDIR/back.pdf"
	assert_exit 0
	(($(grep -c '^cut$' "$BATS_TEST_TMPDIR/proxy") == 5))
	cmp "$INAP_HOME/large.pdf" "$BATS_TEST_TMPDIR/back.pdf"
	[[ -z $(find "$BATS_TEST_TMPDIR" -name '.*.part') ]] || flunk "a part is left"
	[[ $(stat -c %a "$BATS_TEST_TMPDIR/back.pdf") == 600 ]]
}

@test "the client is killed while it sends: the list says so, and the same command goes on" {
	local before tries pid
	pdf "$BATS_TEST_TMPDIR/second.pdf" 5000000
	before=$(counts)
	proxy delay-ms=20
	inap_as moi-focal -q report attach "$report" "$BATS_TEST_TMPDIR/second.pdf" 3>&- &
	pid=$!
	for ((tries = 0; tries < 200; tries++)); do
		(($(sql "SELECT coalesce(max(have), 0) FROM evidence_file WHERE attached_at IS NULL") < 1000000)) || break
		sleep 0.05
	done
	pkill -KILL -P "$pid" || kill -KILL "$pid"
	wait "$pid" || true
	[[ $(counts) == "$before" ]]
	run_as moi-focal --json report evidence "$report"
	assert_json '.evidence | length' 1
	assert_json '.unfinished[0].file' "$BATS_TEST_TMPDIR/second.pdf"
	run_as second --json report evidence "$report"
	assert_json '[(.evidence | length), .unfinished]' '[1,[]]'
	export INAP_SERVER=localhost:$INAP_PORT
	run_as moi-focal --json report attach "$report" "$BATS_TEST_TMPDIR/second.pdf"
	assert_exit 0
	assert_json .number 2
	grep -q 'going on at [1-9]' <<<"$stderr" || flunk "it began anew"
	run_as moi-focal --json report evidence "$report"
	assert_json '[(.evidence | length), .unfinished]' '[2,[]]'
	assert_json '.evidence[1].sha256' "$(hash_of "$BATS_TEST_TMPDIR/second.pdf")"
}

@test "the answer to the last word is lost: it is attached once, and the next command says so" {
	local before
	printf 'minutes of a meeting\n' >"$BATS_TEST_TMPDIR/short.txt"
	before=$(counts)
	# Handshake, begin (with hello and resume), the piece, and the attachment whose answer is lost.
	proxy mute-after-records=4
	run_as moi-focal --json --timeout 2 report attach "$report" "$BATS_TEST_TMPDIR/short.txt"
	assert_refused OUTCOME_UNKNOWN 8
	kill -USR1 "${proxies[-1]}" # the same way, whole again: what was left behind is for this address
	run_as moi-focal --json report attach "$report" "$BATS_TEST_TMPDIR/short.txt"
	assert_exit 0
	assert_json '[.number, .replayed]' '[3,true]'
	[[ $(counts) == '3 3 3' ]] || flunk "$before, then $(counts)"
}

@test "the server is killed while it takes a file: the client goes on with the next one" {
	local pid tries
	pdf "$BATS_TEST_TMPDIR/third.pdf" 5000000
	proxy delay-ms=20
	inap_as moi-focal --json report attach "$report" "$BATS_TEST_TMPDIR/third.pdf" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	for ((tries = 0; tries < 200; tries++)); do
		(($(sql "SELECT coalesce(max(have), 0) FROM evidence_file WHERE attached_at IS NULL") < 1000000)) || break
		sleep 0.05
	done
	daemon_kill
	daemon_run main "$INAP_PORT"
	wait "$pid" || flunk "$(cat "$BATS_TEST_TMPDIR/err")"
	[[ $(jq -r .sha256 "$BATS_TEST_TMPDIR/out") == "$(hash_of "$BATS_TEST_TMPDIR/third.pdf")" ]]
	[[ $(counts) == '4 4 4' ]]
}

@test "two of the office send the same file at once: one evidence, its bytes once" {
	local pids=()
	pdf "$BATS_TEST_TMPDIR/both.pdf" 3000000
	inap_as second report show "$report" >/dev/null
	inap_as moi-focal report show "$report" >/dev/null
	inap_as moi-focal --json report attach "$report" "$BATS_TEST_TMPDIR/both.pdf" --merge >"$BATS_TEST_TMPDIR/1" 2>"$BATS_TEST_TMPDIR/1.err" &
	pids+=($!)
	inap_as second --json report attach "$report" "$BATS_TEST_TMPDIR/both.pdf" --merge >"$BATS_TEST_TMPDIR/2" 2>"$BATS_TEST_TMPDIR/2.err" &
	pids+=($!)
	wait "${pids[@]}"
	[[ $(jq .number "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2" | sort -u) == 5 ]] || flunk "$(cat "$BATS_TEST_TMPDIR"/[12]*)"
	[[ $(counts) == '5 5 5' ]]
	[[ $(sql "SELECT sum(octet_length(data)) FROM evidence_chunk JOIN evidence_file USING (entity_id, file_id) WHERE bytes = 3000000") == 3000000 ]]
}

@test "the log's chain is whole, and nothing but what was attached is in it" {
	[[ -z $(sql "SELECT f.* FROM entity e, chain_faults(e.entity_id) f WHERE e.code = 'FED-MOI'") ]]
	[[ $(sql "SELECT count(*) FROM log WHERE action = 'attach' AND outcome::jsonb ->> 'sha256' IN (SELECT encode(sha256, 'hex') FROM evidence_file WHERE attached_at IS NOT NULL)") == 5 ]]
}
