# Tables of the documentation, from what the program answers.  Figures have
# three digits, so that another floating-point class prints the same.

def digits:
	if . == 0 then 0 else
		(log10 | floor) as $e | pow(10; $e - 2 | fabs) as $s
		| if $e < 2 then (. * $s | round) / $s
		  else (. / $s | round) * $s end
	end;

def figure:
	if type == "string" then .
	elif . == null then "-"
	elif . < 0 then "-" + (-. | figure)
	elif . >= 999500 then "\(. / 1e6 | digits)M"
	elif . >= 9995 then "\(. / 1e3 | digits)k"
	else digits | tostring end;

def row: "| " + join(" | ") + " |";
# The head of a table: words stand to the left, figures to the right.
def head:
	row, "|" + (map(if test("^(P5|mean|P95|P\\(best\\)|from|to)$|`|USD$")
	                then "---:|" else "---|" end) | add);

def rounded($n): . * pow(10; $n) | round / pow(10; $n);

def share:
	if . == null then "-"
	else (rounded(2) * 100 | round | tostring) as $t
	| ("000" + $t)[-3:] | .[0:1] + "." + .[1:] end;

def advice:
	if .status != "ok" then .status
	elif .slo_met == false then "misses the service level"
	else "" end;

def tradeoff($model):
	.scenarios[0].tradeoffs[]
	| select($model == "" or .model == $model);

def title($name):
	first(.options[] | select(.name == $name) | .title) // $name;

# Each option with its spread.
def options($model):
	first(tradeoff($model))
	| .verdict.option as $take
	| (["option", "P5", "mean", "P95", "P(best)", "advice"] | head),
	  (.options[]
	   | [.title, (.p5, .mean, .p95 | figure), (.probability_best | share),
	      if .name == $take then "take it" else advice end]
	   | row);

# Which option is the best of all between which values of a parameter.
def tips($model; $of):
	first(tradeoff($model)) as $t
	| first($t.break_even[]
	        | select(.among == "all" and .parameter == $of)) as $b
	| [$b.crossings[] | select(.below != .above)] as $c
	| (["best of all", "from", "to"] | head),
	  if ($c | length) == 0
	  then ["\($b.state)", "-", "-"] | row
	  else
		([$t | title($c[0].below), "", ($c[0].at | figure)] | row),
		(range($c | length) as $i
		 | [($t | title($c[$i].above)), ($c[$i].at | figure),
		    if $i + 1 < ($c | length)
		    then $c[$i + 1].at | figure else "" end]
		 | row)
	  end;

# Hard rules that apply, whom they bar, and what obeying costs.
def rules($model):
	first(tradeoff($model)) as $t
	| (["rule that applies", "bars", "obeying costs"] | head),
	  ($t.rules[] | select(.applies)
	   | [.title, ([.bars[] as $o | $t | title($o)] | join("; ")),
	      if .price == null then "-" else "\(.price | figure) USD" end]
	   | row);

# What knowing everything is worth, and what is worth finding out first.
def worth($model):
	first(tradeoff($model))
	| first(.voi.evppi | sort_by(-.value)[]) as $first
	| [.verdict.probability_best | share] + [.verdict.badge // "-"]
	  + [.voi.evpi | figure]
	  + [if ($first.value // 0) > 0
	     then "\($first.title // $first.parameter) (\($first.value | figure))"
	     else "nothing" end];

# VALUE@OPTION, or NAME@OPTION for an output, or NAME of the advised option.
def asked($what):
	($what / "@") as $w
	| (($w[1]) // .verdict.option) as $name
	| first(.options[] | select(.name == $name)) as $o
	| if $w[0] == "cost" then $o.value
	  else $o.outputs[$w[0]] | .value // .state end;

def case($model; $columns):
	first(tradeoff($model)) as $t
	| [$columns[] as $c | $t | asked($c) | figure]
	  + [$t | title(.verdict.option // "none")];

# "got" of an example: a number with its unit, or a word.
def got:
	if test("^-?[0-9]") then split(" ")[0] | tonumber | figure else . end;

def unit: (split(" ")[1:] | join(" ")) | if . == "" then "" else " in " + . end;

def examples($model; $names; $exprs):
	[.outcomes[] | select(.model == $model)] as $all
	| (["example"] + [$exprs[] as $e
	   | first($all[] | select(.expect == $e and
	           (.example as $x | $names | index($x)))).got as $got
	   | "`\($e)`" + ($got | unit)] | head),
	  ($names[] as $n
	   | [$n] + [$exprs[] as $e
	      | first(($all[] | select(.expect == $e and .example == $n)
	               | .got | got), "-")]
	   | row);

# The joint choice beside the separate ones.
def plan:
	(["trade-off", "together", "by itself", "share of draws"] | head),
	(.tradeoffs[]
	 | [.title, "`\(.option)`",
	    if .by_itself == .option then "the same" else "`\(.by_itself)`" end,
	    (.chosen[.option] | share)]
	 | row);
