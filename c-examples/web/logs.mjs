// A log in CSV as rows at a sensor's own times: a header, a column of times, a column per channel. `snnrt infer` on the desk
// reads far more layouts.

const secondsPer = {s: 1, sec: 1, seconds: 1, ms: 1e-3, us: 1e-6, ns: 1e-9};
const stems = {
  accel: ["accel", "acc", "accelerometer", "acceleration", "a"],
  gyro: ["gyro", "gyr", "gyroscope", "g", "w"]
};
const key = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The names under which a column may hold a channel. */
function names(channel) {
  const [stem, axis] = channel.split("_");
  return [channel, ...(axis === undefined ? [] : (stems[stem] ?? []).map((other) => other + axis))].map(key);
}

/**
 * Reads a log.
 * @param {string} text the file
 * @param {{name: string, unit: string}[]} channels the model's, in whose units the log's values are
 * @returns {{rows: number[][], labels: (string|null)[], interval: number}} rows of 1 + channels numbers, the first of them
 *   seconds; the label that each row has in the log, if any; the median of the steps in time
 */
export function readLog(text, channels) {
  const lines = text.split(/\r\n|\r|\n/);
  const separator = [",", ";", "\t"].find((mark) => lines[0].includes(mark)) ?? ",";
  const header = lines[0].replace(/^\ufeff/, "").split(separator).map((cell) => cell.trim());
  const keys = header.map(key);
  const time = header.findIndex((name) => /^(time|timestamp|seconds|t)([ _([].*)?$/i.test(name));
  if (time < 0) throw new Error("the log has no column of times, e.g. time_s");
  const unit = /[_ ([]([munµ]?s|sec|seconds)[)\]]?$/i.exec(header[time])?.[1]?.toLowerCase().replace("µ", "u") ?? "s";
  const columns = channels.map(({name, unit}) => {
    const column = keys.findIndex((candidate) => names(name).includes(candidate));
    if (column < 0)
      throw new Error(`the log has no column for ${name} (${unit}); snnrt infer on the desk reads other layouts`);
    return column;
  });
  const label = keys.findIndex((name) => ["label", "activity", "class"].includes(name));
  const rows = [], labels = [];
  for (let i = 1; i < lines.length; i++) {
    if (lines[i].trim() === "") continue;
    const cells = lines[i].split(separator);
    const row = [time, ...columns].map((column) => (cells[column]?.trim() ? Number(cells[column]) : NaN));
    if (!row.every(Number.isFinite))
      throw new Error(`line ${i + 1}: expected a number in each of the ${row.length} columns`);
    row[0] *= secondsPer[unit];
    if (rows.length > 0 && row[0] <= rows[rows.length - 1][0]) throw new Error(`line ${i + 1}: time does not go on`);
    rows.push(row);
    labels.push(label < 0 ? null : (cells[label]?.trim() ?? null));
  }
  const steps = rows.slice(1).map((row, i) => row[0] - rows[i][0]).sort((a, b) => a - b);
  return {rows, labels, interval: steps[(steps.length - 1) >> 1] ?? 0};
}

/**
 * A phone's DeviceMotionEvent as a row of accel_x … gyro_z in m/s² and rad/s, or null without sensors.
 * @param {boolean} isReversed iPhones have the sign of acceleration the other way round
 */
export function motionRow(event, isReversed) {
  const accel = event.accelerationIncludingGravity, gyro = event.rotationRate;
  if (accel?.x == null || gyro?.alpha == null) return null;
  const sign = isReversed ? -1 : 1, radians = Math.PI / 180;
  return [
    event.timeStamp / 1000,
    sign * accel.x,
    sign * accel.y,
    sign * accel.z,
    gyro.alpha * radians,
    gyro.beta * radians,
    gyro.gamma * radians,
  ];
}
