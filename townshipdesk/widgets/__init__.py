"""Widgets of the desk that know nothing of an office: they show what they are given."""
