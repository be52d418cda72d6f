/* Hashing of passwords in workers; enrolment codes and tokens. */
#include "server/rpc/password.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "libsodium's hash string");
_Static_assert(PASSWORD_SHA256_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

enum { CODE_BYTES = 16, CODE_SYMBOLS = 26, CODE_GROUP = 4 };

/* Crockford's base 32: no I, L, O, U. */
static const char code_symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void password_job_init(struct password_job *job, const struct password_cost *cost)
{
	memset(job, 0, sizeof *job);
	job->cost = *cost;
}

/* A well-formed hash of the configured cost that is nobody's: its salt and digest are constants. */
static void dummy_hash(const struct password_cost *cost, char *hash)
{
	snprintf(hash, PASSWORD_HASH_BYTES,
		 "$argon2id$v=19$m=%u,t=%u,p=1$aW5hcCBub2JvZHkgc2FsdA$"
		 "bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkIGF0IGFsbC4",
		 cost->memory_mib * 1024, cost->passes);
}

void password_job_verify(struct password_job *job, const char *stored, const char *given)
{
	bool fits = strlen(given) <= PASSWORD_BYTES_MAX;

	job->verify = true;
	if (stored && fits) {
		snprintf(job->stored, sizeof job->stored, "%s", stored);
	} else {
		dummy_hash(&job->cost, job->stored);
	}
	snprintf(job->given, sizeof job->given, "%s", given);
}

void password_job_make(struct password_job *job, const char *fresh)
{
	job->make = true;
	snprintf(job->fresh, sizeof job->fresh, "%s", fresh);
}

void password_work(void *argument)
{
	struct password_job *job = argument;
	size_t memory = (size_t)job->cost.memory_mib << 20;

	if (job->verify) {
		job->matches =
			crypto_pwhash_str_verify(job->stored, job->given, strlen(job->given)) == 0;
	}
	if (job->make && (!job->verify || job->matches)) {
		job->failed = crypto_pwhash_str_alg(job->made, job->fresh, strlen(job->fresh),
						    job->cost.passes, memory,
						    crypto_pwhash_ALG_ARGON2ID13) != 0;
	}
}

void password_job_fini(struct password_job *job)
{
	sodium_memzero(job->given, sizeof job->given);
	sodium_memzero(job->fresh, sizeof job->fresh);
}

void password_forget(char *text)
{
	if (text) {
		sodium_memzero(text, strlen(text));
	}
}

void sha256_of(const void *data, size_t bytes, uint8_t hash[PASSWORD_SHA256_BYTES])
{
	crypto_hash_sha256(hash, data, bytes);
}

void token_new(uint8_t token[PASSWORD_SHA256_BYTES], uint8_t hash[PASSWORD_SHA256_BYTES])
{
	randombytes_buf(token, PASSWORD_SHA256_BYTES);
	sha256_of(token, PASSWORD_SHA256_BYTES, hash);
}

/* Five bits a symbol, most significant first; the last symbol holds the remaining three. */
static void code_write(const uint8_t bytes[CODE_BYTES], char code[ENROL_CODE_BYTES])
{
	char *out = code;

	for (unsigned i = 0; i < CODE_SYMBOLS; i++) {
		unsigned bit = i * 5;
		unsigned pair = (unsigned)bytes[bit / 8] << 8;

		if (bit / 8 + 1 < CODE_BYTES) {
			pair |= bytes[bit / 8 + 1];
		}
		if (i > 0 && i % CODE_GROUP == 0) {
			*out++ = '-';
		}
		*out++ = code_symbols[pair >> (11 - bit % 8) & 31];
	}
	*out = '\0';
}

/* The value of a symbol as people type it: any case, O for 0, I and L for 1. -1: none. */
static int code_value(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z') {
		c = (char)(c - 'a' + 'A');
	}
	c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	at = c ? strchr(code_symbols, c) : NULL;
	return at ? (int)(at - code_symbols) : -1;
}

static bool code_read(const char *code, uint8_t bytes[CODE_BYTES])
{
	unsigned held = 0, bits = 0, symbols = 0, n = 0;

	for (; *code; code++) {
		int value = code_value(*code);

		if (*code == '-' || *code == ' ' || *code == '\n') {
			continue;
		}
		if (value < 0 || ++symbols > CODE_SYMBOLS) {
			return false;
		}
		held = (held << 5 | (unsigned)value) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[n++] = (uint8_t)(held >> bits & 0xff);
		}
	}
	return symbols == CODE_SYMBOLS && (held & 3) == 0;
}

void enrol_code_new(char code[ENROL_CODE_BYTES], uint8_t hash[PASSWORD_SHA256_BYTES])
{
	uint8_t bytes[CODE_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	code_write(bytes, code);
	sha256_of(bytes, sizeof bytes, hash);
	sodium_memzero(bytes, sizeof bytes);
}

bool enrol_code_hash(const char *code, uint8_t hash[PASSWORD_SHA256_BYTES])
{
	uint8_t bytes[CODE_BYTES];
	bool ok = code_read(code, bytes);

	if (ok) {
		sha256_of(bytes, sizeof bytes, hash);
	}
	sodium_memzero(bytes, sizeof bytes);
	return ok;
}
