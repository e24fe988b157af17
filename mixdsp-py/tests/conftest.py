import os

import catalogue
import hypothesis
import pytest

hypothesis.settings.register_profile(
    "tests", max_examples=25, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("tests")


@pytest.fixture(params=catalogue.EFFECTS, ids=lambda cls: cls.__name__)
def cls(request):
    """Every class of the catalogue."""
    return request.param


def pytest_collection_modifyitems(config, items):
    """What is marked `long` runs with MIXDSP_DEPTH=long alone."""
    if os.environ.get("MIXDSP_DEPTH") != "long":
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
