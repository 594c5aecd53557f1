// Runs golden traces through the WebAssembly module, as Tests/c/run_traces.c does through the C surface.
//
//     node run_traces.mjs SNNRT.wasm FOLDER
//
// The module has no imports; this file lays model, arena and buffers out in its memory behind __heap_base.

import { openSync, readFileSync, readSync, closeSync, statSync } from "node:fs";

const [wasmPath, folder] = process.argv.slice(2);
const wasm = new WebAssembly.Module(readFileSync(wasmPath));
if (WebAssembly.Module.imports(wasm).length > 0) throw new Error("the module imports something");
const snnrt = new WebAssembly.Instance(wasm).exports;
const OK = 0, FULL = 1, OPTIONS_SIZE = 56, INFO_SIZE = 88;

let next = 0;
/** Address of byteCount fresh bytes, 16-byte aligned. */
function take(byteCount) {
  const start = (next + 15) & ~15;
  next = start + byteCount;
  const missing = next - snnrt.memory.buffer.byteLength;
  if (missing > 0) snnrt.memory.grow(Math.ceil(missing / 65536));
  return start;
}
const bytes = (at, count) => new Uint8Array(snnrt.memory.buffer, at, count);
const words = (at, count) => new Int32Array(snnrt.memory.buffer, at, count);

/** Opens a model; throws with the status's text. */
function open(data) {
  const model = take(data.length), options = take(OPTIONS_SIZE), info = take(INFO_SIZE), out = take(8);
  bytes(model, data.length).set(data);
  bytes(options, OPTIONS_SIZE).fill(0);
  words(options, 2).set([OPTIONS_SIZE, FULL]);
  words(info, 1)[0] = INFO_SIZE;
  const check = (status) => { if (status < 0) throw new Error(`status ${status} at byte ${words(out + 4, 1)[0]}`); };
  check(snnrt.snnrt_inspect(model, data.length, options, info, out + 4));
  const arenaByteCount = words(info, 2)[1];
  const arena = take(arenaByteCount);
  check(snnrt.snnrt_open(model, data.length, arena, arenaByteCount, options, out, out + 4));
  return words(out, 1)[0];
}

/** The first difference, or null. */
function run(name) {
  next = snnrt.__heap_base.value;
  const file = openSync(`${folder}/${name}.trace`);
  const read = (count) => {
    const buffer = Buffer.alloc(count);
    if (readSync(file, buffer, 0, count) !== count) throw new Error("the trace ends too early");
    return buffer;
  };
  try {
    const header = read(32);
    const [frameCount, channelCount, slotCount, stateByteCount, classCount] = [12, 16, 20, 24, 28].map((at) => header.readUInt32LE(at));
    const slotCounts = Array.from({ length: slotCount }, () => read(4).readUInt32LE());
    const frames = read(2 * frameCount * channelCount);
    read(frames.length & 2);
    const network = open(readFileSync(`${folder}/${name}.snn`));
    const capacity = Math.max(classCount, ...slotCounts);
    const frame = take(2 * channelCount), values = take(4 * capacity), out = take(8);
    const same = (at, expected) => Buffer.compare(bytes(at, expected.length), expected) === 0;
    for (let tick = 0; tick < frameCount; tick++) {
      bytes(frame, 2 * channelCount).set(frames.subarray(2 * channelCount * tick, 2 * channelCount * (tick + 1)));
      const pushed = snnrt.snnrt_push(network, frame, 1, 0);
      for (let slot = 0; slot < slotCount; slot++) {
        const expected = read(4 * slotCounts[slot]);
        if (snnrt.snnrt_slot(network, slot, values, capacity, 0) !== OK || !same(values, expected)) return `tick ${tick}, slot ${slot}`;
      }
      const result = read(8 + 4 * classCount), state = read(stateByteCount);
      if (pushed !== result.readInt32LE(0)) return `tick ${tick}: push returned ${pushed}`;
      if (pushed === 1) {
        snnrt.snnrt_result(network, out, values, capacity);
        if (words(out, 1)[0] !== result.readInt32LE(4) || !same(values, result.subarray(8))) return `tick ${tick}: another result`;
      }
      snnrt.snnrt_state(network, out, out + 4);
      const [stateAt, count] = words(out, 2);
      if (count !== stateByteCount || !same(stateAt, state)) return `tick ${tick}: another state block`;
    }
    return null;
  } finally { closeSync(file); }
}

/** Cases of counts.bin, as Tests/c/counts.c reads them; returns the number of frames, and throws at the first difference. */
function runCounts() {
  const SENSOR_SIZE = 96, AXIS_SIZE = 24, CHANNEL_SIZE = 24, FRAME = 1, GAP = 2, BAD = "counts.bin: a difference in case ";
  const data = readFileSync(`${folder}/counts.bin`);
  let at = 4, frames = 0;
  const word = () => data.readInt32LE((at += 4) - 4);
  const padded = (count) => {
    const start = at;
    at += (count + 3) & ~3;
    return data.subarray(start, start + count);
  };
  const cases = data.readUInt32LE(0);
  for (let number = 0; number < cases; number++) {
    next = snnrt.__heap_base.value;
    const [channels, bursts, rate, perSeconds, clock, rowBytes, order] = Array.from({ length: 7 }, word);
    const sensor = take(SENSOR_SIZE), axes = take(AXIS_SIZE * channels), infos = take(CHANNEL_SIZE * channels);
    const lastRow = take(rowBytes), frame = take(2 * channels), rows = take(4096);
    bytes(sensor, SENSOR_SIZE).fill(0);
    for (let c = 0; c < channels; c++) {
      const axis = Array.from({ length: 4 }, word);
      words(axes + AXIS_SIZE * c, 6).set([...axis, 0, 0]);
      words(infos + CHANNEL_SIZE * c, 6).set([CHANNEL_SIZE, word(), word(), 0, 0, 0]);
    }
    words(sensor, 10).set([SENSOR_SIZE, channels, rate, perSeconds, clock, 0, rowBytes, order, axes, lastRow]);
    for (let burst = 0; burst < bursts; burst++) {
      const [nominal, count, span, isGap, due] = Array.from({ length: 5 }, word);
      words(sensor, 6)[5] = nominal;
      if (burst === 0 && snnrt.snnrt_sensor_begin(sensor, infos) !== OK) throw new Error(BAD + number);
      bytes(rows, count * rowBytes).set(padded(count * rowBytes));
      if (snnrt.snnrt_sensor_burst(sensor, rows, count, span) !== (isGap ? GAP : OK)) throw new Error(BAD + number);
      const expected = padded(2 * channels * due);
      for (let k = 0; k < due; k++, frames++) {
        const one = expected.subarray(2 * channels * k, 2 * channels * (k + 1));
        if (snnrt.snnrt_sensor_frame(sensor, frame) !== FRAME || Buffer.compare(bytes(frame, one.length), one) !== 0)
          throw new Error(BAD + number);
      }
      if (snnrt.snnrt_sensor_frame(sensor, frame) !== OK) throw new Error(BAD + number);
    }
  }
  return frames;
}

let [passed, failed] = [0, 0];
for (const name of readFileSync(`${folder}/names.txt`, "utf8").split("\n").filter(Boolean)) {
  const difference = run(name);
  if (difference === null) passed++;
  else { failed++; console.log(`${name}: ${difference}`); }
}
console.log(`traces on ${statSync(wasmPath).size} bytes of wasm32: ${passed} passed, ${failed} failed`);
console.log(`counts: ${runCounts()} frames`);
process.exitCode = failed > 0 || passed < 200 ? 1 : 0;
