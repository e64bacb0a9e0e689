"""What holds for all tests: some are for those who ask for them."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the spoilers one by one, unless they were selected and their batches were not."""
    single = [each for each in items if each.get_closest_marker("alone")]
    if any("batch" in getattr(each, "fixturenames", ()) for each in items):
        config.hook.pytest_deselected(items=single)
        items[:] = [each for each in items if each not in single]
