# make run      labels for the sample log, from a fresh clone
# make test     everything; installs what is missing first
# make lib      Embedded archives for C programs: build/<triple>/libsnnrt.a, and build/wasm32-…/snnrt.wasm; those that are tested
# make sdk      archives for every core, header and descriptions for build systems: build/sdk/snnrt-sdk-VERSION.tar.gz and .zip
# make vectors  golden traces and damaged files, from the Python interpreter
# make test-device  golden traces and every shipped model on emulated Cortex-M, RISC-V and aarch64 (installs QEMU and compilers)
# make test-sdk     projects built from the SDK alone: CMake on every emulated core, Zephyr, ESP-IDF, PlatformIO (installs them)
# make test-firmware  the firmware examples on emulated boards, part of test-device; make test-web: the page in Chromium
# make test-peers   the recorded outputs of snnTorch, Norse, SpikingJelly and others, against those packages (installs them)
# make fuzz     damaged logs through every reader, ten minutes each; make fuzz SECONDS=5
# make bench    times of opening and of ticks on this machine, against hand-written C (Tests/bench)
# make bench-device  instructions of every shipped model on an emulated Cortex-M4, M3 and M0+ (installs QEMU and the Arm compiler)
# make bench-cmsis   the dense ops of wisdm-lmu-w8 by CMSIS-NN's kernels beside it (fetches CMSIS-NN; CMSIS_NN=FOLDER has one)
# make fit-device  what the steps of loops take on emulated cores, for `snnrt budget --core`; make test-prediction holds it to
#                  the shipped models (Tests/device/fit)
# make bench-peers  the same network in LiteRT and snnTorch (installs them)
# make models   trains every model again, from public data into build/training; make model-wisdm-lmu: one of them;
#               make folds-wisdm-lmu: the networks that its card's figures are of
# make format   Swift and C as .swift-format and .clang-format have them; make lint fails where a line differs
# make ledger   code size of every archive and stack of every public function, into Tests/ledger
# make wheel    the Python package with command and library inside: dist/snnrt-VERSION-py3-none-manylinux_….whl; make test-wheel
#                  installs it in an empty environment and uses it
# make install  header, archives that are built, shared library, pkg-config and CMake files and command under PREFIX (and DESTDIR)
# make clean
#
# Needs the Swift 6.3 toolchain on the PATH. Debian packages are installed with apt-get (as root or
# through sudo) where they are missing; Python packages into .venv and, for peers, .venv-NAME.

.SUFFIXES:
ifndef PARALLEL
.NOTPARALLEL:
endif
.DELETE_ON_ERROR:
SHELL := /bin/bash -o pipefail
.PHONY: libraries install wheel test-wheel run test fuzz format lint lib vectors bench bench-device bench-cmsis bench-peers models pictures clean packages command ledger test-ledger test-structure test-swift test-c test-traces test-wasm test-python test-device test-peers test-xylosim fit-device test-prediction

MODEL := models/wisdm-small/wisdm-small-w4.snn
SAMPLE := models/sample.csv
VECTORS := build/vectors
PYTHON := .venv/bin/python
# A stamp: the interpreter in .venv is a link out of it.
VENV := .venv/.made
HOST := $(patsubst arm64,aarch64,$(shell uname -m))-unknown-linux-gnu
# What `make test` tests; `make sdk` builds all of Makefile's archives.
TRIPLES := $(HOST) armv7em-none-none-eabi armv6m-none-none-eabi riscv32-none-none-eabi
WASM := wasm32-unknown-none-wasm
export SNNRT_VECTORS := $(CURDIR)/$(VECTORS)
export SNNRT_SHARED ?= $(abspath $(CURDIR)/../shared)

# ---- what people run ---------------------------------------------------------------------------

run: command
	.build/release/snnrt infer $(MODEL) $(SAMPLE)

command: build/static/hdf5.pc build/headers.made | Package.resolved
	PKG_CONFIG_PATH=$(CURDIR)/build/static:$(PKG_CONFIG_PATH) swift build -c release --product snnrt --static-swift-stdlib

