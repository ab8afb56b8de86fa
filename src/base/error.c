/*
** error.c - filling an sf_error: see error.h.
*/
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ORDER STATUS: sf_status in error.h */
static const char *const status_texts[] = {
  "no error",
  "not enough memory",
  "syntax error",
  "a limit was reached",
  "a value of the wrong type",
  "not found",
  "evaluation failed",
  "not allowed now",
};

/* End the text before the character that 'length' bytes would cut. */
static void cut_at_character(char *text, size_t length) {
  while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
    length--;
  text[length] = '\0';
}

static sf_status fill(sf_error *err, sf_status status, size_t offset,
                      const char *format, va_list args) {
  char text[SF_ERROR_MESSAGE_MAX + 1];
  int length = vsnprintf(text, sizeof text, format, args);
  if (length < 0)
    text[0] = '\0';
  else if (length >= SF_ERROR_MESSAGE_MAX)
    cut_at_character(text, SF_ERROR_MESSAGE_MAX - 1);
  err->status = status;
  err->offset = offset;
  err->code = NULL;
  memcpy(err->message, text, strlen(text) + 1); /* it was cut to fit */
  return status;
}

sf_status sf_error_set(sf_error *err, sf_status status, const char *format,
                       ...) {
  va_list args;
  va_start(args, format);
  fill(err, status, SF_NO_OFFSET, format, args);
  va_end(args);
  return status;
}

sf_status sf_error_at(sf_error *err, sf_status status, size_t offset,
                      const char *format, ...) {
  va_list args;
  va_start(args, format);
  fill(err, status, offset, format, args);
  va_end(args);
  return status;
}

sf_status sf_error_nomem(sf_error *err) {
  return sf_error_of(err, SF_ERR_NOMEM);
}

sf_status sf_error_of(sf_error *err, sf_status status) {
  return sf_error_set(err, status, "%s", status_texts[status]);
}
