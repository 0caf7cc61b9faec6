/*
 * schema.h - one table of members per object the sandbox serves; each ends with a NULL name.
 */
#ifndef SANDBOX_SCHEMA_H
#define SANDBOX_SCHEMA_H

#include "field.h"

extern const struct field ticket_fields[];
extern const struct field note_fields[];
extern const struct field company_fields[];
extern const struct field company_status_fields[];
extern const struct field company_type_fields[];
extern const struct field board_fields[];
extern const struct field board_info_fields[];
extern const struct field board_status_fields[];
extern const struct field priority_fields[];
extern const struct field source_fields[];
extern const struct field member_fields[];
extern const struct field api_member_fields[];
extern const struct field my_member_fields[];
extern const struct field my_security_fields[];

#endif
