/*
** path_literal.h - literals in the filters of the AWS dialect, which are laxer
** than JSON: 'single quotes', words without quotes, 05 and .5
*/
#ifndef SF_QUERY_PATH_LITERAL_H
#define SF_QUERY_PATH_LITERAL_H

#include "query/path_parse.h"

#define SF_NUMBER_TEXT_MAX 64 /* longer numbers are no numbers here */

/* The array or object that begins at the cursor, as a NODE_LITERAL. */
sf_status sf_loose_literal(sf_parser *p, uint32_t *out);

/* A number of Java's BigDecimal, text[0..len), in JSON's grammar.  Returns its
** length, 0 when it is no number. */
size_t sf_decimal_to_json(const char *text, size_t len,
                          char out[SF_NUMBER_TEXT_MAX]);

/* How BigDecimal writes the number json[0..len) of JSON's grammar: all digits
** are kept ("5.0"), a large exponent stays one ("1E+2").  Returns the length. */
size_t sf_decimal_text(const char *json, size_t len,
                       char out[SF_NUMBER_TEXT_MAX]);

#endif
