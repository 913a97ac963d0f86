"""Pictures drawn by the project itself, as SVG: the same input gives the same picture."""

from __future__ import annotations

from kg.drawing.columns import projects_picture
from kg.drawing.model import model_picture

__all__ = ["model_picture", "projects_picture"]
