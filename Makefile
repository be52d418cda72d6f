# Builds, runs and tests INAP. `make` alone lists the targets; everything built lands in build/.
#
# Sources are wildcards: a new .c, .proto, .sql or test file is picked up by itself. A variant (release, test, asan,
# cover, fuzz) has its own folder, so that one never rebuilds another; another compiler (make CC=clang-14) likewise.
# Nothing here asks the system for libraries while it is read: the first targets install them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

RELEASE := 0.1.0
DATA ?= .inap
PORT ?= 1325
prefix ?= /usr/local
VARIANT ?= release
JOBS := $(shell nproc 2>/dev/null || echo 1)

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
compiler := $(notdir $(firstword $(CC)))
V := $(VARIANT)$(if $(filter gcc,$(compiler)),,-$(compiler))
B := build/$(V)
G := build/gen

# ---- sources and what is made of them

protos := $(wildcard proto/inap/v1/*.proto)
sqls := $(wildcard server/domain/*.sql)
pb_c := $(protos:proto/%.proto=$(G)/%.pb-c.c)
sql_c := $(if $(sqls),$(sqls:server/domain/%.sql=$(G)/sql/%.c) $(G)/sql/all.c)
generated_h := $(pb_c:.c=.h) $(sql_c:.c=.h) $(G)/methods.inc

proto_c := $(wildcard proto/*.c) $(pb_c)
server_c := $(filter-out server/main.c,$(wildcard server/*.c server/*/*.c)) $(sql_c)
client_c := $(filter-out client/main.c,$(wildcard client/*.c client/*/*.c))
tests_c := $(wildcard tests/unit/test_*.c)
helpers_c := $(filter-out $(tests_c),$(wildcard tests/unit/*.c))
tools_c := $(wildcard tests/bench/*.c tests/faults/*.c tests/volume/*.c)
# Tools take what they need of shared_c.
shared_c := $(wildcard tests/faults/wire/*.c tests/volume/parts/*.c)
fuzz_c := $(wildcard tests/fuzz/*_fuzz.c)
locales := $(patsubst client/po/%.po,build/locale/%/LC_MESSAGES/inap.mo,$(wildcard client/po/*.po))

objects = $(patsubst %.c,$(B)/obj/%.o,$(patsubst $(G)/%,gen/%,$(1)))
tests := $(tests_c:tests/unit/%.c=$(B)/tests/%)
tools := $(tools_c:tests/%.c=$(B)/tools/%)
fuzzers := $(fuzz_c:tests/fuzz/%_fuzz.c=$(B)/fuzz/%)
written_c := $(wildcard proto/*.c server/*.c server/*/*.c client/*.c client/*/*.c) $(tests_c) $(helpers_c) $(tools_c) $(shared_c) $(fuzz_c)

# A unit test is linked with the helpers whose headers it includes, and with theirs.
helper_uses := $(shell grep -oE '^.include "tests/unit/[a-z0-9_-]+[.]h"' tests/unit/*.[ch] 2>/dev/null | \
	sed 's,^tests/unit/\([^:.]*\)[.][ch]:.*tests/unit/\(.*\)[.]h"$$,\1:\2,')
uses = $(patsubst $(1):%,%,$(filter $(1):%,$(helper_uses)))
helper_names = $(sort $(call uses,$(1)) $(foreach name,$(call uses,$(1)),$(call uses,$(name))))
helper_objects = $(patsubst %,$(B)/obj/tests/unit/%.o,$(filter $(helpers_c:tests/unit/%.c=%),$(call helper_names,$(1))))

# And with the archives of the sides whose headers it or they include, so that a test of one side needs no other.
side_uses := $(shell grep -oE '^.include "(server|client)/' tests/unit/*.[ch] tests/fuzz/*.c 2>/dev/null | \
	sed 's,^tests/[a-z]*/\([^:.]*\)[.][ch]:.*"\(.*\)/$$,\1:\2,' | sort -u)
sides = $(foreach name,$(1) $(call helper_names,$(1)),$(patsubst $(name):%,%,$(filter $(name):%,$(side_uses))))
side_archives = $(patsubst %,$(B)/lib%.a,$(sort $(call sides,$(1))))

# ---- flags; those that ask the system are worked out once, when first needed

once = $(eval $(1) := $(2))$($(1))
has = $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror $(1) -x c - -o /dev/null 2>/dev/null && echo '$(1)')

proto_packages := libprotobuf-c libutf8proc zlib
server_packages := $(proto_packages) libuv libpq openssl libsodium liboath inih libsystemd
client_packages := $(proto_packages) openssl smartcols libedit libbsd jansson inih xlsxwriter minizip expat harfbuzz harfbuzz-subset
package_flags = $(call once,package_flags,$(shell pkg-config --cflags $(server_packages) $(client_packages)))
server_libs = $(call once,server_libs,$(shell pkg-config --libs $(server_packages)))
client_libs = $(call once,client_libs,$(shell pkg-config --libs $(client_packages)) -lcsv)

warnings := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
generated_warnings := -Wall -Wextra -Werror -Wno-unused-parameter
machine_flags = $(call once,machine_flags,$(call has,-fcf-protection=full) $(call has,-fstack-clash-protection) \
	$(call has,-ftrivial-auto-var-init=zero))
hardening = -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong $(machine_flags)
release_flags = $(hardening)
test_flags = $(hardening) -DINAP_TEST_COSTS
asan_flags = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -DINAP_TEST_COSTS
cover_flags = -O0 -g --coverage -DINAP_TEST_COSTS
fuzz_flags = -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
variant_flags = $($(VARIANT)_flags)
asan_ldflags := -fsanitize=address,undefined
cover_ldflags := --coverage
fuzz_ldflags := -fsanitize=fuzzer,address,undefined
variant_ldflags = $($(VARIANT)_ldflags)

language := -std=c11 -D_GNU_SOURCE -fPIE -I. -I$(G)
compile = $(CC) $(language) $(variant_flags) $(package_flags) $(CFLAGS)
link = $(CC) -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(variant_ldflags) $(LDFLAGS)

commit := $(shell git describe --always --dirty --abbrev=10 --exclude='*' 2>/dev/null)
version := $(RELEASE)$(if $(commit),-g$(commit))
named_flags := -DINAP_VERSION='"$(version)"' -DINAP_LOCALEDIR='"$(prefix)/share/locale"'
naming := $(call objects,$(shell grep -lE 'INAP_(VERSION|LOCALEDIR)' $(written_c) 2>/dev/null))

# VERBOSE=1 shows the commands whole.
Q := $(if $(VERBOSE),,@)
say = @$(if $(VERBOSE),:,printf '  %-5s %s\n' '$(1)' '$@')

# ---- what people type

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'DATA=$(DATA) and PORT=$(PORT) are taken by demo, run and stop; KEEP=1 leaves the demo up.'

.PHONY: demo
demo: build ## a whole quarter on the screen, in a system of its own that is gone afterwards
	@$(MAKE) -j$(JOBS) $(B)/tools/volume/volume
	@DATA='$(DATA)' PORT='$(PORT)' KEEP='$(KEEP)' tests/demo

.PHONY: run
run: build ## start the system in DATA and say how to log in
	@server/standalone.sh start '$(DATA)' '$(PORT)'

.PHONY: stop
stop: ## end what `make run` started
	@server/standalone.sh stop '$(DATA)'

.PHONY: build
build: setup-run ## both programs, build/bin/inapd and build/bin/inap, with their catalogues
	@$(MAKE) -j$(JOBS) programs

.PHONY: test
test: setup-test ## everything: build, lint, unit, fuzz a little, database, end to end
	@tests/run build lint unit fuzz db e2e

.PHONY: test-unit
test-unit: setup-test ## unit tests alone, under the sanitizers
	@tests/run unit

.PHONY: test-db
test-db: setup-test ## the schema's tests in PostgreSQL alone
	@tests/run db

.PHONY: test-e2e
test-e2e: setup-test ## the end-to-end tests alone; FILES= names some
	@tests/run e2e $(FILES)

.PHONY: recount
recount: setup-test ## 49 institutions x 16 quarters, added up anew by a program of another language; some minutes
	@BATS_TEST_TIMEOUT=1800 BATS_FILE_TIMEOUT=5400 tests/run e2e tests/recount/49-entities-in-16-quarters-are-added-up-alike.bats

.PHONY: lint
lint: setup-test ## every check of tests/lint, and the ten largest functions and files
	@$(MAKE) -j$(JOBS) programs && { tests/run lint; status=$$?; tests/lint/sizes.sh --largest; exit $$status; }

.PHONY: fmt
fmt: ## format the C files in place
	@clang-format-14 -i $(formatted)

.PHONY: fmt-check
fmt-check: ## say which C files are not formatted
	@tests/lint/format.sh

.PHONY: asan
asan: setup-test ## all tests with both programs under AddressSanitizer and UBSan
	@tests/run --variant asan build unit db e2e

.PHONY: fuzz
fuzz: setup-test ## fuzz the parsers, SECONDS= (60) each, from the committed corpus
	@tests/fuzz/run $(or $(SECONDS),60)

.PHONY: cover
cover: setup-test ## lines covered by the unit tests alone, folder by folder
	@tests/unit/cover.sh

.PHONY: bench
bench: setup-test ## the short benchmark
	@$(MAKE) -j$(JOBS) programs tools && tests/bench/run

.PHONY: install
install: build ## copy programs, migrations, catalogues and manual below prefix (DESTDIR is honoured)
	@$(MAKE) install-files

.PHONY: clean
clean: ## remove build/
	@rm -rf build

.PHONY: compdb
compdb: setup-build ## build/compile_commands.json for editors
	@$(MAKE) -j$(JOBS) generated && $(MAKE) build/compile_commands.json

# ---- setting up: which packages, decided in .ci/setup

.PHONY: setup-build setup-run setup-test
setup-build setup-run setup-test: setup-%:
	@.ci/setup $*

# ---- programs and archives

.PHONY: programs libraries generated unit-tests tools fuzzers locales
programs: $(B)/inapd $(B)/inap locales $(if $(filter release,$(VARIANT)),build/bin/inapd build/bin/inap)
libraries: $(B)/libproto.a $(B)/libserver.a $(B)/libclient.a
generated: $(generated_h)
unit-tests: $(tests)
tools: $(tools)
fuzzers: $(fuzzers)
locales: $(locales)

.PHONY: FORCE
FORCE:

# Copied, never linked: a running daemon keeps its file, and tests can move the programs.
build/bin/%: build/$(V)/% FORCE
	@mkdir -p $(@D)
	@cmp -s $< $@ || { cp $< $@.new && mv -f $@.new $@ && echo "made $@"; }

$(B)/inapd: $(B)/obj/server/main.o $(B)/libserver.a $(B)/libproto.a
	$(call say,link)
	$(Q)$(link) -o $@ $^ $(server_libs)

$(B)/inap: $(B)/obj/client/main.o $(B)/libclient.a $(B)/libproto.a
	$(call say,link)
	$(Q)$(link) -o $@ $^ $(client_libs)

$(B)/libproto.a: $(call objects,$(proto_c))
$(B)/libserver.a: $(call objects,$(server_c))
$(B)/libclient.a: $(call objects,$(client_c))
$(B)/libshared.a: $(call objects,$(shared_c))
$(B)/lib%.a:
	@rm -f $@
	$(call say,ar)
	$(Q)$(AR) rcs $@ $^

.SECONDEXPANSION:
$(B)/tests/%: $(B)/obj/tests/unit/%.o $$(call helper_objects,$$*) $$(call side_archives,$$*) $(B)/libproto.a
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(link) -o $@ $^ -lcmocka $(server_libs) $(client_libs)

$(B)/tools/%: $(B)/obj/tests/%.o $(B)/libshared.a $(B)/libserver.a $(B)/libclient.a $(B)/libproto.a
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(link) -o $@ $^ $(server_libs) $(client_libs)

$(B)/fuzz/%: $(B)/obj/tests/fuzz/%_fuzz.o $$(call side_archives,$$*_fuzz) $(B)/libproto.a
	@mkdir -p $(@D)
	$(call say,link)
	$(Q)$(link) -o $@ $^ $(server_libs) $(client_libs)

$(B)/obj/gen/inap/%.o: $(G)/inap/%.c $(B)/flags | $(generated_h)
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(compile) $(generated_warnings) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(G)/%.c $(B)/flags | $(generated_h)
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(compile) $(warnings) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.c $(B)/flags | $(generated_h)
	@mkdir -p $(@D)
	$(call say,cc)
	$(Q)$(compile) $(warnings) $(if $(filter $@,$(naming)),$(named_flags)) -MMD -MP -c -o $@ $<

# What was compiled with other flags, or names another version, is compiled again.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(compile) $(warnings))' | cmp -s - $@ || echo '$(subst ','\'',$(compile) $(warnings))' > $@

$(B)/named: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(named_flags))' | cmp -s - $@ || echo '$(subst ','\'',$(named_flags))' > $@

