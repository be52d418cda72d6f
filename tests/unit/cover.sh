#!/bin/bash
# Lines covered by the unit tests alone, folder by folder; the whole report goes to build/cover.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."

make -j"$(nproc)" VARIANT=cover unit-tests
find build/cover -name '*.gcda' -delete
for test in tests/unit/test_*.c; do
	name=$(basename "$test" .c)
	timeout 300 "build/cover/tests/$name" >"build/cover/$name.log" 2>&1 || echo "$name failed; see build/cover/$name.log"
done
gcovr --root . --object-directory build/cover --filter '^(proto|server|client)/' --exclude '.*main[.]c$' \
	--csv -o build/cover.csv --txt build/cover.txt --exclude-unreachable-branches build/cover
awk -F, '
	NR > 1 { n = split($1, part, "/"); folder = part[1]; if (n > 2) folder = folder "/" part[2]
		lines[folder] += $2; covered[folder] += $3 }
	END { for (folder in lines) if (lines[folder]) printf "%5.1f %%  %5d of %5d lines  %s\n",
		100 * covered[folder] / lines[folder], covered[folder], lines[folder], folder }' build/cover.csv | sort -k6
