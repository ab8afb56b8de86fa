/*
** snapshot.h - an execution as bytes, and back; copies; fingerprints.
**
** A snapshot holds all that decides what happens next: frames, timers, effects
** not yet drained, generator, secret, counters, the next event id; the history
** only when it is asked for.  It is exact: what is resumed gives, for the same
** events, the same effects and the same history.  States are named by their
** pointers, the definition by its digest.  A value that several hold is written
** once.  The bytes are the same on every machine.  Children are executions of
** their own, with snapshots of their own: the host puts them together.
**
** Whoever can read a snapshot can make task tokens: it holds the secret.
*/
#ifndef SF_RUN_SNAPSHOT_H
#define SF_RUN_SNAPSHOT_H

#include "run/execution.h"

typedef struct sf_snapshot_options {
  bool history;         /* with the events kept so far */
  const char *attached; /* bytes of the host's own that go along; or NULL */
  size_t attached_length;
} sf_snapshot_options;

/* Append a snapshot to 'out'.  SF_ERR_STATE: memory ran out in this execution
** before. */
sf_status sf_snapshot_write(sf_execution *x, const sf_snapshot_options *options,
                            sf_buffer *out, sf_error *err);

/* The execution that bytes[0..len) tell of.  On SF_OK the caller owns *out.
** The bytes may be anything: SF_ERR_SYNTAX with err->code
**   "NOT_A_SNAPSHOT"  something else
**   "DAMAGED"         bytes were lost or changed
**   "NEWER"           written by a version that knows more
**   "FOREIGN"         taken of another definition, or of another type
** A recorder (sf_special_facts) is not kept. */
sf_status sf_snapshot_read(const sf_alloc *mem, sf_machine *machine,
                           const void *bytes, size_t len, sf_execution **out,
                           sf_error *err);

/* What was attached; borrowed from 'bytes', which sf_snapshot_read has
** accepted. */
const char *sf_snapshot_attached(const void *bytes, size_t len,
                                 size_t *attached_length);

/* A copy that goes its own way; history included, values shared.  On SF_OK the
** caller owns *out.  SF_ERR_STATE as above. */
sf_status sf_execution_fork(sf_execution *x, sf_execution **out, sf_error *err);

/* What decides the future of an execution, but for ids, times and generator:
** two situations of one machine with the same fingerprint differ in nothing
** that a workflow could tell, except when and who it is.  How timers follow one
** another counts; how far away they are does not. */
#define SF_FINGERPRINT_SIZE 16

sf_status sf_execution_fingerprint(const sf_execution *x,
                                   unsigned char out[SF_FINGERPRINT_SIZE],
                                   sf_error *err);

#endif
