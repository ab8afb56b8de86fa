/*
** picture_number.h - pictures of numbers (XPath format-number): "#,##0.00;(#)".
*/
#ifndef SF_QUERY_JSONATA_PICTURE_NUMBER_H
#define SF_QUERY_JSONATA_PICTURE_NUMBER_H

#include "base/buffer.h"
#include "query/jsonata/run.h"

/* Append the number.  'options' is an object or undefined. */
bool jn_number_format(jn_run *r, double value, jn_bytes picture,
                      jn_value options, sf_buffer *out);

#endif
