/*
** l_execution.h - the userdata that holds a running execution.
*/
#ifndef SF_BINDING_L_EXECUTION_H
#define SF_BINDING_L_EXECUTION_H

#include "binding/l_alloc.h"

void l_execution_open(lua_State *L, l_home *home);

/* Push the table of its methods, for whoever calls them very often. */
void l_push_execution_methods(lua_State *L);

extern const luaL_Reg l_execution_functions[];

#endif
