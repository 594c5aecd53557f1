// Charts on a canvas, in the page's colours.

/** Makes a canvas as fine as the screen. Returns its context and size in CSS pixels. */
function prepare(canvas) {
  const ratio = globalThis.devicePixelRatio ?? 1, width = canvas.clientWidth,
        height = canvas.height / (canvas.ratio ?? 1);
  canvas.ratio = ratio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  return {context, width, height, color};
}

/** A colour per class: hues evenly around the circle, each second one from the far side, so that neighbours differ. */
export function classColor(index, count) {
  const step = Math.floor(count / 2) | 1;
  const hue = (30 + (360 * ((index * (count % step === 0 ? 1 : step)) % count)) / count) % 360;
  return `oklch(var(--tone) var(--chroma) ${hue.toFixed(0)})`;
}

/** The same for a canvas, which knows no variables of CSS. */
const resolved = (text, color) => text.replace("var(--tone)", color("tone")).replace("var(--chroma)", color("chroma"));

function empty(context, width, height, color, text) {
  context.fillStyle = color("quiet");
  context.textAlign = "center";
  context.fillText(text, width / 2, height / 2);
}

/**
 * A column per result, stacked from the shares of its classes; a strip above says which class the log names.
 * @param {{shares: number[], truth: number|null, time: number}[]} results
 */
export function drawConfidence(canvas, results, classCount) {
  const {context, width, height, color} = prepare(canvas);
  if (results.length === 0) return empty(context, width, height, color, "no result yet");
  const left = 46, bottom = 18, strip = 8, top = strip + 4, plot = height - bottom - top;
  const visible = results.slice(-Math.max(1, Math.floor((width - left) / 6)));
  const step = (width - left) / Math.max(visible.length, 12), bar = Math.max(step - 2, 1);
  context.textAlign = "right";
  for (const share of [0, 0.5, 1]) {
    const y = top + plot * (1 - share);
    context.fillStyle = color("quiet");
    context.fillText(`${100 * share} %`, left - 6, Math.min(Math.max(y, 6), top + plot - 4));
    context.fillStyle = color("line");
    context.fillRect(left, y - 0.5, width - left, 1);
  }
  visible.forEach(({shares, truth}, i) => {
    const x = left + step * i;
    let y = top + plot;
    shares.forEach((share, index) => {
      context.fillStyle = resolved(classColor(index, classCount), color);
      const tall = share * plot;
      context.fillRect(x, y - tall, bar, Math.max(tall - (tall > 3 ? 1 : 0), 0));
      y -= tall;
    });
    if (truth === null) return;
    context.fillStyle = resolved(classColor(truth, classCount), color);
    context.fillRect(x, 0, bar, strip);
  });
  context.fillStyle = color("quiet");
  const seconds = (result) => `${result.time.toFixed(0)} s`;
  context.textAlign = "left";
  context.fillText(seconds(visible[0]), left, height - 7);
  if (visible.length < 3) return;
  context.textAlign = "center";
  context.fillText(seconds(visible.at(-1)), Math.min(left + step * (visible.length - 0.5), width - 24), height - 7);
}

/**
 * A dot per neuron that fired, a column per tick; the groups are slots, a line between them.
 * @param {number[][]} ticks the neurons that fired, latest last
 * @param {number[]} groups how many neurons each slot has
 * @param {number} tickCount columns
 */
export function drawRaster(canvas, ticks, groups, tickCount) {
  const {context, width, height, color} = prepare(canvas);
  const neurons = groups.reduce((sum, count) => sum + count, 0);
  if (neurons === 0) return empty(context, width, height, color, "this model has no spiking neurons");
  if (ticks.length === 0) return empty(context, width, height, color, "no tick yet");
  const gap = 5, room = height - gap * (groups.length - 1), row = room / neurons, column = width / tickCount;
  const shift = [];
  groups.forEach((count, group) => {
    for (let i = 0; i < count; i++) shift.push(gap * group);
  });
  context.fillStyle = color("line");
  groups.slice(0, -1).reduce((sum, count, group) => {
    const y = (sum + count) * row + gap * group + gap / 2;
    context.fillRect(0, y - 0.5, width, 1);
    return sum + count;
  }, 0);
  context.fillStyle = color("accent");
  const first = tickCount - ticks.length;
  ticks.forEach((firing, tick) => {
    for (const neuron of firing) {
      context.fillRect(
          (first + tick) * column, neuron * row + shift[neuron], Math.max(column - 0.4, 1), Math.max(row - 0.2, 1)
      );
    }
  });
}