# swift build does not notice a header that changed: objects of the modules that import one are made again.
build/headers.made: include/snnrt.h $(wildcard Sources/CKernels/*.h Sources/CKernels/*/*.h)
	@mkdir -p $(@D)
	rm -f .build/{debug,release}/{SNNRuntime,SNNRuntimeTests,SNNSurface,snnrt}.build/*.o
	touch $@

# Parts side by side, each said in one piece when it ends, the longest first. One job more than cores: SwiftPM's processes
# wait for each other.
CORES := $(shell nproc)
PARTS := lint command vectors lib test-structure test-ledger test-sdk-short test-c test-traces test-wasm test-swift test-python
test: packages libraries $(VENV)
	@$(MAKE) --no-print-directory PARALLEL=1 --jobs=$$(($(CORES) + 1)) --output-sync=target --keep-going $(PARTS)
	@echo "make test: all passed"

lib: $(TRIPLES:%=build/%/libsnnrt.a) build/$(WASM)/snnrt.wasm

# ---- what is needed ----------------------------------------------------------------------------

# What the command links: HDF5, for NIR files; zlib and Zstandard, for packed logs.
LIBRARIES := libhdf5-dev zlib1g-dev libzstd-dev pkg-config
libraries:
	@pkg-config --exists hdf5 zlib libzstd 2> /dev/null || { echo "installing $(LIBRARIES)"; \
	  $(APT) update && $(APT) install -y --no-install-recommends $(LIBRARIES); }

# Archives of what the command links, where there are any, in front of the shared libraries: with them it needs nothing but glibc.
# The archive of HDF5 names those that it needs.
build/static/hdf5.pc: Makefile | libraries
	rm -rf $(@D) && mkdir -p $(@D)
	for name in hdf5 z zstd sz aec stdc++ gcc_eh; do \
	  archive=$$(clang $$(pkg-config --libs-only-L hdf5 | sed 's,-L\([^ ]*\),-B\1/,g') -print-file-name=lib$$name.a); \
	  if [ -e "$$archive" ]; then ln -s "$$archive" $(@D); fi; \
	done
	needed=; for name in sz aec z gcc_eh; do if [ -e $(@D)/lib$$name.a ]; then needed="$$needed -l$$name"; fi; done; \
	printf '%s\n' 'Name: HDF5' 'Description: HDF5 as an archive' 'Version: 1' "Cflags: $$(pkg-config --cflags hdf5)" \
	  "Libs: -L$(CURDIR)/$(@D) $$(pkg-config --libs hdf5)$$needed -lm" > $@

# Builds that begin together would all write it, and one would read half of it.
Package.resolved: Package.swift
	swift package resolve
	@touch $@

APT := $(if $(filter 0,$(shell id -u)),,sudo )apt-get
# Debian packages and a file of each.
packages:
	@missing=""; \
	test -e /usr/include/cmocka.h || missing="$$missing libcmocka-dev"; \
	command -v gcc > /dev/null || missing="$$missing gcc libc6-dev"; \
	command -v g++ > /dev/null || missing="$$missing g++"; \
	command -v readelf > /dev/null || missing="$$missing binutils"; \
	command -v pkg-config > /dev/null || missing="$$missing pkg-config"; \
	command -v node > /dev/null || missing="$$missing nodejs"; \
	command -v cmake > /dev/null || missing="$$missing cmake"; \
	command -v dot > /dev/null || missing="$$missing graphviz"; \
	command -v python3 > /dev/null || missing="$$missing python3"; \
	python3 -c 'import ensurepip, venv' 2> /dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; $(APT) update && $(APT) install -y --no-install-recommends $$missing; fi

$(VENV): Tests/requirements.txt | packages
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

# ---- formatting --------------------------------------------------------------------------------

CLANG_FORMAT := .venv/bin/clang-format
SWIFT_FILES := Package.swift Sources Tests
C_FILES = $(shell find Sources Tests include c-examples packaging -path '*/build' -prune -o -name '*.[ch]' -print)
format: $(VENV)
	@swift format format --in-place --parallel --recursive $(SWIFT_FILES)
	@$(CLANG_FORMAT) -i $(C_FILES)

lint: $(VENV)
	@swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	@$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)

# ---- golden traces -----------------------------------------------------------------------------

ORACLE := $(shell find Tests/oracle -name '*.py' -not -path '*/tests/*') models/snnrt/file.py models/snnrt/legendre.py
vectors: $(VECTORS)/.made
# 732 random programs (their checksums are on record), the trained model over 1,000 windows, a small example
# and files of one fault each.
$(VECTORS)/.made: $(VENV) $(ORACLE) Tests/oracle/golden.tsv $(MODEL) $(SAMPLE)
	rm -rf $(VECTORS) && mkdir -p $(VECTORS)/refusals
	$(PYTHON) Tests/oracle/generate.py --check Tests/oracle/golden.tsv --out $(VECTORS)
	$(PYTHON) Tests/oracle/windows.py $(SAMPLE) $(VECTORS)/windows.npy 1000
	$(PYTHON) Tests/oracle/generate.py --model $(MODEL) --frames $(VECTORS)/windows.npy --out $(VECTORS) --name wisdm-small
	cp $(MODEL) $(VECTORS)/wisdm-small.snn
	$(PYTHON) Tests/oracle/example.py --out $(VECTORS)/example.snn
	$(PYTHON) Tests/oracle/sampling.py $(VECTORS)/sampling.bin
	$(PYTHON) Tests/oracle/counts.py $(VECTORS)/counts.bin
	$(PYTHON) Tests/oracle/refusals.py --out $(VECTORS)/refusals
	cd $(VECTORS) && for trace in *.trace; do echo "$${trace%.trace}"; done > names.txt
	touch $@

# ---- archives ----------------------------------------------------------------------------------

