/*
** load_fault.c - telling a fault: from the place in the definition to JSON
** pointer, AWS's location, line and column.  Only faults pay for this.
*/
#include "asl/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/scan.h"
#include "query/intrinsic.h"

#define MESSAGE_MAX 1024

bool sf_loader_nomem(sf_loader *l) {
  l->status = SF_ERR_NOMEM;
  return false;
}

/* --- pointers --- */

void sf_pointer_add(sf_buffer *b, sf_value key) {
  const char *text = sf_string_text(key);
  size_t i, len = sf_string_length(key);
  sf_buffer_add_char(b, '/');
  for (i = 0; i < len; i++)
    if (text[i] == '~')
      sf_buffer_add_text(b, "~0");
    else if (text[i] == '/')
      sf_buffer_add_text(b, "~1");
    else
      sf_buffer_add_char(b, text[i]);
}

/* The chain is short: fields inside one state, or rules inside rules, whose
** depth is limited. */
static void add_where(sf_buffer *b, const sf_where *where) {
  if (where->up != NULL)
    add_where(b, where->up);
  if (where->pointer != NULL)
    sf_buffer_add_text(b, where->pointer);
  else if (where->key.kind == SF_STRING)
    sf_pointer_add(b, where->key);
  else
    sf_buffer_add_format(b, "/%lu", (unsigned long)where->index);
}

sf_value sf_where_text(const sf_alloc *mem, const sf_where *where) {
  sf_buffer b;
  sf_buffer_init(&b, mem);
  add_where(&b, where);
  return sf_buffer_string(&b);
}

/* --- locations --- */

/* One step of a pointer, its escapes undone, into 'out'. */
static size_t read_step(const char *at, const char *end, sf_buffer *out) {
  const char *p = at;
  for (; p < end && *p != '/'; p++)
    if (*p == '~' && p + 1 < end && (p[1] == '0' || p[1] == '1'))
      sf_buffer_add_char(out, *++p == '0' ? '~' : '/');
    else
      sf_buffer_add_char(out, *p);
  return (size_t)(p - at);
}

static size_t index_of(const char *text) {
  size_t n = 0;
  for (; *text >= '0' && *text <= '9'; text++)
    n = n * 10 + (size_t)(*text - '0');
  return n;
}

/* The part of 'v' that a step names; appends the step as AWS writes it. */
static sf_value follow(sf_buffer *out, sf_value v, sf_value step) {
  const char *text = sf_string_text(step);
  if (v.kind == SF_ARRAY) {
    size_t i = index_of(text);
    sf_buffer_add_format(out, "[%s]", text);
    return i < sf_array_count(v) ? sf_array_at(v, i) : sf_absent();
  }
  sf_buffer_add_char(out, '/');
  sf_buffer_add(out, text, sf_string_length(step));
  return v.kind == SF_OBJECT ? sf_object_get_key(v, step) : sf_absent();
}

/* "/States/P/Branches/0" as AWS writes it: "/States/P/Branches[0]". */
static sf_value location_of(const sf_loader *l, const char *at, size_t len) {
  const char *end = at + len;
  sf_value v = l->root;
  sf_buffer out;
  sf_buffer_init(&out, l->mem);
  while (at < end) {
    sf_buffer piece;
    sf_value step;
    sf_buffer_init(&piece, l->mem);
    at += 1 + read_step(at + 1, end, &piece);
    step = sf_buffer_string(&piece);
    if (step.kind == SF_ABSENT) {
      sf_buffer_clear(&out);
      return sf_absent();
    }
    v = follow(&out, v, step);
    sf_release(step);
  }
  if (len == 0)
    sf_buffer_add_char(&out, '/');
  return sf_buffer_string(&out);
}

/* Length of the pointer without its last 'steps' steps. */
static size_t cut_steps(const char *pointer, size_t len, unsigned steps) {
  while (steps > 0 && len > 0)
    if (pointer[--len] == '/')
      steps--;
  return len;
}

/* Where the fault stands in the text: the value, or the member's name.  An
** object is pointed at by its name, where it has one. */
static size_t offset_of(const sf_loader *l, const char *pointer, bool at_key) {
  size_t name = sf_text_find_pointer(l->text, l->length, pointer, true);
  size_t value;
  if (at_key)
    return name;
  value = sf_text_find_pointer(l->text, l->length, pointer, false);
  return value != SF_NO_OFFSET && name != SF_NO_OFFSET && l->text[value] == '{'
           ? name
           : value;
}

static void add_position(const sf_loader *l, sf_diagnostic *d,
                         const char *pointer, bool at_key) {
  size_t offset;
  if (l->text == NULL)
    return;
  offset = offset_of(l, pointer, at_key);
  if (offset != SF_NO_OFFSET)
    sf_text_position(l->text, l->length, offset, &d->line, &d->column);
}

/* Warnings never take the place of errors. */
static bool is_enough(const sf_diagnostics *d, sf_severity severity) {
  size_t told =
    severity == SF_SEVERITY_ERROR ? d->errors : d->count - d->errors;
  return told >= SF_DIAGNOSTICS_MAX;
}

/* The pointer, made to name the holder where that is at fault. */
static sf_value told_pointer(const sf_loader *l, sf_value pointer,
                             unsigned location) {
  const char *text = sf_string_text(pointer);
  if (location != SF_LOCATION_HOLDER)
    return sf_retain(pointer);
  return sf_string_new(l->mem, text,
                       cut_steps(text, sf_string_length(pointer), 1));
}

