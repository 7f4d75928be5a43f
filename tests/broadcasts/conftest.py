"""Who puts broadcasts together in these tests."""

from tests.warnings.conftest import browser

__all__ = ["browser"]
