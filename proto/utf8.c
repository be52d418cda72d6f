/* UTF-8 read and written strictly (RFC 3629). */
#include "proto/utf8.h"

/* Bytes that a first byte announces, 0 if it cannot be one; *low is the least code point of that
 * size. */
static size_t size_of(uint8_t first, uint32_t *bits, uint32_t *low)
{
	if (first < 0x80) {
		*bits = first;
		*low = 0;
		return 1;
	}
	if ((first & 0xe0) == 0xc0) {
		*bits = first & 0x1f;
		*low = 0x80;
		return 2;
	}
	if ((first & 0xf0) == 0xe0) {
		*bits = first & 0x0f;
		*low = 0x800;
		return 3;
	}
	if ((first & 0xf8) == 0xf0) {
		*bits = first & 0x07;
		*low = 0x10000;
		return 4;
	}
	return 0;
}

size_t utf8_get(const char *bytes, size_t n, uint32_t *point)
{
	uint32_t value = 0, low = 0;
	size_t size = n == 0 ? 0 : size_of((uint8_t)bytes[0], &value, &low);

	if (size == 0 || size > n)
		return 0;
	for (size_t i = 1; i < size; i++) {
		uint8_t byte = (uint8_t)bytes[i];
		if ((byte & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte & 0x3f);
	}
	if (value < low || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return size;
}

size_t utf8_put(char out[UTF8_POINT_BYTES], uint32_t point)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}
