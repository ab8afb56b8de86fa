/*
** error.h - how a call of the core fails: an sf_status comes back and one
** sf_error, embedded by the caller, says what and where.  Fixed size, no
** heap.  It is filled where the knowledge is and passed on unchanged.
*/
#ifndef SF_BASE_ERROR_H
#define SF_BASE_ERROR_H

#include <stddef.h>

typedef enum sf_status {
  SF_OK = 0,
  SF_ERR_NOMEM,     /* sf_alloc had nothing left */
  SF_ERR_SYNTAX,    /* a text does not follow its grammar; 'offset' is set */
  SF_ERR_LIMIT,     /* a named limit was reached */
  SF_ERR_TYPE,      /* a value of the wrong type */
  SF_ERR_NOT_FOUND, /* a definite path names nothing in this document */
  SF_ERR_EVALUATE,  /* an expression or function could not be evaluated */
  SF_ERR_STATE      /* a call that this moment does not allow */
} sf_status;

#define SF_ERROR_MESSAGE_MAX 1024
#define SF_NO_OFFSET         ((size_t)-1)

typedef struct sf_error {
  sf_status status;
  size_t offset;    /* byte offset into the text at hand, or SF_NO_OFFSET */
  const char *code; /* static text: a code such as "S0201", or NULL */
  char message[SF_ERROR_MESSAGE_MAX]; /* UTF-8, cut at a character's edge */
} sf_error;

#if defined(__GNUC__)
#define SF_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SF_PRINTF(text, first)
#endif

/* Fill *err and return 'status', so that callers write
** 'return sf_error_set(err, SF_ERR_TYPE, "...")'.  No offset. */
sf_status sf_error_set(sf_error *err, sf_status status, const char *format, ...)
  SF_PRINTF(3, 4);

/* The same with a byte offset. */
sf_status sf_error_at(sf_error *err, sf_status status, size_t offset,
                      const char *format, ...) SF_PRINTF(4, 5);

/* "not enough memory" */
sf_status sf_error_nomem(sf_error *err);

/* For calls that return only a status (value.h): give it its usual text. */
sf_status sf_error_of(sf_error *err, sf_status status);

#endif
