# stepfn: one shared object for each Lua version found, all of it below build/.
#
#   make                build for every Lua whose headers are here
#   make demo           set up what is missing, build, run the onboarding example
#                       (SEED=1: another story)
#   make test           set up, build, run every spec on each interpreter found
#   make install PREFIX=DIR
#
# The variables are those that LuaRocks uses; what is given in CFLAGS, CPPFLAGS
# and LDFLAGS is added to our own flags.  LUA (an interpreter) or LUA_INCDIR (a
# folder with lua.h) narrow the work to that one Lua.  V=1 shows the commands.

CFLAGS ?= -O2
PREFIX ?= /usr/local
BUILD ?= build
CORPUS ?= ../shared/conformance
PROBES ?= $(CORPUS)/../bench/probes
WORKLOADS ?= ../shared/bench/workloads
LIBFLAG ?= $(if $(filter Darwin,$(shell uname -s)),-bundle -undefined dynamic_lookup,-shared)

WARNINGS = -Wall -Wextra -Wpedantic -Wcast-align -Wcast-qual -Wpointer-arith \
  -Wshadow -Wredundant-decls -Wundef -Wwrite-strings -Wmissing-prototypes \
  -Wnested-externs -Wstrict-prototypes
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

# Libraries: where CJSON_DIR, PCRE2_INCDIR, CRYPTO_LIBDIR ... say, else where
# pkg-config says, else where the compiler looks by itself.
pkg = $(filter-out /usr/include /usr/lib/%,$(shell pkg-config --variable=$(1) $(2) 2>/dev/null))
incdir = $(or $($(1)_INCDIR),$($(1)_DIR:%=%/include),$(call pkg,includedir,$(2)))
libdir = $(or $($(1)_LIBDIR),$($(1)_DIR:%=%/lib),$(call pkg,libdir,$(2)))
INCDIRS := $(sort $(call incdir,CJSON,libcjson) $(call incdir,PCRE2,libpcre2-8) \
  $(call incdir,CRYPTO,libcrypto))
LIBDIRS := $(sort $(call libdir,CJSON,libcjson) $(call libdir,PCRE2,libpcre2-8) \
  $(call libdir,CRYPTO,libcrypto))
LIBS = $(LIBDIRS:%=-L%) -lcjson -lpcre2-8 -lcrypto -lm

COMPILE = $(CC) -std=c99 -fPIC -fvisibility=hidden -Isrc $(INCDIRS:%=-I%) \
  $(WARNINGS) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(LIBFLAG) $(CFLAGS) $(LDFLAGS)

