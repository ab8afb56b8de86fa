/*
** scan.h - one pass over a JSON text that decides whether it is one: RFC 8259
** to the letter, UTF-8, a depth limit.  It runs before cJSON, which accepts
** too much (01, 1., trailing text, raw control characters) and tells nothing
** about places.  On the way it notes what cJSON can't hold and where things
** stand, so that later faults can be given a line and a column.
*/
#ifndef SF_BASE_SCAN_H
#define SF_BASE_SCAN_H

#include "base/value.h"

/* A scan never looks past text[len). */
typedef enum sf_mark_kind {
  SF_MARK_NUMBER, /* a number that cJSON might round or refuse */
  SF_MARK_STRING, /* a string with \u0000 */
  SF_MARK_KEY     /* the same for a member's name */
} sf_mark_kind;

typedef struct sf_mark {
  sf_mark_kind kind;
  size_t ordinal;        /* how many keys, strings and numbers go before it */
  size_t offset, length; /* of the token in the text, quotes included */
} sf_mark;

typedef struct sf_scan {
  const sf_alloc *mem;
  sf_mark *marks; /* in the order of the text */
  size_t count, capacity;
} sf_scan;

/* Scan text[0..len).  On SF_OK the caller clears *scan.  Otherwise err->offset
** is the byte at fault and nothing is owned.  A UTF-8 byte order mark is
** refused. */
sf_status sf_scan_text(sf_scan *scan, const sf_alloc *mem, const char *text,
                       size_t len, sf_error *err);
void sf_scan_clear(sf_scan *scan);

/* Line and column (from 1; columns count code points) of a byte offset. */
void sf_text_position(const char *text, size_t len, size_t offset,
                      unsigned *line, unsigned *column);

/* Byte offset at which the value that RFC 6901 'pointer' names begins in the
** (valid) JSON text, or SF_NO_OFFSET.  With 'at_key', that of the member's
** name instead.  When a key is repeated the last one counts. */
size_t sf_text_find_pointer(const char *text, size_t len, const char *pointer,
                            bool at_key);

/* Call 'visit' for each repeated member name in a valid JSON text, with the
** offset of the repetition; stop when it returns false, or when there is no
** memory.  (Not part of the scan, which every document pays for.) */
void sf_text_duplicates(const sf_alloc *mem, const char *text, size_t len,
                        bool (*visit)(void *ud, size_t offset), void *ud);

#endif
