/*
** digest.h - hashes, HMAC and base64: libcrypto behind a few functions.
*/
#ifndef SF_BASE_DIGEST_H
#define SF_BASE_DIGEST_H

#include "base/buffer.h"

#define SF_SHA256_SIZE 32
#define SF_DIGEST_MAX  64

/* SHA-256 of the bytes.  SF_ERR_NOMEM when libcrypto has no memory. */
sf_status sf_sha256(const void *bytes, size_t len,
                    unsigned char out[SF_SHA256_SIZE]);

/* HMAC-SHA-256 of the bytes under the key. */
sf_status sf_hmac_sha256(const void *key, size_t key_len, const void *bytes,
                         size_t len, unsigned char out[SF_SHA256_SIZE]);

/* The hash named as AWS names it ("MD5", "SHA-1", "SHA-256", "SHA-384",
** "SHA-512", exactly).  *size is its length.  SF_ERR_TYPE: no such name. */
sf_status sf_digest(const char *algorithm, const void *bytes, size_t len,
                    unsigned char out[SF_DIGEST_MAX], size_t *size);

/* Append base64 (RFC 4648 section 4, padded) or base64url (section 5, not
** padded). */
void sf_base64_encode(sf_buffer *out, const void *bytes, size_t len);
void sf_base64url_encode(sf_buffer *out, const void *bytes, size_t len);

/* Append what the text encodes.  Strict; false when it is not base64url. */
bool sf_base64url_decode(sf_buffer *out, const char *text, size_t len);

/* The same leniently, as the service and JSONata are: in either alphabet, what is
** no digit is passed over, the first '=' ends the text whether it stands where it
** should or not, and left-over bits are dropped. */
void sf_base64_decode_lax(sf_buffer *out, const char *text, size_t len);

#endif
