# Who reads only PROTOCOL.md and the .proto files can write a client: this one is bash, protoc, openssl and xxd.

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
	inap_as moi-focal -q report set "FED-MOI/$round" PR-1.5=12 "PA-1.4=18/240" --note 'made up'
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

teardown() {
	[[ -z ${client:-} ]] || kill "$client" 2>/dev/null || true
}

# ---- the client: nothing of ours but proto/

# pack MESSAGE FILE: protobuf's text on stdin.
pack() {
	protoc -I "$INAP_ROOT/proto" --encode="inap.v1.$1" "$INAP_ROOT"/proto/inap/v1/*.proto >"$2"
}

unpack() {
	protoc -I "$INAP_ROOT/proto" --decode="inap.v1.$1" "$INAP_ROOT"/proto/inap/v1/*.proto <"$2"
}

connect() {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo to_server
	: >from_server
	openssl s_client -quiet -tls1_3 -alpn inap/1 -connect "$INAP_SERVER" -servername localhost -verify_hostname localhost \
		-CAfile "$INAP_CA" -verify_return_error <to_server >from_server 2>openssl.log 3>&- &
	client=$!
	exec 8>to_server
	at=0
}

# send METHOD ID KEY FILE
send() {
	{
		printf '%08x%04x0100%08x%08x%s' "$(wc -c <"$4")" "$1" "$2" 0 "$3" | xxd -r -p
		cat "$4"
	} >&8
}

# receive: the next frame; sets method, kind, id, trace and writes `body`.
receive() {
	local tries header length
	for ((tries = 0; tries < 100; tries++)); do
		header=$(xxd -p -s "$at" -l 32 -c 32 from_server)
		if ((${#header} == 64)); then
			length=$((16#${header:0:8}))
			if (($(wc -c <from_server) >= at + 32 + length)); then
				method=$((16#${header:8:4})) kind=$((16#${header:12:2})) id=$((16#${header:16:8})) trace=${header:32}
				tail -c +$((at + 33)) from_server | head -c "$length" >body
				at=$((at + 32 + length))
				return
			fi
		fi
		sleep 0.1
	done
	cat openssl.log
	flunk "no frame in 10 s"
}

no_key=00000000000000000000000000000000

log_in() {
	connect
	receive
	((kind == 8 && id == 0 && method == 1))
	[[ $(unpack HelloReply body) == *'protocol: 1'* ]]
	pack Hello hello <<<'client: "by hand 1" protocol: 1 language: "en"'
	pack SessionLogin login <<<"user: \"moi-focal\" password: \"$(password_of moi-focal)\""
	send 1 1 $no_key hello
	send 3 2 $no_key login
	receive
	((kind == 2 && method == 1 && id == 1))
	receive
	((kind == 2 && method == 3 && id == 2))
	[[ $(unpack SessionLoginReply body) == *'ROLE_FOCAL_POINT'* ]]
}

@test "it logs in and reads a report" {
	log_in
	pack ReportShow show <<<"report { entity: \"FED-MOI\" round: \"$round\" }"
	send 41 3 $no_key show
	receive
	((kind == 2 && method == 41 && id == 3))
	output=$(unpack ReportShowReply body)
	assert_output_has 'state: STATE_DRAFT'
	assert_output_has 'number: "12"'
	assert_output_has 'numerator: "18"'
	assert_output_has 'denominator: "240"'
	assert_output_has 'by: "moi-focal"'
	((${#trace} == 32)) && [[ $trace != "$no_key" ]]
	grep -q "trace=$trace" "$INAP_HOME/main/log" || flunk "the trace is not in the server's log"
}

@test "it saves a figure under a key, and asks again without doing it twice" {
	local key=00112233445566778899aabbccddeeff revision first
	log_in
	revision=$(sql "SELECT revision FROM report r JOIN entity e USING (entity_id) WHERE e.code = 'FED-MOI'")
	pack ReportSave save <<<"report { entity: \"FED-MOI\" round: \"$round\" } base_revision: $revision via: VIA_SET
		cells { cell: \"PR-1.5\" value { number: \"123456789012345678\" } }"
	send 42 3 $key save
	receive
	first=$(unpack ReportSaveReply body)
	((kind == 2 && method == 42 && id == 3))
	send 42 4 $key save
	receive
	((kind == 2 && id == 4))
	[[ $(unpack ReportSaveReply body) == *'replayed: true'* ]]
	[[ $(unpack ReportSaveReply body | grep -v replayed) == "$first" ]]
	[[ $(sql "SELECT revision FROM report r JOIN entity e USING (entity_id) WHERE e.code = 'FED-MOI'") == $((revision + 1)) ]]
}

@test "it is told what it may not, by code" {
	log_in
	pack ReportShow show <<<"report { entity: \"FED-MOH\" round: \"$round\" }"
	send 41 3 $no_key show
	receive
	((kind == 4 && id == 3))
	[[ $(unpack Error body) == *'code: "NOT_FOUND"'* ]]
}

@test "the script printed in PROTOCOL.md works as it stands" {
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$INAP_ROOT/proto" proto
	mkdir .inap
	cp "$INAP_CA" .inap/ca.pem
	# shellcheck disable=SC2016
	awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$INAP_ROOT/proto/PROTOCOL.md" |
		sed "s/correct horse battery/$(password_of moi-focal)/; s/localhost:1325/$INAP_SERVER/" >script
	(($(wc -l <script) > 20))
	run bash script
	assert_exit 0
	assert_output_has '== method 1 kind 8'
	assert_output_has '== method 41 kind 2'
	assert_output_has 'code: "PA-1.4"'
}
