/*
** l_host.h - the services that a driver in plain Lua needs from the system and
** Lua's own library does not have: a clock, a sleep, random bytes.
*/
#ifndef SF_BINDING_L_HOST_H
#define SF_BINDING_L_HOST_H

#include <stddef.h>

#include "binding/lua_compat.h"

/* Fill with bytes that nobody can guess (libcrypto). */
void l_random_fill(void *bytes, size_t len);

/* Seconds since the epoch. */
lua_Number l_clock_now(void);

extern const luaL_Reg l_host_functions[];

#endif
