/*
** lua_compat.h - the one header that hides Lua versions.  Keyed on
** LUA_VERSION_NUM alone: what is built against 5.1 uses only the C API of 5.1,
** so PUC 5.1 and LuaJIT load the same shared object.
*/
#ifndef SF_BINDING_LUA_COMPAT_H
#define SF_BINDING_LUA_COMPAT_H

#include <lua.h>
#include <lauxlib.h>

#if defined(__GNUC__)
#define L_EXPORT __attribute__((visibility("default")))
#elif defined(_WIN32)
#define L_EXPORT __declspec(dllexport)
#else
#define L_EXPORT
#endif

/* Type of LuaJIT's FFI objects, which the 5.1 C API has no name for. */
#define L_TCDATA 10

#if LUA_VERSION_NUM < 502
#define lua_rawlen(L, index) lua_objlen(L, index)
#define l_absindex(L, index)                                                   \
  ((index) > 0 || (index) <= LUA_REGISTRYINDEX ? (index)                       \
                                               : lua_gettop(L) + (index) + 1)
#else
#define l_absindex(L, index) lua_absindex(L, index)
#endif

#if LUA_VERSION_NUM < 503
#define l_isinteger(L, index) (0)
#else
#define l_isinteger(L, index) lua_isinteger(L, index)
#define L_INTEGERS            /* Lua itself has integers of 64 bits */
#endif

#if LUA_VERSION_NUM < 504
#define l_newuserdata(L, size) lua_newuserdata(L, size)
#else
#define l_newuserdata(L, size) lua_newuserdatauv(L, size, 0)
#endif

#endif
