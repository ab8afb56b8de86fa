/*
** snapshot.c - the envelope of snapshots, and copies.
**
**   magic (8 bytes), version (4), digest of the definition (32), type (1),
**   length (4) of what the host attached, that, body (snapshot_write.c),
**   SHA-256 of all before (32)
**
** Numbers stand with their lowest byte first.
*/
#include "run/snapshot.h"

#include <assert.h>
#include <string.h>

#include "run/snapshot_body.h"

#define SNAPSHOT_VERSION 4 /* a reader knows its own and no other */

#define MAGIC_SIZE 8
#define LENGTH_AT  (MAGIC_SIZE + 4 + SF_SHA256_SIZE + 1)
#define HEAD_SIZE  (LENGTH_AT + 4)
#define SIZE_MIN   (HEAD_SIZE + SF_SHA256_SIZE)

static const unsigned char magic[MAGIC_SIZE] = {0x89, 's', 't', 'e',
                                                'p',  'f', 'n', 'S'};

/* --- writing --- */

static void write_word(sf_packer *p, size_t n) {
  int i;

  for (i = 0; i < 4; i++)
    sf_pack_byte(p, (unsigned)(n >> (8 * i)) & 0xFF);
}

static sf_status write_head(const sf_execution *x,
                            const sf_snapshot_options *options, sf_packer *p) {
  unsigned char digest[SF_SHA256_SIZE];
  sf_status status = sf_machine_digest(x->machine, digest);

  sf_pack_bytes(p, magic, MAGIC_SIZE);
  write_word(p, SNAPSHOT_VERSION);
  sf_pack_bytes(p, digest, sizeof digest);
  sf_pack_byte(p, x->machine->type);
  write_word(p, options->attached_length);
  sf_pack_bytes(p, options->attached, options->attached_length);
  return status;
}

static sf_status write_tail(sf_packer *p) {
  unsigned char digest[SF_SHA256_SIZE];
  sf_status status;

  if (p->bytes.failed)
    return SF_ERR_NOMEM;
  status = sf_sha256(p->bytes.bytes, p->bytes.length, digest);
  sf_pack_bytes(p, digest, sizeof digest);
  return p->bytes.failed ? SF_ERR_NOMEM : status;
}

sf_status sf_snapshot_write(sf_execution *x, const sf_snapshot_options *options,
                            sf_buffer *out, sf_error *err) {
  sf_packer p;
  sf_status status;

  sf_identify(x);
  status = sf_execution_check(x, err);
  if (status != SF_OK)
    return status;
  if (options->attached_length > SF_LENGTH_MAX)
    return sf_error_set(err, SF_ERR_LIMIT, "too much is attached");
  sf_packer_init(&p, x->mem);
  status = write_head(x, options, &p);
  if (status == SF_OK) {
    sf_body_write(x, options->history, &p, NULL);
    status = write_tail(&p);
  }
  if (status == SF_OK && out->bytes == NULL) {
    *out = p.bytes;
    sf_buffer_init(&p.bytes, x->mem);
  } else if (status == SF_OK) {
    sf_buffer_add(out, p.bytes.bytes, p.bytes.length);
  }
  sf_packer_clear(&p);
  return status == SF_OK && !out->failed ? SF_OK : sf_error_nomem(err);
}

/* --- reading --- */

static sf_status refuse(sf_error *err, const char *code, const char *text) {
  sf_error_set(err, SF_ERR_SYNTAX, "%s", text);
  err->code = code;
  return SF_ERR_SYNTAX;
}

static sf_status refuse_damaged(sf_error *err) {
  return refuse(err, "DAMAGED", "the snapshot is damaged");
}

static sf_status check_digest(const unsigned char *bytes, size_t len,
                              sf_error *err) {
  unsigned char digest[SF_SHA256_SIZE];

  if (sf_sha256(bytes, len - sizeof digest, digest) != SF_OK)
    return sf_error_nomem(err);
  if (memcmp(bytes + len - sizeof digest, digest, sizeof digest) != 0)
    return refuse_damaged(err);
  return SF_OK;
}

static uint32_t read_word(const unsigned char *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
         (uint32_t)at[3] << 24;
}

static sf_status check_version(const unsigned char *at, sf_error *err) {
  uint32_t version = read_word(at);
  bool newer = version > SNAPSHOT_VERSION;

  if (version == 0)
    return refuse_damaged(err);
  if (version == SNAPSHOT_VERSION)
    return SF_OK;
  sf_error_set(
    err, SF_ERR_SYNTAX,
    "the snapshot has version %lu, and this stepfn reads version %d: "
    "%s stepfn wrote it",
    (unsigned long)version, SNAPSHOT_VERSION, newer ? "a newer" : "an older");
  err->code = newer ? "NEWER" : "OLDER";
  return SF_ERR_SYNTAX;
}

