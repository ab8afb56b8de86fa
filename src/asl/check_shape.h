/*
** check_shape.h - what is known of a state's input: the names of its members, or
** that it may have any.  Private to src/asl.
**
** A shape owns its members; whoever makes one clears it or hands it on.  Memory
** running out is noted in the loader, and the shape is open.
*/
#ifndef SF_ASL_CHECK_SHAPE_H
#define SF_ASL_CHECK_SHAPE_H

#include "asl/loader.h"

#define SF_SHAPE_MEMBERS_MAX 64 /* a shape with more may have any */

typedef struct sf_shape {
  bool reached;     /* some way leads here */
  bool open;        /* may have any members */
  bool fresh;       /* has grown since its state was looked at */
  sf_value members; /* owned object, name -> null; when it is not open */
} sf_shape;

sf_shape sf_shape_open(void);
sf_shape sf_shape_empty(sf_loader *l);
sf_shape sf_shape_copy(const sf_shape *s);
void sf_shape_clear(sf_shape *s);
void sf_shape_widen(sf_shape *s);
bool sf_shape_has(const sf_shape *s, sf_value name);
/* 'name' is consumed. */
void sf_shape_add(sf_loader *l, sf_shape *s, sf_value name);
/* The members of a constant, or of a payload template, whose names lose their
** ".$"; open when it is no object. */
sf_shape sf_shape_of(sf_loader *l, sf_value v, bool is_template);

#endif
