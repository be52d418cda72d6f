# Makes build/gen/methods.inc from methods.def: one line per message, from its name to its descriptor.
# The preprocessor cannot make report_save of ReportSave, so this does; method.c takes the rest of a row as it is.
# Run: awk -f proto/methods.awk proto/methods.def > build/gen/methods.inc

function snake(name) {
	gsub(/[A-Z]/, "_&", name)
	return tolower(substr(name, 2))
}

function emit(name) {
	gsub(/[ \t]/, "", name)
	if (!(name in done))
		printf "#define DESCRIPTOR_%s (&inap__v1__%s__descriptor)\n", name, snake(name)
	done[name] = 1
}

BEGIN {
	print "/* Descriptors of the messages that methods.def names; made by proto/methods.awk. */"
	FS = ","
}

/^METHOD\(/ {
	emit($4)
	emit($5)
}
