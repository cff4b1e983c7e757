/*
 * Part of the program in builds with sanitizers alone: leaks that are not
 * ours.  The terminal library keeps its description of the terminal to the end.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libtinfo\nleak:libncurses\n";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
