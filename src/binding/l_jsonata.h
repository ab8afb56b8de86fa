/*
** l_jsonata.h - compiled JSONata expressions in Lua: stepfn.core.jsonata.
*/
#ifndef SF_BINDING_L_JSONATA_H
#define SF_BINDING_L_JSONATA_H

#include "binding/l_alloc.h"

void l_jsonata_open(lua_State *L, l_home *home);

extern const luaL_Reg l_jsonata_functions[];

#endif
