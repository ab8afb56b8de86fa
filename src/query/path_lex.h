/*
** path_lex.h - what both syntaxes of paths are read with: a cursor on the
** text, and the tokens they share (strings, numbers, words).
*/
#ifndef SF_QUERY_PATH_LEX_H
#define SF_QUERY_PATH_LEX_H

#include "base/buffer.h"

typedef struct sf_cursor {
  const char *text;
  size_t at, end; /* never looks past text[end) */
} sf_cursor;

/* The byte 'ahead' of the cursor, '\0' behind the end. */
static inline char sf_peek_at(const sf_cursor *c, size_t ahead) {
  return ahead < c->end - c->at ? c->text[c->at + ahead] : '\0';
}

static inline char sf_peek(const sf_cursor *c) {
  return sf_peek_at(c, 0);
}

static inline bool sf_at_end(const sf_cursor *c) {
  return c->at >= c->end;
}

static inline bool sf_is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline bool sf_is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Move over one character / this text / any of these characters. */
bool sf_take(sf_cursor *c, char what);
bool sf_take_text(sf_cursor *c, const char *text);
void sf_skip(sf_cursor *c, const char *blanks);

/* Position of the next 'what' that no backslash stands before, from 'at' on;
** c->end when there is none. */
size_t sf_find_unescaped(const sf_cursor *c, size_t at, char what);

/* Position of the bracket that closes the one at 'at', strings in quotes (and
** with 'regexes' also what stands between slashes) left out; c->end when there
** is none. */
size_t sf_find_closing(const sf_cursor *c, size_t at, char open, char close,
                       bool regexes);

/* The number in JSON's grammar at the cursor: its length, 0 when there is
** none.  Does not move. */
size_t sf_measure_number(const sf_cursor *c);

/* Append what the string literal text[0..len) (without its quotes) means.
** 'quote' may be escaped.  Strict: the escapes of RFC 9535; loose: a backslash
** before any other character is dropped.  *fault is the offset of the first
** fault on failure. */
bool sf_unescape_strict(const char *text, size_t len, char quote,
                        sf_buffer *out, size_t *fault);
bool sf_unescape_loose(const char *text, size_t len, sf_buffer *out,
                       size_t *fault);

#endif
