/*
** load_syntax.c - faults of the text itself: not JSON, a member named twice.
** The wording is that of the parser behind the service (Jackson).
*/
#include "asl/load_syntax.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json_fault.h"
#include "base/scan.h"
#include "base/utf8.h"

/* A fault at 'offset', in the parser's words and at its place; 'hint' in ours, or
** NULL. */
static sf_status tell(const sf_source *s, size_t offset, sf_json_place place,
                      const sf_buffer *message, const char *hint) {
  sf_diagnostic d = {SF_SEVERITY_ERROR,
                     SF_PHASE_SHAPE,
                     "INVALID_JSON_DESCRIPTION",
                     {{0}, SF_ABSENT},
                     {{0}, SF_ABSENT},
                     {{0}, SF_ABSENT},
                     {{0}, SF_ABSENT},
                     0,
                     0};
  sf_buffer b;
  sf_buffer_init(&b, s->diags->mem);
  sf_buffer_add(&b, message->bytes, message->length);
  sf_buffer_add_text(&b, "\n at ");
  sf_json_add_source(&b, s->text, s->length, place);
  d.message = sf_buffer_string(&b);
  sf_json_add_source(&b, s->text, s->length, place);
  d.location = sf_buffer_string(&b);
  if (hint != NULL)
    d.hint = sf_string_from(s->diags->mem, hint);
  d.pointer = sf_string_from(s->diags->mem, "");
  sf_text_position(s->text, s->length, offset, &d.line, &d.column);
  return sf_diagnostics_add(s->diags, d);
}

static sf_json_place place_of(const sf_source *s, size_t offset) {
  sf_json_place place;
  sf_text_position(s->text, s->length, offset, &place.line, &place.column);
  return place;
}

sf_status sf_syntax_fault(const sf_source *s, const sf_error *err) {
  size_t at = err->offset < s->length ? err->offset : s->length;
  sf_json_place place = place_of(s, at);
  const char *hint = NULL;
  sf_status st;
  sf_buffer b;
  sf_buffer_init(&b, s->diags->mem);
  if (at < s->length && sf_utf8_length(s->text + at, s->text + s->length) == 0)
    sf_buffer_add_format(&b, "Invalid UTF-8 start byte 0x%02x",
                         (unsigned)(unsigned char)s->text[at]);
  else if (sf_json_fault(s->text, s->length, &b, &place))
    hint = err->message;
  else
    sf_buffer_add_text(&b, err->message);
  st = b.failed ? SF_ERR_NOMEM : tell(s, at, place, &b, hint);
  sf_buffer_clear(&b);
  return st;
}

/* --- members named twice --- */

typedef struct sf_repeats {
  const sf_source *source;
  sf_status status;
} sf_repeats;

/* Bytes of the string token that begins at 'offset', quotes included. */
static size_t token_length(const sf_source *s, size_t offset) {
  size_t i = offset + 1;
  while (i < s->length && s->text[i] != '"')
    i += s->text[i] == '\\' ? 2 : 1;
  return (i < s->length ? i + 1 : s->length) - offset;
}

static bool tell_repeat(void *ud, size_t offset) {
  sf_repeats *r = ud;
  const sf_source *s = r->source;
  size_t len = token_length(s, offset);
  sf_buffer b;
  sf_buffer_init(&b, s->diags->mem);
  sf_buffer_add_text(&b, "Duplicate field '");
  sf_buffer_add(&b, s->text + offset + 1, len - 2);
  sf_buffer_add_char(&b, '\'');
  r->status = b.failed ? SF_ERR_NOMEM
                       : tell(s, offset, place_of(s, offset + len), &b, NULL);
  sf_buffer_clear(&b);
  return r->status == SF_OK && s->diags->count < SF_REPEATS_MAX;
}

sf_status sf_syntax_repeats(const sf_source *s) {
  sf_repeats r = {s, SF_OK};
  sf_text_duplicates(s->diags->mem, s->text, s->length, tell_repeat, &r);
  return r.status;
}
