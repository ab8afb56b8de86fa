/*
** utf8.c - reading, checking and writing UTF-8: see utf8.h.
*/
#include "base/utf8.h"

#include <string.h>

static int is_continuation(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

/* Length that a first byte announces, 0 for one that can't be first. */
static size_t announced(unsigned char first) {
  if (first < 0x80)
    return 1;
  if (first < 0xC2)
    return 0; /* a continuation, or an overlong form of ASCII */
  if (first < 0xE0)
    return 2;
  if (first < 0xF0)
    return 3;
  return first < 0xF5 ? 4 : 0;
}

/* Is the second byte outside of what RFC 3629 allows after this first one? */
static int is_overlong_or_beyond(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0: return second < 0xA0;
    case 0xED: return second > 0x9F; /* surrogates */
    case 0xF0: return second < 0x90;
    case 0xF4: return second > 0x8F;
    default: return 0;
  }
}

size_t sf_utf8_length(const char *at, const char *end) {
  unsigned char first = (unsigned char)*at;
  size_t i, length = announced(first);
  if (length > (size_t)(end - at))
    return 0;
  for (i = 1; i < length; i++)
    if (!is_continuation(at[i]))
      return 0;
  if (length > 2 && is_overlong_or_beyond(first, (unsigned char)at[1]))
    return 0;
  return length;
}

size_t sf_utf8_check(const char *text, size_t len) {
  const char *at = text, *end = text + len;
  while (at < end) {
    uint64_t word;
    size_t length;
    if (end - at >= 8) {
      memcpy(&word, at, 8);
      if ((word & UINT64_C(0x8080808080808080)) == 0) {
        at += 8;
        continue;
      }
    }
    length = sf_utf8_length(at, end);
    if (length == 0)
      break;
    at += length;
  }
  return (size_t)(at - text);
}

uint32_t sf_utf8_next(const char **at) {
  const unsigned char *p = (const unsigned char *)*at;
  size_t length = announced(p[0]);
  *at += length;
  switch (length) {
    case 2: return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
      return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
             (p[2] & 0x3F);
    case 4:
      return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
             (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default: return p[0];
  }
}

size_t sf_utf8_encode(uint32_t code, char out[4]) {
  static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
  size_t i, length = code < 0x80      ? 1
                     : code < 0x800   ? 2
                     : code < 0x10000 ? 3
                                      : 4;
  for (i = length - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (code & 0x3F));
    code >>= 6;
  }
  out[0] = (char)(marks[length] | code);
  return length;
}

size_t sf_utf8_count(const char *text, size_t len) {
  size_t i, count = 0;
  for (i = 0; i < len; i++)
    count += !is_continuation(text[i]);
  return count;
}
