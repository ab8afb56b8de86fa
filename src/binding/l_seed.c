/*
** l_seed.c - see l_seed.h.
*/
#include "binding/l_seed.h"

#include <string.h>

#include "base/random.h"
#include "binding/l_error.h"

/* Its bytes are the number's, lowest first, on every machine. */
static void seed_bytes(uint64_t seed, char bytes[SEED_SIZE]) {
  int i;

  for (i = 0; i < SEED_SIZE; i++)
    bytes[i] = (char)(seed >> (8 * i) & 0xFF);
}

void l_push_seed(lua_State *L, uint64_t seed) {
  char bytes[SEED_SIZE];

  seed_bytes(seed, bytes);
  lua_pushlstring(L, bytes, SEED_SIZE);
}

uint64_t l_check_seed(lua_State *L, int index) {
  size_t len;
  const char *bytes = luaL_checklstring(L, index, &len);
  uint64_t seed = 0;
  int i;

  luaL_argcheck(L, len == SEED_SIZE, index, "a seed expected");
  for (i = 0; i < SEED_SIZE; i++)
    seed |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
  return seed;
}

/* seed(number) -> seed as text */
static int l_seed(lua_State *L) {
  lua_Number n = luaL_checknumber(L, 1);

  if (l_isinteger(L, 1)) {
    l_push_seed(L, (uint64_t)lua_tointeger(L, 1));
    return 1;
  }
  luaL_argcheck(L, n >= -9007199254740992.0 && n <= 9007199254740992.0, 1,
                "an integer expected");
  luaL_argcheck(L, n == (lua_Number)(int64_t)n, 1, "an integer expected");
  l_push_seed(L, (uint64_t)(int64_t)n);
  return 1;
}

/* seed_uuid(seed, n) -> the n-th UUID of a seed, for names */
static int l_seed_uuid(lua_State *L) {
  uint64_t seed = l_check_seed(L, 1);
  uint32_t n = (uint32_t)luaL_checkinteger(L, 2);
  char text[37];

  sf_random_uuid(sf_random_keyed(seed, 0, UINT32_MAX, 2 * n),
                 sf_random_keyed(seed, 0, UINT32_MAX, 2 * n + 1), text);
  lua_pushstring(L, text);
  return 1;
}

sf_status l_secret_of(uint64_t seed, unsigned char secret[SF_SHA256_SIZE]) {
  static const char label[] = "stepfn task tokens";
  char bytes[SEED_SIZE + sizeof label];

  seed_bytes(seed, bytes);
  memcpy(bytes + SEED_SIZE, label, sizeof label);
  return sf_sha256(bytes, sizeof bytes, secret);
}

const luaL_Reg l_seed_functions[] = {
  {"seed", l_seed}, {"seed_uuid", l_seed_uuid}, {NULL, NULL}};
