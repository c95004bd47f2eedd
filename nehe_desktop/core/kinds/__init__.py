"""Kinds of value: how each is read from a hand or a sheet, shown, stored and loaded."""

from nehe_desktop.core.kinds.base import Kind, Stored, blank, narrow
from nehe_desktop.core.kinds.days import Day, Moment, Month
from nehe_desktop.core.kinds.numbers import Measure, Money, Whole, Year
from nehe_desktop.core.kinds.options import Choice, Choices, Flag, Options, options_of
from nehe_desktop.core.kinds.texts import IdNumber, Name, Note, Phone, Photos, Ref, Text

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Flag",
    "IdNumber",
    "Kind",
    "Measure",
    "Moment",
    "Money",
    "Month",
    "Name",
    "Note",
    "Options",
    "Phone",
    "Photos",
    "Ref",
    "Stored",
    "Text",
    "Whole",
    "Year",
    "blank",
    "narrow",
    "options_of",
]
