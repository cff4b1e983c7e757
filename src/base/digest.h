/*
 * SHA-256 (nettle) over canonical text.  A digest identifies what was
 * computed; it is printed as 64 hexadecimal digits.
 */
#ifndef STEELYARD_BASE_DIGEST_H
#define STEELYARD_BASE_DIGEST_H

#include <stddef.h>

#define DIGEST_HEX 65                           /* 64 digits and NUL */

struct digest;
struct digest *digest_new(void);
void digest_bytes(struct digest *d, const void *data, size_t n);
void digest_text(struct digest *d, const char *s);      /* with its length */
void digest_number(struct digest *d, double v);         /* exact (%a) */
void digest_end(struct digest *d, char out[DIGEST_HEX]);/* frees d */
void digest_of(const void *data, size_t n, char out[DIGEST_HEX]);

#endif
