/*
** fn_encode.c - base64 and URLs.
*/
#include "base/digest.h"
#include "base/utf8.h"
#include "query/jsonata/function.h"
#include "query/jsonata/text.h"

static bool is_missing(const jn_call *c) {
  return jn_is_undefined(c->args[0]);
}

/* --- base64, of Latin-1 --- */

bool jn_fn_base64_encode(const jn_call *c, jn_value *out) {
  jn_bytes b;
  sf_buffer latin, text;
  size_t at = 0;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  sf_buffer_init(&latin, c->run->env->mem);
  sf_buffer_init(&text, c->run->env->mem);
  while (at < b.length) { /* of UTF-16 units the lower byte */
    uint32_t code = jn_char_next(b, &at);
    if (code >= 0x10000) {
      sf_buffer_add_char(&latin, (char)(0xD800 + ((code - 0x10000) >> 10)));
      code = 0xDC00 + (code & 0x3FF);
    }
    sf_buffer_add_char(&latin, (char)code);
  }
  sf_base64_encode(&text, latin.bytes, latin.length);
  text.failed = text.failed || latin.failed;
  sf_buffer_clear(&latin);
  return jn_buffer_text(c->run, &text, out);
}

bool jn_fn_base64_decode(const jn_call *c, jn_value *out) {
  jn_bytes b;
  sf_buffer latin, text;
  size_t i;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  sf_buffer_init(&latin, c->run->env->mem);
  sf_buffer_init(&text, c->run->env->mem);
  sf_base64_decode_lax(&latin, b.at, b.length);
  for (i = 0; i < latin.length; i++)
    sf_buffer_add_code_point(&text, (unsigned char)latin.bytes[i]);
  text.failed = text.failed || latin.failed;
  sf_buffer_clear(&latin);
  return jn_buffer_text(c->run, &text, out);
}

/* --- URLs --- */

#define UNRESERVED "-_.!~*'()"
#define RESERVED   ";/?:@&=+$,#"

static bool is_plain(char c, const char *also) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || (c != '\0' && strchr(also, c) != NULL);
}

static bool fail_url(const jn_call *c, const char *name) {
  c->run->fault->name = name;
  return jn_fail(c->run, "D3140", c->args[0]);
}

static bool is_half(jn_bytes b, size_t at) {
  return (unsigned char)b.at[at] == 0xED && at + 1 < b.length &&
         (unsigned char)b.at[at + 1] >= 0xA0;
}

static void add_escape(sf_buffer *text, unsigned char byte) {
  static const char digits[] = "0123456789ABCDEF";
  char escape[3] = {'%', '0', '0'};
  escape[1] = digits[byte >> 4];
  escape[2] = digits[byte & 15];
  sf_buffer_add(text, escape, sizeof escape);
}

static bool encode(const jn_call *c, const char *also, const char *name,
                   jn_value *out) {
  jn_bytes b;
  sf_buffer text;
  size_t i;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  for (i = 0; i < b.length; i++)
    if (is_half(b, i))
      return fail_url(c, name);
  sf_buffer_init(&text, c->run->env->mem);
  for (i = 0; i < b.length; i++)
    if (is_plain(b.at[i], also))
      sf_buffer_add_char(&text, b.at[i]);
    else
      add_escape(&text, (unsigned char)b.at[i]);
  return jn_buffer_text(c->run, &text, out);
}

bool jn_fn_encode_url(const jn_call *c, jn_value *out) {
  return encode(c, UNRESERVED RESERVED, "encodeUrl", out);
}

bool jn_fn_encode_url_component(const jn_call *c, jn_value *out) {
  return encode(c, UNRESERVED, "encodeUrlComponent", out);
}

static int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of a %XX at 'at', or -1. */
static int escape_at(jn_bytes b, size_t at) {
  int high, low;
  if (b.length - at < 3 || b.at[at] != '%')
    return -1;
  high = hex(b.at[at + 1]);
  low = hex(b.at[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The character that escapes at *at stand for; they are left alone when it is
** one of 'kept'. */
static bool decode_one(jn_bytes b, size_t *at, const char *kept,
                       sf_buffer *out) {
  char bytes[4];
  size_t n = 1, i;
  int byte = escape_at(b, *at);
  if (byte < 0)
    return false;
  bytes[0] = (char)byte;
  if (byte >= 0x80)
    n = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
  for (i = 1; i < n; i++) {
    byte = *at + 3 * i < b.length ? escape_at(b, *at + 3 * i) : -1;
    if (byte < 0)
      return false;
    bytes[i] = (char)byte;
  }
  if (sf_utf8_length(bytes, bytes + n) != n)
    return false;
  if (n == 1 && bytes[0] != '\0' && strchr(kept, bytes[0]) != NULL)
    sf_buffer_add(out, b.at + *at, 3);
  else
    sf_buffer_add(out, bytes, n);
  *at += 3 * n;
  return true;
}

static bool decode(const jn_call *c, const char *kept, const char *name,
                   jn_value *out) {
  jn_bytes b;
  sf_buffer text;
  size_t at = 0;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  sf_buffer_init(&text, c->run->env->mem);
  while (at < b.length) {
    if (b.at[at] != '%')
      sf_buffer_add_char(&text, b.at[at++]);
    else if (!decode_one(b, &at, kept, &text)) {
      sf_buffer_clear(&text);
      return fail_url(c, name);
    }
  }
  return jn_buffer_text(c->run, &text, out);
}

bool jn_fn_decode_url(const jn_call *c, jn_value *out) {
  return decode(c, RESERVED, "decodeUrl", out);
}

bool jn_fn_decode_url_component(const jn_call *c, jn_value *out) {
  return decode(c, "", "decodeUrlComponent", out);
}
