"""Made-up data: one village to try the program in, and a whole county with the article's totals."""

from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.demo.queries import Totals, totals

__all__ = ["DEMO_TODAY", "Totals", "make_demo", "totals"]
