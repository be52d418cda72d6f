# Medians and ratios of the lines that tests/bench/run notes: pass name per_s p50 p99 served database client foreign kept|dropped.
# A ratio is the median of the ratios within one pass, of passes in which neither side was dropped.

BEGIN { FS = "\t" }

$10 == "dropped" { dropped[$2]++; gone++; next }
{
	runs[$2]++
	for (f = 3; f <= 9; f++) {
		of[$2, f, runs[$2]] = $f
		at[$1, $2, f] = $f
	}
	if ($1 > passes) passes = $1
}
{ all++ }

function middle(list, n,    i, j, t) {
	if (n == 0) return ""
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function median(name, f,    i, list) {
	for (i = 1; i <= runs[name]; i++) list[i] = of[name, f, i]
	return middle(list, runs[name])
}

function figure(value, format) { return value == "" ? "-" : sprintf(format, value) }

function row(name, words) {
	printf "%-52s %8s %8s %8s %8s %8s %8s %7s %3d/%d\n", words, figure(median(name, 3), "%.0f"), figure(median(name, 4), "%.0f"),
		figure(median(name, 5), "%.0f"), figure(median(name, 6), "%.0f"), figure(median(name, 7), "%.0f"),
		figure(median(name, 8), "%.0f"), figure(median(name, 9), "%.0f"), runs[name], runs[name] + dropped[name]
}

# The median over the passes of field f of one by field g of the other.
function ratio(goal, words, one, f, other, g,    pass, n, list) {
	for (pass = 1; pass <= passes; pass++)
		if ((pass, one, f) in at && at[pass, other, g] + 0 > 0) list[++n] = at[pass, one, f] / at[pass, other, g]
	printf "%-4s %-84s %6s  (n=%d)\n", goal, words, figure(middle(list, n), "%.2f"), n
}

END {
	printf "\n%-52s %8s %8s %8s %8s %8s %8s %7s %s\n", "medians; CPU per request in us", "/s", "p50 us", "p99 us", "daemon", "postgres", "client", "other%", "kept"
	row("save64", "report.save of 40 cells, 64 clients")
	row("save64s", "  the same over TLS")
	row("save1", "report.save of 40 cells, 1 client")
	row("same8", "(same) report_save() by pgbench -c 8")
	row("same1", "(same) report_save() by pgbench -c 1")
	row("plain8", "(plain, A) unchecked rows by pgbench -c 8")
	row("show64", "report.show, 64 clients")
	row("show1", "report.show, 1 client")
	row("read8", "(read, B) 40 values as one row by pgbench -c 8")
	row("echo64", "(echo, C) bare libuv, the same message, 64 clients")
	print "\nratios (SPEED.md section 9)"
	ratio("G1", "saves/s at 64 clients / (same) -c 8", "save64", 3, "same8", 3)
	ratio("G1", "saves/s at 64 clients / (plain) -c 8", "save64", 3, "plain8", 3)
	ratio("G4", "p50 of a save, 1 client / (same) -c 1", "save1", 4, "same1", 4)
	ratio("G5", "daemon's CPU per save / the echo's, 64 clients", "save64", 6, "echo64", 6)
	ratio("G6", "reads/s at 64 clients / (read) -c 8", "show64", 3, "read8", 3)
	ratio("G7", "PostgreSQL's CPU per save at 64 clients / (same) -c 1", "save64", 7, "same1", 7)
	ratio("G12", "saves/s over TLS / without, 64 clients", "save64s", 3, "save64", 3)
	if (gone) printf "\ndropped: %d of %d repetitions, in which others used more than %s %% of the machine\n", gone, all + gone, limit
}
