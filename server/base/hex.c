/* Bytes as lower-case hex digits and back. */
#include "server/base/hex.h"

#include <string.h>

void hex_encode(const void *data, size_t bytes, char *text)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = data;

	for (size_t i = 0; i < bytes; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 0x0f];
	}
	text[2 * bytes] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(const char *text, void *data, size_t bytes)
{
	unsigned char *to = data;

	if (strlen(text) != 2 * bytes) {
		return false;
	}
	for (size_t i = 0; i < bytes; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			return false;
		}
		to[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
