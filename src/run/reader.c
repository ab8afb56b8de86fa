/*
** reader.c - the stream of bytes that parsers read from, and which parser it is.
*/
#include "run/reader.h"

#include <string.h>

#include "base/json.h"

void sf_stream_init(stream *in, const sf_alloc *mem) {
  memset(in, 0, sizeof *in);
  in->mem = mem;
}

void sf_stream_clear(stream *in) {
  sf_alloc_free(in->mem, in->bytes, in->capacity);
  sf_stream_init(in, in->mem);
}

bool sf_stream_feed(stream *in, const char *bytes, size_t len) {
  void *room = in->bytes;

  if (in->at > 0) {
    memmove(in->bytes, in->bytes + in->at, in->length - in->at);
    in->length -= in->at;
    in->at = 0;
  }
  /* one byte more: also nothing has a place */
  if (!sf_alloc_grow(in->mem, &room, &in->capacity, in->length + len + 1, 1))
    return false;
  in->bytes = room;
  if (len > 0)
    memcpy(in->bytes + in->length, bytes, len);
  in->length += len;
  return true;
}

void sf_stream_take(stream *in, size_t len) {
  in->at += len;
  in->scanned = 0;
}

parse sf_parse_more(const stream *in, sf_error *err) {
  if (in->length - in->at > READER_ITEM_BYTES_MAX) {
    sf_error_set(err, SF_ERR_LIMIT, "An item is larger than %u bytes.",
                 READER_ITEM_BYTES_MAX);
    return PARSE_FAILED;
  }
  return PARSE_MORE;
}

parse sf_parse_json(const sf_alloc *mem, const char *text, size_t len,
                    found_item *out, sf_error *err) {
  sf_error inner;

  if (sf_json_read(mem, text, len, &out->value, &inner) == SF_OK)
    return PARSE_ITEM;
  sf_error_set(err, inner.status, "An item is not valid JSON: %s",
               inner.message);
  return PARSE_FAILED;
}

/* Look at the first bytes: a byte order mark is not part of the text, and what
** is compressed can't be read. */
static parse look_at_start(stream *in, sf_error *err) {
  const unsigned char *first;
  size_t len = in->length - in->at;

  if (len < 3 && !in->ended)
    return PARSE_MORE;
  if (in->bytes == NULL && !sf_stream_feed(in, NULL, 0)) {
    sf_error_nomem(err);
    return PARSE_FAILED;
  }
  first = (const unsigned char *)in->bytes + in->at;
  in->begun = true;
  if (len >= 3 && memcmp(first, "\xEF\xBB\xBF", 3) == 0)
    sf_stream_take(in, 3);
  if (len >= 2 && first[0] == 0x1F && first[1] == 0x8B) {
    sf_error_set(
      err, SF_ERR_SYNTAX,
      "The object is compressed: the object store has to unpack it.");
    return PARSE_FAILED;
  }
  return PARSE_ITEM;
}

parse sf_parser_next(parser *p, stream *in, found_item *out, sf_error *err) {
  parse start = in->begun ? PARSE_ITEM : look_at_start(in, err);

  if (start != PARSE_ITEM)
    return start;
  switch (p->type) {
    case SF_INPUT_CSV: return sf_csv_parser_next(p, in, out, err);
    case SF_INPUT_JSONL: return sf_jsonl_parser_next(in, out, err);
    default: return sf_json_parser_next(p, in, out, err);
  }
}

void sf_parser_clear(parser *p) {
  if (p->type == SF_INPUT_CSV)
    sf_assign(&p->u.csv.headers, sf_absent());
  else if (p->type == SF_INPUT_JSON)
    sf_assign(&p->u.json.key, sf_absent());
}
