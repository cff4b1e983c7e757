/*
 * Calls that hurt, made compile errors.  Include this last in a .c file:
 * a system header that comes later might name them.
 *
 * The reasons: no bound on what is written (strcpy, strcat, sprintf, gets,
 * alloca), a result that cannot be told from an error (the ato* family), a
 * bound that leaves no terminator (strncpy, strncat), hidden state that two
 * threads share (strtok, localtime, gmtime, asctime, ctime).
 */
#ifndef STEELYARD_BASE_BANNED_H
#define STEELYARD_BASE_BANNED_H

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef alloca
#undef strtok
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison atoi atol atoll atof strtok alloca
#pragma GCC poison localtime gmtime asctime ctime

#endif
