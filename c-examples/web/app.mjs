// The page: what runs, what it says, and the buttons.

import {classColor, drawConfidence, drawRaster} from "./drawing.mjs";
import {motionRow, readLog} from "./logs.mjs";
import {Network} from "./network.mjs";

const element = (id) => document.getElementById(id);
const grouped = (number) => Math.round(number).toLocaleString("en");
const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const RASTER_SECONDS = 20;

// What the bundle embeds.
const embedded = globalThis.embedded;
const module = new WebAssembly.Module(bytesOf(embedded.wasm));
let model = {name: embedded.modelName, bytes: bytesOf(embedded.model)};

let network, results, raster, truth, run = 0, isDirty = true;

/** Opens the model anew, for a source of this name. */
function open(source) {
  network = new Network(module, model.bytes);
  [results, raster, truth] = [[], [], null];
  element("source").textContent = source;
  element("label").textContent = "–";
  element("about").textContent =
      `${model.name} · ${grouped(network.modelBytes)} bytes of model, ${grouped(network.arenaBytes)} of memory · ` +
      `${network.rate.numerator / network.rate.denominator} Hz, a result every ${seconds(network.hopTicks)} s`;
  const list = element("classes");
  list.classList.toggle("many", network.classCount > 10);
  list.replaceChildren(...network.classes.map((name, index) => {
    const item = document.createElement("li");
    item.innerHTML = '<span class="swatch"></span><span class="name"></span>' +
        '<span class="bar"><span></span></span><span class="share">–</span>';
    item.querySelector(".name").textContent = name;
    for (const part of [".swatch", ".bar span"])
      item.querySelector(part).style.background = classColor(index, network.classCount);
    return item;
  }));
  const neurons = network.spikeSlots.reduce((sum, {count}) => sum + count, 0);
  element("rasterNote").textContent =
      neurons ? `${neurons} neurons, a dot per spike, the latest ${RASTER_SECONDS} s` : "";
  isDirty = true;
  return ++run;
}

function seconds(ticks) { return +(ticks * network.rate.denominator / network.rate.numerator).toFixed(3); }
function rasterTicks() {
  return Math.max(20, Math.round(RASTER_SECONDS * network.rate.numerator / network.rate.denominator));
}

/** Takes note of a tick. */
function tick(result) {
  raster.push(network.firing());
  if (raster.length > rasterTicks()) raster.shift();
  isDirty = true;
  if (result === null) return;
  const positive = result.scores.map((score) => Math.max(score, 0)), sum = positive.reduce((a, b) => a + b, 0) || 1;
  results.push(
      {label: result.label, shares: positive.map((score) => score / sum), truth, time: seconds(network.usage().ticks)}
  );
}

/** Shows the latest state, at most once a frame. */
function draw() {
  requestAnimationFrame(draw);
  if (!isDirty) return;
  isDirty = false;
  const latest = results.at(-1), usage = network.usage();
  if (latest) {
    element("label").textContent = network.classes[latest.label];
    const known = results.filter((result) => result.truth !== null),
          right = known.filter((result) => result.truth === result.label);
    const score = `${(100 * latest.shares[latest.label]).toFixed(0)} % of the scores`;
    element("detail").textContent = `${score}, result ${results.length} at ${latest.time.toFixed(0)} s` +
        (known.length ? `; ${right.length} of ${known.length} as the log says` : "");
    [...element("classes").children].forEach((item, index) => {
      const share = (100 * latest.shares[index]).toFixed(0);
      item.querySelector(".bar span").style.width = `${share}%`;
      item.querySelector(".share").textContent = `${share} %`;
      item.classList.toggle("best", index === latest.label);
    });
  }
  drawConfidence(element("confidence"), results, network.classCount);
  drawRaster(element("raster"), raster, network.spikeSlots.map(({count}) => count), rasterTicks());
  const perResult = usage.results ? usage.nsAce / usage.results : 0;
  const share = (100 * perResult / network.worstBitsPerResult).toFixed(1);
  const figures = [
    [
      "arithmetic, NS-ACE", grouped(usage.nsAce),
      usage.results ? `${grouped(perResult)} bits a result, ${share} % of the worst case` : "bits"
    ],
    ["read from memory", grouped(usage.bitsRead), "bits of weights and state"],
    ["written", grouped(usage.bitsWritten), "bits of state"],
    ["synaptic operations", grouped(usage.synapticOperations), `in ${grouped(usage.ticks)} ticks`],
    [
      "spikes", grouped(usage.spikes),
      usage.neuronTicks ? `${(100 * usage.spikes / usage.neuronTicks).toFixed(1)} % of neurons and ticks` : ""
    ],
  ];
  element("figures").replaceChildren(...figures.map(([name, value, note]) => {
    const item = document.createElement("div");
    for (const [tag, text] of [["dt", name], ["dd", value]])
      item.appendChild(document.createElement(tag)).textContent = text;
    item.lastChild.appendChild(document.createElement("small")).textContent = note;
    return item;
  }));
  element("checksum").textContent = `0x${usage.outputChecksum.toString(16).padStart(8, "0")}`;
}

