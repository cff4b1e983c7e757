#!/usr/bin/env bash
# The documented sessions, typed as they stand: every `$ ` line of a console block
# must work, and say what the page shows (`...` stands for lines left out).  With
# --write the figures shown are brought up to date.
. "${SRCDIR:-.}/tests/lib.sh"
export SOURCE_DATE_EPOCH=1795521600	# 2026-11-24
mkdir "$work/bin" "$work/session"
cd "$work/session" || exit 99
ln -s "$STEELYARD" steelyard
ln -s "$STEELYARD" "$work/bin/steelyard"
export PATH=$work/bin:$PATH

# The scenario that the sessions speak of.
awk '/^```/ { on = 0 } /^# bot.yaml/ { on = 1 } on' "$SRCDIR/README.md" >bot.yaml

# shown: each line of `want` in `out`, in this order.
shown() {
	awk -v at=0 'FILENAME == "want" { if ($0 != "...") want[n++] = $0; next }
	at < n && $0 == want[at] { at++ }
	END { if (at < n) { print "not shown: " want[at]; exit 1 } }' want out
}

# renewed: the lines of `want` as `out` has them today: those that differ in
# nothing but figures.
renewed() {
	awk -v at=1 'function bare(s) {
		gsub(/[<>]?[0-9][0-9. ]*[kMG]?/, "#", s); gsub(/ +/, " ", s)
		return s
	}
	FILENAME == "out" { out[++n] = $0; next }
	$0 == "..." { print; next }
	{
		for (i = at; i <= n && bare(out[i]) != bare($0); i++)
			;
		print i <= n ? out[i] : $0
		if (i <= n) at = i + 1
	}' out want
}

run() {
	local name=$1 why=
	case $name in
	*'| jq'*) command -v jq >/dev/null ||
		{ skip "$name" "jq is not here"; return; } ;;
	esac
	bash -c "$name" >out 2>&1 </dev/null || why="exit status $?"
	why+=$(shown) && [ -z "$why" ] && pass "$name" ||
		fail "$name" "$why
$(head -n 20 out)"
}

# finish: the command that was read, and what the page shows of it.
finish() {
	case $command in
	'') return ;;
	./steelyard* | steelyard*) run "$command" ;;
	esac
	[ ! -s want ] || renewed >>page
	command=
}

session() {
	local command= line inside=
	: >page
	: >want
	while IFS= read -r line; do
		case $inside$line in
		'```console') inside=yes ;;
		'yes```' | 'yes$ '*)
			finish
			: >want
			command=${line#\$ }
			[ "$line" != '```' ] || command= inside= ;;
		yes*)
			# a block without a command is no session
			[ -z "$command" ] || {
				printf '%s\n' "$line" >>want
				continue
			} ;;
		esac
		printf '%s\n' "$line" >>page
	done <"$1"
	[ "$write" != --write ] || cp page "$1"
}

write=${1-}
session "$SRCDIR/README.md"
for page in "$SRCDIR"/docs/*.md; do
	session "$page"
done

# The manual's examples, but for those that speak of files and decisions which
# nobody has here.
ln -s "$SRCDIR/scenarios" scenarios
while IFS= read -r line; do
	: >want
	run "$line --samples 512"
done < <(grep -E '^steelyard (evaluate|breakeven|sensitivity|voi|explain|models|plan|save|show|decide|actual|calibration|sweep|export|check) ' \
	"$SRCDIR/docs/cli.md")

# Links between the pages lead somewhere.
broken=$(cd "$SRCDIR" && for page in README.md docs/*.md docs/models/*.md; do
		sed 's/`[^`]*`//g' "$page" | grep -oE '\]\([^)#: ]+' |
		while read -r link; do
			[ -e "$(dirname "$page")/${link#](}" ] ||
				echo "$page: ${link#](}"
		done
	done)
same "links lead to files" "" "$broken"
done_testing
