"""S128 in other runtimes, in turns with snnrt: python3 peers.py SNNRT FOLDER

LiteRT: one tick as an int8 graph whose inputs and outputs are the state, one thread; only the bare invoke is timed, less what
a call from Python costs. "equations" is op for op what the equations say, with GREATER and CAST; "folded" has the threshold's
subtraction in the recurrent weights and a subtraction that saturates for a comparison, so that XNNPACK runs all of it.
snnTorch: eager, on one thread. Membranes have 8 bits in LiteRT; neither gives snnrt's bits.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import flatbuffers
import numpy as np
import snntorch
import torch
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from networks import CHANNELS, CLASSES, INPUT_WEIGHT, WEIGHT, Weights, frames

NEURONS, ROUNDS = 128, 15


OPTIONS = {"FULLY_CONNECTED": "FullyConnected", "ADD": "Add", "SUB": "Sub", "MUL": "Mul", "GREATER": "Greater", "CAST": "Cast"}


class Graph:
    """An int8 .tflite of one subgraph."""

    def __init__(self):
        self.tensors, self.buffers, self.operators, self.codes = [], [buffer(b"")], [], []

    def tensor(self, shape, scale, zero=0, values=None, kind="INT8"):
        """values: int8 of a constant. Returns its number."""
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), getattr(schema.TensorType, kind), 0
        tensor.name = f"t{len(self.tensors)}"
        if values is not None:
            tensor.buffer = len(self.buffers)
            self.buffers.append(buffer(np.asarray(values, np.int8).tobytes()))
        tensor.quantization = schema.QuantizationParametersT()
        tensor.quantization.scale, tensor.quantization.zeroPoint = [scale], [zero]
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def constant(self, values):
        """Floats, to 8 bits."""
        scale = float(np.abs(values).max() / 127)
        return self.tensor(np.shape(values), scale, 0, np.round(values / scale))

    def op(self, code, inputs, output):
        """code: a key of OPTIONS."""
        if code not in self.codes:
            self.codes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = self.codes.index(code), inputs, [output]
        name = OPTIONS[code] + "Options"
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, name)
        operator.builtinOptions = getattr(schema, name + "T")()
        if code == "CAST":
            operator.builtinOptions.inDataType, operator.builtinOptions.outDataType = schema.TensorType.BOOL, schema.TensorType.INT8
        self.operators.append(operator)
        return output

    def build(self, inputs, outputs):
        graph, model = schema.SubGraphT(), schema.ModelT()
        graph.tensors, graph.operators, graph.inputs, graph.outputs = self.tensors, self.operators, inputs, outputs
        model.version, model.subgraphs, model.buffers, model.operatorCodes = 3, [graph], self.buffers, []
        for name in self.codes:
            code = schema.OperatorCodeT()
            code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
            code.version = {"FULLY_CONNECTED": 4, "CAST": 1}.get(name, 2)
            model.operatorCodes.append(code)
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def buffer(content):
    made = schema.BufferT()
    made.data = np.frombuffer(content, np.uint8) if content else None
    return made


def matrices():
    """The float weights that S128 quantizes: input, recurrent, output."""
    weights = Weights(NEURONS, 8)
    return weights.input / INPUT_WEIGHT, weights.recurrent / WEIGHT, weights.output / WEIGHT


def litert(is_folded):
    """One tick; a spike is `step` or 0."""
    graph, (w_in, w, w_out) = Graph(), matrices()
    unit = 4 / 127  # of membranes and their inputs
    step = 2 * unit if is_folded else 1
    spike = (step / 255, -128) if is_folded else (1, 0)
    x, u = graph.tensor((1, CHANNELS), 3 / 127), graph.tensor((1, NEURONS), unit)
    s, v = graph.tensor((1, NEURONS), *spike), graph.tensor((1, CLASSES), 4 * unit)

    def neurons(scale=unit, zero=0, count=NEURONS):
        return graph.tensor((1, count), scale, zero)

    driven = graph.op("FULLY_CONNECTED", [x, graph.constant(w_in), -1], neurons())
    recurrent = graph.op("FULLY_CONNECTED", [s, graph.constant((w - np.eye(NEURONS) * is_folded) / step), -1], neurons())
    drive = graph.op("ADD", [driven, recurrent], neurons())
    kept = graph.op("MUL", [u, graph.constant(np.array([0.9]))], neurons())
    one = graph.constant(np.array([1.0]))
    if not is_folded:
        kept = graph.op("SUB", [kept, graph.op("MUL", [s, one], neurons())], neurons())
    new_u = graph.op("ADD", [kept, drive], neurons())
    if is_folded:
        new_s = graph.op("SUB", [new_u, one], neurons(*spike))
    else:
        threshold = graph.tensor((1,), unit, 0, [round(1 / unit)])
        fired = graph.op("GREATER", [new_u, threshold], graph.tensor((1, NEURONS), 1, kind="BOOL"))
        new_s = graph.op("CAST", [fired], neurons(*spike))
    out = graph.op("FULLY_CONNECTED", [new_s, graph.constant(w_out / step), -1], neurons(count=CLASSES))
    leaked = graph.op("MUL", [v, graph.constant(np.array([0.95]))], neurons(4 * unit, count=CLASSES))
    new_v = graph.op("ADD", [leaked, out], neurons(4 * unit, count=CLASSES))
    interpreter = Interpreter(model_content=graph.build([x, s, u, v], [new_s, new_u, new_v]), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def firing_rate(interpreter, values):
    """The share of neurons that fire: that the graph computes the network."""
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    state = [np.full((1, NEURONS), inputs[1]["quantization"][1], np.int8), np.zeros((1, NEURONS), np.int8), np.zeros((1, CLASSES), np.int8)]
    count = 0
    for row in values:
        x = np.clip(np.round(row / inputs[0]["quantization"][0]), -127, 127).astype(np.int8)[None]
        for detail, value in zip(inputs, [x, *state]):
            interpreter.set_tensor(detail["index"], value)
        interpreter.invoke()
        state = [interpreter.get_tensor(detail["index"]) for detail in outputs]
        count += int((state[0] > inputs[1]["quantization"][1]).sum())
    return count / len(values) / NEURONS


def each(function, times):
    """Microseconds of this thread per call, as `snnrt bench` counts."""
    start = time.thread_time()
    for _ in range(times):
        function()
    return (time.thread_time() - start) / times * 1e6


def eager():
    layers = [torch.nn.Linear(count, NEURONS, bias=False) for count in (CHANNELS, NEURONS)]
    layers.append(torch.nn.Linear(NEURONS, CLASSES, bias=False))
    for layer, weights in zip(layers, matrices()):
        layer.weight.data = torch.tensor(weights, dtype=torch.float32)
    hidden = snntorch.Leaky(beta=0.9, threshold=1.0, reset_mechanism="subtract")
    output = snntorch.Leaky(beta=0.95, reset_mechanism="none")
    values = torch.tensor(frames() / 1000, dtype=torch.float32)

    def run(ticks=200):
        with torch.no_grad():
            u, v, s = hidden.init_leaky(), output.init_leaky(), torch.zeros(1, NEURONS)
            for row in values[:ticks]:
                s, u = hidden(layers[0](row[None]) + layers[1](s), u)
                _, v = output(layers[2](s), v)

    return lambda: each(run, 1) / 200


def main():
    command, folder = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    graphs, snn = [litert(is_folded) for is_folded in (False, True)], eager()
    rates = [firing_rate(graph, frames() / 1000) for graph in graphs]
    print(f"LiteRT: {rates[0]:.1%} and {rates[1]:.1%} of the neurons fire\n")
    arguments = [str(command), "bench", str(folder / "S128.snn"), str(folder / "S.npy"), "--raw", "--format", "json",
                 "--seconds", "0.2"] + [f"--against={path}" for path in sorted(folder.glob("event-128-*.so"))]
    rows = []
    for _ in range(ROUNDS):
        report = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
        yardstick = min(timing["median"] for timing in report["yardsticks"]) / 1e3
        invokes = [each(graph._interpreter.Invoke, 5000) - each(graph._interpreter.NumNodes, 5000) for graph in graphs]
        rows.append((report["network"]["median"] / 1e3, yardstick, *invokes, snn()))
    names = ("snnrt", "event C", "LiteRT int8, equations", "LiteRT int8, folded", "snnTorch eager")
    print("| runtime | µs per tick, median | fastest | over snnrt | over event C |\n|---|---|---|---|---|")
    for name, times in zip(names, zip(*rows)):
        ratios = [statistics.median(time / row[i] for time, row in zip(times, rows)) for i in (0, 1)]
        print(f"| {name} | {statistics.median(times):.3f} | {min(times):.3f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
