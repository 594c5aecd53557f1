"""A PyTorch module as somebody hands it over; needs PyTorch and snnTorch (make test-peers)."""

import numpy as np
import pytest

import snnrt

torch = pytest.importorskip("torch")
snntorch = pytest.importorskip("snntorch")


class Classifier(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.hidden = torch.nn.Linear(6, 24), snntorch.Leaky(beta=0.9)
        self.leave, self.out = torch.nn.Linear(24, 4), snntorch.Leaky(beta=0.8)

    def forward(self, x):
        hidden, out, spikes = self.hidden.init_leaky(), self.out.init_leaky(), []
        for tick in range(x.shape[1]):
            fired, hidden = self.hidden(self.enter(x[:, tick]), hidden)
            fired, out = self.out(self.leave(fired), out)
            spikes.append(fired)
        return torch.stack(spikes, dim=1).sum(dim=1)


@pytest.mark.filterwarnings("ignore::snnrt.SnnrtWarning")
def test_a_module_becomes_a_model(tmp_path):
    torch.manual_seed(5)
    module, x = Classifier(), torch.randn(100, 30, 6)
    with torch.no_grad():
        module.leave.weight *= 3
        expected = module(x).numpy()
    model = snnrt.compile(module, x, output=tmp_path / "m.snn", weights=16)
    assert np.mean(model.labels(x) == expected.argmax(axis=1)) >= 0.99
    trace = model.trace(x)
    assert (trace.scores == model.run(x)).all() and sorted(trace.spikes) == ["hidden", "out"]
    assert "compared with the framework" in str(model.report) and model.report.truth["integers"]["labels"] >= 0.99
    assert "hidden" in str(model.report).split("scores apart")[1]


@pytest.mark.filterwarnings("ignore::snnrt.SnnrtWarning")
def test_what_the_framework_gave_decides(tmp_path):
    """Scores of another network are refused, whoever hands them over."""
    module, x = Classifier(), torch.randn(60, 30, 6)
    wrong = np.eye(4)[np.random.default_rng(2).integers(0, 4, 60)]
    with pytest.raises(snnrt.CompileError, match="framework") as refusal:
        snnrt.compile(module, x, wrong)
    assert refusal.value.exit_code == 1
