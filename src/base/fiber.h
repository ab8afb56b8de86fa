/*
** fiber.h - work that can be left in the middle and gone on with later: a
** function that runs on a stack of its own and gives control back when it likes.
** No thread: whoever resumes it waits until it pauses or ends.
**
** SF_HAS_FIBERS is 0 where the platform has no <ucontext.h> that is known to
** work (or SF_NO_FIBERS is defined): then sf_fiber_new must not be called.
*/
#ifndef SF_BASE_FIBER_H
#define SF_BASE_FIBER_H

#include <stdbool.h>

#include "base/alloc.h"

#if defined(SF_NO_FIBERS)
#define SF_HAS_FIBERS 0
#elif defined(__GLIBC__) || defined(__FreeBSD__) || defined(__NetBSD__) ||     \
  defined(__sun)
#define SF_HAS_FIBERS 1
#else
#define SF_HAS_FIBERS 0
#endif

/* How much larger frames of the stack are than usual: AddressSanitizer's are. */
#if defined(__SANITIZE_ADDRESS__)
#define SF_FIBER_FRAMES 4
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SF_FIBER_FRAMES 4
#endif
#endif
#ifndef SF_FIBER_FRAMES
#define SF_FIBER_FRAMES 1
#endif

typedef struct sf_fiber sf_fiber;

/* A fiber that is going to run body(ud) on 'stack_bytes' of stack.  Its memory is
** one block from 'mem'.  NULL: no memory. */
sf_fiber *sf_fiber_new(const sf_alloc *mem, size_t stack_bytes,
                       void (*body)(void *ud), void *ud);

/* Run it until it pauses (false) or its body returns (true). */
bool sf_fiber_resume(sf_fiber *f);

/* On the fiber itself: give control back to whoever resumed it. */
void sf_fiber_pause(sf_fiber *f);

/* Give its memory back.  It has ended, or was never resumed; NULL is fine. */
void sf_fiber_free(sf_fiber *f);

#endif
