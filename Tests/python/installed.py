"""What somebody does who has installed the wheel and nothing else: compile, verify, run, trace, plot, and the command."""

import subprocess
import warnings
from pathlib import Path

import numpy as np

import snnrt

HERE = Path(__file__).resolve().parent
assert "site-packages" in snnrt.__file__

x = np.random.default_rng(3).normal(0, 20, (50, 4, 3))
model = snnrt.compile(HERE / "three_axes.nir", window=4, rate=20, dialect="norse", dt=1e-3, count=0.01)
print(model)
comparison = snnrt.verify(model, HERE / "three_axes.nir", x)
print(comparison)
assert comparison.label_agreement == 1
scores = model.run(x)
assert scores.shape == (50, 2) and (model.labels(x) == scores.argmax(axis=1)).all()
trace = model.trace(x)
assert (trace.spikes["threshold"].sum(axis=1) == scores).all()
print(trace, model.cost(x), snnrt.check(HERE / "three_axes.nir"), sep="\n\n")
axes = snnrt.plot.raster(trace)
axes.figure.savefig("raster.png")
assert Path("raster.png").stat().st_size > 1000
model.save("three.snn")
done = subprocess.run(["snnrt", "inspect", "three.snn"], capture_output=True, text=True, check=True)
assert "threshold" in done.stdout
with warnings.catch_warnings():
    warnings.simplefilter("error")
    model.run(x)
print("the wheel works")
