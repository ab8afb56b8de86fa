/*
** write.h - values as JSON text, as $string has it: functions are "", numbers
** have 15 digits.
*/
#ifndef SF_QUERY_JSONATA_WRITE_H
#define SF_QUERY_JSONATA_WRITE_H

#include "base/buffer.h"
#include "query/jsonata/jn_value.h"

typedef struct jn_writer {
  sf_buffer *out;
  sf_budget *budget;
  bool is_pretty;
  bool integers_whole; /* see dialect.h */
  size_t length_max;   /* bytes */
  unsigned depth;
  const char *code; /* set on failure, with the value at fault */
  jn_value value;
} jn_writer;

/* False: w->code says why; U1001 is a limit. */
bool jn_write(jn_writer *w, jn_value v);

#endif
