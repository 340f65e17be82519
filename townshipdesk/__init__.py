"""Township Desk: the medical-insurance window of a Chinese township."""

__version__ = "0.1.0"
