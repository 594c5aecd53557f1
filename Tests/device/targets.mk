# Every golden trace and every shipped model on emulated processors, and what links with what: `make test-device`.
#
# A program is a processor with a calling convention; ARCHIVE_ is the archive it links, COMPILE_ how, RUN_ what runs it.

ARM_LINK := -mthumb --specs=rdimon.specs -nostartfiles -Wl,--gc-sections,--no-enum-size-warning,--no-warn-execstack -T Tests/device/mps2.ld
ARM = arm-none-eabi-gcc $(1) $(ARM_LINK) Tests/device/startup.c
SECURE := -Wl,--defsym=code_start=0x10000000,--defsym=ram_start=
RISCV = riscv64-unknown-elf-gcc $(1) --specs=picolibc.specs --oslib=semihost --crt0=hosted -Wl,--gc-sections,--defsym=__flash=0x80000000,--defsym=__flash_size=4M,--defsym=__ram=0x80400000,--defsym=__ram_size=32M,--defsym=__stack_size=64K
QEMU_RISCV = qemu-system-riscv$(1) -M virt -bios none -nographic -semihosting-config enable=on,target=native -kernel

# A Cortex-M0 with memory enough is not emulated; what is built for one executes the same instructions on a Cortex-M3.
ARCHIVE_cortex-m0 := armv6m-none-none-eabi
COMPILE_cortex-m0 := $(call ARM,-mcpu=cortex-m0plus -mfloat-abi=soft)
RUN_cortex-m0 := $(QEMU) -M mps2-an385 -kernel
ARCHIVE_cortex-m3 := armv7m-none-none-eabi
COMPILE_cortex-m3 := $(call ARM,-mcpu=cortex-m3 -mfloat-abi=soft)
RUN_cortex-m3 := $(QEMU) -M mps2-an385 -kernel
ARCHIVE_cortex-m4-soft := armv7em-none-none-eabi
COMPILE_cortex-m4-soft := $(call ARM,-mcpu=cortex-m4 -mfloat-abi=soft)
RUN_cortex-m4-soft := $(QEMU) -M mps2-an386 -kernel
ARCHIVE_cortex-m4-hard := armv7em-none-none-eabi
COMPILE_cortex-m4-hard := $(call ARM,-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16)
RUN_cortex-m4-hard := $(QEMU) -M mps2-an386 -kernel
ARCHIVE_cortex-m7 := armv7em-none-none-eabi
COMPILE_cortex-m7 := $(call ARM,-mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16)
RUN_cortex-m7 := $(QEMU) -M mps2-an500 -kernel
ARCHIVE_cortex-m33 := armv7em-none-none-eabi
COMPILE_cortex-m33 := $(call ARM,-mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16 $(SECURE)0x80000000)
RUN_cortex-m33 := $(QEMU) -M mps2-an505 -kernel
ARCHIVE_cortex-m33-nodsp := armv7m-none-none-eabi
COMPILE_cortex-m33-nodsp := $(call ARM,-mcpu=cortex-m33+nodsp -mfloat-abi=soft $(SECURE)0x80000000)
RUN_cortex-m33-nodsp := $(QEMU) -M mps2-an505 -kernel
ARCHIVE_cortex-m55 := armv7em-none-none-eabi
COMPILE_cortex-m55 := $(call ARM,-mcpu=cortex-m55 -mfloat-abi=hard $(SECURE)0x70000000)
RUN_cortex-m55 := $(QEMU) -M mps3-an547 -kernel
ARCHIVE_rv32imc := riscv32-none-none-eabi
COMPILE_rv32imc := $(call RISCV,-march=rv32imac -mabi=ilp32)
RUN_rv32imc := $(call QEMU_RISCV,32)
ARCHIVE_rv32imfc := riscv32f-none-none-eabi
COMPILE_rv32imfc := $(call RISCV,-march=rv32imafc -mabi=ilp32f)
RUN_rv32imfc := $(call QEMU_RISCV,32)
ARCHIVE_rv64imc := riscv64-none-none-eabi
COMPILE_rv64imc := $(call RISCV,-march=rv64imac -mabi=lp64 -mcmodel=medany)
RUN_rv64imc := $(call QEMU_RISCV,64)
ARCHIVE_rv64gc := riscv64d-none-none-eabi
COMPILE_rv64gc := $(call RISCV,-march=rv64gc -mabi=lp64d -mcmodel=medany)
RUN_rv64gc := $(call QEMU_RISCV,64)
ARCHIVE_aarch64-linux := aarch64-unknown-linux-gnu
COMPILE_aarch64-linux := aarch64-linux-gnu-gcc -pie -fPIE
RUN_aarch64-linux := qemu-aarch64 -L /usr/aarch64-linux-gnu
# Bare in its code; the program around it is one of Linux.
ARCHIVE_aarch64-none := aarch64-none-none-elf
COMPILE_aarch64-none := aarch64-linux-gnu-gcc -static
RUN_aarch64-none := qemu-aarch64

EMULATED := $(patsubst ARCHIVE_%,%,$(filter ARCHIVE_%,$(.VARIABLES)))
# By command, what it comes with.
PACKAGES_qemu-system-arm := qemu-system-arm
PACKAGES_arm-none-eabi-gcc := gcc-arm-none-eabi libnewlib-arm-none-eabi
PACKAGES_qemu-system-riscv32 := qemu-system-misc
PACKAGES_riscv64-unknown-elf-gcc := gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
PACKAGES_qemu-aarch64 := qemu-user
PACKAGES_aarch64-linux-gnu-gcc := gcc-aarch64-linux-gnu libc6-dev-arm64-cross
EMULATORS := $(patsubst PACKAGES_%,%,$(filter PACKAGES_%,$(.VARIABLES)))

.PHONY: emulators test-links $(EMULATED:%=test-%)
emulators:
	@missing=""; $(foreach command,$(EMULATORS),command -v $(command) > /dev/null || missing="$$missing $(PACKAGES_$(command))";) \
	arm-none-eabi-gcc --specs=rdimon.specs -E -x c /dev/null > /dev/null 2>&1 || missing="$$missing libnewlib-arm-none-eabi"; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; $(APT) update && $(APT) install -y --no-install-recommends $$missing; fi

build/device/models/.made: $(VENV) Tests/device/instructions.py $(wildcard models/*/*.snn)
	@mkdir -p $(@D)
	cd Tests/device && $(CURDIR)/$(PYTHON) -c 'import instructions, pathlib; instructions.prepare(pathlib.Path("$(CURDIR)/$(@D)"))'
	touch $@
build/device/expected.txt: build/c/run_models build/device/models/.made
	build/c/run_models > $@

PROGRAMS := run_traces run_models
define emulated
$(PROGRAMS:%=build/device/$(1)-%.elf): build/device/$(1)-%.elf: Tests/c/%.c Tests/c/sampling.c Tests/c/counts.c Tests/c/support.c Tests/c/support.h \
  include/snnrt.h $(wildcard Tests/device/*.ld) Tests/device/startup.c Tests/device/targets.mk build/$(ARCHIVE_$(1))/libsnnrt.a | emulators
	@mkdir -p $$(@D)
	$(COMPILE_$(1)) -std=c99 -O2 -Wall -Wextra -Werror -Iinclude -o $$@ $$< $$(if $$(filter run_traces,$$*),Tests/c/sampling.c Tests/c/counts.c) \
	  Tests/c/support.c build/$(ARCHIVE_$(1))/libsnnrt.a
test-$(1): vectors $(PROGRAMS:%=build/device/$(1)-%.elf) build/device/expected.txt
	$(RUN_$(1)) build/device/$(1)-run_traces.elf
	$(RUN_$(1)) build/device/$(1)-run_models.elf > build/device/$(1).txt 2>&1
	@diff build/device/expected.txt build/device/$(1).txt && echo "$(1): $$$$(wc -l < build/device/$(1).txt) models as on the desk"
endef
$(foreach program,$(EMULATED),$(eval $(call emulated,$(program))))

# A Cortex-M0 has 16 KB of memory here: enough for the model that comes along, linked in.
.PHONY: test-microbit
test-microbit: build/device/microbit.elf
	$(QEMU) -M microbit -kernel $< && echo "microbit: the sample's checksum"
build/device/microbit.elf: Tests/sdk/consumer/label.c Tests/device/startup.c Tests/device/mps2.ld build/armv6m-none-none-eabi/libsnnrt.a build/device/expected.txt | emulators
	$(call ARM,-mcpu=cortex-m0 -mfloat-abi=soft) -Wl,--defsym=ram_size=16K -std=c99 -O2 -Wall -Wextra -Werror -Iinclude \
	  '-DMODEL="$(MODEL)"' '-DFRAMES="build/device/models/wisdm-small-w4.raw"' -DCHECKSUM=$$(awk '$$1 == "wisdm-small-w4" {print $$5}' build/device/expected.txt) \
	  -o $@ $(filter %label.c %.a,$^)

# Of each program, its archive, its compiler's line and what runs it: for test_links.py, and for projects outside the tree.
build/device/programs.tsv: Tests/device/targets.mk Makefile
	@mkdir -p $(@D)
	printf '%s\t%s\t%s\t%s\n' $(foreach program,$(EMULATED),'$(program)' '$(ARCHIVE_$(program))' '$(COMPILE_$(program))' '$(RUN_$(program))') > $@
test-links: $(VENV) build/device/programs.tsv $(foreach program,$(EMULATED),build/$(ARCHIVE_$(program))/libsnnrt.a) | emulators
	$(PYTHON) -m pytest -q Tests/device/test_links.py
