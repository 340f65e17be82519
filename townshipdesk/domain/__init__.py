"""Plain values of the field: money, days, identity numbers, errors. No input or output at all."""