$(naming): $(B)/named

-include $(patsubst %.o,%.d,$(call objects,$(proto_c) $(server_c) $(client_c) server/main.c client/main.c \
	$(tests_c) $(helpers_c) $(tools_c) $(shared_c) $(fuzz_c)))

# ---- generated code

$(G)/%.pb-c.c $(G)/%.pb-c.h: proto/%.proto
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)protoc-c --proto_path=proto --c_out=$(G) $<

$(G)/methods.inc: proto/methods.awk proto/methods.def
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)awk -f proto/methods.awk proto/methods.def > $@

$(G)/sql/all.c: server/store/sqlgen.awk $(sqls)
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)awk -v out=all -f $^ > $@

$(G)/sql/all.h: server/store/sqlgen.awk
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)awk -v out=allh -f $< /dev/null > $@

$(G)/sql/%.c: server/domain/%.sql server/store/sqlgen.awk
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)awk -v out=c -f server/store/sqlgen.awk $< > $@

$(G)/sql/%.h: server/domain/%.sql server/store/sqlgen.awk
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)awk -v out=h -f server/store/sqlgen.awk $< > $@

build/locale/%/LC_MESSAGES/inap.mo: client/po/%.po
	@mkdir -p $(@D)
	$(call say,gen)
	$(Q)msgfmt --check-format --check-header -o $@ $<

