/*
** path_cache.h - paths that were compiled lately: equal texts of one definition
** share one program.  A help only: a path that is not there is made.
**
** Ownership: a cache holds a reference to each of its paths.
*/
#ifndef SF_QUERY_PATH_CACHE_H
#define SF_QUERY_PATH_CACHE_H

#include "query/path.h"

#define SF_PATH_CACHE_SIZE 256 /* a power of two */

typedef struct sf_path_cache {
  sf_path *paths[SF_PATH_CACHE_SIZE];
} sf_path_cache;

/* Begins as zeros; give it back so. */
void sf_path_cache_clear(sf_path_cache *cache);

/* As sf_path_new in the dialect of AWS.  'cache' may be NULL; all its paths are
** of one 'mem'. */
sf_status sf_path_cached(sf_path_cache *cache, const sf_alloc *mem,
                         const char *text, size_t len, sf_path **out,
                         sf_error *err);

#endif