# Three relocatable objects that export the header's functions and nothing else: the Embedded object carries weak copies of
# Swift runtime functions that must not reach a program that also uses Swift. The helpers that need floating point are the
# second, those that make samples of a sensor's counts the third, which only programs that call them link. swift build does
# not notice a header that changed, and leaves objects of files that are gone in an archive that it has made before.
#
# For devices the linker optimises all files as one, of which only the header's functions are seen from outside: a tenth less
# code. Its object is taken as it is before linking. Not on a Cortex-M0+, where loops over int4 synapses came to 1.6 % more
# instructions.
DEVICE := Package.swift include/snnrt.h include/module.modulemap Sources/CKernels/module.modulemap $(shell find Sources/CKernels Sources/SNNRuntime Sources/SNNSampling Sources/SNNSurface -name '*.h' -o -name '*.c' -o -name '*.swift')
#
# A folder of build is named by its triple, or like one where Swift has no library of that name: then by TRIPLE_, a triple whose
# library serves. MACHINE_ is what is said to the compiler besides.
CORE_x86_64-unknown-linux-gnu := x86_64-linux
CORE_aarch64-unknown-linux-gnu := aarch64-linux
CORE_aarch64-none-none-elf := aarch64-none
CORE_armv6m-none-none-eabi := cortex-m0
CORE_armv7m-none-none-eabi := cortex-m3
CORE_armv7em-none-none-eabi := cortex-m4
CORE_riscv32-none-none-eabi := rv32imc
CORE_riscv32f-none-none-eabi := rv32imfc
CORE_riscv64-none-none-eabi := rv64imc
CORE_riscv64d-none-none-eabi := rv64gc
ARCHIVES := $(patsubst CORE_%,%,$(filter CORE_%,$(.VARIABLES)))
TRIPLE_aarch64-unknown-linux-gnu := aarch64-none-none-elf
TRIPLE_armv7m-none-none-eabi := armv7em-none-none-eabi
TRIPLE_riscv32f-none-none-eabi := riscv32-none-none-eabi
TRIPLE_riscv64d-none-none-eabi := riscv64-none-none-eabi
TRIPLE = $(or $(TRIPLE_$*),$*)
# No floating-point registers on Cortex-M, which firmware may not have switched on; and no word on the calling convention, since
# the interface passes no floating-point number by value. Bare aarch64 code may run before the memory
# management unit is on, when an unaligned access faults. RV64's code may lie anywhere (medany).
MACHINE_aarch64-none-none-elf := -Xcc -mstrict-align
MACHINE_armv6m-none-none-eabi := -Xcc -mfloat-abi=soft -Xcc -mfpu=none
MACHINE_armv7m-none-none-eabi := -Xcc -mfloat-abi=soft -Xcc -mfpu=none -Xcc -mcpu=cortex-m3
MACHINE_armv7em-none-none-eabi := -Xcc -mfloat-abi=soft -Xcc -mfpu=none -Xswiftc -DDSP
MACHINE_riscv32-none-none-eabi := -Xcc -march=rv32imc -Xcc -mabi=ilp32
MACHINE_riscv32f-none-none-eabi := -Xcc -march=rv32imfc -Xcc -mabi=ilp32f
MACHINE_riscv64-none-none-eabi := -Xcc -march=rv64imc -Xcc -mabi=lp64
MACHINE_riscv64d-none-none-eabi := -Xcc -march=rv64gc -Xcc -mabi=lp64d
# What an archive may import: copying, and products that its processor lacks. The second object may import double arithmetic
# of libgcc besides, where there is no floating-point unit.
IMPORTS_arm := __aeabi_mem(cpy|clr|set|move)[48]?
IMPORTS_armv6m := $(IMPORTS_arm)|__aeabi_lmul
IMPORTS = $(or $(IMPORTS_$(firstword $(subst -, ,$*))),$(if $(filter arm%,$*),$(IMPORTS_arm)),memcpy|memset|memmove)
IMPORTS_double := __(aeabi_d|aeabi_u?i2d|add|sub|mul|div|un|[lg][te]|eq|ne|fix|float).*
# The processors whose instructions the archive keeps to, as llvm-objdump knows them. What is built for a Cortex-M3 serves Cortex-M33
# without DSP too, and what is built for the calling convention that has floating-point registers uses none of them on RV32.
ISA_armv6m-none-none-eabi := --triple=thumbv6m
ISA_armv7m-none-none-eabi := --triple=thumbv7m,--triple=thumbv8m.main
ISA_armv7em-none-none-eabi := --triple=thumbv7em,--triple=thumbv8m.main:--mattr=+dsp
ISA_riscv32-none-none-eabi := --mattr=-a:--mattr=-f
ISA_riscv32f-none-none-eabi := --mattr=-a:--mattr=-f
AS_ONE = $(filter-out x86_64% aarch64% armv6m%,$*)
LTO := --experimental-lto-mode full
LINK = ld.lld --gc-sections $(if $(AS_ONE),$(if $(filter riscv64%,$*),-mllvm -code-model=medium) --no-pie --entry=0 --unresolved-symbols=ignore-all -o /dev/null --lto-obj-path=,-r --output=)build/$*/$$object.o
# Firmware pays for code in flash: on a Cortex-M4 -O takes 40 % more.
FLAGS = $(if $(filter armv6m%,$*),,-Xswiftc -DDIVIDES) $(if $(filter x86_64% aarch64%,$*),,-Xswiftc -Osize) $(if $(AS_ONE),$(LTO),-Xcc -DSNNRT_APART) $(MACHINE_$*)
# Nothing is ever thrown through the C surface: tables for unwinding would be 2 KB of flash. Nor does a program read the
# hashes of Swift's modules, 1 KB.
STRIP = --strip-debug --strip-unneeded --remove-section=.swift_modhash $(if $(filter arm%,$*),--remove-section=.ARM.attributes --remove-section=.ARM.exidx* --remove-section=.rel.ARM.exidx*)

