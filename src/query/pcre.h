/*
** pcre.h - PCRE2 over sf_alloc.  PCRE2 does not tell sizes, so each block
** begins with its own.
*/
#ifndef SF_QUERY_PCRE_H
#define SF_QUERY_PCRE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/alloc.h"

/* NULL: no memory.  'mem' must outlive it. */
pcre2_general_context *sf_pcre_context(const sf_alloc *mem);

#endif
