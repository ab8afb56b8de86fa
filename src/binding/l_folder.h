/*
** l_folder.h - folders and files for the object store of plain Lua.
*/
#ifndef SF_BINDING_L_FOLDER_H
#define SF_BINDING_L_FOLDER_H

#include <stdbool.h>

#include "binding/l_alloc.h"

void l_folder_open(lua_State *L, l_home *home);

extern const luaL_Reg l_folder_functions[];

#endif
