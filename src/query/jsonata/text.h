/*
** text.h - values as text, and text by characters.
*/
#ifndef SF_QUERY_JSONATA_TEXT_H
#define SF_QUERY_JSONATA_TEXT_H

#include <string.h>

#include "base/buffer.h"
#include "query/jsonata/run.h"

#define JN_NUMBER_TEXT_MAX 48

/* The text of a finite number as ECMAScript writes it.  Returns its length. */
size_t jn_number_text(double d, char out[JN_NUMBER_TEXT_MAX]);

/* The decimal digits of |d|, finite and not 0, rounded to 'count' of them (0:
** as few as read back): *point is the position of the decimal point behind the
** first digit of 'out', which holds no zeros at its end. */
size_t jn_number_digits(double d, int count, char out[32], int *point);

/* The nearest double of 15 significant digits. */
double jn_round_15(double d);

/* What $string makes of any value but undefined. */
bool jn_to_string(jn_run *r, jn_value v, bool pretty, jn_value *out);

/* The bytes that stand for v in a concatenation; none for undefined. */
bool jn_string_bytes(jn_run *r, jn_value v, jn_bytes *out);

static inline char *jn_copy_bytes(char *to, jn_bytes b) {
  if (b.length > 0)
    memcpy(to, b.at, b.length);
  return to + b.length;
}

/* The buffer's content as a text of the arena; the buffer is cleared. */
bool jn_buffer_text(jn_run *r, sf_buffer *b, jn_value *out);

/* The bytes of one character: 1 to 4. */
size_t jn_char_length(jn_bytes b, size_t at);

/* The code point at *at, which moves behind it; also of a lone surrogate. */
uint32_t jn_char_next(jn_bytes b, size_t *at);

size_t jn_char_count(jn_bytes b);

/* The offset behind 'count' characters, at most b.length. */
size_t jn_char_offset(jn_bytes b, size_t count);

/* UTF-16 units of b[from..to). */
size_t jn_units(jn_bytes b, size_t from, size_t to);

/* Where 'what' begins in b from 'from' on, SIZE_MAX when it is not there. */
size_t jn_bytes_find(jn_bytes b, jn_bytes what, size_t from);

/* Is the bytes' text this C string? */
bool jn_bytes_are(jn_bytes b, const char *text);

#endif
