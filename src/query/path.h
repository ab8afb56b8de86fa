/*
** path.h - JSONPath: a text is compiled once to a small program, which then
** selects nodes of a document.  Values are shared with the document, never
** copied.  Two dialects over one engine (dialect.h has the table of what
** differs): RFC 9535, and the paths of AWS (Jayway JsonPath).
**
** Ownership: a path is immutable and counted; it keeps no pointer into the
** text.  Limits: SF_PATH_LENGTH_MAX, SF_PATH_DEPTH_MAX at compile time, the
** caller's budget and PCRE2's match limits when it runs.
*/
#ifndef SF_QUERY_PATH_H
#define SF_QUERY_PATH_H

#include "base/buffer.h"
#include "base/value.h"
#include "query/budget.h"

#define SF_PATH_LENGTH_MAX 65536 /* bytes of a path's text */
#define SF_PATH_DEPTH_MAX  100   /* nesting of filters, queries, calls */

typedef enum sf_dialect { SF_DIALECT_RFC9535, SF_DIALECT_AWS } sf_dialect;

typedef struct sf_path sf_path;

/* Compile text[0..len), which begins with '$' (the AWS dialect also takes a
** text without it, as Jayway does).  On SF_OK the caller owns *out; otherwise
** it is NULL and err->offset says where. */
sf_status sf_path_new(const sf_alloc *mem, const char *text, size_t len,
                      sf_dialect dialect, sf_path **out, sf_error *err);
sf_path *sf_path_retain(sf_path *path);
void sf_path_release(sf_path *path); /* NULL is fine */

/* The text it was compiled from, terminated; borrowed. */
const char *sf_path_text(const sf_path *path);

/* Does it name at most one node (names and single indices only)?  In the AWS
** dialect also a multi-name bracket at its very end. */
bool sf_path_is_definite(const sf_path *path);

/* Is it a Reference Path of ASL: '$' and then only names and non-negative
** indices?  Such a path can be written to. */
bool sf_path_is_reference(const sf_path *path);

/* Does it use what AWS's guide calls unsupported (functions, word operators,
** regular expressions ...) though the library behind it can do it?  Then a
** short phrase naming it, else NULL.  Static text. */
const char *sf_path_doubtful(const sf_path *path);

/* The value as AWS reads a Path (AWS dialect): a definite path gives the value
** itself, or SF_ERR_NOT_FOUND with Jayway's message ("No results for path:
** $['a']"); any other gives an array of what was found, possibly empty.
** On SF_OK *out is owned by the caller. */
sf_status sf_path_read(const sf_path *path, sf_value root, sf_budget *budget,
                       sf_value *out, sf_error *err);

/* Quick way for a reference path: the node, borrowed, or SF_ABSENT when there
** is none.  'path' must be a reference path. */
sf_value sf_path_get(const sf_path *path, sf_value root);

/* Does the path, of names and indices only, lead to an array and name an element
** that this does not have? */
bool sf_path_names_gap(const sf_path *path, sf_value root);

/* The nodelist as an array, in the order of the dialect.  On SF_OK owned. */
sf_status sf_path_values(const sf_path *path, sf_value root, sf_budget *budget,
                         sf_value *out, sf_error *err);

/* Normalized paths (RFC 9535 section 2.7) of the same nodes, as an array of
** strings. */
sf_status sf_path_locations(const sf_path *path, sf_value root,
                            sf_budget *budget, sf_value *out, sf_error *err);

/* Put 'v' (consumed, also on failure) where the reference path points, as
** ResultPath does: missing objects on the way are made, an array index must
** exist, '$' replaces all.  *root is changed in place of the copy when it is
** not shared.  SF_ERR_NOT_FOUND: the way leads through something that is no
** object or an index that does not exist; *root is unchanged then. */
sf_status sf_path_write(const sf_path *path, sf_value *root, sf_value v,
                        sf_error *err);

#endif
