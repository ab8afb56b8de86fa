/*
** buffer.h - a growable run of bytes, the one place where text is put
** together.  A failed append is remembered: append freely and look at 'failed'
** (or at the result of sf_buffer_string) once, at the end.
*/
#ifndef SF_BASE_BUFFER_H
#define SF_BASE_BUFFER_H

#include <stdarg.h>

#include "base/value.h"

typedef struct sf_buffer {
  const sf_alloc *mem;
  char *bytes; /* owned; NULL while empty */
  size_t length, capacity;
  bool failed; /* memory ran out: the content is not to be used */
} sf_buffer;

void sf_buffer_init(sf_buffer *b, const sf_alloc *mem);
void sf_buffer_clear(sf_buffer *b); /* gives the memory back */

void sf_buffer_add(sf_buffer *b, const char *bytes, size_t len);
void sf_buffer_add_text(sf_buffer *b, const char *text);
void sf_buffer_add_char(sf_buffer *b, char c);
void sf_buffer_add_format(sf_buffer *b, const char *format, ...)
  SF_PRINTF(2, 3);
void sf_buffer_add_arguments(sf_buffer *b, const char *format, va_list args);
void sf_buffer_add_code_point(sf_buffer *b, uint32_t code); /* as UTF-8 */

/* Room for 'len' more bytes to be written by the caller, who then adds to
** b->length.  NULL when there is no memory. */
char *sf_buffer_reserve(sf_buffer *b, size_t len);

/* The content as a string value; the buffer is cleared, also on failure
** (SF_ABSENT). */
sf_value sf_buffer_string(sf_buffer *b);

#endif
