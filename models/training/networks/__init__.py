"""The networks in floating point, as PyTorch modules."""
