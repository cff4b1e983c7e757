#!/usr/bin/env bash
# Decision records in the programs that read them: log4brains, markdownlint,
# Chromium.  Nothing is installed; what is not here is skipped with its name.
# LOG4BRAINS, MARKDOWNLINT and CHROMIUM may name the programs.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
. "$SRCDIR/tests/cli/librecords.sh"

# found WORD...: the first that is a program.
found() {
	local program
	for program in "$@"; do
		command -v "$program" && return
	done
	return 1
}

for format in madr log4brains nygard hybrid html; do
	steelyard export --all --format $format -o $format
done

# --- log4brains ---------------------------------------------------------

brains=$(found ${LOG4BRAINS:+"$LOG4BRAINS"} log4brains)

# SLUG,STATUS of each decision, as it should be listed.
wanted() {
	grep -oE 'decision=D[0-9]+' site/adr/[0-9]*.md |
	sed 's,^site/adr/\(.*\)\.md:decision=D,\1 ,' |
	while read -r slug number; do
		jq -r --arg s "$slug" --argjson n "$number" '.decisions[] |
			select(.number == $n) | "\($s),\(.status |
			ascii_upcase)"' log.json
	done | sort
}

# preview PORT: a page of each record answers.  The program starts another one
# and heeds no TERM: both go as one group.
preview() {
	local pid ok=0 try slug at=http://localhost:$1
	cd site || return
	setsid "$brains" preview --no-open -p "$1" >../preview 2>&1 &
	pid=$!
	cd ..
	for try in $(seq 60); do
		curl -sfLo /dev/null "$at/" && break
		read -rt 1 <> <(:) || :
	done
	for slug in $(wanted | cut -d, -f1); do
		curl -sfL "$at/adr/$slug" >page ||
			{ echo "no page of $slug ($try)"; ok=1; }
		grep -q '<script>alert' page && { echo "$slug runs"; ok=1; }
	done
	kill -9 -- -$pid
	wait $pid 2>/dev/null
	return $ok
}

port=4759
for format in log4brains hybrid; do
	if [ -z "$brains" ]; then
		skip "log4brains reads $format" "log4brains is not here"
		continue
	fi
	rm -rf site && mkdir site && cp -r $format site/adr
	printf 'project:\n  name: x\n  tz: Etc/UTC\n  adrFolder: ./adr\n' \
		>site/.log4brains.yml
	(cd site && "$brains" adr list --raw) >listed 2>complaints
	same "log4brains reads $format: every status" "$(wanted)" \
		"$(cut -d, -f1,2 listed | sort)"
	same "without complaint" "" "$(cat complaints)"
	if command -v curl >/dev/null; then
		check "and shows $format" preview $((port++))
	else
		skip "and shows $format" "curl is not here"
	fi
done

# --- markdownlint -------------------------------------------------------

lint=$(found ${MARKDOWNLINT:+"$MARKDOWNLINT"} markdownlint)
echo '{"default": true, "MD013": false, "MD024": false}' >lint.json
for format in madr log4brains nygard hybrid; do
	if [ -n "$lint" ]; then
		check "markdownlint: $format" "$lint" -c lint.json $format
	else
		skip "markdownlint: $format" "markdownlint is not here"
	fi
done

# --- Chromium -----------------------------------------------------------

chrome=$(found ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser \
	google-chrome)

browse() {
	timeout 120 "$chrome" --headless=new --no-sandbox --disable-gpu \
		--hide-scrollbars --user-data-dir="$work/browser" "$@" \
		2>/dev/null
}

# fits WIDTH FILE: nothing makes the page scroll sideways.
fits() {
	sed -e '/Content-Security-Policy/d' -e 's,^</body>,<script>document.title=\
document.documentElement.scrollWidth+" in "+innerWidth</script></body>,' \
		"$2" >measured.html
	browse --window-size="$1",900 --dump-dom "file://$work/measured.html" |
		grep -oE '<title>[0-9]+ in [0-9]+' >size
	read -r wide _ room < <(sed 's/<title>//' size)
	[ "$wide" -le "$room" ] || cat size
}

page=$(echo html/0005-*.html)
for shot in 'desktop 1280' 'phone 500'; do
	if [ -z "$chrome" ]; then
		skip "a page on a ${shot% *}" "Chromium is not here"
		continue
	fi
	browse --window-size="${shot#* }",2000 --screenshot="${shot% *}.png" \
		"file://$work/$page"
	check "a page on a ${shot% *}" test -s "${shot% *}.png"
	check "which fits" fits "${shot#* }" "$page"
done
if [ -n "$chrome" ]; then
	browse --no-pdf-header-footer --print-to-pdf=paper.pdf \
		"file://$work/$page"
	check "and on paper" grep -aq '/Type */Page' paper.pdf
else
	skip "and on paper" "Chromium is not here"
fi

done_testing