static sf_status check_machine(sf_machine *machine, const unsigned char *at,
                               sf_error *err) {
  unsigned char digest[SF_SHA256_SIZE];

  if (sf_machine_digest(machine, digest) != SF_OK)
    return sf_error_nomem(err);
  if (memcmp(at, digest, sizeof digest) != 0)
    return refuse(err, "FOREIGN",
                  "the snapshot is of another definition than this machine's");
  if (at[sizeof digest] != machine->type)
    return refuse(err, "FOREIGN",
                  machine->type == SF_EXPRESS
                    ? "the snapshot is of a STANDARD execution, and this "
                      "machine is EXPRESS"
                    : "the snapshot is of an EXPRESS execution, and this "
                      "machine is STANDARD");
  return SF_OK;
}

static sf_status check_envelope(sf_machine *machine, const unsigned char *bytes,
                                size_t len, sf_error *err) {
  sf_status status;

  if (len < MAGIC_SIZE || memcmp(bytes, magic, MAGIC_SIZE) != 0)
    return refuse(err, "NOT_A_SNAPSHOT", "this is not a snapshot");
  if (len < SIZE_MIN || len > SF_LENGTH_MAX)
    return refuse_damaged(err);
  status = check_digest(bytes, len, err);
  if (status == SF_OK)
    status = check_version(bytes + MAGIC_SIZE, err);
  if (status == SF_OK)
    status = check_machine(machine, bytes + MAGIC_SIZE + 4, err);
  if (status == SF_OK && read_word(bytes + LENGTH_AT) > len - SIZE_MIN)
    status = refuse_damaged(err);
  return status;
}

/* A blank execution filled by sf_body_read. */
static sf_status read_body(const sf_alloc *mem, sf_machine *machine,
                           sf_unpacker *u, kept_values *kept,
                           sf_execution **out, sf_error *err) {
  sf_execution *x = sf_execution_blank(mem, machine);

  if (x == NULL)
    return sf_error_nomem(err);
  sf_body_read(x, u, kept);
  if (u->status == SF_OK && !x->broken && sf_body_is_sound(x)) {
    if (x->map_runs != NULL)
      x->map_runs->resumed = true;
    *out = x;
    return SF_OK;
  }
  if (x->broken)
    u->status = SF_ERR_NOMEM;
  sf_execution_free(x);
  return u->status == SF_ERR_NOMEM ? sf_error_nomem(err) : refuse_damaged(err);
}

const char *sf_snapshot_attached(const void *bytes, size_t len,
                                 size_t *attached_length) {
  const unsigned char *at = bytes;

  assert(len >= SIZE_MIN);
  (void)len;
  *attached_length = read_word(at + LENGTH_AT);
  return (const char *)bytes + HEAD_SIZE;
}

sf_status sf_snapshot_read(const sf_alloc *mem, sf_machine *machine,
                           const void *bytes, size_t len, sf_execution **out,
                           sf_error *err) {
  sf_status status = check_envelope(machine, bytes, len, err);
  sf_unpacker u;
  const char *attached;
  size_t attached_length;

  *out = NULL;
  if (status != SF_OK)
    return status;
  attached = sf_snapshot_attached(bytes, len, &attached_length);
  sf_unpacker_init(&u, mem, attached + attached_length,
                   len - SIZE_MIN - attached_length);
  status = read_body(mem, machine, &u, NULL, out, err);
  sf_unpacker_clear(&u);
  return status;
}

/* --- copies --- */

static void clear_kept(const sf_alloc *mem, kept_values *kept) {
  size_t i;

  for (i = 0; i < kept->count; i++)
    sf_release(kept->items[i]);
  sf_alloc_free(mem, kept->items, kept->capacity * sizeof *kept->items);
}

sf_status sf_execution_fork(sf_execution *x, sf_execution **out,
                            sf_error *err) {
  kept_values kept = {NULL, 0, 0};
  sf_packer p;
  sf_unpacker u;
  sf_status status;

  *out = NULL;
  sf_identify(x);
  status = sf_execution_check(x, err);
  if (status != SF_OK)
    return status;
  sf_packer_init(&p, x->mem);
  sf_body_write(x, true, &p, &kept);
  if (p.bytes.failed) {
    status = sf_error_nomem(err);
  } else {
    sf_unpacker_init(&u, x->mem, p.bytes.bytes, p.bytes.length);
    status = read_body(x->mem, x->machine, &u, &kept, out, err);
    sf_unpacker_clear(&u);
    if (status == SF_OK && x->special != NULL)
      (*out)->special->recorder = x->special->recorder;
  }
  clear_kept(x->mem, &kept);
  sf_packer_clear(&p);
  return status;
}
