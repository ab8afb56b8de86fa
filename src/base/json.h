/*
** json.h - JSON text to values and back.  cJSON does both, at the edges only;
** the tokens of token.h go before it, and what cJSON can't hold is read from
** them and written raw.
**
** Integers are exact to 64 bits, beyond that a number keeps its text.  Doubles
** are written in the shortest form that reads back.
*/
#ifndef SF_BASE_JSON_H
#define SF_BASE_JSON_H

#include "base/buffer.h"
#include "base/value.h"

/* The value of text[0..len), owned.  Of equal keys the last one wins.  On
** failure *out is SF_ABSENT and err has the offset. */
sf_status sf_json_read(const sf_alloc *mem, const char *text, size_t len,
                       sf_value *out, sf_error *err);

/* The same; *repeats: does an object have two members of one name? */
sf_status sf_json_read_noting(const sf_alloc *mem, const char *text, size_t len,
                              sf_value *out, bool *repeats, sf_error *err);

/* Append the compact text of 'v': exactly sf_json_length(v) bytes, no blanks,
** '/' and non-ASCII characters as they are.  SF_ERR_LIMIT when it is longer
** than a string may be. */
sf_status sf_json_write(sf_value v, sf_buffer *out);

/* The same with line breaks and two blanks a level. */
sf_status sf_json_write_indented(sf_value v, sf_buffer *out);

/* The compact text as a string value; SF_ABSENT when there is no memory for it
** or it is too long. */
sf_value sf_json_text(const sf_alloc *mem, sf_value v);

/* The shortest text that reads back as the finite double 'd', as it stands in
** JSON (independent of the locale).  Returns its length; 'out' has room for
** SF_DOUBLE_TEXT_MAX bytes and is terminated. */
#define SF_DOUBLE_TEXT_MAX 32
size_t sf_double_text(double d, char *out);

/* The digits of 'i', in the same way. */
size_t sf_integer_text(int64_t i, char *out);

#endif