# The functions of ops are named by the tables alone, which are an object of their own: a program that has tables of its own
# does not link it (include/snnrt.h, "What is linked").
MORE_snnrt = grep -oE '\bsnnrt_(load|tick$(if $(filter arm% riscv32%,$*),|adder))_[a-z0-9_]+' include/snnrt.h | sort -u;
# Debian's may be older than the toolchain's bitcode.
LLVM_AR := $(dir $(realpath $(shell command -v swift)))llvm-ar
FUNCTIONS = grep -oE '\bsnnrt_[a-z_]+\(' include/snnrt.h | tr -d '('
# Of each object the functions, as a regular expression; the first has the rest of them.
OBJECTS := snnrt snnrt-sampling snnrt-sensor
HAS_snnrt-sampling := ^snnrt_(sample|resample_row|resample_frame)$$
HAS_snnrt-sensor := ^snnrt_sensor_
SELECT_snnrt = grep -vE '$(HAS_snnrt-sampling)|$(HAS_snnrt-sensor)'
SELECT_snnrt-sampling = grep -E '$(HAS_snnrt-sampling)'
SELECT_snnrt-sensor = grep -E '$(HAS_snnrt-sensor)'
# Where a linker cannot tell cores apart, the functions that take no network are called after theirs, as include/snnrt.h says.
SUFFIX = $(if $(filter arm% riscv%,$*),_for_$(subst -,_,$(CORE_$*)))
NAMED = sed -nE 's/^\#define (snnrt_[a-z_]+) SNNRT_FOR\(.*/\1 \1$(SUFFIX)/p' include/snnrt.h
build/%/libsnnrt.a: $(DEVICE) Tests/check-archive.sh | Package.resolved
	$(if $(filter %.h,$?),rm -f $(addprefix .build-$*/$(TRIPLE)/release/SNNRuntime.build/*.,o bc))
	rm -f .build-$*/$(TRIPLE)/release/libSNNSurface.a
	swift build -c release --product SNNSurface --traits Embedded --triple $(TRIPLE) --scratch-path .build-$* $(FLAGS)
	mkdir -p build/$*
	cp .build-$*/$(TRIPLE)/release/libSNNSurface.a build/$*/all.a && $(LLVM_AR) d build/$*/all.a parts.c.o
	clang --target=$(TRIPLE) $(filter-out -X% -DDSP,$(MACHINE_$*)) -fPIC -Os -c -o build/$*/parts.o Sources/CKernels/parts.c
	llvm-objcopy $(STRIP) build/$*/parts.o
	$(NAMED) > build/$*/snnrt.names
	$(foreach object,$(OBJECTS),{ $(FUNCTIONS) | sort -u | $(SELECT_$(object)); $(MORE_$(object)) } > build/$*/$(object).symbols &&) true
	for object in $(OBJECTS); do \
	  $(LINK) $$(sed 's/^/-u /' build/$*/$$object.symbols) --whole-archive build/$*/all.a && \
	  llvm-objcopy --keep-global-symbols=build/$*/$$object.symbols --redefine-syms=build/$*/snnrt.names $(STRIP) build/$*/$$object.o || exit 1; \
	done
	rm -f $@ && llvm-ar rcs $@ $(OBJECTS:%=build/$*/%.o) build/$*/parts.o
	Tests/check-archive.sh $@ include/snnrt.h '$(IMPORTS)' '$(IMPORTS_double)' '$(SUFFIX)' '$(ISA_$*)'

# WebAssembly objects know no local symbols, so the module is what is closed: no imports at all, and the
# header's functions as exports. The archive beside it is one object, for C programs.
#
# With SIMD the compiler's own vectors are what is gained, so it may unroll: int8 weights take half the time, for 23 KB more.
WASM_SIMD := wasm32-simd128-none-wasm
FLAGS_$(WASM) := -Xswiftc -DDIVIDES -Xswiftc -Osize $(LTO)
FLAGS_$(WASM_SIMD) := -Xswiftc -DDIVIDES -Xswiftc -O -Xcc -msimd128
build/wasm32-%/snnrt.wasm: $(DEVICE) | Package.resolved
	rm -f .build-wasm32-$*/$(WASM)/release/libSNNSurface.a
	swift build -c release --product SNNSurface --traits Embedded --triple $(WASM) --scratch-path .build-wasm32-$* $(FLAGS_wasm32-$*)
	mkdir -p $(@D)
	wasm-ld --no-entry --gc-sections --strip-all --export=__heap_base \
	  $$($(FUNCTIONS) | sed 's/^/--export=/') .build-wasm32-$*/$(WASM)/release/libSNNSurface.a -o $@
	cp .build-wasm32-$*/$(WASM)/release/libSNNSurface.a $(@D)/all.a && $(LLVM_AR) d $(@D)/all.a parts.c.o
	clang --target=$(WASM) -Os -c -o $(@D)/parts.o Sources/CKernels/parts.c
	wasm-ld -r --strip-debug --whole-archive $(@D)/all.a -o $(@D)/snnrt.o
	rm -f $(@D)/libsnnrt.a && llvm-ar rcs $(@D)/libsnnrt.a $(@D)/snnrt.o $(@D)/parts.o

# ---- installing --------------------------------------------------------------------------------

version = $(shell awk '$$2 == "SNNRT_VERSION_$(1)" {print $$3}' include/snnrt.h)
VERSION := $(call version,MAJOR).$(call version,MINOR).$(call version,PATCH)
SONAME := libsnnrt.so.$(call version,MAJOR)
PREFIX ?= /usr/local
SHARED := build/$(HOST)/libsnnrt.so.$(VERSION)

# The archive's closed objects, linked as a shared library: it exports snnrt_* and nothing else.
$(SHARED): build/$(HOST)/libsnnrt.a
	{ echo '{ global:'; $(FUNCTIONS) | sed 's/$$/;/'; echo 'local: *; };'; } > build/$(HOST)/exports.map
	gcc -shared -nostartfiles -Wl,-soname,$(SONAME),-z,defs,-z,noexecstack -Wl,--version-script=build/$(HOST)/exports.map -o $@ \
	  $(OBJECTS:%=build/$(HOST)/%.o) build/$(HOST)/parts.o
	Tests/check-archive.sh $@ include/snnrt.h '(memcpy|memset|memmove)(@.*)?'

# Every archive that is built, by core, for CMake's find_package; the host's for pkg-config too.
BUILT = $(patsubst build/%/libsnnrt.a,%,$(wildcard $(ARCHIVES:%=build/%/libsnnrt.a)))
install: $(SHARED) command
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/snnrt.h $(DESTDIR)$(PREFIX)/include
	install -m 644 build/$(HOST)/libsnnrt.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(SHARED) $(DESTDIR)$(PREFIX)/lib
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libsnnrt.so
	printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$${prefix}/include' 'libdir=$${prefix}/lib' '' 'Name: snnrt' \
	  'Description: Runs quantized spiking and LMU networks' 'Version: $(VERSION)' 'Cflags: -I$${includedir}' \
	  'Libs: -L$${libdir} -lsnnrt' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/snnrt.pc
	$(foreach archive,$(BUILT),install -D -m 644 build/$(archive)/libsnnrt.a $(DESTDIR)$(PREFIX)/lib/snnrt/$(CORE_$(archive))/libsnnrt.a &&) true
	install -d $(DESTDIR)$(PREFIX)/lib/cmake/snnrt
	for file in snnrtConfig.cmake snnrtConfigVersion.cmake core.c; do \
	  sed 's/@VERSION@/$(VERSION)/; s/@MAJOR@.@MINOR@/$(basename $(VERSION))/' packaging/cmake/$$file > $(DESTDIR)$(PREFIX)/lib/cmake/snnrt/$$file; \
	done
	install -s -m 755 .build/release/snnrt $(DESTDIR)$(PREFIX)/bin

include packaging/sdk.mk

wheel: command $(SHARED) $(VENV)
	$(PYTHON) packaging/wheel.py .build/release/snnrt $(SHARED) dist

# An environment outside the tree that has nothing but the wheel and what it asks for.
test-wheel: wheel
	rm -rf build/wheel-test && python3 -m venv build/wheel-test
	build/wheel-test/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls -d $(CURDIR)/dist/snnrt-*.whl)[plot]"
	folder=$$(mktemp -d) && cp Tests/fixtures/nir/three_axes.nir Tests/python/installed.py $$folder && \
	  cd $$folder && env -i HOME=$$folder PATH=$(CURDIR)/build/wheel-test/bin:/usr/bin:/bin MPLBACKEND=agg python installed.py && rm -rf $$folder

# ---- tests -------------------------------------------------------------------------------------

test-swift: vectors libraries build/headers.made | Package.resolved
	swift build --build-tests
	swift test --skip-build
# Both builds lock .build.
ifdef PARALLEL
test-swift: | command
endif

CFLAGS := -std=c99 -O1 -g -Wall -Wextra -Werror -pedantic -Iinclude
ARCHIVE := build/$(HOST)/libsnnrt.a

build/c/%: c-examples/%.c $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -o $@ $< $(ARCHIVE)
build/c/run_traces: Tests/c/sampling.c Tests/c/counts.c
build/c/run_traces build/c/run_models build/c/measure build/c/keep_state build/c/refuse: build/c/%: Tests/c/%.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -D_POSIX_C_SOURCE=200809L -O2 -o $@ $(filter %.c,$^) $(ARCHIVE)
build/c/test_surface: Tests/c/test_surface.c Tests/c/sampling.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -o $@ $(filter %.c,$^) $(ARCHIVE) -lcmocka
build/c/test_firmware: Tests/c/test_firmware.c Tests/c/counts.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -pthread -o $@ $(filter %.c,$^) $(ARCHIVE) -lcmocka

# Every reader of logs on damaged ones, SECONDS each from SEED; `make test` has half a second of it. Memory is measured: no
# other test runs beside it.
SECONDS := 600
SEED := 16
fuzz: libraries build/headers.made | Package.resolved
	SNNRT_FUZZ_SECONDS=$(SECONDS) SNNRT_FUZZ_SEED=$(SEED) SNNRT_FUZZ_READER=$(READER) swift test --filter FuzzTests

build/c/test_parts: Tests/c/test_parts.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -o $@ $(filter %.c,$^) $(ARCHIVE) -lcmocka

test-c: packages vectors build/c/test_surface build/c/test_firmware build/c/test_parts
	build/c/test_surface
	build/c/test_firmware
	build/c/test_parts

# The Embedded build, through the C surface, equals the interpreter.
test-traces: vectors build/c/run_traces
	build/c/run_traces $(VECTORS)

# The same on wasm32, in Node.
test-wasm: packages vectors build/$(WASM)/snnrt.wasm
	node Tests/device/run_traces.mjs build/$(WASM)/snnrt.wasm $(VECTORS)

# The same with SIMD.
test-wasm-simd: packages vectors build/$(WASM_SIMD)/snnrt.wasm
	node Tests/device/run_traces.mjs build/$(WASM_SIMD)/snnrt.wasm $(VECTORS)

# The same on emulated processors, and each DSP loop against its equation. Not part of `make test`: the packages are large.
QEMU := qemu-system-arm -nographic -semihosting
DEVICE_PACKAGES := qemu-system-arm gcc-arm-none-eabi libnewlib-arm-none-eabi
include Tests/device/targets.mk
test-device: $(EMULATED:%=test-%) test-microbit test-wasm-simd test-links build/device/loops-armv7em.elf build/device/loops-armv6m.elf $(patsubst %,build/device/firmware-%.elf,armv7em armv6m)
	$(QEMU) -M mps2-an386 -cpu cortex-m4 -kernel build/device/loops-armv7em.elf
	$(QEMU) -M mps2-an385 -cpu cortex-m3 -kernel build/device/loops-armv6m.elf
	cd $(VECTORS) && $(QEMU) -M mps2-an386 -cpu cortex-m4 -kernel ../device/firmware-armv7em.elf
	cd $(VECTORS) && $(QEMU) -M mps2-an385 -cpu cortex-m3 -kernel ../device/firmware-armv6m.elf

CPU_armv7em := -mcpu=cortex-m4 -mfloat-abi=soft
CPU_armv7m := -mcpu=cortex-m3 -mfloat-abi=soft
CPU_armv6m := -mcpu=cortex-m0plus -mfloat-abi=soft
ARM_SUPPORT := $(addprefix Tests/,device/startup.c c/support.c)
$(foreach archive,armv7em armv7m armv6m,$(eval $(patsubst %,build/device/%-$(archive).elf,firmware count_ticks count_ops count_sampling link_sampling0 link_sampling1 link_sampling2): build/$(archive)-none-none-eabi/libsnnrt.a))
define need-arm
	{ command -v qemu-system-arm && command -v arm-none-eabi-gcc && arm-none-eabi-gcc --specs=rdimon.specs -E -x c /dev/null; } > /dev/null \
	  || { $(APT) update && $(APT) install -y --no-install-recommends $(DEVICE_PACKAGES); }
endef
define link-arm
	$(need-arm)
	@mkdir -p $(@D)
	arm-none-eabi-gcc $(CPU_$*) -mthumb -std=c99 -O2 -Wall -Wextra -Werror -Iinclude --specs=rdimon.specs \
	  -nostartfiles -Wl,--gc-sections,--no-enum-size-warning,--no-warn-execstack -T Tests/device/mps2.ld \
	  -o $@ $(filter %.c %.o %.a,$^)
endef
build/device/firmware-%.elf: Tests/device/firmware.c $(ARM_SUPPORT) Tests/device/mps2.ld
	$(link-arm)
build/device/count_ticks-%.elf: Tests/device/count_ticks.c $(ARM_SUPPORT) Tests/device/mps2.ld
	$(link-arm)
build/device/count_sampling-%.elf: Tests/device/count_sampling.c Tests/device/startup.c Tests/device/mps2.ld
	$(link-arm)
build/device/link_sampling0-%.elf: Tests/device/link_sampling.c Tests/device/startup.c Tests/device/mps2.ld
	$(link-arm) -DLINKED=0
build/device/link_sampling1-%.elf: Tests/device/link_sampling.c Tests/device/startup.c Tests/device/mps2.ld
	$(link-arm) -DLINKED=1
build/device/link_sampling2-%.elf: Tests/device/link_sampling.c Tests/device/startup.c Tests/device/mps2.ld
	$(link-arm) -DLINKED=2

# The loops alone, with DSP instructions and without; the toolchain's clang knows their intrinsics.
build/device/loops-%.o: Tests/device/loops.c $(shell find Sources/CKernels -name '*.h')
	@mkdir -p $(@D)
	clang --target=$*-none-none-eabi $(CPU_$*) -std=c99 -Os -Wall -Wextra -Werror -c -o $@ $<
build/device/loops-%.elf: build/device/loops-%.o Tests/device/startup.c Tests/device/mps2.ld
	$(link-arm)

# Floors, sizes of files, questions about the processor, offsets in the format: what no compiler holds.
test-structure: $(VENV)
	$(PYTHON) -m pytest -q Tests/structure

# Code size of every archive and stack of every public function, within 1 % of the ledger; make ledger writes it.
test-ledger: $(VENV) lib
	$(PYTHON) -m pytest -q Tests/ledger
ledger: $(VENV) lib
	$(PYTHON) Tests/ledger/ledger.py build

# The interpreter's own tests, and the command and the README as a user meets them.
# `vectors` has compared the generator's set. SwiftPM makes its link `release` anew while test-swift runs: the command is
# named where it lies.
test-python: vectors lib $(SHARED) build/c/label_csv build/c/label_sensor build/c/keep_state build/c/refuse command
	SNNRT=$$(readlink -f .build/release/snnrt) SNNRT_LIBRARY=$(CURDIR)/$(SHARED) $(PYTHON) -m pytest -q -n $(CORES) --dist loadgroup \
	  -k 'not test_generator_gives_the_committed_set' Tests/oracle Tests/command Tests/python

include Tests/examples.mk

# ---- the frameworks whose files are read ----------------------------------------------------------

PEERS := .venv-peers/bin/python
.venv-peers/.made: Tests/peers/requirements.txt | packages
	python3 -m venv .venv-peers
	$(PEERS) -m pip install --quiet --disable-pip-version-check "$$(grep ^torch== $<)"
	$(PEERS) -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	touch $@

# The frameworks themselves, run again: do they still give what was recorded? Not part of `make test`, which replays the
# recordings: the packages are large.
test-peers: .venv-peers/.made test-xylosim $(SHARED) command
	rm -rf build/peers
	$(PEERS) Tests/peers/layers.py build/peers
	$(PEERS) Tests/peers/classifiers.py build/peers
	$(PEERS) Tests/peers/compare.py Tests/peers/recorded build/peers
	$(PEERS) Tests/peers/networks.py build/peers/export
	$(PEERS) -m pytest -p no:nengo -q Tests/peers/test_export.py Tests/peers/test_pages.py
	SNNRT=$$(readlink -f .build/release/snnrt) SNNRT_LIBRARY=$(CURDIR)/$(SHARED) $(PEERS) Tests/peers/quantized.py
	@echo "NOT RUN: Lava (lava-nc wants Python 3.10) and SpiNNaker2 (no package): for them the NIR paper's traces stand alone"

# Xylo's own simulator.
XYLOSIM := .venv-xylosim/.made
$(XYLOSIM): Tests/peers/xylosim.txt | packages
	python3 -m venv .venv-xylosim
	.venv-xylosim/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@
test-xylosim: $(XYLOSIM) $(SHARED)
	SNNRT_LIBRARY=$(CURDIR)/$(SHARED) .venv-xylosim/bin/python -m pytest -q -s Tests/peers/test_xylosim.py

# ---- measurements ------------------------------------------------------------------------------

bench: build/c/measure build/sample.raw command build/bench/.made
	SNNRT_SAMPLES=build/sample.raw build/c/measure $(MODEL)
	$(PYTHON) Tests/bench/suite.py .build/release/snnrt build/bench models

.venv-bench/.made: Tests/bench/requirements.txt | packages
	python3 -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@
bench-device: $(VENV) build/device/libcount.so $(patsubst %,build/device/count_ticks-%.elf,armv7em armv7m armv6m)
	$(PYTHON) Tests/device/instructions.py build/device --json models/instructions.json
	$(PYTHON) Tests/device/sampling.py build/device
	Tests/device/flash.sh .build/release/snnrt build/armv7em-none-none-eabi/libsnnrt.a $(MODEL) models/wisdm-lmu/wisdm-lmu-w4.snn
bench-device: command
SAMPLING := count_sampling link_sampling0 link_sampling1 link_sampling2
bench-device: $(foreach archive,armv7em armv6m,$(SAMPLING:%=build/device/%-$(archive).elf))
# The table of instructions that `snnrt budget --core` predicts with, fitted anew, and held to models that it does not know.
# scipy, for the bound, is no part of other tests.
.venv-fit/.made: $(VENV) Tests/device/fit/requirements.txt
	python3 -m venv .venv-fit
	.venv-fit/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/device/fit/requirements.txt
	touch $@
FIT := build/device/libcount.so $(patsubst %,build/device/count_ops-%.elf,armv7em armv7m armv6m riscv32)
fit-device: .venv-fit/.made command $(FIT)
	.venv-fit/bin/python Tests/device/fit/fit.py build/device .build/release/snnrt
test-prediction: .venv-fit/.made command $(FIT)
	SNNRT=$$(readlink -f .build/release/snnrt) SNNRT_DEVICE=build/device .venv-fit/bin/python -m pytest -q Tests/device/test_prediction.py
build/device/count_ops-%.elf: Tests/device/count_ops.c $(ARM_SUPPORT) Tests/device/mps2.ld
	$(link-arm)
build/device/count_ops-riscv32.elf: Tests/device/count_ops.c Tests/c/support.c build/riscv32-none-none-eabi/libsnnrt.a | emulators
	@mkdir -p $(@D)
	$(COMPILE_rv32imc) -std=c99 -O2 -Wall -Wextra -Werror -Iinclude -o $@ $^
build/device/libcount.so: Tests/device/count.c
	@mkdir -p $(@D)
	gcc -std=c99 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Werror -fPIC -shared -o $@ $<
# CMSIS-NN at a version of its own, beside models/instructions.json.
CMSIS_NN := build/cmsis-nn
build/cmsis-nn:
	git -c advice.detachedHead=false clone --quiet --depth 1 --branch v7.0.0 https://github.com/ARM-software/CMSIS-NN $@
bench-cmsis: $(VENV) build/device/libcount.so $(CMSIS_NN)
	$(need-arm)
	$(PYTHON) Tests/bench/cmsis_nn.py $(CMSIS_NN) build/device
bench-peers: command build/bench/.made .venv-bench/.made
	.venv-bench/bin/python Tests/bench/peers.py .build/release/snnrt build/bench

# Networks, and yardsticks for them: each of the two at three levels of optimisation.
build/bench/.made: $(VENV) Tests/bench/networks.py Tests/bench/yardstick.c models/snnrt/file.py
	rm -f build/bench/*.snn
	$(PYTHON) Tests/bench/networks.py build/bench
	for neurons in 128 1024; do for kind in dense event; do for level in O2 O3 "O3 -march=native"; do \
	  gcc -std=c99 -Wall -Wextra -Werror -DC=6 -DN=$$neurons -DK=7 $$([ $$kind = event ] || echo -DDENSE) -$$level -fPIC -shared \
	    -o "build/bench/$$kind-$$neurons-$${level/ -march=/-}.so" Tests/bench/yardstick.c || exit 1; \
	done; done; done
	touch $@

build/sample.raw: $(VENV) Tests/oracle/windows.py $(SAMPLE)
	@mkdir -p $(@D)
	cd Tests/oracle && $(CURDIR)/$(PYTHON) -c 'import windows; windows.counts("$(CURDIR)/$(SAMPLE)").astype("<i2").tofile("$(CURDIR)/$@")'

# ---- models ------------------------------------------------------------------------------------

# Each recipe trains from the WISDM logs (those of SNNRT_SHARED, or a download of 300 MB) and holds what it made to the
# runtime. The shipped files stay as they are: another machine's sums round otherwise, and its files have other figures.
WORK := build/training
WATCH := $(wildcard $(SNNRT_SHARED)/data/wisdm-watch.tar.xz)
WATCH := $(if $(WATCH),--data $(abspath $(WATCH)),--download $(CURDIR)/build/wisdm-download)
# Modules under models are run from here: make's paths are those of the repository. Without these settings glibc gives every large
# tensor back to the system and asks for it again, a quarter of a training's time.
MALLOC := MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=100000000
TRAIN := $(MALLOC) PYTHONPATH=models .venv-models/bin/python -m training
.venv-models/.made: models/training/requirements.txt | packages
	python3 -m venv .venv-models
	.venv-models/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

STACKS := wisdm-lmu wisdm-small wisdm-slmu wisdm-l2mu wisdm-delay wisdm-graded-s1 wisdm-graded-s2
models: $(STACKS:%=model-%) model-wisdm-stream model-braille-l2mu
compare = for file in models/$(1).snn; do cmp $$file $(WORK)/$$(basename $$file .snn)$(2).snn && echo "$$file: made again to the bit"; done; true

.PHONY: $(STACKS:%=model-%) $(STACKS:%=folds-%) model-wisdm-stream model-braille-l2mu folds-wisdm-stream
$(STACKS:%=model-%): model-%: .venv-models/.made
	$(TRAIN).recipe $* $(WATCH) --work $(WORK) --everyone
	$(TRAIN).curves $(WORK)/$*-seed1.log.csv -o $(WORK)/$*.png
	@$(call compare,*/$*-w?,-seed1)

