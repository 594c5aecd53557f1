// A headless Chromium, driven through the two pipes of --remote-debugging-pipe: commands and answers in JSON, each ended by a
// byte 0.

import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

export class Browser {
  #process;
  #profile;
  #waiting = new Map();
  #next = 1;
  #session;
  /** What pages said that they should not: exceptions and errors on the console. */
  errors = [];

  static async start(executable) {
    const browser = new Browser();
    browser.#profile = mkdtempSync(join(tmpdir(), "snnrt-web-"));
    // The sandbox does not start for root, in whose containers this runs; the page is our own.
    browser.#process = spawn(
        executable,
        [
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--remote-debugging-pipe",
          `--user-data-dir=${browser.#profile}`,
          "about:blank",
        ],
        {stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]}
    );
    let rest = "";
    browser.#process.stdio[4].setEncoding("utf8").on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      for (const message of messages) browser.#hear(JSON.parse(message));
    });
    browser.#process.on("exit", () => {
      for (const {reject} of browser.#waiting.values()) reject(new Error("the browser ended"));
    });
    const {targetInfos} = await browser.send("Target.getTargets");
    const page = targetInfos.find(({type}) => type === "page");
    browser.#session =
        (await browser.send("Target.attachToTarget", {targetId: page.targetId, flatten: true})).sessionId;
    for (const domain of ["Page", "Runtime", "DOM", "Log"]) await browser.send(`${domain}.enable`);
    return browser;
  }

  #hear({id, result, error, method, params}) {
    if (method === "Runtime.exceptionThrown")
      this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error") this.errors.push(params.entry.text);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error)
      waiting?.reject(new Error(error.message));
    else
      waiting?.resolve(result);
  }

  send(method, params = {}) {
    const id = this.#next++;
    this.#process.stdio[3].write(JSON.stringify({id, method, params, sessionId: this.#session}) + "\0");
    return new Promise((resolve, reject) => this.#waiting.set(id, {resolve, reject}));
  }

  /** The value of an expression in the page. */
  async value(expression) {
    const {result, exceptionDetails} =
        await this.send("Runtime.evaluate", {expression, awaitPromise: true, returnByValue: true, userGesture: true});
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression, seconds = 20) {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
      if (await this.value(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
        `not within ${seconds} s: ${expression}; the page says: ${await this.value("document.body.innerText")}`
    );
  }

  /** Chooses a file in an <input>. */
  async choose(selector, file) {
    const {root} = await this.send("DOM.getDocument");
    const {nodeId} = await this.send("DOM.querySelector", {nodeId: root.nodeId, selector});
    await this.send("DOM.setFileInputFiles", {nodeId, files: [file]});
  }

  async look(width, height, scheme) {
    await this.send("Emulation.setDeviceMetricsOverride", {width, height, deviceScaleFactor: 2, mobile: width < 600});
    await this.send("Emulation.setEmulatedMedia", {features: [{name: "prefers-color-scheme", value: scheme}]});
  }

  async picture() {
    const {data} = await this.send("Page.captureScreenshot", {format: "png", captureBeyondViewport: true});
    return Buffer.from(data, "base64");
  }

  async end() {
    const ended = new Promise((resolve) => this.#process.on("exit", resolve));
    this.#process.kill();
    await ended;
    rmSync(this.#profile, {recursive: true, force: true, maxRetries: 5});
  }
}
