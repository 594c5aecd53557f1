// The library in a browser: a model opened in the WebAssembly module, frames in, labels out. The module has no imports;
// this file lays model, arena and buffers out in its memory behind __heap_base.

// Bytes of snnrt.h's structs on wasm32; the library refuses others.
const sizes = {info: 88, channel: 24, usage: 120, resampler: 72};
const RESULT = 1, GAP = 2, FRAME = 1, TOTAL = 0xffffffff, SPIKES = 3;

/** What snnrt refuses, in its own words. */
export class Refusal extends Error {}

export class Network {
  #wasm;
  #next;
  #network;
  #frame;
  #values;
  #scratch;
  #resampler;
  #row;
  #frameBytes;

  /**
   * Opens a model.
   * @param {WebAssembly.Module} module build/wasm32-unknown-none-wasm/snnrt.wasm
   * @param {Uint8Array} model the bytes of a .snn file
   */
  constructor(module, model) {
    this.#wasm = new WebAssembly.Instance(module).exports;
    this.#next = this.#wasm.__heap_base.value;
    const at = this.#place(model);
    this.#scratch = this.#take(256);
    const info = this.#scratch;
    this.#set(info, sizes.info);
    this.#check(this.#wasm.snnrt_inspect(at, model.length, 0, info, 0));
    const field = (offset) => this.#view.getUint32(info + offset, true);
    this.arenaBytes = field(4);
    this.modelBytes = field(12);
    this.modelChecksum = field(16);
    this.channelCount = field(24);
    this.classCount = field(28);
    this.rate = {numerator: field(40), denominator: field(44)};
    this.windowTicks = field(48);
    this.hopTicks = field(52);
    this.worstBitsPerResult = Number(this.#view.getBigUint64(info + 56, true));
    const arena = this.#take(this.arenaBytes);
    this.#check(this.#wasm.snnrt_open(at, model.length, arena, this.arenaBytes, 0, info, 0));
    this.#network = this.#view.getUint32(info, true);

    this.#frameBytes = 2 * this.channelCount;
    this.#frame = this.#take(this.#frameBytes);
    this.#row = this.#take(8 * (1 + this.channelCount));
    this.channels = [];
    this.channelRecords = this.#take(sizes.channel * this.channelCount);
    for (let i = 0; i < this.channelCount; i++) {
      const record = this.channelRecords + sizes.channel * i;
      this.#set(record, sizes.channel);
      this.#check(this.#wasm.snnrt_channel_info(this.#network, i, record));
      const word = (offset) => this.#view.getUint32(record + offset, true);
      this.channels.push({name: this.#text(word(16)), unit: this.#text(word(20)), perCount: word(4) / word(8)});
    }
    this.classes = Array.from({length: this.classCount}, (_, i) => {
      this.#check(this.#wasm.snnrt_class_name(this.#network, i, this.#scratch));
      return this.#text(this.#view.getUint32(this.#scratch, true));
    });
    this.spikeSlots = spikeSlots(model);
    this.#values = this.#take(4 * Math.max(this.classCount, ...this.spikeSlots.map((slot) => slot.count)));
  }

  /** Runs a tick. Returns { label, scores } if it brought a result, else null. */
  push(samples) {
    new Int16Array(this.#wasm.memory.buffer, this.#frame, this.channelCount).set(samples);
    return this.#pushFrame();
  }

  #pushFrame() {
    const status = this.#wasm.snnrt_push(this.#network, this.#frame, 1, 0);
    this.#check(status);
    if (status !== RESULT) return null;
    this.#check(this.#wasm.snnrt_result(this.#network, this.#scratch, this.#values, this.classCount));
    const label = this.#view.getInt32(this.#scratch, true);
    return {label, scores: Array.from(new Int32Array(this.#wasm.memory.buffer, this.#values, this.classCount))};
  }

  /** Starts anew, as after a gap in the data. */
  reset() { this.#check(this.#wasm.snnrt_reset(this.#network, 1)); }

  /** What has been spent since the network was opened. */
  usage() {
    this.#set(this.#scratch, sizes.usage);
    this.#check(this.#wasm.snnrt_get_usage(this.#network, TOTAL, this.#scratch));
    const long = (offset) => Number(this.#view.getBigUint64(this.#scratch + offset, true));
    return {
      outputChecksum: this.#view.getUint32(this.#scratch + 4, true),
      ticks: long(8),
      results: long(16),
      spikes: long(32),
      synapticOperations: long(40),
      nsAce: long(48),
      neuronTicks: long(88),
      bitsRead: long(96) + long(104),
      bitsWritten: long(112),
    };
  }

  /** The numbers of the neurons that fired in the latest tick, counted through all slots of spikes. */
  firing() {
    const firing = [];
    let first = 0;
    for (const {slot, count} of this.spikeSlots) {
      this.#check(this.#wasm.snnrt_slot(this.#network, slot, this.#values, count, 0));
      const values = new Int32Array(this.#wasm.memory.buffer, this.#values, count);
      for (let i = 0; i < count; i++)
        if (values[i] !== 0) firing.push(first + i);
      first += count;
    }
    return firing;
  }

  /**
   * Rows come from now on at a sensor's own times.
   * @param {number} interval seconds from row to row, their median; 0: interpolate in any case
   */
  startRows(interval) {
    if (this.#resampler === undefined) {
      this.#resampler = this.#take(sizes.resampler);
      this.resamplerValues = this.#take(16 * this.channelCount);
    }
    new Uint8Array(this.#wasm.memory.buffer, this.#resampler, sizes.resampler).fill(0);
    const words = [
      sizes.resampler, this.channelCount, this.rate.numerator, this.rate.denominator, this.channelRecords,
      this.resamplerValues
    ];
    words.forEach((word, i) => this.#view.setUint32(this.#resampler + 4 * i, word, true));
    this.#view.setFloat64(this.#resampler + 24, interval, true);
  }

  /**
   * Takes a row: its time in seconds, later than that of the row before it, and a value per channel in the channel's unit.
   * Calls `tick` with the result or null after each frame that the row brings.
   */
  pushRow(row, tick) {
    new Float64Array(this.#wasm.memory.buffer, this.#row, row.length).set(row);
    const status = this.#wasm.snnrt_resample_row(this.#resampler, this.#row);
    this.#check(status);
    if (status === GAP) this.reset();
    while (this.#wasm.snnrt_resample_frame(this.#resampler, this.#frame) === FRAME) tick(this.#pushFrame());
  }

  get #view() { return new DataView(this.#wasm.memory.buffer); }
  #set(address, size) {
    new Uint8Array(this.#wasm.memory.buffer, address, size).fill(0);
    this.#view.setUint32(address, size, true);
  }
  #place(bytes) {
    const at = this.#take(bytes.length);
    new Uint8Array(this.#wasm.memory.buffer).set(bytes, at);
    return at;
  }
  #check(status) {
    if (status < 0) throw new Refusal(this.#text(this.#wasm.snnrt_status_text(status)));
  }

  /** Address of fresh bytes, 16-byte aligned. */
  #take(byteCount) {
    const start = (this.#next + 15) & ~15;
    this.#next = start + byteCount;
    const missing = this.#next - this.#wasm.memory.buffer.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / 65536));
    return start;
  }

  /** The string that ends with a byte 0. */
  #text(address) {
    const bytes = new Uint8Array(this.#wasm.memory.buffer, address);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }
}

/** Numbers and lengths of a checked model's slots of spikes (docs/format.md, Slots): the third section of the table. */
function spikeSlots(model) {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const entry = 32 + 12 * 2, first = view.getUint32(entry + 4, true), count = view.getUint32(entry + 8, true) / 12;
  return Array
      .from(
          {length: count},
          (_, slot) =>
              ({slot, type: view.getUint8(first + 12 * slot), count: view.getUint32(first + 12 * slot + 8, true)})
      )
      .filter(({type}) => type === SPIKES);
}
