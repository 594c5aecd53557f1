// Makes one file of the page, which works from a disk and from any server: style, script, the WebAssembly module, a model and
// a sample log lie in it.
//
//     node bundle.mjs SNNRT.wasm MODEL.snn SAMPLE.csv > index.html

import {readFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const [wasm, model, sample] = process.argv.slice(2);
if (sample === undefined) {
  console.error("usage: node bundle.mjs SNNRT.wasm MODEL.snn SAMPLE.csv > index.html");
  process.exit(2);
}
const read = (name) => readFileSync(join(dirname(fileURLToPath(import.meta.url)), name), "utf8");
const embedded = {
  wasm: readFileSync(wasm, "base64"),
  model: readFileSync(model, "base64"),
  modelName: basename(model),
  sample: readFileSync(sample, "utf8"),
};
// Pages on a disk may not load modules: they become one script.
const script = ["network.mjs", "logs.mjs", "drawing.mjs", "app.mjs"].map(read).join("\n").replace(
                                                                                             /^import .*\n/gm, ""
).replace(/^export /gm, "");
// "<" ends no script, and "$" in what is put in stands for itself.
const data = `globalThis.embedded = ${JSON.stringify(embedded).replaceAll("<", "\\u003c")};\n`;
process.stdout.write(
    read("index.html").replace("/*{style}*/", () => read("style.css")).replace("/*{script}*/", () => data + script)
);
