# opbridge: `make` builds, `make check` tests, `make demo` shows, `make install` installs.
# Everything made goes to $(BUILD); objects keep their folders.
VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
CC ?= gcc

PACKAGES := libevent libcurl libcjson libconfig sqlite3 libsystemd libcrypto
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
	-Wwrite-strings -Wcast-qual -Wpointer-arith -Wdouble-promotion -Wimplicit-fallthrough \
	-Wnull-dereference
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack
OPT ?= -O2 -g
EXTRA ?=
SAN ?=
ifeq ($(SAN),)
CODE := $(OPT) $(HARDEN)
LINK := $(HARDEN_LD)
else
CODE := -O1 -g -fno-omit-frame-pointer $(SAN)
LINK := $(SAN)
endif
ALL_CPPFLAGS := -D_GNU_SOURCE -DOPBRIDGE_VERSION='"$(VERSION)"' -Idaemon -Iinclude \
	$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS := -std=gnu11 $(WARN) $(CODE) $(EXTRA) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

BASE := $(wildcard daemon/base/*.c)
CORE := $(wildcard daemon/core/*.c)
UNIT := $(wildcard tests/unit/*.c)
LIB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(BASE) $(CORE))
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT))

all: $(LIB_OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/unit/%: tests/unit/%.c $(LIB_OBJ)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP $< $(LIB_OBJ) $(LINK) -lcmocka $(LIBS) -o $@

unit: $(UNIT_BIN)

check: deps
	@sh tests/check.sh

deps:
	@sh tests/deps.sh

clean:
	rm -rf build build-*

.PHONY: all unit check deps clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
