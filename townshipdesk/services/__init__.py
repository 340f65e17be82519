"""Use cases: one function is one thing an office does and one transaction.

A service takes the open `Office`, the `Actor` who does it, and plain values. It raises
`domain.errors.DeskError` for everything a person must be told, and then has changed nothing.
"""
