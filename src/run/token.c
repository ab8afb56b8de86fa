/*
** token.c - the task token that a workflow hands out: base64url of
**   version (1 byte), attempt (4 bytes), HMAC-SHA-256 (32 bytes), execution ARN
** The MAC covers all the rest, under the secret of the execution.
*/
#include <string.h>

#include "run/internal.h"

#define TOKEN_VERSION 1
#define TOKEN_HEAD    (1 + 4 + SF_SHA256_SIZE)

static void write_attempt(unsigned char *out, uint32_t attempt) {
  out[0] = (unsigned char)(attempt >> 24);
  out[1] = (unsigned char)(attempt >> 16);
  out[2] = (unsigned char)(attempt >> 8);
  out[3] = (unsigned char)attempt;
}

static uint32_t read_attempt(const unsigned char *in) {
  return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 |
         (uint32_t)in[3];
}

/* The MAC of (version, attempt, arn). */
static bool authenticate(const sf_execution *x, uint32_t attempt,
                         const char *arn, size_t len,
                         unsigned char mac[SF_SHA256_SIZE]) {
  sf_buffer b;
  unsigned char head[5];
  bool ok;

  head[0] = TOKEN_VERSION;
  write_attempt(head + 1, attempt);
  sf_buffer_init(&b, x->mem);
  sf_buffer_add(&b, (const char *)head, sizeof head);
  sf_buffer_add(&b, arn, len);
  ok = !b.failed && sf_hmac_sha256(x->facts.secret, sizeof x->facts.secret,
                                   b.bytes, b.length, mac) == SF_OK;
  sf_buffer_clear(&b);
  return ok;
}

sf_value sf_token_make(sf_execution *x, uint32_t attempt) {
  unsigned char head[TOKEN_HEAD];
  const char *arn = "";
  size_t len = 0;
  sf_buffer raw, text;
  sf_value token = {{0}, SF_ABSENT};

  sf_identify(x);
  if (x->facts.arn.kind == SF_STRING) {
    arn = sf_string_text(x->facts.arn);
    len = sf_string_length(x->facts.arn);
  }
  head[0] = TOKEN_VERSION;
  write_attempt(head + 1, attempt);
  if (!authenticate(x, attempt, arn, len, head + 5))
    return token;
  sf_buffer_init(&raw, x->mem);
  sf_buffer_init(&text, x->mem);
  sf_buffer_add(&raw, (const char *)head, sizeof head);
  sf_buffer_add(&raw, arn, len);
  if (!raw.failed) {
    sf_base64url_encode(&text, raw.bytes, raw.length);
    token = sf_buffer_string(&text);
  }
  sf_buffer_clear(&raw);
  return token;
}

static bool same_mac(const unsigned char *a, const unsigned char *b) {
  unsigned difference = 0;
  size_t i;

  for (i = 0; i < SF_SHA256_SIZE; i++)
    difference |= (unsigned)(a[i] ^ b[i]);
  return difference == 0;
}

static sf_answer check(const sf_execution *x, const unsigned char *raw,
                       size_t len, uint32_t *attempt) {
  unsigned char mac[SF_SHA256_SIZE];
  const char *arn = (const char *)raw + TOKEN_HEAD;
  size_t arn_len = len - TOKEN_HEAD;
  sf_value own = x->facts.arn;

  *attempt = read_attempt(raw + 1);
  if (own.kind == SF_STRING && (arn_len != sf_string_length(own) ||
                                memcmp(arn, sf_string_text(own), arn_len) != 0))
    return SF_TASK_DOES_NOT_EXIST;
  if (!authenticate(x, *attempt, arn, arn_len, mac) || !same_mac(mac, raw + 5))
    return SF_INVALID_TOKEN;
  if (*attempt == 0 || *attempt > x->last_attempt)
    return SF_TASK_DOES_NOT_EXIST;
  return SF_ACCEPTED;
}

sf_answer sf_token_read(sf_execution *x, sf_value token, uint32_t *attempt) {
  sf_buffer raw;
  sf_answer answer = SF_INVALID_TOKEN;

  if (token.kind != SF_STRING)
    return SF_INVALID_TOKEN;
  sf_identify(x);
  sf_buffer_init(&raw, x->mem);
  if (sf_base64url_decode(&raw, sf_string_text(token),
                          sf_string_length(token)) &&
      !raw.failed && raw.length >= TOKEN_HEAD && raw.bytes[0] == TOKEN_VERSION)
    answer = check(x, (const unsigned char *)raw.bytes, raw.length, attempt);
  sf_buffer_clear(&raw);
  return answer;
}
