/*
** load_syntax.h - faults of a definition's text itself.  Private to src/asl.
*/
#ifndef SF_ASL_LOAD_SYNTAX_H
#define SF_ASL_LOAD_SYNTAX_H

#include "asl/diagnostic.h"

#define SF_REPEATS_MAX 100 /* members named twice that are told */

typedef struct sf_source {
  const char *text; /* all borrowed */
  size_t length;
  sf_diagnostics *diags;
} sf_source;

/* The text is no JSON: 'err' says what and where. */
sf_status sf_syntax_fault(const sf_source *s, const sf_error *err);

/* Tell each member that is named twice. */
sf_status sf_syntax_repeats(const sf_source *s);

#endif
