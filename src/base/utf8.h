/*
** utf8.h - UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing
** above U+10FFFF.
*/
#ifndef SF_BASE_UTF8_H
#define SF_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Length (1 to 4) of the character at 'at', 0 when it is not valid UTF-8 or is
** cut off by 'end'.  at < end. */
size_t sf_utf8_length(const char *at, const char *end);

/* How many bytes from the start are valid: 'len' when all are. */
size_t sf_utf8_check(const char *text, size_t len);

/* The code point at *at, which moves behind it.  The text must be valid. */
uint32_t sf_utf8_next(const char **at);

/* Write 'code' (a valid code point) as UTF-8.  Returns its length. */
size_t sf_utf8_encode(uint32_t code, char out[4]);

/* Number of code points in a valid text. */
size_t sf_utf8_count(const char *text, size_t len);

#endif
