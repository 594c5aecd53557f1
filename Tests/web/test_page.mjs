// The web example in a headless Chromium, from a file and from a server: logs that are played, dropped and opened, a model that is
// opened, motion sensors, and refusals; every checksum is that of `snnrt infer`.
//
//     node test_page.mjs CHROMIUM SNNRT PAGE.html MODELS PICTURES
//
// MODELS: the folder models. PICTURES: a folder for screenshots, in phone and desk size, light and dark.

import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {createServer} from "node:http";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

import {Browser} from "./browser.mjs";

const [chromium, snnrt, page, models, pictures] = process.argv.slice(2);
const model = join(models, "wisdm-small/wisdm-small-w4.snn"), sample = resolve(models, "sample.csv");
mkdirSync(pictures, {recursive: true});

/** Rows and summary of `snnrt infer`. */
function infer(model, log) {
  const lines =
      execFileSync(
          snnrt, ["infer", model, log, "--format", "jsonl"], {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]}
      )
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
  return {rows: lines.slice(0, -1), summary: lines.at(-1).summary};
}

const browser = await Browser.start(chromium);
const text = (id) => browser.value(`document.getElementById("${id}").textContent`);
try {
  await browser.look(390, 844, "light");
  await browser.send("Page.navigate", {url: pathToFileURL(resolve(page)).href});
  await browser.until('document.readyState === "complete" && document.getElementById("about").textContent !== ""');
  await browser.value('document.getElementById("speed").value = "Infinity"');

  // The sample that lies in the page.
  const expected = infer(model, sample);
  await browser.value('document.getElementById("sample").click()');
  await browser.until(`document.getElementById("checksum").textContent === "${expected.summary.outputChecksum}"`);
  assert.equal(await text("label"), expected.rows.at(-1).label);
  assert.match(await text("message"), new RegExp(`1,400 rows, ${expected.rows.length} results`));
  assert.match(await text("detail"), /34 of 35 as the log says/);
  assert.ok((await text("figures")).includes(expected.summary.nsAce.toLocaleString("en")));
  const best = expected.rows.at(-1).label;
  assert.ok(
      await browser.value(`(() => {
    const item = [...document.querySelectorAll("#classes li")].find((item) => item.querySelector(".name").textContent === "${
          best}");
    return item.classList.contains("best") && item.querySelector(".bar span").offsetWidth > item.querySelector(".bar").offsetWidth / 2;
  })()`),
      "the bar of the best class"
  );
  for (const [width, height, name] of [[390, 844, "phone"], [1100, 1000, "desk"]]) {
    for (const scheme of ["light", "dark"]) {
      await browser.look(width, height, scheme);
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(join(pictures, `${name}-${scheme}.png`), await browser.picture());
      assert.ok(
          await browser.value("document.documentElement.scrollWidth <= innerWidth"), `${name}: wider than the screen`
      );
    }
  }
  // Something was drawn, in more than one colour.
  for (const id of ["confidence", "raster"]) {
    const colors = await browser.value(`(() => {
      const canvas = document.getElementById("${id}"), colors = new Set();
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) colors.add(data.slice(i, i + 4).join());
      return colors.size;
    })()`);
    assert.ok(colors > 2, `${id}: ${colors} colours`);
  }

  // Played at a speed, results come one after the other.
  await browser.value('document.getElementById("speed").value = "20"');
  await browser.value('document.getElementById("sample").click()');
  await browser.until('document.getElementById("label").textContent !== "–"');
  assert.match(await text("detail"), /result [1-9] at/);
  await browser.value('document.getElementById("speed").value = "Infinity"');
  await browser.until(`document.getElementById("checksum").textContent === "${expected.summary.outputChecksum}"`);

  // A log that is dropped.
  await browser.value(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${
      JSON.stringify(readFileSync(sample, "utf8").split("\n").slice(0, 401).join("\n"))}], "half.csv"));
    for (const name of ["dragenter", "dragover", "drop"]) dispatchEvent(new DragEvent(name, { dataTransfer: transfer, cancelable: true }));
  })()`);
  await browser.until('document.getElementById("message").textContent === "half.csv: 400 rows, 10 results"');
  assert.ok(await browser.value('document.getElementById("drop").hidden'));

  // Another model, then a log, as files.
  const stream = resolve(models, "wisdm-stream/wisdm-stream-w4.snn");
  await browser.choose("#file", stream);
  await browser.until('document.getElementById("message").textContent === "wisdm-stream-w4.snn is open"');
  await browser.choose("#file", sample);
  await browser.until(
      `document.getElementById("checksum").textContent === "${infer(stream, sample).summary.outputChecksum}"`
  );
  await browser.choose("#file", resolve(model));
  await browser.until('document.getElementById("message").textContent === "wisdm-small-w4.snn is open"');

  // Refusals are said, and the page goes on.
  for (const [name, content, words] of [
           ["bad.snn", Buffer.from([0x89, 0x53, 0x4e, 0x4e, 1, 2, 3]), /model|end/],
           ["bad.csv", "time_s,other\n0,1\n", /no column for accel_x/]]) {
    writeFileSync(join(pictures, name), content);
    await browser.choose("#file", resolve(pictures, name));
    await browser.until('document.getElementById("message").classList.contains("refusal")');
    assert.match(await text("message"), words);
    await browser.value('document.getElementById("message").classList.remove("refusal")');
  }

  // Motion of a phone, three seconds at 50 Hz, and a label.
  await browser.value('document.getElementById("motion").click()');
  await browser.value(`(async () => {
    for (let i = 0; i < 150; i++) {
      const event = new DeviceMotionEvent("devicemotion", {
        accelerationIncludingGravity: { x: 3 * Math.sin(i), y: 1, z: 9.8 }, rotationRate: { alpha: 90, beta: 0, gamma: 5 }, interval: 20,
      });
      Object.defineProperty(event, "timeStamp", { value: 1000 + 20 * i });
      dispatchEvent(event);
    }
  })()`);
  await browser.until('document.getElementById("label").textContent !== "–"');
  assert.match(await text("detail"), /result 1 at 2 s/);

  // The same from a server.
  const server =
      createServer((request, response) => response.setHeader("Content-Type", "text/html").end(readFileSync(page)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  await browser.send("Page.navigate", {url: `http://127.0.0.1:${server.address().port}/`});
  await browser.until(
      'location.protocol === "http:" && document.readyState === "complete" && document.getElementById("about").textContent !== ""'
  );
  await browser.value('document.getElementById("speed").value = "Infinity"; document.getElementById("sample").click()');
  await browser.until(`document.getElementById("checksum").textContent === "${expected.summary.outputChecksum}"`);
  server.close();
  server.closeAllConnections();
  assert.deepEqual(browser.errors, []);
  console.log("web example in Chromium: passed");
} finally {
  await browser.end();
}
