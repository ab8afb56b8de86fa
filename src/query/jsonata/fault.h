/*
** fault.h - an error while it is on its way: the code, and what its message
** speaks of.  The message is put together only when it leaves the module.
*/
#ifndef SF_QUERY_JSONATA_FAULT_H
#define SF_QUERY_JSONATA_FAULT_H

#include "query/jsonata/jn_value.h"
#include "query/jsonata/jsonata.h"

typedef struct jn_fault {
  sf_status status; /* SF_OK: nothing has failed */
  const char *code; /* static */
  size_t position;  /* bytes, or SF_NO_OFFSET */
  jn_value token;   /* a string, or undefined */
  jn_value value, value2;
  int index;        /* of an argument */
  const char *name; /* static: a type, or a function; or NULL */
  jn_value message; /* a string that is the message; or undefined */
} jn_fault;

void jn_fault_clear(jn_fault *f);

/* Set the fault unless there is one; returns false, so that callers write
** 'return jn_fault_set(...)'. */
bool jn_fault_set(jn_fault *f, const char *code, jn_value value);
bool jn_fault_nomem(jn_fault *f);

/* The text of a code, with what the fault says put in. */
void jn_fault_report(const jn_fault *f, const sf_alloc *mem, const char *text,
                     size_t len, sf_jsonata_fault *out);

/* Only the message, for $eval, which quotes it. */
void jn_fault_message(const jn_fault *f, const sf_alloc *mem, sf_error *out);

#endif
