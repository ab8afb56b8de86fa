/*
** resource.h - what a Task's Resource means: a function, an activity, a call
** of a service in one of four patterns.
*/
#ifndef SF_ASL_RESOURCE_H
#define SF_ASL_RESOURCE_H

#include "asl/machine.h"

/* Classify 'text' (a string, borrowed) into *out, which then owns values:
** sf_resource_clear gives them back.  Always succeeds but for memory. */
sf_status sf_resource_read(const sf_alloc *mem, sf_value text,
                           sf_resource *out);
void sf_resource_clear(sf_resource *r);

/* Is it an ARN that the service knows, a text with a ${placeholder}, or a URI
** of another scheme ("lua:charge"), which the host answers? */
bool sf_resource_is_known(const sf_resource *r);

/* Does the service itself call it: a Lambda function, an activity, an
** integration? */
bool sf_resource_is_aws(const sf_resource *r);

/* Is it one of the state integrations in 'list' ("|s3:getObject|..."), in any
** partition, or a text with a ${placeholder}?  Borrows a string. */
bool sf_resource_is_store(sf_value text, const char *list);

/* Why a machine of that type may not have it, in AWS's words, or NULL. */
const char *sf_resource_refused(const sf_resource *r, sf_machine_type type);

#endif
