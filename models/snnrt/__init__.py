"""Writers of snnrt model files and of NIR files.

    from snnrt.file import ModelWriter      model files, op by op: every integer is the caller's
    from snnrt.profile import profile_lines  metadata on the data that a model was made from
    from snnrt.legendre import integers     a Legendre memory's factors, for ModelWriter.recurrence
    from snnrt.nir import chain, write      NIR files for `snnrt compile`, from PyTorch modules or arrays; needs h5py

A model file is format 1 of docs/format.md; a NIR file is what docs/nir.md describes.
"""
