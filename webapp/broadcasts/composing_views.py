"""Pages on which a broadcast is put together: whom it is for, what it says, when it goes."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("composing", __name__)
