/*
 * The list of scenarios to open: saved ones of the store, newest first, then
 * those that came with the program.
 */
#ifndef STEELYARD_TUI_SAVED_H
#define STEELYARD_TUI_SAVED_H

struct state;

#define SAVED_ROWS 200                  /* of the store; a filter finds more */

/* Reads the list anew with the filter; the chosen row stays where it can. */
void saved_read(struct state *st);

#endif