# The floors below the binding know no Lua: compiled once for all versions.
CORE_C := $(sort $(wildcard $(addsuffix /*.c,src/base src/query src/query/jsonata \
  src/asl src/run)))
BINDING_C := $(sort $(wildcard src/binding/*.c))
CORE_O = $(CORE_C:src/%.c=$(BUILD)/core/%.o)

# "5.4=/usr/include/lua5.4 5.1=..."
HEADERS := $(shell LUA='$(LUA)' LUA_INCDIR='$(LUA_INCDIR)' sh tools/luas.sh headers)
ABIS := $(foreach pair,$(HEADERS),$(firstword $(subst =, ,$(pair))))
binding_o = $(BINDING_C:src/%.c=$(BUILD)/$(1)/%.o)
objects = $(CORE_O) $(foreach abi,$(ABIS),$(call binding_o,$(abi)))

Q = $(if $(V),,@)
RUN = BUILD='$(BUILD)' LUA='$(LUA)' sh tools/lua.sh any
# NAME='value' for the shell, whatever the value
given = $(foreach name,$(1),$(name)='$(subst ','\'',$($(name)))')
INSTALL = $(call given,BUILD ABIS LUA DESTDIR PREFIX BINDIR LUADIR LIBDIR) sh tools/install.sh
SETUP = CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' CFLAGS='$(CFLAGS)' LUA='$(LUA)' sh tools/setup.sh

all: $(if $(ABIS),$(ABIS:%=$(BUILD)/%/stepfn/core.so),no-lua)

no-lua:
	@echo "stepfn: found no lua.h; 'sh tools/setup.sh demo' installs what is missing," >&2
	@echo "or give its folder: make LUA_INCDIR=DIR" >&2
	@exit 1

# Files that change when what they say does.  Other flags: other objects; and a
# source that is gone leaves no object newer than the module, so the list of them
# too is something to link for.
stamp = mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' >$@.new; \
  if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/flags: FORCE
	@$(call stamp,$(COMPILE) | $(LINK) $(LIBS))

$(BUILD)/sources: FORCE
	@$(call stamp,$(CORE_C) $(BINDING_C))

$(BUILD)/core/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC   $<")
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# abi_rules X.Y FOLDER: the binding and the module of one Lua.
define abi_rules
$(BUILD)/$(1)/incdir: FORCE
	@$$(call stamp,$(2))

$(BUILD)/$(1)/binding/%.o: src/binding/%.c $(BUILD)/flags $(BUILD)/$(1)/incdir
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  CC   $$< ($(1))")
	$(Q)$$(COMPILE) -I$(2) -MMD -MP -c -o $$@ $$<

$(BUILD)/$(1)/stepfn/core.so: $(CORE_O) $(call binding_o,$(1)) $(BUILD)/sources
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  LD   $$@")
	$(Q)$$(LINK) -o $$@ $$(filter %.o,$$^) $$(LIBS)
endef
$(foreach pair,$(HEADERS),$(eval $(call abi_rules,$(firstword $(subst =, ,$(pair))),$(lastword $(subst =, ,$(pair))))))

-include $(wildcard $(objects:.o=.d))

demo:
	@$(SETUP) demo
	@$(MAKE) -s --no-print-directory all
	@$(MAKE) -s --no-print-directory run-demo

# A new user's first days, in virtual time: tasks that fail now and then, waits
# of days, and every state visited.
run-demo:
	@$(RUN) bin/stepfn run examples/onboarding/definition.json \
	  --tasks examples/onboarding/tasks.lua --input '{"user":"ada"}' \
	  --virtual-time --seed $(or $(SEED),6) --trace

test:
	@$(SETUP) test
	@$(SETUP) loops
	@$(MAKE) -s --no-print-directory all
	@BUILD='$(BUILD)' LUA='$(LUA)' sh tools/test.sh $(BUSTED_ARGS)

asan:
	@$(SETUP) test
	+@CC='$(CC)' BUILD='$(BUILD)' sh tools/asan.sh $(BUSTED_ARGS)

# LuaRocks, make install, the rockspec: by doing it.
packaging: all
	@$(RUN) tools/busted.lua -o tools/busted_report.lua --tags=packaging spec/packaging_spec.lua

lint: all
	@$(SETUP) lint
	@BUILD='$(BUILD)' LUA='$(LUA)' sh tools/lint.sh

# What other engines and recordings say, the workloads, and random input; each
# says so where its data is not there.
conformance: all
	@$(RUN) spec/conformance/run.lua '$(CORPUS)' '$(PROBES)'

# docs/parity.md: every recorded AWS case, equal or not and why.  CHECK=1: is it
# what would be written?
parity: all
	@$(RUN) spec/conformance/parity.lua '$(CORPUS)' docs/parity.md $(if $(CHECK),check)

bench: all
	@$(RUN) bench/run.lua '$(WORKLOADS)' $(if $(PEERS),--peers) $(BENCH_ARGS)

fuzz: all
	@CORPUS='$(CORPUS)' BUILD='$(BUILD)' sh spec/fuzz/run.sh '$(or $(FUZZ),jsonpath)' '$(or $(SECONDS),60)'

# What a real nginx shows under load; a few minutes on a quiet machine.
loops-check: all
	@$(SETUP) loops
	@sh tools/lua.sh LuaJIT spec/openresty/check.lua $(LOOPS_ARGS)

doc:
	@BUILD='$(BUILD)' sh tools/doc.sh

# The file lists of the rockspec, written from the tree.
rockspec:
	@$(RUN) tools/rockspec.lua

install: all
	@$(INSTALL) install

uninstall:
	@$(INSTALL) uninstall

clean:
	rm -rf $(BUILD)
	find src -name '*.o' -delete

FORCE:

.PHONY: all no-lua demo run-demo test asan packaging loops-check conformance parity bench fuzz doc \
  lint rockspec install uninstall clean FORCE
.DELETE_ON_ERROR:
