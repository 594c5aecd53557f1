// Labels a log with the web example's modules, without a browser. Prints labels and figures as JSON.
//
//     node label.mjs SNNRT.wasm MODEL.snn LOG.csv

import {readFileSync} from "node:fs";

import {readLog} from "../../c-examples/web/logs.mjs";
import {Network} from "../../c-examples/web/network.mjs";

const [wasm, model, path] = process.argv.slice(2);
try {
  const network = new Network(new WebAssembly.Module(readFileSync(wasm)), new Uint8Array(readFileSync(model)));
  const log = readLog(readFileSync(path, "utf8"), network.channels);
  const labels = [];
  let firing = 0;
  network.startRows(log.interval);
  for (const row of log.rows) {
    network.pushRow(row, (result) => {
      firing += network.firing().length;
      if (result !== null) labels.push({label: network.classes[result.label], scores: result.scores});
    });
  }
  const {name, unit, perCount} = network.channels[0];
  console.log(JSON.stringify({
    labels,
    firing,
    usage: network.usage(),
    known: log.labels,
    arenaBytes: network.arenaBytes,
    worst: network.worstBitsPerResult,
    channel: [name, unit, perCount],
  }));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
