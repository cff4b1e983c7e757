# The include graph against the layers.  Reads C sources of src/; prints one
# line for each breach.
#
#        tui    cli    (libsteelyard)
#                task
#        report  store  evidence  engine
#        chart              model
#        cells   result     expr
#        yaml    table      dist
#                units  math
#                base
#
# A module includes what is below it and nothing above or beside.
BEGIN {
	row(0, "base")
	row(1, "units math")
	row(2, "yaml table dist")
	row(3, "cells result expr")
	row(4, "chart model")
	row(5, "report store evidence engine")
	row(6, "task")
	row(7, "tui cli")
	row(8, "main")

	# Views of a result see nothing of how it came about, although the
	# modules that know stand lower.
	blind["chart"] = blind["report"] = blind["cells"] = " model expr dist "
	blind["result"] = " yaml table dist units math "

	# System headers that one folder alone may use.
	home("^(ncursesw?/)?(curses|term|panel|form|menu)\\.h$", "tui")
	home("^sqlite3\\.h$", "store")
	home("^yaml\\.h$", "yaml")
	home("^csv\\.h$", "table")
	home("^gsl/", "math dist")
	home("^udunits2\\.h$", "units")
	home("^jansson\\.h$", "report evidence")
	home("^sleef(inline.*)?\\.h$", "expr dist")
	home("^nettle/", "base")
	home("^zlib\\.h$", "base")
	home("^cmark\\.h$", "report")
}

function row(level, names,    n, i, part)
{
	n = split(names, part, " ")
	for (i = 1; i <= n; i++)
		level_of[part[i]] = level
}

function home(pattern, folders)
{
	pattern_of[++homes] = pattern
	folders_of[homes] = " " folders " "
}

function breach(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text
}

FNR == 1 {
	split(FILENAME, path, "/")
	module = path[2] == "main.c" ? "main" : path[2]
	if (!(module in level_of))
		breach("src/" module " is no module of the table")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	if (quoted[2] == "config.h" ||
	    (quoted[2] == "steelyard.h" && module == "task"))
		next
	if (split(quoted[2], part, "/") < 2) {
		breach("\"" quoted[2] "\" names no module")
		next
	}
	if (part[1] == module || !(module in level_of))
		next
	if (!(part[1] in level_of))
		breach("\"" quoted[2] "\" is of no module of the table")
	else if (level_of[part[1]] >= level_of[module])
		breach(module " must not include " quoted[2])
	else if (index(blind[module], " " part[1] " "))
		breach(module " must not see " quoted[2])
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, angled, /[<>]/)
	for (i = 1; i <= homes; i++)
		if (angled[2] ~ pattern_of[i] &&
		    !index(folders_of[i], " " module " "))
			breach("<" angled[2] "> belongs to" folders_of[i] "alone")
}
