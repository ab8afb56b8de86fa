/*
** diagnostic.h - what is wrong with a definition: all faults at once, each
** with AWS's code and location, a JSON pointer, a line and a column.
*/
#ifndef SF_ASL_DIAGNOSTIC_H
#define SF_ASL_DIAGNOSTIC_H

#include "base/value.h"

typedef enum sf_severity { SF_SEVERITY_ERROR, SF_SEVERITY_WARNING } sf_severity;

/* In this order faults are told: what an earlier one says often explains a later
** one. */
typedef enum sf_phase {
  SF_PHASE_SHAPE, /* fields: missing, unknown, of the wrong type */
  SF_PHASE_VALUE, /* paths, expressions, resources */
  SF_PHASE_NAMES, /* names, targets, scopes without an end */
  SF_PHASE_REACH, /* states that nothing leads to: often for want of the above */
  SF_PHASE_DOUBT  /* warnings */
} sf_phase;

typedef struct sf_diagnostic {
  sf_severity severity;
  sf_phase phase;
  const char *code;      /* static: "SCHEMA_VALIDATION_FAILED" */
  sf_value message;      /* text */
  sf_value location;     /* as AWS writes it: "/States/P/Branches[0]/States/X";
                            SF_ABSENT where AWS gives none */
  sf_value pointer;      /* RFC 6901, "" is the root */
  sf_value hint;         /* what to do about it, or SF_ABSENT */
  unsigned line, column; /* from 1; 0 when the definition was no text */
} sf_diagnostic;

typedef struct sf_diagnostics {
  const sf_alloc *mem;
  sf_diagnostic *items; /* by phase, then in the order of the text */
  size_t count, capacity;
  size_t errors;  /* how many of them are errors */
  bool truncated; /* there was more to tell */
} sf_diagnostics;

void sf_diagnostics_init(sf_diagnostics *d, const sf_alloc *mem);
void sf_diagnostics_clear(sf_diagnostics *d);

/* Append 'item', consuming its values.  SF_ERR_NOMEM also when message or
** pointer is SF_ABSENT (its maker had no memory). */
sf_status sf_diagnostics_add(sf_diagnostics *d, sf_diagnostic item);

/* Bring them into their order; where nothing has a position, what was added
** first comes first. */
void sf_diagnostics_sort(sf_diagnostics *d);

#endif
