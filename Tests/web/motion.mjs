// A phone's motion events as rows: axes, units, signs, and events without a sensor behind them.

import assert from "node:assert/strict";

import {motionRow} from "../../c-examples/web/logs.mjs";

const event = {
  timeStamp: 2500,
  accelerationIncludingGravity: {x: 1, y: -2, z: 9.8},
  rotationRate: {alpha: 180, beta: -90, gamma: 0}
};
assert.deepEqual(motionRow(event, false), [2.5, 1, -2, 9.8, Math.PI, -Math.PI / 2, 0]);
assert.deepEqual(motionRow(event, true).slice(0, 4), [2.5, -1, 2, -9.8]);
assert.equal(motionRow({...event, rotationRate: null}, false), null);
assert.equal(motionRow({...event, accelerationIncludingGravity: {x: null, y: null, z: null}}, false), null);
