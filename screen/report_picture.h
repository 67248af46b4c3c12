/*
 * screen/report_picture.h - the picture of a candidate's slab with the distinct sites for lithium.
 */
#ifndef SCREEN_REPORT_PICTURE_H
#define SCREEN_REPORT_PICTURE_H

#include <jansson.h>

/* From a structure object (results/record.h) to SVG text; the sites go into the picture where they can
 * be found.  The caller frees *svg, which is NULL for what is no slab (a picture is a convenience). */
void screen_report_picture(const json_t *structure, const char *title, char **svg);

#endif
