/*
 * steelyard: the command line and the screen, put together.  They stand beside
 * each other and meet only here.
 */
#include "cli/cli.h"
#include "tui/tui.h"

static int screen(const struct screen_call *call)
{
	const struct tui_options options = {
		.ascii = call->ascii,
		.no_mouse = call->no_mouse,
		.no_color = call->mono,
		.fresh = call->fresh,
	};

	if (call->plain)
		return tui_plain(call->context, call->ref, &options, stdin,
		                 stdout, call->err);
	return tui_run(call->context, call->ref, &options, call->err);
}

int main(int argc, char **argv)
{
	return cli_main(argc, argv, screen);
}
