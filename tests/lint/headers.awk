# The header is the manual: each starts with a comment, and a group of
# declarations (up to the next empty line) that holds a function holds a
# comment as well, or follows one.  The verbs of a life cycle (new, free, init,
# release, clear) mean the same everywhere and need none; nor do the headers that
# call themselves private to a folder.
function breach(line, text)
{
	printf "%s:%d: %s\n", FILENAME, line, text
}

function end_group()
{
	if (first && !commented && !follows && !hidden)
		breach(first, "no comment tells what this function is for")
	if (seen)
		follows = commented && !first
	first = commented = seen = 0
}

FNR <= 12 && /Private to/ { hidden = 1 }

FNR == 1 {
	end_group()
	hidden = /Private to/
	follows = inside = 0
	if ($0 !~ /^\/\*/)
		breach(1, "the header does not start with a comment")
}

/^[ \t]*$/ && !inside {
	end_group()
	next
}

{
	seen = 1
	if (index($0, "/*"))
		commented = inside = 1
	if (index($0, "*/"))
		inside = 0
	else if (inside)
		next
}

/^[a-z].*[a-z_0-9]\(/ && !/^(typedef|static|extern.*\[)/ &&
!/_(new|free|init|release|clear)\(/ {
	if (!first)
		first = FNR
}

END { end_group() }
