/*
** letter_case.h - strings in upper and lower case.  Letters beyond ASCII are
** those of PCRE2's Unicode tables, one for one; a few that become more than one
** are listed here.
*/
#ifndef SF_QUERY_JSONATA_LETTER_CASE_H
#define SF_QUERY_JSONATA_LETTER_CASE_H

#include "query/jsonata/fault.h"

/* A text in the arena, or undefined: the fault is set. */
jn_value jn_letter_case(jn_arena *a, jn_bytes text, bool upper,
                        jn_fault *fault);

#endif
