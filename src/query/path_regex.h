/*
** path_regex.h - regular expressions of paths, on PCRE2: I-Regexp (RFC 9485)
** for match() and search(), Java's for the '=~' of the AWS dialect.
**
** PCRE2 allocates through sf_alloc.  A match draws from the caller's budget
** about as much as PCRE2 has to work; a pattern that would need more than
** SF_REGEX_WORK_MAX for one text is SF_ERR_LIMIT.
*/
#ifndef SF_QUERY_PATH_REGEX_H
#define SF_QUERY_PATH_REGEX_H

#include "base/value.h"
#include "query/budget.h"

#define SF_REGEX_LENGTH_MAX 4096    /* bytes of a pattern */
#define SF_REGEX_WORK_MAX   1000000 /* PCRE2's match limit for one text */
#define SF_REGEX_HEAP_MAX   4096    /* KiB for backtracking */

typedef struct sf_regex sf_regex;

typedef enum sf_regex_kind {
  SF_REGEX_MATCH,  /* I-Regexp, the whole text */
  SF_REGEX_SEARCH, /* I-Regexp, anywhere */
  SF_REGEX_JAVA    /* java.util.regex, the whole text */
} sf_regex_kind;

/* Compile a pattern.  'flags' (Java only) are letters of "dixmsuU".  On SF_OK
** the caller owns *out.  SF_ERR_SYNTAX: not a pattern of that kind. */
sf_status sf_regex_new(const sf_alloc *mem, sf_regex_kind kind,
                       const char *pattern, size_t len, const char *flags,
                       size_t flags_len, sf_regex **out, sf_error *err);
void sf_regex_free(sf_regex *r); /* NULL is fine */

/* Does it match?  The regex keeps scratch memory, so it is not const. */
sf_status sf_regex_test(sf_regex *r, const char *text, size_t len,
                        sf_budget *budget, bool *out, sf_error *err);

#endif
