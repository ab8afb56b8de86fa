/*
** l_error.h - how a failure of the core reaches Lua.  What the world can cause
** comes back as nil, message, detail; running out of memory raises, as it does
** in Lua itself.
*/
#ifndef SF_BINDING_L_ERROR_H
#define SF_BINDING_L_ERROR_H

#include "base/error.h"
#include "binding/lua_compat.h"

#define L_NOMEM "not enough memory"

/* Push nil, the message and { code =, position = }; returns 3.  Raises for
** SF_ERR_NOMEM. */
int l_push_error(lua_State *L, const sf_error *err);

/* Raise if the status is SF_ERR_NOMEM. */
void l_check_memory(lua_State *L, sf_status status);

/* "SYNTAX", "LIMIT" ... */
const char *l_status_name(sf_status status);

#endif
