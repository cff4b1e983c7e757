/*
 * Signals as bytes in a pipe.  A handler does nothing but note its number and
 * wake the loop; whatever has to happen happens there.
 */
#ifndef STEELYARD_TUI_SIGNALS_H
#define STEELYARD_TUI_SIGNALS_H

#include <stdbool.h>

struct err;

bool signals_open(struct err *err);
void signals_close(void);               /* back to what was before */
int signals_fd(void);                   /* readable when something came */

/* Takes what came, once: a signal that ends the program (its number, else 0),
 * and whether the size changed, the user pressed ^Z, or we were continued. */
struct signals { int end; bool resized, stop, resumed; };
struct signals signals_take(void);

/* The default action of `sig`, now: ends the program with a true status, or
 * stops it until it is continued. */
void signals_die(int sig);
void signals_stop(void);

#endif
