/*
** load_syntax.c - faults of the text itself: not JSON, a member named twice.
** The wording is that of the parser behind the service (Jackson).
*/
#include "asl/load_syntax.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scan.h"
#include "base/utf8.h"

#define SOURCE_MAX 500 /* characters of the text that a message quotes */

static bool is_word_char(char c) {
  unsigned char u = (unsigned char)c;
  return (u | 0x20) >= 'a' ? (u | 0x20) <= 'z' || u >= 0x80
                           : (u >= '0' && u <= '9') || u == '_' || u == '$';
}

/* Bytes of the first SOURCE_MAX characters. */
static size_t quoted_length(const char *text, size_t len) {
  size_t i, points = 0;
  for (i = 0; i < len; i++)
    if (((unsigned char)text[i] & 0xC0) != 0x80 && points++ == SOURCE_MAX)
      return i;
  return len;
}

/* A piece of the text; what is not UTF-8 in it becomes U+FFFD. */
static void add_text(sf_buffer *b, const char *text, size_t len) {
  const char *end = text + len;
  while (text < end) {
    size_t good = sf_utf8_check(text, (size_t)(end - text));
    sf_buffer_add(b, text, good);
    text += good;
    if (text < end) {
      sf_buffer_add_code_point(b, 0xFFFD);
      text++;
    }
  }
}

static void add_source(sf_buffer *b, const sf_source *s, size_t offset) {
  size_t quoted = quoted_length(s->text, s->length);
  unsigned line, column;
  sf_text_position(s->text, s->length, offset, &line, &column);
  sf_buffer_add_text(b, "[Source: (String)\"");
  add_text(b, s->text, quoted);
  sf_buffer_add_char(b, '"');
  if (quoted < s->length)
    sf_buffer_add_format(b, "[truncated %lu chars]",
                         (unsigned long)(s->length - quoted));
  sf_buffer_add_format(b, "; line: %u, column: %u]", line, column);
}

static sf_status tell(const sf_source *s, size_t offset, size_t end,
                      const char *message, size_t len) {
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
  sf_buffer_add(&b, message, len);
  sf_buffer_add_text(&b, "\n at ");
  add_source(&b, s, end);
  d.message = sf_buffer_string(&b);
  add_source(&b, s, end);
  d.location = sf_buffer_string(&b);
  d.pointer = sf_string_from(s->diags->mem, "");
  sf_text_position(s->text, s->length, offset, &d.line, &d.column);
  return sf_diagnostics_add(s->diags, d);
}

static sf_status tell_byte(const sf_source *s, size_t at) {
  char message[64];
  int n = snprintf(message, sizeof message, "Invalid UTF-8 start byte 0x%02x",
                   (unsigned)(unsigned char)s->text[at]);
  return tell(s, at, at, message, (size_t)n);
}

sf_status sf_syntax_fault(const sf_source *s, const sf_error *err) {
  size_t at = err->offset < s->length ? err->offset : s->length;
  size_t end = at;
  sf_status st;
  sf_buffer b;
  if (at < s->length && sf_utf8_length(s->text + at, s->text + s->length) == 0)
    return tell_byte(s, at);
  while (end < s->length && is_word_char(s->text[end]))
    end++;
  if (end == at)
    return tell(s, at, at, err->message, strlen(err->message));
  sf_buffer_init(&b, s->diags->mem);
  sf_buffer_add_text(&b, "Unrecognized token '");
  add_text(&b, s->text + at, end - at);
  sf_buffer_add_text(&b, "': was expecting (JSON String, Number, Array, "
                         "Object or token 'null', 'true' or 'false')");
  st = b.failed ? SF_ERR_NOMEM : tell(s, at, end, b.bytes, b.length);
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
  r->status =
    b.failed ? SF_ERR_NOMEM : tell(s, offset, offset + len, b.bytes, b.length);
  sf_buffer_clear(&b);
  return r->status == SF_OK && s->diags->count < SF_REPEATS_MAX;
}

sf_status sf_syntax_repeats(const sf_source *s) {
  sf_repeats r = {s, SF_OK};
  sf_text_duplicates(s->diags->mem, s->text, s->length, tell_repeat, &r);
  return r.status;
}
