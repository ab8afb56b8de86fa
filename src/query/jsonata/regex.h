/*
** regex.h - the regular expressions of ECMAScript, as far as expressions use
** them, on PCRE2.  Patterns are rewritten where the two differ.
**
** A jn_regex lies in an arena; what PCRE2 allocates is freed by
** jn_regex_free_all.  It keeps scratch memory and belongs to one thread.
*/
#ifndef SF_QUERY_JSONATA_REGEX_H
#define SF_QUERY_JSONATA_REGEX_H

#include "query/budget.h"
#include "query/jsonata/fault.h"

#define JN_REGEX_LENGTH_MAX 16384    /* bytes of a pattern */
#define JN_REGEX_WORK_MAX   10000000 /* PCRE2's match limit for one search */
#define JN_REGEX_HEAP_MAX   16384    /* KiB for backtracking */
#define JN_REGEX_GROUPS_MAX 255

struct jn_kept;

typedef struct jn_regex jn_regex;

/* Compile a pattern; 'kept' owns it.  NULL: the fault is set (S0303). */
jn_regex *jn_regex_new(struct jn_kept *kept, const sf_alloc *mem,
                       jn_bytes pattern, bool caseless, bool multiline,
                       jn_fault *fault);

/* Free what the regexes of a list hold. */
void jn_regex_free_all(jn_regex *first);

/* Where a match is: 'groups' pairs of offsets (SIZE_MAX: a group that took no
** part).  They are a copy: the regex belongs to all evaluations, of which others
** may run while this one rests. */
typedef struct jn_regex_hit {
  const size_t *vector;
  uint32_t groups;
  size_t few[16]; /* 'vector', when they are not more */
} jn_regex_hit;

/* The first match in text from 'start' on: 1, and *hit, with memory of the arena
** where 'few' is too small; 0: none; -1: the fault is set. */
int jn_regex_find(const jn_regex *r, jn_bytes text, size_t start,
                  sf_budget *budget, jn_arena *arena, jn_regex_hit *hit,
                  jn_fault *fault);

#endif