model-wisdm-stream: .venv-models/.made
	$(TRAIN).stream $(WATCH) --work $(WORK) --everyone
	@$(call compare,wisdm-stream/*,-seed1)

# The figures of the cards: each fold's networks have never seen a fifth of the people; what the runtime gives there is recorded.
SEEDS := 1 2
every_fold = for seed in $(SEEDS); do for fold in 0 1 2 3 4; do $(1) --fold $$fold --seed $$seed || exit 1; done; done
$(STACKS:%=folds-%): folds-%: .venv-models/.made command
	$(call every_fold,$(TRAIN).recipe $* $(WATCH) --work $(WORK))
	$(TRAIN).folds $* $(WATCH) --work $(WORK) --command .build/release/snnrt
	$(TRAIN).cards.card $* --command .build/release/snnrt

folds-wisdm-stream: .venv-models/.made command
	$(call every_fold,$(TRAIN).stream $(WATCH) --work $(WORK))
	$(TRAIN).days $(WATCH) --work $(WORK) --command .build/release/snnrt
	$(TRAIN).cards.days

# Converted, not trained, from what SNNRT_SHARED holds.
model-braille-l2mu: .venv-models/.made command
	$(TRAIN).conversions.braille_l2mu.build --shared $(SNNRT_SHARED) --work $(WORK) --command .build/release/snnrt
	@$(call compare,braille-l2mu/*)

pictures:
	PYTHONPATH=models python3 -m training.cards.pictures
	test ! -f models/wisdm-stream/trade.csv || PYTHONPATH=models python3 -m training.cards.trade

clean:
	rm -rf build .build .build-* .venv .venv-*
