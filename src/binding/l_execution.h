/*
** l_execution.h - the userdata that holds a running execution.
*/
#ifndef SF_BINDING_L_EXECUTION_H
#define SF_BINDING_L_EXECUTION_H

#include "binding/l_alloc.h"

void l_execution_open(lua_State *L, l_home *home);

extern const luaL_Reg l_execution_functions[];

#endif
