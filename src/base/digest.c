/*
** digest.c - libcrypto's hashes, and base64: see digest.h.
*/
#include "base/digest.h"

#include <limits.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* --- hashes --- */

typedef struct hash {
  const char *name;
  const EVP_MD *(*method)(void);
} hash;

static const hash hashes[] = {
  {"MD5", EVP_md5},        {"SHA-1", EVP_sha1},     {"SHA-256", EVP_sha256},
  {"SHA-384", EVP_sha384}, {"SHA-512", EVP_sha512},
};

static sf_status digest(const EVP_MD *method, const void *bytes, size_t len,
                        unsigned char *out, size_t *size) {
  unsigned int written = 0;
  if (!EVP_Digest(bytes, len, out, &written, method, NULL))
    return SF_ERR_NOMEM;
  *size = written;
  return SF_OK;
}

sf_status sf_sha256(const void *bytes, size_t len,
                    unsigned char out[SF_SHA256_SIZE]) {
  size_t size;
  return digest(EVP_sha256(), bytes, len, out, &size);
}

sf_status sf_hmac_sha256(const void *key, size_t key_len, const void *bytes,
                         size_t len, unsigned char out[SF_SHA256_SIZE]) {
  unsigned int size = 0;
  if (key_len > INT_MAX)
    return SF_ERR_LIMIT;
  if (HMAC(EVP_sha256(), key, (int)key_len, bytes, len, out, &size) == NULL)
    return SF_ERR_NOMEM;
  return SF_OK;
}

sf_status sf_digest(const char *algorithm, const void *bytes, size_t len,
                    unsigned char out[SF_DIGEST_MAX], size_t *size) {
  size_t i;
  for (i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
    if (strcmp(hashes[i].name, algorithm) == 0)
      return digest(hashes[i].method(), bytes, len, out, size);
  return SF_ERR_TYPE;
}

/* --- base64 --- */

void sf_base64_encode(sf_buffer *out, const void *bytes, size_t len) {
  size_t length = len / 3 * 4 + (len % 3 != 0 ? 4 : 0);
  char *room = sf_buffer_reserve(out, length + 1); /* libcrypto ends it */
  if (room == NULL)
    return;
  EVP_EncodeBlock((unsigned char *)room, bytes, (int)len);
  out->length += length;
}

void sf_base64url_encode(sf_buffer *out, const void *bytes, size_t len) {
  size_t start = out->length;
  char *at, *end;
  sf_base64_encode(out, bytes, len);
  if (out->failed)
    return;
  while (out->length > start && out->bytes[out->length - 1] == '=')
    out->length--;
  end = out->bytes + out->length;
  for (at = out->bytes + start; at < end; at++)
    *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
}

/* The six bits of a digit of either alphabet, -1 for anything else. */
static int sextet(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Bits on their way into bytes. */
typedef struct gatherer {
  uint32_t bits;
  unsigned held; /* of them, not written yet */
} gatherer;

static void gather(gatherer *g, int digit, sf_buffer *out) {
  g->bits = (g->bits << 6 | (uint32_t)digit) & 0xFFFF;
  g->held += 6;
  if (g->held < 8)
    return;
  g->held -= 8;
  sf_buffer_add_char(out, (char)(g->bits >> g->held & 0xFF));
}

bool sf_base64url_decode(sf_buffer *out, const char *text, size_t len) {
  gatherer g = {0, 0};
  size_t i;
  if (len % 4 == 1)
    return false;
  for (i = 0; i < len; i++) {
    int digit = text[i] == '+' || text[i] == '/' ? -1 : sextet(text[i]);
    if (digit < 0)
      return false;
    gather(&g, digit, out);
  }
  return (g.bits & ((1u << g.held) - 1)) == 0; /* left-over bits are 0 */
}

void sf_base64_decode_lax(sf_buffer *out, const char *text, size_t len) {
  gatherer g = {0, 0};
  size_t i;
  for (i = 0; i < len && text[i] != '='; i++) {
    int digit = sextet(text[i]);
    if (digit >= 0)
      gather(&g, digit, out);
  }
}
