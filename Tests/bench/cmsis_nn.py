"""The dense ops of a model by CMSIS-NN's kernels, beside snnrt's whole tick: python3 cmsis_nn.py CMSIS-NN FOLDER [MODEL]

CMSIS-NN is its source, FOLDER has libcount.so (make build/device/libcount.so). Counts instructions on an emulated Cortex-M4 and M0+, of
its kernels of weights int8 and activations int8 and int16, compiled with the toolchain's clang as snnrt is and with
arm-none-eabi-gcc, at -O2 and -O3. Prints, by core, the least of these beside the median of models/instructions.json.
"""

import itertools
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / folder) for folder in ("device", "oracle")]
import instructions  # noqa: E402
import reader  # noqa: E402

CORES = {"armv7em": "cortex-m4", "armv6m": "cortex-m0plus"}
SOURCES = ["FullyConnectedFunctions/arm_fully_connected_s8.c", "FullyConnectedFunctions/arm_fully_connected_s16.c",
           "NNSupportFunctions/arm_nn_vec_mat_mult_t_s8.c", "NNSupportFunctions/arm_nn_vec_mat_mult_t_s16.c"]


def run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, **options)


def count(source, folder, layers, archive, bits, compiler, level):
    """Instructions of all layers once."""
    name = f"cmsis-{archive}-{bits}-{compiler}{level}"
    core = [f"-mcpu={CORES[archive]}", "-mthumb", "-mfloat-abi=soft", "-std=c11"]
    build = ["arm-none-eabi-gcc"] if compiler == "gcc" else ["clang", f"--target={archive}-none-eabi", *library_headers()]
    files = [source / "Source" / each for each in SOURCES] + [ROOT / "Tests/bench/cmsis_nn.c"]
    objects = []
    for file in files:
        objects.append(folder / f"{name}-{file.stem}.o")
        run(*build, *core, level, "-ffunction-sections", "-w", f"-I{source}/Include", f"-DLAYERS={layers}", f"-DBITS={bits}",
            "-c", file, "-o", objects[-1])
    run("arm-none-eabi-gcc", *core, "--specs=rdimon.specs", "-nostartfiles", "-Wl,--gc-sections,--no-warn-execstack",
        "-Wl,--no-enum-size-warning", "-T", ROOT / "Tests/device/mps2.ld", "-o", folder / f"{name}.elf", *objects,
        ROOT / "Tests/device/startup.c")
    run("qemu-system-arm", "-nographic", "-semihosting", "-M", instructions.ARCHIVES[archive][2], "-kernel", f"{name}.elf",
        "-plugin", f"./libcount.so,out={name}.count", cwd=folder, stdin=subprocess.DEVNULL)
    return int((folder / f"{name}.count").read_text()) - instructions.CALL


def library_headers():
    """The C library's headers as arm-none-eabi-gcc finds them, for clang."""
    said = subprocess.run(["arm-none-eabi-gcc", "-E", "-v", "-x", "c", "/dev/null"], capture_output=True, text=True, check=True).stderr
    folders = said.split("search starts here:")[-1].split("End of search")[0].split()
    return [word for folder in folders if folder.endswith("arm-none-eabi/include") for word in ("-isystem", folder)]


def dense_shapes(model):
    """Inputs and outputs of each dense op."""
    parsed = reader.parse(model)
    return [(parsed.slots[op.inputs[0]].count, parsed.slots[op.outputs[0]].count) for op in parsed.ops if op.kind == reader.Kind.DENSE]


def main():
    source, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    model = sys.argv[3] if len(sys.argv) > 3 else "wisdm-lmu-w8"
    shapes = dense_shapes(next(ROOT.glob(f"models/*/{model}.snn")).read_bytes())
    layers = ",".join(f"{{{inputs},{outputs}}}" for inputs, outputs in shapes)
    report = json.loads((ROOT / "models/instructions.json").read_text())[model]
    print(f"{len(shapes)} dense ops, {sum(i * o for i, o in shapes):,} products\n")
    print("| core | snnrt, the whole tick | CMSIS-NN int8 | int8 × int16 |\n|" + "---|" * 4)
    for archive, (_, key, _) in instructions.ARCHIVES.items():
        cells = []
        for bits in (8, 16):
            found = {f"{compiler} {level}": count(source, folder, layers, archive, bits, compiler, level)
                     for compiler, level in itertools.product(("clang", "gcc"), ("-O2", "-O3"))}
            least = min(found, key=found.get)
            cells.append(f"{found[least]:,} ({least})")
            print(archive, bits, found, file=sys.stderr)
        print(f"| {CORES[archive]} | {report[key]['median']:,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
