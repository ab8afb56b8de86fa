/*
** number_words.h - numbers in English words and in Roman numerals.
*/
#ifndef SF_QUERY_JSONATA_NUMBER_WORDS_H
#define SF_QUERY_JSONATA_NUMBER_WORDS_H

#include "base/buffer.h"
#include "query/jsonata/jn_value.h"

/* Append "Twenty-One", or "Twenty-First". */
void jn_words_format(double value, bool is_ordinal, sf_buffer *out);

/* The number of words in lower case; NaN for any other word. */
double jn_words_parse(jn_bytes text);

/* Append all words as alternatives of a regular expression. */
void jn_words_pattern(sf_buffer *out);

/* Roman numerals, lower case; read in either case. */
void jn_roman_format(double value, sf_buffer *out);
double jn_roman_parse(jn_bytes text);

#endif
