#include "base/digest.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/banned.h"

struct digest {
	struct sha256_ctx ctx;
};

struct digest *digest_new(void)
{
	struct digest *d = xmalloc(sizeof *d);

	sha256_init(&d->ctx);
	return d;
}

void digest_bytes(struct digest *d, const void *data, size_t n)
{
	sha256_update(&d->ctx, n, data);
}

/* The length goes first, eight bytes little-endian on every machine, so that
 * "ab" + "c" and "a" + "bc" differ. */
void digest_text(struct digest *d, const char *s)
{
	size_t n = strlen(s);
	uint8_t head[8];

	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)((uint64_t)n >> (8 * i));
	digest_bytes(d, head, sizeof head);
	digest_bytes(d, s, n);
}

void digest_number(struct digest *d, double v)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "%a", v == 0 ? 0.0 : v);        /* -0 is 0 */
	digest_text(d, text.s);
	buf_release(&text);
}

void digest_end(struct digest *d, char out[DIGEST_HEX])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t raw[SHA256_DIGEST_SIZE];

	sha256_digest(&d->ctx, sizeof raw, raw);
	for (size_t i = 0; i < sizeof raw; i++) {
		out[2 * i] = hex[raw[i] >> 4];
		out[2 * i + 1] = hex[raw[i] & 15];
	}
	out[2 * sizeof raw] = '\0';
	free(d);
}

void digest_of(const void *data, size_t n, char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_bytes(d, data, n);
	digest_end(d, out);
}