static void add_places(sf_loader *l, sf_diagnostic *d, sf_value pointer,
                       unsigned location) {
  bool above = location == SF_LOCATION_ABOVE || location == SF_LOCATION_HOLDER;
  d->pointer = told_pointer(l, pointer, location);
  add_position(l, d, sf_string_text(pointer), above);
  if (location == SF_LOCATION_NOWHERE)
    return;
  d->location =
    location_of(l, sf_string_text(pointer),
                cut_steps(sf_string_text(pointer), sf_string_length(pointer),
                          above ? 1 : 0));
  if (d->location.kind == SF_ABSENT)
    sf_loader_nomem(l);
}

static void tell(sf_loader *l, sf_phase phase, const sf_where *where,
                 unsigned location, const char *code, const char *message) {
  sf_diagnostic d;
  sf_value pointer;
  memset(&d, 0, sizeof d);
  d.severity =
    phase == SF_PHASE_DOUBT ? SF_SEVERITY_WARNING : SF_SEVERITY_ERROR;
  if (l->status != SF_OK)
    return;
  if (is_enough(l->diags, d.severity)) {
    l->diags->truncated = true;
    sf_assign(&l->hint, sf_absent());
    return;
  }
  d.phase = phase;
  d.code = code;
  d.hint = l->hint;
  l->hint = sf_absent();
  d.message = sf_string_from(l->mem, message);
  pointer = sf_where_text(l->mem, where);
  if (pointer.kind == SF_STRING)
    add_places(l, &d, pointer, location);
  sf_release(pointer);
  if (sf_diagnostics_add(l->diags, d) != SF_OK)
    sf_loader_nomem(l);
}

/* printf that never leaves half a character at the end. */
static void format_message(char message[MESSAGE_MAX], const char *format,
                           va_list args) {
  int n = vsnprintf(message, MESSAGE_MAX, format, args);
  size_t end = MESSAGE_MAX - 1;
  if (n < MESSAGE_MAX)
    return;
  while (end > 0 && ((unsigned char)message[end - 1] & 0xC0) == 0x80)
    end--;
  if (end > 0 && (unsigned char)message[end - 1] >= 0xC0)
    end--;
  message[end] = '\0';
}

static void tell_format(sf_loader *l, sf_phase phase, const sf_where *where,
                        unsigned location, const char *code, const char *format,
                        va_list args) {
  char message[MESSAGE_MAX];
  format_message(message, format, args);
  tell(l, phase, where, location, code, message);
}

void sf_fault(sf_loader *l, const sf_where *where, unsigned location,
              const char *code, const char *format, ...) {
  sf_phase phase =
    strcmp(code, SF_CODE_SCHEMA) == 0 ? SF_PHASE_SHAPE : SF_PHASE_NAMES;
  va_list args;
  va_start(args, format);
  tell_format(l, phase, where, location, code, format, args);
  va_end(args);
}

void sf_fault_value(sf_loader *l, const sf_where *where, unsigned location,
                    const char *format, ...) {
  va_list args;
  va_start(args, format);
  tell_format(l, SF_PHASE_VALUE, where, location, SF_CODE_SCHEMA, format, args);
  va_end(args);
}

void sf_fault_in(sf_loader *l, sf_phase phase, const sf_where *where,
                 unsigned location, const char *code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  tell_format(l, phase, where, location, code, format, args);
  va_end(args);
}

void sf_warn(sf_loader *l, const sf_where *where, unsigned location,
             const char *code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  tell_format(l, SF_PHASE_DOUBT, where, location, code, format, args);
  va_end(args);
}

void sf_hint(sf_loader *l, const char *format, ...) {
  char hint[MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  format_message(hint, format, args);
  va_end(args);
  sf_assign(&l->hint, sf_string_from(l->mem, hint));
  if (l->hint.kind == SF_ABSENT)
    sf_loader_nomem(l);
}

void sf_hint_nearest(sf_loader *l, const sf_nearest *found) {
  if (found->name != NULL)
    sf_hint(l, "did you mean '%.*s'?", (int)found->length, found->name);
}

/* The intrinsic function whose name, with letters that are not right, is at that
** offset: true when one is near. */
static bool hint_intrinsic(sf_loader *l, const char *name) {
  size_t i, len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
  sf_nearest n;
  if (name[len] != '(' || sf_intrinsic_find(name, len) != NULL)
    return false;
  sf_nearest_init(&n, name, len);
  for (i = 0; sf_intrinsic_name(i) != NULL; i++)
    sf_nearest_try(&n, sf_intrinsic_name(i), strlen(sf_intrinsic_name(i)));
  sf_hint_nearest(l, &n);
  return n.name != NULL;
}

void sf_hint_expr(sf_loader *l, sf_value text, const sf_error *err) {
  size_t i, character = 1;
  if (text.kind != SF_STRING || err->offset > sf_string_length(text)) {
    sf_hint(l, "%s", err->message);
    return;
  }
  if (hint_intrinsic(l, sf_string_text(text) + err->offset))
    return;
  for (i = 0; i < err->offset; i++)
    character += ((unsigned char)sf_string_text(text)[i] & 0xC0) != 0x80;
  if (character == 1)
    sf_hint(l, "%s", err->message);
  else
    sf_hint(l, "%s (character %lu)", err->message, (unsigned long)character);
}

void sf_fault_type(sf_loader *l, const sf_where *where, const char *type) {
  sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "Expected value of type %s", type);
}
