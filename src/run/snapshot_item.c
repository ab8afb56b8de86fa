/*
** snapshot_item.c - the tables: see snapshot_item.h.  The order of rows is that
** of the bytes; a change of it is a new SNAPSHOT_VERSION (snapshot.c).
*/
#include "run/snapshot_item.h"

#include <stddef.h>
#include <string.h>

#define STATE(owner, member, type, most)                                       \
  { type, ITEM_OF_STATE, offsetof(owner, member), most }
#define ASIDE(owner, member, type, most)                                       \
  { type, ITEM_ASIDE, offsetof(owner, member), most }
#define END                                                                    \
  { ITEM_END, ITEM_ASIDE, 0, 0 }

/* 'timers.created' goes before all timers. */
const item sf_items_execution[] = {
  STATE(sf_execution, input, ITEM_VALUE, 0),
  STATE(sf_execution, type, ITEM_NAME, SF_EXPRESS),
  STATE(sf_execution, status, ITEM_NAME, SF_ABORTED),
  STATE(sf_execution, output, ITEM_VALUE, 0),
  STATE(sf_execution, error, ITEM_TEXT, 0),
  STATE(sf_execution, cause, ITEM_TEXT, 0),
  STATE(sf_execution, failed_state, ITEM_STATE, 0),
  STATE(sf_execution, started, ITEM_BYTE, true),
  STATE(sf_execution, finished_pending, ITEM_BYTE, true),
  STATE(sf_execution, more_pending, ITEM_BYTE, true),
  STATE(sf_execution, wake_pending, ITEM_BYTE, true),
  ASIDE(sf_execution, now, ITEM_TIME, 0),
  ASIDE(sf_execution, stop_date, ITEM_TIME, 0),
  ASIDE(sf_execution, wake_told, ITEM_TIME, 0),
  ASIDE(sf_execution, put_off_at, ITEM_TIME, 0),
  ASIDE(sf_execution, last_attempt, ITEM_COUNT, 0),
  ASIDE(sf_execution, last_event_id, ITEM_COUNT, 0),
  ASIDE(sf_execution, payload_largest, ITEM_BIG, 0),
  ASIDE(sf_execution, payload_state, ITEM_STATE, 0),
  ASIDE(sf_execution, variables_largest, ITEM_BIG, 0),
  ASIDE(sf_execution, assign_largest, ITEM_BIG, 0),
  ASIDE(sf_execution, assign_state, ITEM_STATE, 0),
  ASIDE(sf_execution, timers.created, ITEM_BIG, 0),
  STATE(sf_execution, deadline, ITEM_TIMER, 0),
  END};

const item sf_items_redrive[] = {
  STATE(sf_execution, redrive_count, ITEM_COUNT, 0),
  ASIDE(sf_execution, redrive_time, ITEM_TIME, 0), END};

const item sf_items_facts[] = {
  ASIDE(sf_facts, name, ITEM_TEXT, 0),
  ASIDE(sf_facts, arn, ITEM_TEXT, 0),
  ASIDE(sf_facts, machine_arn, ITEM_TEXT, 0),
  ASIDE(sf_facts, machine_name, ITEM_TEXT, 0),
  ASIDE(sf_facts, role_arn, ITEM_TEXT, 0),
  ASIDE(sf_facts, start_time, ITEM_TIME, 0),
  ASIDE(sf_facts, seed, ITEM_BIG, 0),
  ASIDE(sf_facts, secret, ITEM_SECRET, 0),
  ASIDE(sf_facts, limits.payload, ITEM_BIG, 0),
  ASIDE(sf_facts, limits.events, ITEM_BIG, 0),
  ASIDE(sf_facts, limits.variables, ITEM_BIG, 0),
  ASIDE(sf_facts, limits.map_concurrency, ITEM_COUNT, 0),
  ASIDE(sf_facts, slice, ITEM_COUNT, 0),
  ASIDE(sf_facts, history, ITEM_BYTE, true),
  ASIDE(sf_facts, synchronous, ITEM_BYTE, true),
  END};

const item sf_items_special[] = {
  ASIDE(sf_special_facts, version_arn, ITEM_TEXT, 0),
  ASIDE(sf_special_facts, alias_arn, ITEM_TEXT, 0),
  ASIDE(sf_special_facts, map_run_arn, ITEM_TEXT, 0),
  ASIDE(sf_special_facts, variables, ITEM_OBJECT, 0),
  ASIDE(sf_special_facts, context, ITEM_OBJECT, 0),
  ASIDE(sf_special_facts, start_at, ITEM_STATE, 0),
  ASIDE(sf_special_facts, scope, ITEM_SCOPE, 0),
  ASIDE(sf_special_facts, type, ITEM_NAME, SF_EXPRESS),
  ASIDE(sf_special_facts, retry_count, ITEM_COUNT, 0),
  ASIDE(sf_special_facts, stop_after, ITEM_BYTE, true),
  END};

