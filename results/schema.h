/*
 * results/schema.h - the tables of results.sqlite as SQL; explained in results/README.md.
 *
 * A change of the tables raises RES_SCHEMA_VERSION (results/database.h).
 */
#ifndef RES_SCHEMA_H
#define RES_SCHEMA_H

extern const char res_schema_sql[];

#endif
