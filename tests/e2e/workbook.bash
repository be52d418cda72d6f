# shellcheck shell=bash
# Workbooks in tests: looked into and changed part by part, filled in by LibreOffice, made from nothing.
#
# Sourced after helper.bash.

# part FILE NAME: a part of a workbook.
part() {
	unzip -p "$1" "$2"
}

# part_edit FILE NAME SED: a part changed in place by a script of sed.
part_edit() {
	local folder
	folder=$(mktemp -d "$INAP_HOME/part-XXXXXX")
	mkdir -p "$folder/$(dirname "$2")"
	unzip -p "$1" "$2" | sed "$3" >"$folder/$2"
	(cd "$folder" && zip -q "$1" "$2")
	rm -rf "$folder"
}

# sheet_make FILE ROWS: a workbook of one sheet Q3 with these rows, as a small program might write it.
sheet_make() {
	local folder
	folder=$(mktemp -d "$INAP_HOME/sheet-XXXXXX")
	mkdir -p "$folder/_rels" "$folder/x/_rels"
	local rels='<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
	local type=http://schemas.openxmlformats.org/officeDocument/2006/relationships main=http://schemas.openxmlformats.org/spreadsheetml/2006/main
	echo "$rels<Relationship Id=\"a\" Type=\"$type/officeDocument\" Target=\"/x/book.xml\"/></Relationships>" >"$folder/_rels/.rels"
	echo "<workbook xmlns=\"$main\" xmlns:r=\"$type\"><sheets><sheet name=\"Q3\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>" >"$folder/x/book.xml"
	echo "$rels<Relationship Id=\"b\" Type=\"$type/worksheet\" Target=\"one.xml\"/></Relationships>" >"$folder/x/_rels/book.xml.rels"
	echo "<worksheet xmlns=\"$main\"><sheetData>$2</sheetData></worksheet>" >"$folder/x/one.xml"
	rm -f "$1"
	(cd "$folder" && zip -q -r "$1" .)
	rm -rf "$folder"
}

# text_cell COLUMN-ROW TEXT
text_cell() {
	echo "<c r=\"$1\" t=\"inlineStr\"><is><t>$2</t></is></c>"
}

# office FORMAT FILE [FOLDER]: LibreOffice reads a file and writes it, with FORMAT's ending, beside it or into FOLDER.
office() {
	local folder=${3:-$(dirname "$2")} name
	name=$(basename "$2")
	timeout 120 soffice --headless --nologo --norestore "-env:UserInstallation=file://$INAP_HOME/office" \
		--convert-to "$1" --outdir "$folder" "$2" >>"$INAP_HOME/office.log" 2>&1 3>&- || return 1
	[[ -s $folder/${name%.*}.$1 ]]
}

# office_fill FILE < LINES: fills entry cells of a form in LibreOffice and saves it again as a workbook. A line is
# CELL|KIND|TEXT with KIND string, float or formula.
office_fill() {
	office fods "$1" || flunk "LibreOffice cannot read $1" "$(tail "$INAP_HOME/office.log")" || return 1
	awk -F '|' '
		NR == FNR { kind[$1] = $2; text[$1] = $3; next }
		/<table:table-row/ { column = 0; code = "" }
		/<table:table-cell/ {
			column++
			if (code in kind && column == 6) {
				sub(/\/>$/, "")
				if (kind[code] == "string") print $0 " office:value-type=\"string\"><text:p>" text[code] "</text:p></table:table-cell>"
				else if (kind[code] == "float") print $0 " office:value-type=\"float\" office:value=\"" text[code] "\"/>"
				else print $0 " table:formula=\"of:" text[code] "\" office:value-type=\"float\" office:value=\"0\"/>"
				filled++
				next
			}
		}
		column == 1 && match($0, /<text:p>.*<\/text:p>/) { code = substr($0, RSTART + 8, RLENGTH - 17) }
		{ print }
		END { exit filled != length(kind) }
	' - "${1%.*}.fods" >"${1%.*}-filled.fods" || flunk "not every cell was found" || return 1
	office xlsx "${1%.*}-filled.fods" || flunk "LibreOffice cannot write it" "$(tail "$INAP_HOME/office.log")"
}