const item sf_items_frame[] = {
  STATE(frame, state, ITEM_STATE, 0),
  STATE(frame, index, ITEM_COUNT, 0),
  STATE(frame, phase, ITEM_BYTE, FRAME_STOPPED),
  STATE(frame, input, ITEM_VALUE, 0),
  STATE(frame, effective, ITEM_VALUE, 0),
  STATE(frame, variables, ITEM_OBJECT, 0),
  STATE(frame, retry_count, ITEM_COUNT, 0),
  STATE(frame, catcher, ITEM_COUNT, 0),
  STATE(frame, ahead, ITEM_BYTE, true),
  ASIDE(frame, entered_id, ITEM_COUNT, 0),
  ASIDE(frame, entered_previous, ITEM_COUNT, 0),
  ASIDE(frame, last_id, ITEM_COUNT, 0),
  ASIDE(frame, entered_at, ITEM_TIME, 0),
  ASIDE(frame, attempt, ITEM_COUNT, 0),
  ASIDE(frame, scheduled_id, ITEM_COUNT, 0),
  STATE(frame, attempt_status, ITEM_BYTE, SF_ATTEMPT_WAITING),
  STATE(frame, scheduled, ITEM_BYTE, true),
  STATE(frame, told, ITEM_BYTE, true),
  STATE(frame, heartbeat_seconds, ITEM_NUMBER, 0),
  STATE(frame, credentials, ITEM_VALUE, 0),
  STATE(frame, wait, ITEM_TIMER, 0),
  STATE(frame, heartbeat, ITEM_TIMER, 0),
  END};

const item sf_items_group[] = {STATE(group, total, ITEM_COUNT, 0),
                               STATE(group, begun, ITEM_COUNT, 0),
                               STATE(group, done, ITEM_COUNT, 0),
                               STATE(group, running, ITEM_COUNT, 0),
                               STATE(group, concurrency, ITEM_COUNT, 0),
                               ASIDE(group, started_id, ITEM_COUNT, 0),
                               ASIDE(group, previous_id, ITEM_COUNT, 0),
                               STATE(group, items, ITEM_ARRAY, 0),
                               STATE(group, results, ITEM_ARRAY, 0),
                               END};

#define TALLIES(member)                                                        \
  STATE(map_run, member[0], ITEM_BIG, 0),                                      \
    STATE(map_run, member[1], ITEM_BIG, 0),                                    \
    STATE(map_run, member[2], ITEM_BIG, 0),                                    \
    STATE(map_run, member[3], ITEM_BIG, 0),                                    \
    STATE(map_run, member[4], ITEM_BIG, 0),                                    \
    STATE(map_run, member[5], ITEM_BIG, 0),                                    \
    STATE(map_run, member[6], ITEM_BIG, 0),                                    \
    STATE(map_run, member[7], ITEM_BIG, 0)

const item sf_items_map_run[] = {
  STATE(map_run, state, ITEM_STATE, 0),
  STATE(map_run, status, ITEM_NAME, SF_ABORTED),
  ASIDE(map_run, start_date, ITEM_TIME, 0),
  ASIDE(map_run, stop_date, ITEM_TIME, 0),
  ASIDE(map_run, arn, ITEM_TEXT, 0),
  ASIDE(map_run, label, ITEM_TEXT, 0),
  ASIDE(map_run, entered_id, ITEM_COUNT, 0),
  ASIDE(map_run, attempt, ITEM_COUNT, 0),
  STATE(map_run, effect_pending, ITEM_BYTE, true),
  STATE(map_run, concurrency, ITEM_COUNT, 0),
  STATE(map_run, has_count, ITEM_BYTE, true),
  STATE(map_run, has_percentage, ITEM_BYTE, true),
  STATE(map_run, tolerated_count, ITEM_BIG, 0),
  STATE(map_run, tolerated_percentage, ITEM_NUMBER, 0),
  TALLIES(items),
  TALLIES(executions),
  STATE(map_run, launching, ITEM_COUNT, 0),
  STATE(map_run, result_bytes, ITEM_BIG, 0),
  STATE(map_run, source, ITEM_VALUE, 0),
  STATE(map_run, taken, ITEM_BIG, 0),
  STATE(map_run, bucket, ITEM_TEXT, 0),
  STATE(map_run, key, ITEM_TEXT, 0),
  STATE(map_run, prefix, ITEM_TEXT, 0),
  STATE(map_run, read_key, ITEM_TEXT, 0),
  STATE(map_run, read_etag, ITEM_TEXT, 0),
  STATE(map_run, manifest_etag, ITEM_TEXT, 0),
  STATE(map_run, waiting, ITEM_BYTE, true),
  STATE(map_run, has_max_items, ITEM_BYTE, true),
  STATE(map_run, max_items, ITEM_BIG, 0),
  STATE(map_run, ended, ITEM_BYTE, true),
  STATE(map_run, has_batches, ITEM_BYTE, true),
  STATE(map_run, limits.items, ITEM_BIG, 0),
  STATE(map_run, limits.bytes, ITEM_BIG, 0),
  STATE(map_run, batch_input, ITEM_VALUE, 0),
  STATE(map_run, batch, ITEM_ARRAY, 0),
  STATE(map_run, batch_bytes, ITEM_BIG, 0),
  STATE(map_run, held, ITEM_VALUE, 0),
  STATE(map_run, found.value, ITEM_VALUE, 0),
  STATE(map_run, found.key, ITEM_TEXT, 0),
  STATE(map_run, out_bucket, ITEM_TEXT, 0),
  STATE(map_run, out_prefix, ITEM_TEXT, 0),
  STATE(map_run, files[0].pending, ITEM_ARRAY, 0),
  STATE(map_run, files[0].pending_bytes, ITEM_BIG, 0),
  STATE(map_run, files[0].size, ITEM_BIG, 0),
  STATE(map_run, files[0].number, ITEM_COUNT, 0),
  STATE(map_run, files[0].listed, ITEM_ARRAY, 0),
  STATE(map_run, files[1].pending, ITEM_ARRAY, 0),
  STATE(map_run, files[1].pending_bytes, ITEM_BIG, 0),
  STATE(map_run, files[1].size, ITEM_BIG, 0),
  STATE(map_run, files[1].number, ITEM_COUNT, 0),
  STATE(map_run, files[1].listed, ITEM_ARRAY, 0),
  STATE(map_run, sent, ITEM_TEXT, 0),
  STATE(map_run, sent_key, ITEM_TEXT, 0),
  STATE(map_run, sent_offset, ITEM_BIG, 0),
  STATE(map_run, sent_last, ITEM_BYTE, true),
  STATE(map_run, sent_told, ITEM_BYTE, true),
  STATE(map_run, has_manifest, ITEM_BYTE, true),
  STATE(map_run, closing, ITEM_BYTE, true),
  STATE(map_run, error, ITEM_TEXT, 0),
  STATE(map_run, cause, ITEM_TEXT, 0),
  STATE(map_run, only_by_name, ITEM_BYTE, true),
  END};

