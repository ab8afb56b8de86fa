/*
** l_machine.h - the userdata that holds a loaded machine.
*/
#ifndef SF_BINDING_L_MACHINE_H
#define SF_BINDING_L_MACHINE_H

#include "asl/machine.h"
#include "binding/l_alloc.h"

void l_machine_open(lua_State *L, l_home *home);

/* The machine at argument 'index' (borrowed), or an argument error. */
sf_machine *l_check_machine(lua_State *L, int index);

extern const luaL_Reg l_machine_functions[];

#endif
