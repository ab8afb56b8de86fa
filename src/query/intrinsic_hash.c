/*
** intrinsic_hash.c - intrinsic functions on bytes: hashes and base64.
*/
#include "base/digest.h"
#include "base/json.h"
#include "base/utf8.h"
#include "query/intrinsic.h"

#include <string.h>

static sf_status check_length(const sf_call *call, const char *text,
                              size_t len) {
  if (sf_utf16_length(text, len) > SF_INTRINSIC_TEXT_MAX)
    return sf_call_invalid(call, "the text has more than 10000 characters");
  return sf_call_work(call, len / 16);
}

/* --- States.Hash --- */

static sf_value hex(const sf_alloc *mem, const unsigned char *bytes,
                    size_t count) {
  static const char digits[] = "0123456789abcdef";
  char text[2 * SF_DIGEST_MAX];
  size_t i;
  for (i = 0; i < count; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  return sf_string_new(mem, text, 2 * count);
}

/* 'data' is a string; the name of the algorithm must be exact. */
static sf_status hash_text(const sf_call *call, sf_value data, sf_value *out) {
  const char *text = sf_string_text(data), *name;
  unsigned char digest[SF_DIGEST_MAX];
  size_t size, len = sf_string_length(data);
  sf_status st = check_length(call, text, len);
  if (st != SF_OK)
    return st;
  name = sf_string_text(call->args[1]);
  st = strlen(name) == sf_string_length(call->args[1])
         ? sf_digest(name, text, len, digest, &size)
         : SF_ERR_TYPE;
  if (st == SF_ERR_TYPE)
    return sf_call_invalid(
      call, "the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512");
  if (st != SF_OK)
    return sf_error_of(call->err, st);
  return sf_call_result(call, hex(call->env->mem, digest, size), out);
}

/* What is no string is hashed as its JSON text. */
sf_status sf_intrinsic_hash(const sf_call *call, sf_value *out) {
  sf_value data;
  sf_status st;
  if (call->args[1].kind != SF_STRING)
    return sf_call_invalid(call, "the algorithm must be a string");
  if (call->args[0].kind == SF_STRING)
    return hash_text(call, call->args[0], out);
  if (sf_json_length(call->args[0]) > 4 * SF_INTRINSIC_TEXT_MAX)
    return sf_call_invalid(call, "the text has more than 10000 characters");
  data = sf_json_text(call->env->mem, call->args[0]);
  if (data.kind == SF_ABSENT)
    return sf_error_nomem(call->err);
  st = hash_text(call, data, out);
  sf_release(data);
  return st;
}

/* --- base64 --- */

sf_status sf_intrinsic_base64_encode(const sf_call *call, sf_value *out) {
  sf_value text = call->args[0];
  sf_buffer code;
  sf_status st;
  if (text.kind != SF_STRING)
    return sf_call_invalid(call, "the argument must be a string");
  st = check_length(call, sf_string_text(text), sf_string_length(text));
  if (st != SF_OK)
    return st;
  sf_buffer_init(&code, call->env->mem);
  sf_base64_encode(&code, sf_string_text(text), sf_string_length(text));
  return sf_call_result(call, sf_buffer_string(&code), out);
}

/* How many bytes at 'at', where no character stands, one U+FFFD replaces: the
** longest beginning of a character, as the Unicode standard recommends. */
static size_t broken_length(const unsigned char *at, const unsigned char *end) {
  unsigned char c = at[0];
  unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
  unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
  size_t i, most = c < 0xC2 || c > 0xF4 ? 1 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
  for (i = 1; i < most && at + i < end; i++, low = 0x80, high = 0xBF)
    if (at[i] < low || at[i] > high)
      break;
  return i;
}

/* Append the bytes, with U+FFFD for what is not UTF-8. */
static void add_utf8(sf_buffer *out, const sf_buffer *bytes) {
  const unsigned char *at = (const unsigned char *)bytes->bytes;
  const unsigned char *end = at == NULL ? NULL : at + bytes->length;
  while (at < end) {
    size_t len = sf_utf8_length((const char *)at, (const char *)end);
    if (len > 0)
      sf_buffer_add(out, (const char *)at, len);
    else
      sf_buffer_add(out, "\xEF\xBF\xBD", 3);
    at += len > 0 ? len : broken_length(at, end);
  }
}

sf_status sf_intrinsic_base64_decode(const sf_call *call, sf_value *out) {
  sf_value code = call->args[0];
  sf_buffer bytes, text;
  sf_status st;
  if (code.kind != SF_STRING)
    return sf_call_invalid(call, "the argument must be a string");
  st = check_length(call, sf_string_text(code), sf_string_length(code));
  if (st != SF_OK)
    return st;
  sf_buffer_init(&bytes, call->env->mem);
  sf_buffer_init(&text, call->env->mem);
  sf_base64_decode_lax(&bytes, sf_string_text(code), sf_string_length(code));
  add_utf8(&text, &bytes);
  text.failed = text.failed || bytes.failed;
  sf_buffer_clear(&bytes);
  return sf_call_result(call, sf_buffer_string(&text), out);
}
