/* What every test of matching includes. */
#ifndef TESTS_UNIT_MATCH_PLACE_H
#define TESTS_UNIT_MATCH_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"
#include "base/unicode.h"
#include "core/match.h"
#include "core/match_name.h"

#endif
