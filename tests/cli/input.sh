#!/usr/bin/env bash
# Bad input: each a clear message, the documented status, no output.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
good=$SRCDIR/scenarios/support-chatbot-100k.yaml

# refused NAME STATUS REGEX [FILE]
refused() {
	expect "$1" "$2" noout err "$3" -- evaluate --point "${4:-bad.yaml}"
}

# text LINE...: writes bad.yaml
text() {
	printf '%s\n' "$@" >bad.yaml
}

refused "missing file" 7 'nowhere.yaml: no such file' nowhere.yaml
mkdir folder.yaml
refused "directory" 7 'irectory|folder' folder.yaml
expect "/dev/null" 7 noout err 'null' -- evaluate /dev/null
: >bad.yaml
refused "empty file" 3 'empty'
printf '\n\n# nothing\n' >bad.yaml
refused "comments alone" 3 'empty'
head -c 5000 "$STEELYARD" >bad.yaml
refused "binary file" 3 'bad.yaml'
printf '\377\376s\000c\000' >bad.yaml
refused "UTF-16" 3 'bad.yaml'
truncate -s 100M big.yaml
refused "100 MB file" 6 'larger' big.yaml
check "told at once" timeout 2 "$STEELYARD" --version
{ printf 'scenario: '; head -c 300000 /dev/zero | tr '\0' '['; } >bad.yaml
refused "deep nesting" '6' 'deep|nest|level|bytes'
text 'scenario: x' 'title: &a [1]' 'build-vs-buy: *a'
refused "alias" 3 'bad.yaml:2'
text 'scenario: x' 'scenario: y' 'build-vs-buy: {}'
refused "duplicate key" 3 'bad.yaml:2.*line 1|line 1'
printf 'scenario: x\n\tbuild-vs-buy: {}\n' >bad.yaml
refused "tab indentation" 3 'bad.yaml:2.*tab|tab'
text 'scenario: x' 'title: !!python/object x' 'build-vs-buy: {}'
refused "tag" 3 'bad.yaml:2'
text 'scenario: x' 'build-vs-buy: {}' '---' 'scenario: y'
refused "second document" 3 'bad.yaml'
text 'scenario: x' 'bild-vs-buy: {}'
refused "unknown key" 3 'bild-vs-buy'
text 'scenario: x' 'build-vs-buy: {parameters: {nonsense: 3}}'
refused "unknown parameter" 3 'bad.yaml:2.*nonsense'
text 'build-vs-buy: {}'
refused "no name" 3 'scenario'
text 'scenario: x' 'workload: {requests_per_day: 5 USD}' 'build-vs-buy: {}'
refused "wrong unit" 3 'bad.yaml:2.*USD'
text 'scenario: x' 'workload: {requests_per_day: 100 to 10}' 'build-vs-buy: {}'
refused "P5 above P95" 3 'bad.yaml:2'
for value in NaN .nan inf .inf 1e999 -5; do
	text 'scenario: x' "workload: {requests_per_day: $value}" \
		'build-vs-buy: {}'
	refused "requests_per_day: $value" 3 'bad.yaml:2'
done
printf 'scenario: "x\\e[31m"\nbuild-vs-buy: {}\n' >bad.yaml
refused "control characters" 3 'bad.yaml:1'
text 'scenario: x' 'title: "a \u202e b"' 'build-vs-buy: {}'
refused "bidirectional controls" 3 'bad.yaml:2'
text 'scenario: x' 'model_files: [nowhere.yaml]' 'build-vs-buy: {}'
refused "missing model file" 7 'nowhere.yaml'
cut=0
for n in 10 50 100 200 300 400; do
	head -c $n "$good" >bad.yaml
	steelyard evaluate --point bad.yaml
	sound >/dev/null || cut=$((cut + 1))
done
same "a file cut anywhere is told soundly" 0 "$cut"

# Names are data.
name="a b\$(touch gone);'q.yaml"
cp "$good" "$name"
expect "a name with blanks and quotes" 0 noerr -- evaluate --point "$name"
check "ran nothing" test ! -e gone
expect "a missing name with an escape" 7 noout err '\\x1b' \
	-- evaluate "$(printf 'no\033[31mred.yaml')"
expect "an unknown name with an escape" 2 noout err '\\x1b' \
	-- evaluate "$(printf 'no\033[31mred')"
expect "one bad file among good ones" 7 out 'Build vs buy' err 'nowhere' \
	-- evaluate --point "$good" nowhere.yaml
chmod 000 bad.yaml
if [ "$(id -u)" = 0 ]; then
	skip "unreadable file" "root may read everything"
else
	refused "unreadable file" 7 'ermission'
fi
chmod 600 bad.yaml

# Models of one's own.
expect "a model that is not there" 2 noout err 'build-vs-buy' \
	-- models show nothing
for cut in 100 1000 5000; do
	head -c $cut "$SRCDIR"/models/build-vs-buy.yaml >own.yaml
	steelyard models lint ./own.yaml
	check "a model cut at $cut bytes" test "$status" = 3
done
head -c 3000 /dev/urandom >own.yaml
expect "a model of noise" 3 noout err 'own.yaml' -- models lint ./own.yaml
done_testing
