/*
** token.h - the tokens of a JSON text, one after the other: RFC 8259 to the
** letter, UTF-8, and at most SF_DEPTH_MAX levels.  No memory, no recursion.
*/
#ifndef SF_BASE_TOKEN_H
#define SF_BASE_TOKEN_H

#include "base/buffer.h"
#include "base/value.h"

/* ORDER TOKEN: sf_tokens_next's users switch on these */
typedef enum sf_token_kind {
  SF_TOKEN_END, /* of the text */
  SF_TOKEN_ARRAY_BEGIN,
  SF_TOKEN_ARRAY_END,
  SF_TOKEN_OBJECT_BEGIN,
  SF_TOKEN_OBJECT_END,
  SF_TOKEN_KEY,
  SF_TOKEN_STRING,
  SF_TOKEN_NUMBER,
  SF_TOKEN_LITERAL /* true, false, null */
} sf_token_kind;

typedef struct sf_tokens {
  const char *text; /* borrowed */
  size_t len;

  /* The token at hand. */
  sf_token_kind kind;
  size_t offset, length; /* quotes included */
  bool is_escaped;       /* KEY, STRING: has escapes */
  bool has_nul;          /* KEY, STRING: has a \\u0000 */
  bool is_short;         /* NUMBER: at most 15 characters, no exponent */
  unsigned depth;        /* open arrays and objects, this one's included */

  /* Private. */
  size_t at;
  int expected;
  unsigned char is_object[SF_DEPTH_MAX / 8 + 1]; /* a bit for each level */
} sf_tokens;

/* Start before the value at 'offset' of text[0..len).  Text behind the value
** is an error only when it is read. */
void sf_tokens_init(sf_tokens *t, const char *text, size_t len, size_t offset);

/* Go to the next token.  err->offset is the byte at fault. */
sf_status sf_tokens_next(sf_tokens *t, sf_error *err);

/* The next character of a valid JSON string, whose escapes are resolved. */
uint32_t sf_token_char(const char **at);

/* Append what a valid KEY or STRING token (with its quotes) says. */
void sf_token_unescape(sf_buffer *out, const char *token, size_t length);

#endif
