"""Paper: receipts, day sheets and refund forms as PDF and as text for dot-matrix printers.

Pure functions from the plain values in `printing.model` to bytes or text; nothing here reads the
office file or the clock. `printing.printer` hands the result to the system's printer. A printer
that fails never touches money: everything printed was committed before.
"""
