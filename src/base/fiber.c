/*
** fiber.c - fibers on <ucontext.h>.  AddressSanitizer is told of each change of
** stacks.
*/
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 600 /* for <ucontext.h> */
#endif

#include "base/fiber.h"

#include <assert.h>

#if SF_HAS_FIBERS

#include <ucontext.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif

#ifdef WITH_ASAN
#include <sanitizer/common_interface_defs.h>
#else
#define __sanitizer_start_switch_fiber(save, bottom, size)                     \
  ((void)(save), (void)(bottom), (void)(size))
#define __sanitizer_finish_switch_fiber(save, bottom, size)                    \
  ((void)(save), (void)(bottom), (void)(size))
#endif

struct sf_fiber {
  const sf_alloc *mem;
  size_t stack_bytes; /* of the stack, which lies behind this struct */
  void (*body)(void *ud);
  void *ud;
  ucontext_t host, own;
  const void *host_stack; /* for AddressSanitizer, as the next two */
  size_t host_stack_bytes;
  void *host_fake, *own_fake;
  bool begun, ended;
};

static void *stack_of(sf_fiber *f) {
  return f + 1;
}

static void to_host(sf_fiber *f) {
  __sanitizer_start_switch_fiber(f->ended ? NULL : &f->own_fake, f->host_stack,
                                 f->host_stack_bytes);
  swapcontext(&f->own, &f->host);
  __sanitizer_finish_switch_fiber(f->own_fake, &f->host_stack,
                                  &f->host_stack_bytes);
}

/* makecontext passes nothing but ints: the pointer comes in two halves. */
static void enter(unsigned high, unsigned low) {
  sf_fiber *f = (sf_fiber *)(uintptr_t)((uint64_t)high << 32 | low);

  __sanitizer_finish_switch_fiber(NULL, &f->host_stack, &f->host_stack_bytes);
  f->body(f->ud);
  f->ended = true;
  to_host(f);
}

sf_fiber *sf_fiber_new(const sf_alloc *mem, size_t stack_bytes,
                       void (*body)(void *ud), void *ud) {
  sf_fiber *f = sf_alloc_new(mem, sizeof *f + stack_bytes);
  uint64_t self = (uint64_t)(uintptr_t)f;

  if (f == NULL)
    return NULL;
  f->mem = mem;
  f->stack_bytes = stack_bytes;
  f->body = body;
  f->ud = ud;
  f->host_fake = f->own_fake = NULL;
  f->begun = f->ended = false;
  getcontext(&f->own);
  f->own.uc_stack.ss_sp = stack_of(f);
  f->own.uc_stack.ss_size = stack_bytes;
  f->own.uc_link = NULL;
  makecontext(&f->own, (void (*)(void))enter, 2, (unsigned)(self >> 32),
              (unsigned)self);
  return f;
}

bool sf_fiber_resume(sf_fiber *f) {
  assert(!f->ended);
  f->begun = true;
  __sanitizer_start_switch_fiber(&f->host_fake, stack_of(f), f->stack_bytes);
  swapcontext(&f->host, &f->own);
  __sanitizer_finish_switch_fiber(f->host_fake, NULL, NULL);
  return f->ended;
}

void sf_fiber_pause(sf_fiber *f) {
  to_host(f);
}

void sf_fiber_free(sf_fiber *f) {
  if (f == NULL)
    return;
  assert(f->ended || !f->begun);
  sf_alloc_free(f->mem, f, sizeof *f + f->stack_bytes);
}

#else

sf_fiber *sf_fiber_new(const sf_alloc *mem, size_t stack_bytes,
                       void (*body)(void *ud), void *ud) {
  (void)mem, (void)stack_bytes, (void)body, (void)ud;
  assert(!"no fibers here");
  return NULL;
}

bool sf_fiber_resume(sf_fiber *f) {
  (void)f;
  return true;
}

void sf_fiber_pause(sf_fiber *f) {
  (void)f;
}

void sf_fiber_free(sf_fiber *f) {
  (void)f;
}

#endif
