/*
** json_fault.h - what the parser behind the service (Jackson) says of a text that
** is no JSON, and where.
*/
#ifndef SF_BASE_JSON_FAULT_H
#define SF_BASE_JSON_FAULT_H

#include "base/buffer.h"

/* Where that parser stands when it says it: behind the character at fault.
** Columns count UTF-16 units, from 1 (0: before the text). */
typedef struct sf_json_place {
  unsigned line, column;
} sf_json_place;

/* Append the message of the first fault in text[0..len), without its place, and
** fill *place.  False: that parser finds none (it takes half of a surrogate pair,
** or a second value behind the first); nothing was appended then. */
bool sf_json_fault(const char *text, size_t len, sf_buffer *out,
                   sf_json_place *place);

/* Append [Source: (String)"..."; line: 1, column: 4], with at most the first
** SF_JSON_SOURCE_MAX characters of the text; what is not UTF-8 in it becomes
** U+FFFD. */
#define SF_JSON_SOURCE_MAX 500
void sf_json_add_source(sf_buffer *out, const char *text, size_t len,
                        sf_json_place place);

#endif