# ---- for editors, for the formatter, for packagers

formatted = $(shell find proto server client tests -name '*.[ch]' | LC_ALL=C sort)

build/compile_commands.json: FORCE
	@mkdir -p $(@D)
	@{ echo '['; comma=; for file in $(written_c); do \
		printf '%s{"directory":"%s","file":"%s","command":"%s -c %s"}\n' "$$comma" '$(CURDIR)' "$$file" \
			'$(compile) $(warnings)' "$$file"; comma=,; done; echo ']'; } > $@

.PHONY: install-files
install-files: root = $(DESTDIR)$(prefix)
install-files:
	install -d '$(root)/bin' '$(root)/sbin' '$(root)/share/inap/plans'
	install build/bin/inap '$(root)/bin/inap'
	install build/bin/inapd '$(root)/sbin/inapd'
	install server/standalone.sh '$(root)/sbin/inapd-standalone'
	cp -R migrations '$(root)/share/inap/'
	install -m 644 server/cluster.sh server/authority.sh '$(root)/share/inap/'
	for plan in client/share/plans/*.json; do install -m 644 "$$plan" '$(root)/share/inap/plans/'; done
	for mo in $(locales); do install -D -m 644 "$$mo" "$(root)/share/$${mo#build/}"; done
	for page in client/man/*.[1-8]; do \
		install -D -m 644 "$$page" "$(root)/share/man/man$${page##*.}/$${page##*/}"; done
