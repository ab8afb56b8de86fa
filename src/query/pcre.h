/*
** pcre.h - PCRE2 over sf_alloc.  PCRE2 does not tell sizes, so each block
** begins with its own.
*/
#ifndef SF_QUERY_PCRE_H
#define SF_QUERY_PCRE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdbool.h>

#include "base/alloc.h"
#include "query/budget.h"

/* NULL: no memory.  'mem' must outlive it. */
pcre2_general_context *sf_pcre_context(const sf_alloc *mem);

/* --- matches that may take long ---
**
** pcre2_match gives control back at its end only, and its limits hold for each
** place where a match could begin.  So there is a second code of a pattern that
** could work for long, compiled with PCRE2_AUTO_CALLOUT too: its callouts draw
** from the budget, and may rest there.  It is slower; short texts are tried with
** the first code and a low limit before. */

#define SF_PCRE_SHORT 512  /* bytes of a text that is tried so */
#define SF_PCRE_QUICK 1000 /* PCRE2's match limit then */

/* Could it work for long: does something in it repeat? */
bool sf_pcre_repeats(const char *pattern, size_t len);

/* Does pcre2_compile or pcre2_match say that there is no memory? */
bool sf_pcre_is_memory(int code);

/* Does pcre2_match say that it has reached its limit? */
bool sf_pcre_is_limit(int code);

/* What pcre2_match returns; PCRE2_ERROR_CALLOUT: the budget is spent.  *data is
** the caller's to free; NULL: no memory. */
int sf_pcre_match_counted(pcre2_general_context *general,
                          const pcre2_code *counted, const char *text,
                          size_t len, size_t start, uint32_t options,
                          uint32_t heap_max, uint32_t work_max,
                          sf_budget *budget, pcre2_match_data **data);

#endif
