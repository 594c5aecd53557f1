# make run      labels for the sample log, from a fresh clone
# make test     everything; installs what is missing first
# make lib      Embedded archives for C programs: build/<triple>/libsnnrt.a
# make vectors  golden traces and damaged files, from the Python interpreter
# make bench    times of opening and of a tick, on this machine
# make clean
#
# Needs the Swift 6.3 toolchain on the PATH. Debian packages are installed with apt-get (as root or
# through sudo) where they are missing; Python packages into .venv.

.SUFFIXES:
.DELETE_ON_ERROR:
SHELL := /bin/bash -o pipefail
.PHONY: run test lib vectors bench clean packages command test-swift test-c test-traces test-python

MODEL := models/wisdm-l2mu/wisdm-l2mu.snn
SAMPLE := models/wisdm-l2mu/sample.csv
VECTORS := build/vectors
HOST := x86_64-unknown-linux-gnu
TRIPLES := $(HOST) armv7em-none-none-eabi
export SNNRT_VECTORS := $(CURDIR)/$(VECTORS)
export SNNRT_SHARED ?= $(abspath $(CURDIR)/../shared)

# ---- what people run ---------------------------------------------------------------------------

run: command
	.build/release/snnrt infer $(MODEL) $(SAMPLE)

command:
	swift build -c release --product snnrt

test: packages vectors test-swift lib test-c test-traces test-python
	@echo "make test: all passed"

lib: $(TRIPLES:%=build/%/libsnnrt.a)

# ---- what is needed ----------------------------------------------------------------------------

APT := $(if $(filter 0,$(shell id -u)),,sudo )apt-get
# Debian packages and a file of each.
packages:
	@missing=""; \
	test -e /usr/include/cmocka.h || missing="$$missing libcmocka-dev"; \
	command -v gcc > /dev/null || missing="$$missing gcc libc6-dev"; \
	command -v python3 > /dev/null || missing="$$missing python3"; \
	python3 -c 'import ensurepip, venv' 2> /dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; $(APT) update && $(APT) install -y --no-install-recommends $$missing; fi

PYTHON := .venv/bin/python
$(PYTHON): Tests/reference/requirements.txt
	$(MAKE) packages
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

# ---- golden traces -----------------------------------------------------------------------------

REFERENCE := $(wildcard Tests/reference/*.py) models/snnfile.py
vectors: $(VECTORS)/.made
# 240 random programs (their checksums are on record), the trained model over 1,000 windows, a small example
# and files of one fault each.
$(VECTORS)/.made: $(PYTHON) $(REFERENCE) Tests/reference/golden.tsv $(MODEL) $(SAMPLE)
	rm -rf $(VECTORS) && mkdir -p $(VECTORS)/refusals
	$(PYTHON) Tests/reference/generate.py --out $(VECTORS) --programs 240 --seed 1 --ticks 48
	diff $(VECTORS)/golden.tsv Tests/reference/golden.tsv
	$(PYTHON) Tests/reference/windows.py $(SAMPLE) $(VECTORS)/windows.npy 1000
	$(PYTHON) Tests/reference/generate.py --model $(MODEL) --frames $(VECTORS)/windows.npy --out $(VECTORS) --name wisdm-l2mu
	cp $(MODEL) $(VECTORS)
	$(PYTHON) Tests/reference/example.py --out $(VECTORS)/example.snn
	$(PYTHON) Tests/reference/refusals.py --out $(VECTORS)/refusals
	touch $@

# ---- archives ----------------------------------------------------------------------------------

# One relocatable object that exports the header's functions and nothing else: the Embedded object
# carries weak copies of Swift runtime functions that must not reach a program that also uses Swift.
DEVICE := Package.swift include/snnrt.h include/module.modulemap $(wildcard Sources/SNNRuntime/*.swift Sources/SNNSurface/*.swift)
# The functions a triple may import.
IMPORTS_x86_64-unknown-linux-gnu := memcpy|memset|memmove
# Firmware pays for code in flash: -Osize takes 29 KB where -O takes 40.
FLAGS_armv7em-none-none-eabi := -Xswiftc -Osize
IMPORTS_armv7em-none-none-eabi := __aeabi_mem(cpy|clr|set|move)[48]?

build/%/libsnnrt.a: $(DEVICE) Tests/check-archive.sh
	swift build -c release --product SNNSurface --traits Embedded --triple $* --scratch-path .build-$* $(FLAGS_$*)
	mkdir -p build/$*
	ld.lld -r --gc-sections $$(grep -oE '\bsnnrt_[a-z_]+\(' include/snnrt.h | tr -d '(' | sed 's/^/-u /') --whole-archive .build-$*/$*/release/libSNNSurface.a -o build/$*/snnrt.o
	llvm-objcopy --wildcard --keep-global-symbol='snnrt_*' --strip-debug --strip-unneeded build/$*/snnrt.o
	rm -f $@ && llvm-ar rcs $@ build/$*/snnrt.o
	Tests/check-archive.sh $@ include/snnrt.h '$(IMPORTS_$*)'

# ---- tests -------------------------------------------------------------------------------------

test-swift: vectors
	swift build --build-tests
	swift test --skip-build

CFLAGS := -std=c99 -O1 -g -Wall -Wextra -Werror -pedantic -Iinclude
ARCHIVE := build/$(HOST)/libsnnrt.a

build/c/%: c-examples/%.c $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -o $@ $< $(ARCHIVE)
build/c/run_traces build/c/measure build/c/keep_state: build/c/%: Tests/c/%.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -D_POSIX_C_SOURCE=200809L -O2 -o $@ $< Tests/c/support.c $(ARCHIVE)
build/c/test_surface: Tests/c/test_surface.c Tests/c/support.c Tests/c/support.h $(ARCHIVE) include/snnrt.h
	@mkdir -p $(@D)
	gcc $(CFLAGS) -o $@ $< Tests/c/support.c $(ARCHIVE) -lcmocka

test-c: packages vectors build/c/test_surface build/c/label_csv
	build/c/test_surface

# The Embedded build, through the C surface, equals the interpreter.
test-traces: vectors build/c/run_traces
	build/c/run_traces $(VECTORS)

# The interpreter's own tests, and the command and the README as a user meets them.
test-python: vectors build/c/label_csv build/c/keep_state test-swift
	$(PYTHON) -m pytest -q Tests/reference Tests/command

# ---- measurements ------------------------------------------------------------------------------

bench: build/c/measure build/sample.raw
	SNNRT_SAMPLES=build/sample.raw build/c/measure $(MODEL)

build/sample.raw: $(PYTHON) Tests/reference/windows.py $(SAMPLE)
	@mkdir -p $(@D)
	cd Tests/reference && $(CURDIR)/$(PYTHON) -c 'import windows; windows.counts("$(CURDIR)/$(SAMPLE)").astype("<i2").tofile("$(CURDIR)/$@")'

clean:
	rm -rf build .build .build-* .venv
