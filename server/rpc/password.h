/**
 * Passwords and enrolment codes: which are good enough, how they are hashed.
 *
 * Source     TRUST 3.1: argon2id, no rules of composition, a list of what everybody tries first.
 * Ownership  a job is its request's (in the arena); password_job_fini() leaves no secret in it.
 * Errors     password_refused() says why in English; a job without memory is `failed`.
 * Limits     15 characters to 128 bytes; codes of 128 bits, 26 symbols.
 * Threads    password_work() runs in a worker and touches its argument only; the rest anywhere.
 */
#ifndef INAP_RPC_PASSWORD_H
#define INAP_RPC_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PASSWORD_POINTS_MIN = 15,
	PASSWORD_BYTES_MAX = 128,
	PASSWORD_HASH_BYTES = 128, /* NUL included, as libsodium writes it */
	PASSWORD_SHA256_BYTES = 32,
	ENROL_CODE_BYTES = 33 /* 26 symbols in groups of four, and a NUL */
};

/** Why a password is refused for this user, or NULL: it is good. */
const char *password_refused(const char *password, const char *user);

/** What one hash costs. */
struct password_cost {
	unsigned passes;
	unsigned memory_mib;
};

/** One worker job: verifies a password, hashes another, or both in this order. */
struct password_job {
	struct password_cost cost;
	bool verify;
	bool make;
	char stored[PASSWORD_HASH_BYTES];
	char given[PASSWORD_BYTES_MAX + 1];
	char fresh[PASSWORD_BYTES_MAX + 1];
	bool matches;                   /* out: the given password is that of `stored` */
	char made[PASSWORD_HASH_BYTES]; /* out: the hash of `fresh` */
	bool failed;                    /* out: no memory */
};

void password_job_init(struct password_job *job, const struct password_cost *cost);
/** stored NULL: there is no such user or password; the job costs the same and never matches. */
void password_job_verify(struct password_job *job, const char *stored, const char *given);
/** Hashes fresh, after a verification only where that matched. */
void password_job_make(struct password_job *job, const char *fresh);
/** The job itself, for request_work(). */
void password_work(void *job);
/** Zeroes the passwords. */
void password_job_fini(struct password_job *job);
/** Zeroes a secret that a request's body holds. */
void password_forget(char *text);

/** A fresh one-time code and the hash that is kept of it. */
void enrol_code_new(char code[ENROL_CODE_BYTES], uint8_t hash[PASSWORD_SHA256_BYTES]);
/** The hash of a code as typed (any case, with or without hyphens); false: it is none. */
bool enrol_code_hash(const char *code, uint8_t hash[PASSWORD_SHA256_BYTES])
	__attribute__((warn_unused_result));

/** A session's token, of 256 random bits, and the hash that is kept of it. */
void token_new(uint8_t token[PASSWORD_SHA256_BYTES], uint8_t hash[PASSWORD_SHA256_BYTES]);
void sha256_of(const void *data, size_t bytes, uint8_t hash[PASSWORD_SHA256_BYTES]);

#endif
