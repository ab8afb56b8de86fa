/*
** l_seed.h - the seed of an execution, in Lua a text of eight bytes, and what is
** derived from it: names, and the secret behind task tokens.
*/
#ifndef SF_BINDING_L_SEED_H
#define SF_BINDING_L_SEED_H

#include <stdint.h>

#include "base/digest.h"
#include "binding/l_alloc.h"

#define SEED_SIZE 8 /* bytes of its text */

uint64_t l_check_seed(lua_State *L, int index); /* or an argument error */
void l_push_seed(lua_State *L, uint64_t seed);

/* The secret behind task tokens that belongs to a seed. */
sf_status l_secret_of(uint64_t seed, unsigned char secret[SF_SHA256_SIZE]);

extern const luaL_Reg l_seed_functions[];

#endif
