/*
** picture_integer.h - pictures of integers (XPath format-integer): "0001",
** "#,##0", "I", "a", "Ww;o".
*/
#ifndef SF_QUERY_JSONATA_PICTURE_INTEGER_H
#define SF_QUERY_JSONATA_PICTURE_INTEGER_H

#include "base/buffer.h"
#include "query/jsonata/run.h"

typedef enum jn_integer_kind {
  JN_DECIMAL,
  JN_LETTERS,
  JN_ROMAN,
  JN_WORDS,
  JN_UNKNOWN /* some other numbering: fails when it is used */
} jn_integer_kind;

typedef enum jn_case { JN_NO_NAMES, JN_LOWER, JN_UPPER, JN_TITLE } jn_case;

typedef struct jn_separator {
  int position; /* digits to its right */
  uint32_t code;
} jn_separator;

typedef struct jn_integer_picture {
  jn_integer_kind kind;
  jn_case letters;
  bool is_ordinal;
  uint32_t zero;           /* code point of the digit 0 */
  int mandatory, optional; /* digits */
  int regular; /* digits between equal separators; 0: they are irregular */
  jn_separator *separators; /* from the right */
  size_t count;
  jn_bytes token;
} jn_integer_picture;

#define JN_ROMAN_MAX 1e9 /* a million times M */

/* Take a picture apart, with what follows a ';'.  The picture must stay. */
bool jn_integer_analyse(jn_run *r, jn_bytes picture, jn_integer_picture *out);

/* Append a whole number (it is not checked). */
bool jn_integer_format(jn_run *r, double value, const jn_integer_picture *p,
                       sf_buffer *out);

/* What the text says: NaN when it is nothing. */
bool jn_integer_parse(jn_run *r, jn_bytes text, const jn_integer_picture *p,
                      double *out);

/* Append a regular expression for what jn_integer_parse reads.  'count': how
** many digits, as a quantifier. */
bool jn_integer_pattern(jn_run *r, const jn_integer_picture *p,
                        const char *count, sf_buffer *out);

#endif
