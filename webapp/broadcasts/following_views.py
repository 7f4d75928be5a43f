"""Pages on which a broadcast is followed: what becomes of it, what it costs, what others sent."""

from __future__ import annotations

from flask import Blueprint

following = Blueprint("following", __name__)
blueprints = (following,)
