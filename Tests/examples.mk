# The examples, which a user builds with their own Makefiles, against the command.

.PHONY: test-firmware test-web

# The pipe and the web page's modules are among the tests of the command.
test-python: build/$(WASM)/snnrt.wasm

RISCV_PACKAGES := qemu-system-misc gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
test-device: test-firmware
test-firmware: $(VENV) command $(patsubst %,build/%-none-none-eabi/libsnnrt.a,armv7em armv7m riscv32)
	@{ command -v qemu-system-arm && command -v arm-none-eabi-gcc && command -v qemu-system-riscv32 && command -v riscv64-unknown-elf-gcc \
	  && test -e /usr/lib/picolibc/riscv64-unknown-elf; } > /dev/null \
	  || { $(APT) update && $(APT) install -y --no-install-recommends $(DEVICE_PACKAGES) $(RISCV_PACKAGES); }
	SNNRT=$$(readlink -f .build/release/snnrt) $(PYTHON) -m pytest -q Tests/device/test_firmware.py

# The page as a user meets it; pictures in build/web.
test-web: packages command build/$(WASM)/snnrt.wasm
	@command -v chromium > /dev/null || { $(APT) update && $(APT) install -y --no-install-recommends chromium; }
	$(MAKE) -C c-examples/web
	node Tests/web/test_page.mjs $$(command -v chromium) .build/release/snnrt c-examples/web/build/index.html models build/web
