/*
** preload.c - loaded before a Lua that runs the specs under AddressSanitizer.
**
** The module stays in memory when Lua closes it, so that LeakSanitizer can still
** name its functions at the end; and the sanitizer is for this process alone:
** what it starts (a shell, a compiler) runs as always.
*/
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>

int dlclose(void *handle);

int dlclose(void *handle) {
  (void)handle;
  return 0;
}

__attribute__((constructor)) static void leave_children_alone(void) {
  unsetenv("LD_PRELOAD");
}
