/*
** l_error.c - sf_error to nil, message, detail.
*/
#include "binding/l_error.h"

/* ORDER sf_status */
static const char *const status_names[] = {
  "OK", "NOMEM", "SYNTAX", "LIMIT", "TYPE", "NOT_FOUND", "EVALUATE", "STATE"};

const char *l_status_name(sf_status status) {
  return status_names[status];
}

void l_check_memory(lua_State *L, sf_status status) {
  if (status == SF_ERR_NOMEM)
    luaL_error(L, L_NOMEM);
}

int l_push_error(lua_State *L, const sf_error *err) {
  l_check_memory(L, err->status);
  lua_pushnil(L);
  lua_pushstring(L, err->message);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, err->code != NULL ? err->code : l_status_name(err->status));
  lua_setfield(L, -2, "code");
  if (err->offset != SF_NO_OFFSET) {
    lua_pushinteger(L, (lua_Integer)err->offset + 1); /* as string.sub counts */
    lua_setfield(L, -2, "position");
  }
  return 3;
}
