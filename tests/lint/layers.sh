#!/bin/bash
# Includes point only down: proto < base < {net, store} < rpc < domain < wiring, daemon, main; libraries stay where they belong.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

check() {
	project_files 'proto/*.[ch]' 'server/*.[ch]' 'client/*.[ch]' | xargs -0 -r grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]+[">]' |
		awk -F: '
	function layer(path) {
		if (path ~ /^(proto\/|inap\/v1\/|methods[.]inc$)/) return "proto"
		if (path ~ /^sql\//) return "store"
		if (path ~ /^server\/(base|net|store|rpc|domain)\//) { split(path, parts, "/"); return parts[2] }
		if (path ~ /^server\//) return "top"
		if (path ~ /^client\//) return "client"
		return "other"
	}
	# The noun of a domain file: report of server/domain/report.h and report_save.c.
	function noun(path) { sub(/.*\//, "", path); sub(/[._-].*/, "", path); return path }
	function wrong(why) { print $1 ": includes " $2 ": " why; bad = 1 }
	BEGIN {
		down["proto"] = "proto"
		down["base"] = "proto base"
		down["net"] = "proto base net"
		down["store"] = "proto base store"
		down["rpc"] = "proto base net store rpc"
		down["domain"] = "proto base store rpc domain"
		down["top"] = "proto base net store rpc domain top"
		down["client"] = "proto client"
		# a library, and the files that may speak to it
		owner["libpq-fe[.]h"] = "^server/store/"
		owner["uv[.]h"] = "^server/(net/|store/|daemon[.]|worker[.]|main[.]c)"
		owner["openssl/"] = "^(server/net/|client/call)"
		owner["protobuf-c/"] = "^(proto/|server/(rpc|domain)/|client/)"
		owner["ini[.]h"] = "^(server/base/|client/)"
		owner["minizip/"] = "^client/form/"
		owner["expat[.]h"] = "^client/form/"
		owner["xlsxwriter[.]h"] = "^client/(form|picture)/"
		owner["systemd/"] = "^server/(base/|daemon[.]|main[.]c)"
	}
	{
		quoted = $2 ~ /"/
		sub(/.*include[ \t]*["<]/, "", $2)
		sub(/[">]$/, "", $2)
		from = layer($1)
		if (!quoted) {
			for (library in owner)
				if ($2 ~ "^" library && $1 !~ owner[library]) wrong("that library is not for this folder")
			next
		}
		to = layer($2)
		if (to == "other") { wrong("write it from the root"); next }
		if (index(" " down[from] " ", " " to " ") == 0) wrong(from " may not know " to)
		if (from == "domain" && to == "domain" && noun($1) != noun($2)) wrong("files of domain/ do not include each other")
		if ($2 ~ /^inap\/v1\// && $1 !~ owner["protobuf-c/"]) wrong("messages are not for this folder")
	}
	END { exit bad }'
}

plant_upward() {
	printf '/* Planted. */\n#include "server/rpc/request.h"\n' >server/base/planted.c
	echo 'server/base/planted.c: includes server/rpc/request.h'
}

plant_sideways() {
	printf '/* Planted. */\n#include "server/store/unit.h"\n' >server/net/planted.c
	echo 'net may not know store'
}

plant_neighbour() {
	printf '/* Planted. */\n#include "server/domain/report.h"\n' >server/domain/planted.c
	echo 'do not include each other'
}

plant_other_side() {
	printf '/* Planted. */\n#include "server/base/error.h"\n' >client/planted.c
	echo 'client may not know base'
}

plant_library() {
	printf '/* Planted. */\n#include <libpq-fe.h>\n' >server/rpc/planted.c
	echo 'server/rpc/planted.c: includes libpq-fe.h'
}

lint_main "$@"