const item sf_items_child[] = {STATE(child, index, ITEM_COUNT, 0),
                               STATE(child, items, ITEM_COUNT, 0),
                               STATE(child, input, ITEM_VALUE, 0),
                               ASIDE(child, start_date, ITEM_TIME, 0),
                               STATE(child, told, ITEM_BYTE, true),
                               STATE(child, started, ITEM_BYTE, true),
                               END};

const item sf_items_outbox[] = {
  ASIDE(outbox_item, id, ITEM_COUNT, 0),
  STATE(outbox_item, type, ITEM_BYTE, SF_EFFECT_COUNT - 1),
  STATE(outbox_item, reason, ITEM_BYTE, SF_REASON_EXECUTION_TIMEOUT),
  STATE(outbox_item, submitted, ITEM_BYTE, true), END};

const item sf_items_history[] = {
  ASIDE(history_record, time, ITEM_TIME, 0),
  ASIDE(history_record, id, ITEM_COUNT, 0),
  ASIDE(history_record, previous, ITEM_COUNT, 0),
  ASIDE(history_record, state, ITEM_STATE, 0),
  ASIDE(history_record, visit, ITEM_COUNT, 0),
  ASIDE(history_record, type, ITEM_SHORT, H_COUNT - 1),
  ASIDE(history_record, way, ITEM_SHORT, UINT16_MAX),
  ASIDE(history_record, data, ITEM_VALUE, 0),
  ASIDE(history_record, more, ITEM_VALUE, 0),
  END};

static void write_item(const item *row, const void *at, sf_packer *p,
                       const item_sink *sink) {
  uint32_t n;
  uint16_t s;

  switch (row->type) {
    case ITEM_BYTE: sf_pack_byte(p, *(const unsigned char *)at); break;
    case ITEM_SHORT:
      memcpy(&s, at, sizeof s);
      sf_pack_count(p, s);
      break;
    case ITEM_NAME:
    case ITEM_COUNT:
      memcpy(&n, at, sizeof n);
      sf_pack_count(p, n);
      break;
    case ITEM_BIG: sf_pack_count(p, *(const uint64_t *)at); break;
    case ITEM_TIME: sf_pack_integer(p, *(const sf_time *)at); break;
    case ITEM_NUMBER: sf_pack_double(p, *(const double *)at); break;
    case ITEM_STATE: sink->state(sink->ud, *(const uint32_t *)at); break;
    case ITEM_SCOPE:
      memcpy(&n, at, sizeof n);
      sink->state(sink->ud, sink->machine->scopes[n].owner);
      break;
    case ITEM_VALUE:
    case ITEM_TEXT:
    case ITEM_ARRAY:
    case ITEM_OBJECT: sink->value(sink->ud, *(const sf_value *)at); break;
    case ITEM_SECRET: sf_pack_bytes(p, at, SF_SHA256_SIZE); break;
    case ITEM_TIMER: sink->timer(sink->ud, at); break;
    case ITEM_END: break;
  }
}

void sf_items_write(const item *row, const void *base, bool aside, sf_packer *p,
                    const item_sink *sink) {
  for (; row->type != ITEM_END; row++) {
    if (aside || row->part == ITEM_OF_STATE)
      write_item(row, (const char *)base + row->offset, p, sink);
  }
}
