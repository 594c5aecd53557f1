import pytest

import sdk as packed


@pytest.fixture(scope="session")
def sdk(tmp_path_factory):
    return packed.unpack(tmp_path_factory.mktemp("unpacked"))


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    return packed.frames(tmp_path_factory.mktemp("samples") / "sample.raw")