function say(text, isRefusal = false) {
  element("message").textContent = text;
  element("message").classList.toggle("refusal", isRefusal);
}

/** Runs what may refuse, and says so. */
function attempt(action) {
  try {
    action();
  } catch (error) {
    say(error.message, true);
  }
}

/** Plays a log at the chosen speed; another source ends it. */
function play(text, name) {
  const log = readLog(text, network.channels), number = open(name);
  const key = (label) => label?.toLowerCase().replace(/[^a-z0-9]/g, "");
  const classes = new Map(network.classes.map((label, index) => [key(label), index]));
  network.startRows(log.interval);
  say("");
  let next = 0, clock = log.rows[0]?.[0] ?? 0, before = performance.now();
  (function step(now) {
    if (number !== run) return;
    const speed = Number(element("speed").value), begin = performance.now();
    clock += (now - before) / 1000 * (speed === Infinity ? 0 : speed);
    before = now;
    // A gap in the log is no wait.
    if (next < log.rows.length) clock = Math.max(clock, log.rows[next][0]);
    const end = speed === Infinity ? Infinity : clock;
    while (next < log.rows.length && log.rows[next][0] <= end && performance.now() - begin < 30) {
      truth = classes.get(key(log.labels[next])) ?? null;
      network.pushRow(log.rows[next++], tick);
    }
    if (next < log.rows.length)
      requestAnimationFrame((time) => attempt(() => step(time)));
    else
      say(`${name}: ${grouped(log.rows.length)} rows, ${results.length} results`);
  })(before);
}

/** Labels this device's own motion. */
async function useMotion() {
  const isPhoneOfApple = typeof globalThis.DeviceMotionEvent?.requestPermission === "function";
  if (isPhoneOfApple && await DeviceMotionEvent.requestPermission() !== "granted")
    throw new Error("the motion sensors are not allowed to this page");
  if (network.channels.map(({name}) => name).join() !== "accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z")
    throw new Error("this model wants other channels than a phone's motion sensors have");
  const number = open("this device's motion sensors");
  say("waiting for the sensors: browsers give them to https pages on phones and tablets. " +
      "The model knows a watch: hold the phone in the hand that moves.");
  let last = -Infinity;
  network.startRows(0);
  addEventListener("devicemotion", function listen(event) {
    if (number !== run) return removeEventListener("devicemotion", listen);
    const row = motionRow(event, isPhoneOfApple);
    if (row === null || row[0] <= last) return;
    if (last === -Infinity) say("");
    last = row[0];
    attempt(() => network.pushRow(row, tick));
  });
}

/** Takes a file that was chosen or dropped: a model by its first bytes, else a log. */
async function take(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isModel = [0x89, 0x53, 0x4e, 0x4e].every((byte, i) => bytes[i] === byte);
  attempt(() => {
    if (!isModel) return play(new TextDecoder().decode(bytes), file.name);
    const old = model;
    model = {name: file.name, bytes};
    try {
      open("nothing running");
    } catch (error) {
      model = old;
      throw error;
    }
    say(`${file.name} is open`);
  });
}

element("sample").addEventListener("click", () => attempt(() => play(embedded.sample, "the sample log")));
element("motion").addEventListener("click", () => useMotion().catch((error) => say(error.message, true)));
element("file").addEventListener("change", (event) => {
  if (event.target.files[0]) take(event.target.files[0]);
  event.target.value = "";
});
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    element("drop").hidden = name === "drop" || (name === "dragleave" && event.relatedTarget === null);
    if (name === "drop" && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}
const redraw = () => {
  isDirty = true;
};
addEventListener("resize", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
open("nothing running");
draw();
