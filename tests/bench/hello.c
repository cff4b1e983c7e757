/* What a terminal program cannot do without: curses, colours, 40 rows. */
#include <curses.h>

int main(void)
{
	initscr();
	start_color();
	init_pair(1, COLOR_GREEN, COLOR_BLACK);
	for (int i = 0; i < LINES; i++) {
		attron(COLOR_PAIR(1));
		mvprintw(i, 0, "row %d of a screen that says hello", i);
		attroff(COLOR_PAIR(1));
	}
	refresh();
	getch();
	endwin();
	return 0;
}
