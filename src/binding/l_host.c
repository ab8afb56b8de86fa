/*
** l_host.c - clock, sleep, random bytes, time stamps, and whether a stream is a
** terminal.
*/
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif

#include "binding/l_host.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/timestamp.h"

#define SLEEP_SECONDS_MAX 86400.0 /* of one call; whoever wants more loops */
#define RANDOM_BYTES_MAX  1024

void l_random_fill(void *bytes, size_t len) {
  if (RAND_bytes(bytes, (int)len) == 1)
    return;
  memset(bytes, 0, len); /* no entropy at all: deterministic, not undefined */
}

static lua_Number seconds_of(clockid_t clock) {
  struct timespec t;

  clock_gettime(clock, &t);
  return (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec / 1e9;
}

lua_Number l_clock_now(void) {
  return seconds_of(CLOCK_REALTIME);
}

/* clock() -> seconds since the epoch */
static int l_clock(lua_State *L) {
  lua_pushnumber(L, l_clock_now());
  return 1;
}

/* monotonic() -> seconds since some point; never goes back */
static int l_monotonic(lua_State *L) {
  lua_pushnumber(L, seconds_of(CLOCK_MONOTONIC));
  return 1;
}

/* sleep(seconds): may come back early, when a signal came (so that Lua's own
** handler, which sets a hook, gets its turn). */
static int l_sleep(lua_State *L) {
  lua_Number seconds = luaL_checknumber(L, 1);
  struct timespec t;

  if (!(seconds > 0))
    return 0;
  if (seconds > SLEEP_SECONDS_MAX)
    seconds = SLEEP_SECONDS_MAX;
  t.tv_sec = (time_t)seconds;
  t.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
  nanosleep(&t, NULL);
  return 0;
}

/* random_bytes(n) -> text */
static int l_random_bytes(lua_State *L) {
  char bytes[RANDOM_BYTES_MAX];
  lua_Integer n = luaL_checkinteger(L, 1);

  luaL_argcheck(L, n >= 0 && n <= RANDOM_BYTES_MAX, 1, "0 to 1024 expected");
  l_random_fill(bytes, (size_t)n);
  lua_pushlstring(L, bytes, (size_t)n);
  return 1;
}

/* isatty(descriptor) -> boolean */
static int l_isatty(lua_State *L) {
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

/* time_parse(text) -> seconds, or nil when it is no time of RFC 3339 */
static int l_time_parse(lua_State *L) {
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);
  sf_time t;

  if (!sf_time_parse(text, len, &t))
    return 0;
  lua_pushnumber(L, sf_time_to_seconds(t));
  return 1;
}

/* time_format(seconds, brief) -> text, with milliseconds; brief: as the context
** object shows times */
static int l_time_format(lua_State *L) {
  char text[SF_TIME_TEXT_MAX];
  sf_time t = sf_time_from_seconds(luaL_checknumber(L, 1));
  size_t len =
    lua_toboolean(L, 2) ? sf_time_format(t, text) : sf_time_format_ms(t, text);

  lua_pushlstring(L, text, len);
  return 1;
}

const luaL_Reg l_host_functions[] = {{"clock", l_clock},
                                     {"monotonic", l_monotonic},
                                     {"sleep", l_sleep},
                                     {"random_bytes", l_random_bytes},
                                     {"isatty", l_isatty},
                                     {"time_parse", l_time_parse},
                                     {"time_format", l_time_format},
                                     {NULL, NULL}};
