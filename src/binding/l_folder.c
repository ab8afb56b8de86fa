/*
** l_folder.c - folders and files, as far as plain Lua has nothing for them: what
** is in a folder, how large a file is, where a link leads, making a folder.
*/
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#if !defined(_XOPEN_SOURCE)
#define _XOPEN_SOURCE 700 /* realpath, PATH_MAX */
#endif

#include "binding/l_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES_MAX 4096
#define FOLDER_TYPE    "stepfn.folder"

/* An open folder, closed by the collector when Lua raises in between. */
static int folder_gc(lua_State *L) {
  DIR **folder = lua_touserdata(L, 1);

  if (*folder != NULL)
    closedir(*folder);
  *folder = NULL;
  return 0;
}

static int push_failure(lua_State *L, const char *path) {
  int code = errno;

  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, strerror(code));
  lua_pushinteger(L, code);
  return 3;
}

static bool is_folder(const char *path, const char *name) {
  char whole[PATH_BYTES_MAX];
  struct stat status;

  if (strlen(path) + strlen(name) + 2 > sizeof whole)
    return false;
  strcpy(whole, path);
  strcat(whole, "/");
  strcat(whole, name);
  return lstat(whole, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_itself(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* folder_names(path) -> array of names, those of folders (not of links to them)
** with a '/' at the end | nil, message */
static int l_folder_names(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **folder = l_newobject(L, sizeof(DIR *), FOLDER_TYPE);
  const struct dirent *entry;
  int n = 0;

  *folder = opendir(path);
  if (*folder == NULL)
    return push_failure(L, path);
  lua_newtable(L);
  while ((entry = readdir(*folder)) != NULL) {
    if (is_itself(entry->d_name))
      continue;
    lua_pushfstring(L, "%s%s", entry->d_name,
                    is_folder(path, entry->d_name) ? "/" : "");
    lua_rawseti(L, -2, ++n);
  }
  closedir(*folder);
  *folder = NULL;
  return 1;
}

/* file_status(path) -> bytes, seconds since the epoch of the last change, is it
** a folder | nil, message */
static int l_file_status(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  struct stat status;

  if (stat(path, &status) != 0)
    return push_failure(L, path);
  lua_pushnumber(L, (lua_Number)status.st_size);
  lua_pushnumber(L, (lua_Number)status.st_mtime);
  lua_pushboolean(L, S_ISDIR(status.st_mode));
  return 3;
}

/* file_real_path(path) -> the same place without links | nil, message */
static int l_file_real_path(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  char real[PATH_MAX];

  if (realpath(path, real) == NULL)
    return push_failure(L, path);
  lua_pushstring(L, real);
  return 1;
}

/* folder_make(path) -> true | nil, message; one that is there is fine */
static int l_folder_make(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);

  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return push_failure(L, path);
  lua_pushboolean(L, 1);
  return 1;
}

const luaL_Reg l_folder_functions[] = {{"folder_names", l_folder_names},
                                       {"file_status", l_file_status},
                                       {"file_real_path", l_file_real_path},
                                       {"folder_make", l_folder_make},
                                       {NULL, NULL}};

void l_folder_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", folder_gc}, {NULL, NULL}};

  l_newtype(L, home, FOLDER_TYPE, meta, NULL);
}
