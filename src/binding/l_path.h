/*
** l_path.h - compiled JSONPaths in Lua: the userdata stepfn.path.
*/
#ifndef SF_BINDING_L_PATH_H
#define SF_BINDING_L_PATH_H

#include "binding/l_alloc.h"

void l_path_open(lua_State *L, l_home *home);

extern const luaL_Reg l_path_functions[];

#endif
