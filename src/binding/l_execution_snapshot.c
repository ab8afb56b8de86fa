/*
** l_execution_snapshot.c - executions as text and back, copies of them, and their
** fingerprints.
*/
#include "binding/l_execution.h"

#include "base/digest.h"
#include "binding/l_error.h"
#include "binding/l_machine.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"
#include "run/snapshot.h"

/* e:snapshot(history [, attached]) -> text | nil, message, detail */
static int execution_snapshot(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_snapshot_options options;
  sf_value *slot;
  sf_status status;
  sf_buffer out;
  sf_error err;

  lua_settop(L, 3);
  options.history = lua_toboolean(L, 2) != 0;
  options.attached_length = 0;
  options.attached = luaL_optlstring(L, 3, "", &options.attached_length);
  slot = l_value_slot(L);
  sf_buffer_init(&out, &e->home->mem);
  status = sf_snapshot_write(e->x, &options, &out, &err);
  if (status == SF_OK)
    *slot = sf_buffer_string(&out);
  sf_buffer_clear(&out);
  if (status != SF_OK)
    return l_push_error(L, &err);
  if (slot->kind == SF_ABSENT)
    return luaL_error(L, L_NOMEM);
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

static int pushed(lua_State *L, l_execution *e, sf_status status,
                  const sf_error *err) {
  if (status != SF_OK)
    return l_push_error(L, err);
  e->seed = sf_execution_facts(e->x)->seed;
  l_gc(L, e->home);
  return 1;
}

/* resume(machine, text [, history]) -> execution, attached | nil, message,
** detail; 'history': keep events from now on, or don't */
static int l_execution_resume(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_machine *machine = l_check_machine(L, 1);
  size_t len;
  const char *text = luaL_checklstring(L, 2, &len);
  l_execution *e = l_push_execution(L, home);
  sf_error err;
  sf_status status =
    sf_snapshot_read(&home->mem, machine, text, len, &e->x, &err);

  if (status == SF_OK && !lua_isnoneornil(L, 3))
    sf_execution_keep_history(e->x, lua_toboolean(L, 3) != 0);
  if (pushed(L, e, status, &err) != 1)
    return 3;
  text = sf_snapshot_attached(text, len, &len);
  lua_pushlstring(L, text, len);
  return 2;
}

/* seal(text) -> text: the last bytes put right, as the checksum of those before;
** for tests that make up snapshots */
static int l_execution_seal(lua_State *L) {
  unsigned char digest[SF_SHA256_SIZE];
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);

  luaL_argcheck(L, len >= sizeof digest, 1, "too short");
  l_check_memory(L, sf_sha256(text, len - sizeof digest, digest));
  lua_pushlstring(L, text, len - sizeof digest);
  lua_pushlstring(L, (const char *)digest, sizeof digest);
  lua_concat(L, 2);
  return 1;
}

/* e:fork() -> execution | nil, message, detail */
static int execution_fork(lua_State *L) {
  l_execution *from = l_check_execution(L);
  l_execution *e = l_push_execution(L, from->home);
  sf_error err;
  sf_status status = sf_execution_fork(from->x, &e->x, &err);

  return pushed(L, e, status, &err);
}

/* e:fingerprint() -> text | nil, message, detail */
static int execution_fingerprint(lua_State *L) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[SF_FINGERPRINT_SIZE];
  char text[2 * SF_FINGERPRINT_SIZE];
  sf_error err;
  size_t i;

  if (sf_execution_fingerprint(l_check_execution(L)->x, bytes, &err) != SF_OK)
    return l_push_error(L, &err);
  for (i = 0; i < sizeof bytes; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  lua_pushlstring(L, text, sizeof text);
  return 1;
}

const luaL_Reg l_execution_snapshot_functions[] = {
  {"resume", l_execution_resume}, {"seal", l_execution_seal}, {NULL, NULL}};

const luaL_Reg l_execution_snapshot_methods[] = {
  {"snapshot", execution_snapshot},
  {"fork", execution_fork},
  {"fingerprint", execution_fingerprint},
  {NULL, NULL}};
