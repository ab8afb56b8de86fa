/*
** l_pool.h - small blocks at the price of a few instructions: free lists by size
** over chunks of the host's memory.  The core tells sizes when it gives blocks
** back, so that a block needs no header.
**
** Chunks are kept for the next blocks.  They go back to the host all together,
** when the Lua state is closing and no small block is in use any more.
*/
#ifndef SF_BINDING_L_POOL_H
#define SF_BINDING_L_POOL_H

#include <stddef.h>

#include "binding/lua_compat.h"

#define L_POOL_GRAIN   16
#define L_POOL_BLOCK   512 /* a larger block is the host's own */
#define L_POOL_CLASSES (L_POOL_BLOCK / L_POOL_GRAIN)
#define L_POOL_CHUNK   32768

typedef struct l_pool {
  lua_Alloc fn; /* of the host */
  void *ud;
  void *free[L_POOL_CLASSES]; /* lists of blocks, linked through themselves */
  char *next, *end;           /* what is left of the newest chunk */
  void *chunks;               /* linked through their first word */
  size_t in_use;              /* small blocks */
  int is_closing;
} l_pool;

void l_pool_init(l_pool *pool, lua_Alloc fn, void *ud);

/* As lua_Alloc.  In a build for AddressSanitizer every block is the host's, so
** that the use of one after it was given back is seen. */
void *l_pool_alloc(l_pool *pool, void *ptr, size_t osize, size_t nsize);

/* The Lua state is closing: the chunks go as soon as nobody uses them. */
void l_pool_close(l_pool *pool);

#endif
