"""Quantization-aware training whose forward gives the compiled file's spikes bit for bit (docs/quantization.md).

    quantized = quantize(network, bits=2, count="1/64", input_bits=8, layers=["fc1", "lif1", "fc2", "lif2"])
    loss = F.cross_entropy(quantized(x), y)              # x [N, T, channels]; scores are spikes summed over the window
    ...                                                  # any optimizer, as with the network itself
    quantized.save("network.nir", sample=x[:100])        # and network.expected.npz beside it

`snnrt compile network.nir` then makes the very integers that were trained. Needs PyTorch, and h5py to save.
"""

from .conversion import quantize
from .network import QuantizedNetwork
from .neurons import Neurons
from .population import QuantizedPopulation

__all__ = ["Neurons", "QuantizedNetwork", "QuantizedPopulation", "quantize"]
