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
