/*
** l_fields.c - see l_fields.h.
*/
#include "binding/l_fields.h"

#include "asl/fields.h"

void l_push_fields(lua_State *L) {
  size_t i;

  lua_createtable(L, (int)sf_field_count(), 0);
  for (i = 0; i < sf_field_count(); i++) {
    lua_pushstring(L, sf_field_at(i)->name);
    lua_rawseti(L, -2, (int)i + 1);
  }
}
