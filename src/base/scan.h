/*
** scan.h - places in a JSON text: what stands where, so that faults can be given
** a line and a column.  The text has been read once (json.h), it is valid.
*/
#ifndef SF_BASE_SCAN_H
#define SF_BASE_SCAN_H

#include "base/value.h"

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
** memory.  (Only for a text of which the reader has said that there are some.) */
void sf_text_duplicates(const sf_alloc *mem, const char *text, size_t len,
                        bool (*visit)(void *ud, size_t offset), void *ud);

#endif
