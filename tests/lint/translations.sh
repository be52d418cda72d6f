#!/bin/bash
# Catalogues are complete and well-formed, and a translation names the same {places} as its text.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

# Names in msgid and in every msgstr, compared as sets. POSIX awk.
places() {
	awk '
	function names(text,  found, list, name) {
		list = ""
		while (match(text, /[{][a-z_]+[}]/)) {
			name = substr(text, RSTART, RLENGTH)
			if (index(list, name) == 0) found[name] = 1
			text = substr(text, RSTART + RLENGTH)
		}
		for (name in found) list = list name
		return list
	}
	function same(a, b,  rest, name) {
		rest = a
		while (match(rest, /[{][a-z_]+[}]/)) {
			name = substr(rest, RSTART, RLENGTH)
			if (index(b, name) == 0) return name
			rest = substr(rest, RSTART + RLENGTH)
		}
		return ""
	}
	function judge(  i, lost) {
		for (i in translated) {
			if (translated[i] == "") continue
			lost = same(names(original plural), names(translated[i]))
			# one form may name a number in words, so a lost place counts only where there is one form
			if (lost != "" && plural == "") { print FILENAME ":" line ": the translation lacks " lost; bad = 1 }
			lost = same(names(translated[i]), names(original plural))
			if (lost != "") { print FILENAME ":" line ": the translation invents " lost; bad = 1 }
		}
		original = plural = ""; split("", translated); into = ""
	}
	function text_of(rest) { sub(/^[^"]*"/, "", rest); sub(/"[ \t\r]*$/, "", rest); return rest }
	/^msgid / { judge(); line = FNR; original = text_of($0); into = "original"; next }
	/^msgid_plural / { plural = text_of($0); into = "plural"; next }
	/^msgstr/ { form = $1; translated[form] = text_of($0); into = "translated"; next }
	/^"/ { if (into == "original") original = original text_of($0)
		else if (into == "plural") plural = plural text_of($0)
		else if (into == "translated") translated[form] = translated[form] text_of($0); next }
	END { judge(); exit bad }' "$1"
}

# Texts of the sources that no catalogue knows.
forgotten() {
	local template file line found=0
	template=$(mktemp -d)
	project_files 'client/*.c' 'client/*.h' 'client/*.def' | LC_ALL=C xargs -0 -r xgettext --language=C --from-code=UTF-8 \
		--keyword=_ --keyword=N_ --omit-header --no-location -o "$template/inap.pot" 2>"$template/errors" || cat "$template/errors"
	project_files 'proto/errors.def' | LC_ALL=C xargs -0 -r xgettext --language=C --from-code=UTF-8 --keyword=ERROR:4 \
		--omit-header --no-location -o "$template/errors.pot" 2>/dev/null
	for file in "$template"/*.pot; do
		# header-less templates are compared with a header borrowed from the catalogue
		{ sed '/^$/q' "$1"; cat "$file"; } >"$file.po"
		for line in $(LC_ALL=C msgcmp --use-untranslated "$1" "$file.po" 2>&1 |
			sed -n 's/.*[.]po:\([0-9]*\): this message is used but not defined.*/\1/p'); do
			echo "$1: lacks $(head -n "$line" "$file.po" | grep '^msgid ' | tail -n 1)"
			found=1
		done
	done
	rm -rf "$template"
	return $found
}

check() {
	local catalogue counts status=0
	while IFS= read -r -d '' catalogue; do
		msgfmt --check -o /dev/null "$catalogue" || status=1
		counts=$(LC_ALL=C msgfmt --statistics -o /dev/null "$catalogue" 2>&1)
		[[ $counts =~ ^[0-9]+\ translated\ messages?\.$ ]] || { echo "$catalogue: $counts" && status=1; }
		places "$catalogue" || status=1
		forgotten "$catalogue" || status=1
	done < <(project_files 'client/po/*.po')
	return $status
}

planted_catalogue() {
	mkdir -p client/po
	printf '# Planted.\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: ar\\n"\n\n%s\n' "$1" >client/po/planted.po
}

plant_lost_place() {
	planted_catalogue $'msgid "no such {what}"\nmsgstr "لا يوجد"'
	echo 'lacks {what}'
}

plant_invented_place() {
	planted_catalogue $'msgid "nothing"\nmsgstr "لا {what}"'
	echo 'invents {what}'
}

plant_untranslated() {
	planted_catalogue $'msgid "nothing"\nmsgstr ""'
	echo '1 untranslated'
}

plant_unknown_text() {
	planted_catalogue $'msgid "nothing"\nmsgstr "لا شيء"'
	printf '/* Planted. */\nconst char *planted = N_("planted words that nobody translated");\n' >client/planted.c
	echo 'lacks msgid "planted words that nobody translated"'
}

lint_main "$@"
