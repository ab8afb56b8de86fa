/*
** path_cache.c - see path_cache.h.  Each text has one place; the newer path takes
** it.
*/
#include "query/path_cache.h"

#include <string.h>

#include "query/path_program.h"

void sf_path_cache_clear(sf_path_cache *cache) {
  size_t i;
  for (i = 0; i < SF_PATH_CACHE_SIZE; i++)
    sf_path_release(cache->paths[i]);
  memset(cache, 0, sizeof *cache);
}

static sf_path **place_of(sf_path_cache *cache, const char *text, size_t len) {
  uint32_t hash = 0;
  size_t i;
  for (i = 0; i < len; i++)
    hash = hash * 31 + (unsigned char)text[i];
  return &cache->paths[(hash ^ hash >> 8) % SF_PATH_CACHE_SIZE];
}

sf_status sf_path_cached(sf_path_cache *cache, const sf_alloc *mem,
                         const char *text, size_t len, sf_path **out,
                         sf_error *err) {
  sf_path **place;
  sf_status status;
  if (cache == NULL)
    return sf_path_new(mem, text, len, SF_DIALECT_AWS, out, err);
  place = place_of(cache, text, len);
  if (*place != NULL && (*place)->length == len &&
      memcmp((*place)->text, text, len) == 0) {
    *out = sf_path_retain(*place);
    return SF_OK;
  }
  status = sf_path_new(mem, text, len, SF_DIALECT_AWS, out, err);
  if (status == SF_OK) {
    sf_path_release(*place);
    *place = sf_path_retain(*out);
  }
  return status;
}
