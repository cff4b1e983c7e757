/*
 * The curves of the screen, and the break-even that can be read off them at
 * once, long before the engine has refined its own.
 */
#ifndef STEELYARD_TUI_LIVE_H
#define STEELYARD_TUI_LIVE_H

struct state;

enum { LIVE_QUICK = 128, LIVE_REFINED = 2048 };         /* draws a point */

/* Draws the curves over the axis anew, with `draws` a point, and the live
 * break-even.  What cannot be drawn leaves none and says why. */
void live_curve(struct state *st, int draws);
void live_clear(struct state *st);

#endif
