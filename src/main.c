/*
 * steelyard: the command line and the screen, put together.
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv, NULL);
}
