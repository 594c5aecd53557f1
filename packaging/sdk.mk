# One versioned archive with what firmware is built from, `make sdk`, and projects outside the tree that are built from it alone.

WASMS := $(WASM) $(WASM_SIMD)
CORE_$(WASM) := wasm32
CORE_$(WASM_SIMD) := wasm32-simd
SDK := build/sdk/snnrt-sdk-$(VERSION).tar.gz
# That of the archives that `make test` builds anyway.
SHORT_SDK := build/sdk-short/snnrt-sdk-$(VERSION).tar.gz
SDK_FILES := LICENSE NOTICE $(shell find packaging c-examples -type f -not -path '*/__pycache__/*' -not -path '*/build/*') build/sdk-model/.made
# The example's model and log as C.
build/sdk-model/.made: $(MODEL) $(SAMPLE) c-examples/log.awk include/snnrt.h | command
	rm -rf $(@D) && mkdir -p $(@D)
	.build/release/snnrt export $(MODEL) -o $(@D) --opened
	awk -f c-examples/log.awk $(SAMPLE) > $(@D)/log.c
	touch $@
# The date is that of the commit.
define pack
	python3 packaging/sdk.py $(@D) $(VERSION) "$$(git log -1 --format=%cI 2> /dev/null || date -Iseconds)" build/sdk-model \
	  $(foreach path,$(filter build/%.a build/%.wasm,$^),$(CORE_$(path:build/%/$(notdir $(path))=%))=$(path:build/%/$(notdir $(path))=%))
endef
.PHONY: sdk test-sdk test-sdk-short
sdk: $(SDK)
$(SDK): $(ARCHIVES:%=build/%/libsnnrt.a) $(WASMS:%=build/%/snnrt.wasm) $(SDK_FILES)
	$(pack)
$(SHORT_SDK): $(TRIPLES:%=build/%/libsnnrt.a) build/$(WASM)/snnrt.wasm $(SDK_FILES)
	$(pack)

# What is in it, and a project for this machine.
test-sdk-short: packages $(VENV) $(SHORT_SDK)
	SNNRT_SDK=$(SHORT_SDK) $(PYTHON) -m pytest -q Tests/sdk/test_contents.py Tests/sdk/test_host.py

# Projects for every emulated processor, and what Zephyr, ESP-IDF, PlatformIO and readers of SPDX make of it.
.venv-sdk/.made: Tests/sdk/requirements.txt | packages
	python3 -m venv .venv-sdk
	.venv-sdk/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@
test-sdk: packages .venv-sdk/.made $(SDK) build/device/programs.tsv | emulators
	SNNRT_SDK=$(SDK) .venv-sdk/bin/python -m pytest -q Tests/sdk
