# opbridge: `make` builds, `make check` tests, `make demo` shows, `make install` installs.
# Everything made goes to $(BUILD); objects keep their folders.
VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
SYSCONFDIR ?= /etc
UNITDIR ?= $(or $(shell pkg-config --variable=systemdsystemunitdir systemd 2>/dev/null),/lib/systemd/system)
SYSUSERSDIR ?= /usr/lib/sysusers.d
TMPFILESDIR ?= /usr/lib/tmpfiles.d
CATALOGDIR ?= /usr/lib/systemd/catalog
BUILD ?= build
CC ?= gcc

PACKAGES := libevent libcurl libcjson libconfig sqlite3 libsystemd libcrypto
SANDBOX_PACKAGES := libevent libevent_openssl libcjson libssl libcrypto
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
	-Wwrite-strings -Wcast-qual -Wpointer-arith -Wdouble-promotion -Wimplicit-fallthrough \
	-Wnull-dereference
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
OPT ?= -O2 -g
# EXTRA: further compiler flags of a check (-Werror). SAN: sanitizers instead of hardening.
EXTRA ?=
SAN ?=
ifeq ($(SAN),)
CODE := $(OPT) $(HARDEN)
LINK := $(HARDEN_LD)
else
CODE := -O1 -g -fno-omit-frame-pointer -DOPBRIDGE_DEBUG $(SAN)
LINK := $(SAN)
endif
DEFINES := -D_GNU_SOURCE -DOPBRIDGE_VERSION='"$(VERSION)"' -DOPBRIDGE_DATADIR='"$(DATADIR)/opbridge"' \
	-DOPBRIDGE_SYSCONFDIR='"$(SYSCONFDIR)/opbridge"'
ALL_CPPFLAGS := $(DEFINES) -Idaemon -Iinclude \
	$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null) $(CPPFLAGS)
ALL_CFLAGS := -std=gnu11 $(WARN) $(CODE) $(EXTRA) $(CFLAGS)
ALL_LDFLAGS := $(LINK) $(LDFLAGS)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
SANDBOX_LIBS := $(shell pkg-config --libs $(SANDBOX_PACKAGES) 2>/dev/null)

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
LAYERS := $(call objects,daemon/base/*.c daemon/core/*.c daemon/io/*.c)
DAEMON := $(call objects,daemon/main.c daemon/app/*.c) $(LAYERS)
CLIENT := $(call objects,daemon/client/*.c)
CTL := $(call objects,daemon/ctl/*.c) $(call objects,daemon/base/*.c)
SANDBOX := $(call objects,tests/sandbox/*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))

all: $(BUILD)/opbridged $(BUILD)/opbridge $(BUILD)/libopbridge.a

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/opbridged: $(DAEMON)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/libopbridge.a: $(CLIENT)
	@echo "  AR    $@"
	@$(AR) rcs $@ $^

$(BUILD)/opbridge: $(CTL) $(BUILD)/libopbridge.a
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $(CTL) $(BUILD)/libopbridge.a $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/sandbox: $(SANDBOX)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $^ $(ALL_LDFLAGS) $(SANDBOX_LIBS) -o $@

# Unit tests link the layers below app/ as an archive: each takes only what it needs.
$(BUILD)/layers.a: $(LAYERS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/layers.a $(BUILD)/libopbridge.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP $< $(BUILD)/layers.a $(BUILD)/libopbridge.a \
		$(ALL_LDFLAGS) -lcmocka $(LIBS) -o $@

unit: $(UNIT_BIN)

check: deps
	@sh tests/check.sh

deps:
	@sh tests/deps.sh

clean:
	rm -rf build build-*

.PHONY: all unit check deps clean
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
