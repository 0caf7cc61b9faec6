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

PACKAGES := libevent libcurl libcjson libconfig sqlite3 libsystemd libcrypto glib-2.0 libpsl libidn2
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
# libcsv and libunistring have no .pc file.
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lunistring
SANDBOX_LIBS := $(shell pkg-config --libs $(SANDBOX_PACKAGES) 2>/dev/null)

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
LAYERS := $(call objects,daemon/base/*.c daemon/core/*.c daemon/io/*.c)
DAEMON := $(call objects,daemon/main.c daemon/app/*.c) $(LAYERS)
CLIENT := $(call objects,daemon/client/*.c)
CTL := $(call objects,daemon/ctl/*.c) $(call objects,daemon/base/*.c)
SANDBOX := $(call objects,tests/sandbox/*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))

.DEFAULT_GOAL := all
help:
	@printf '%s\n' 'make            build the daemon, the command and the client library' \
		'make check      all tests, sanitizers and lints (ONLY="unit replay scenarios crash valgrind lint")' \
		'make demo       see it work against a ConnectWise look-alike (KEEP=1: leave it running)' \
		'make install    PREFIX= DESTDIR= SYSCONFDIR= …; make uninstall takes it away again' \
		'make bench      speed, as ratios to this disk' \
		'make torture    rounds of kill -9 and faults: ROUNDS= SEED= POINTS=' \
		'make valgrind   the scenarios with the daemon under memcheck: FILES=' \
		'make fuzz       fuzzers, FUZZ_SECONDS each'

all: $(BUILD)/opbridged $(BUILD)/opbridge $(BUILD)/libopbridge.a

# Paths and version are compiled in: another PREFIX builds anew.
$(BUILD)/defines: FORCE
	@mkdir -p $(@D)
	@echo '$(DEFINES)' | cmp -s - $@ || echo '$(DEFINES)' > $@
FORCE:

$(BUILD)/%.o: %.c $(BUILD)/defines
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

# Fuzz targets: replayed over their corpus by make check; `make fuzz` runs them, FUZZ_SECONDS each.
FUZZ := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
FUZZ_SECONDS ?= 60
$(BUILD)/replay/%: tests/fuzz/%.c tests/fuzz/replay.c $(BUILD)/layers.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CPPFLAGS) -Itests/fuzz $(ALL_CFLAGS) $(filter %.c %.a,$^) $(ALL_LDFLAGS) $(LIBS) -o $@

replay: $(addprefix $(BUILD)/replay/,$(FUZZ))

build-fuzz/%: tests/fuzz/%.c
	@mkdir -p $(@D)
	@echo "  FUZZ  $@"
	@clang $(DEFINES) -Idaemon -Iinclude -Itests/fuzz $(shell pkg-config --cflags $(PACKAGES)) -std=gnu11 -O1 -g \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $< \
		$(wildcard daemon/base/*.c daemon/core/*.c daemon/io/*.c) $(LIBS) -o $@

fuzz: deps $(addprefix build-fuzz/,$(FUZZ))
	@for t in $(FUZZ); do mkdir -p build-fuzz/found-$$t; echo "== $$t, $(FUZZ_SECONDS) s"; \
		build-fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -print_final_stats=1 \
		-artifact_prefix=build-fuzz/$$t- build-fuzz/found-$$t tests/fuzz/corpus/$$t 2>&1 | tail -n 12 || exit 1; done

# Calls of the kernel that fail on request; a sanitizer keeps its own memory.
$(BUILD)/faults.so: tests/faults/faults.c
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) -std=gnu11 $(WARN) -O2 -g $(EXTRA) $(CPPFLAGS) -fPIC -shared $(if $(SAN),-DFAULTS_WITHOUT_MEMORY) $< -o $@

$(BUILD)/hole: tests/faults/hole.c
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $< $(ALL_LDFLAGS) -o $@

sandbox-all: $(BUILD)/sandbox $(BUILD)/faults.so $(BUILD)/hole

demo: deps
	@$(MAKE) -s --no-print-directory all $(BUILD)/sandbox
	@BUILD=$(BUILD) KEEP=$(KEEP) bash tests/demo/demo.sh

$(BUILD)/load: tests/bench/load.c
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $< $(ALL_LDFLAGS) -pthread -o $@

# Ratios to this disk's fdatasync, side by side in one run.
bench: deps
	@$(MAKE) -s --no-print-directory all $(BUILD)/sandbox $(BUILD)/load
	@BUILD=$(BUILD) bash tests/bench/bench.sh

# Thousands of rounds of kill -9 and faults: ROUNDS=, SEED=; then each call of the kernel failing at each
# of its first POINTS occurrences.
torture: deps
	@$(MAKE) -s --no-print-directory all sandbox-all
	@BUILD=$(BUILD) bash tests/crash/torture.sh $(or $(ROUNDS),2000) $(SEED)
	@BUILD=$(BUILD) INJECT_POINTS=$(or $(POINTS),30) bats --formatter tap tests/scenarios/injection.bats

# The scenarios with the daemon under memcheck: FILES=. Slow: all of them take most of an hour.
valgrind: deps
	@$(MAKE) -s --no-print-directory BUILD=build-valgrind/real OPT='-O1 -g' CPPFLAGS=-DFAULTS_WITHOUT_MEMORY \
		all sandbox-all
	@bash tests/valgrind/run.sh $(FILES)

check: deps
	@sh tests/check.sh

deps:
	@sh tests/deps.sh

# DESTDIR= for packagers; the units name $(SBINDIR) and $(SYSCONFDIR).
install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBDIR) $(DESTDIR)$(INCLUDEDIR) \
		$(DESTDIR)$(DATADIR)/opbridge $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 \
		$(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSUSERSDIR) \
		$(DESTDIR)$(TMPFILESDIR) $(DESTDIR)$(CATALOGDIR) $(DESTDIR)$(DATADIR)/doc/opbridge
	install -d -m 0755 $(DESTDIR)$(SYSCONFDIR)/opbridge
	install -m 0755 $(BUILD)/opbridge $(DESTDIR)$(BINDIR)/opbridge
	install -m 0755 $(BUILD)/opbridged $(DESTDIR)$(SBINDIR)/opbridged
	install -m 0644 $(BUILD)/libopbridge.a $(DESTDIR)$(LIBDIR)/libopbridge.a
	install -m 0644 include/opbridge.h $(DESTDIR)$(INCLUDEDIR)/opbridge.h
	install -m 0644 include/API.md conf/opbridge.conf systemd/smtp-password.conf.example \
		$(DESTDIR)$(DATADIR)/doc/opbridge/
	install -m 0644 conf/event-types.conf conf/event.schema.json conf/opbridge.conf $(DESTDIR)$(DATADIR)/opbridge/
	install -m 0644 daemon/man/opbridge.1 $(DESTDIR)$(MANDIR)/man1/opbridge.1
	install -m 0644 daemon/man/opbridge.conf.5 $(DESTDIR)$(MANDIR)/man5/opbridge.conf.5
	install -m 0644 daemon/man/opbridged.8 $(DESTDIR)$(MANDIR)/man8/opbridged.8
	sed -e 's|@SBINDIR@|$(SBINDIR)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' systemd/opbridged.service.in \
		> $(DESTDIR)$(UNITDIR)/opbridged.service
	sed -e 's|@SBINDIR@|$(SBINDIR)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' systemd/opbridged-failed.service.in \
		> $(DESTDIR)$(UNITDIR)/opbridged-failed.service
	chmod 0644 $(DESTDIR)$(UNITDIR)/opbridged.service $(DESTDIR)$(UNITDIR)/opbridged-failed.service
	install -m 0644 systemd/opbridged-events.socket systemd/opbridged-control.socket $(DESTDIR)$(UNITDIR)/
	install -m 0644 systemd/opbridge.sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/opbridge.conf
	install -m 0644 systemd/opbridge.tmpfiles.conf $(DESTDIR)$(TMPFILESDIR)/opbridge.conf
	install -m 0644 systemd/opbridge.catalog $(DESTDIR)$(CATALOGDIR)/opbridge.catalog
	test -e $(DESTDIR)$(SYSCONFDIR)/opbridge/opbridge.conf || \
		install -m 0644 conf/opbridge.conf $(DESTDIR)$(SYSCONFDIR)/opbridge/opbridge.conf

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/opbridge $(DESTDIR)$(SBINDIR)/opbridged $(DESTDIR)$(LIBDIR)/libopbridge.a \
		$(DESTDIR)$(INCLUDEDIR)/opbridge.h $(DESTDIR)$(MANDIR)/man1/opbridge.1 \
		$(DESTDIR)$(MANDIR)/man5/opbridge.conf.5 $(DESTDIR)$(MANDIR)/man8/opbridged.8 \
		$(DESTDIR)$(UNITDIR)/opbridged.service $(DESTDIR)$(UNITDIR)/opbridged-failed.service \
		$(DESTDIR)$(UNITDIR)/opbridged-events.socket \
		$(DESTDIR)$(UNITDIR)/opbridged-control.socket $(DESTDIR)$(SYSUSERSDIR)/opbridge.conf \
		$(DESTDIR)$(TMPFILESDIR)/opbridge.conf $(DESTDIR)$(CATALOGDIR)/opbridge.catalog
	rm -rf $(DESTDIR)$(DATADIR)/opbridge $(DESTDIR)$(DATADIR)/doc/opbridge

clean:
	rm -rf build build-*

.PHONY: FORCE help bench torture valgrind all unit replay fuzz sandbox-all check demo deps install uninstall clean
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
