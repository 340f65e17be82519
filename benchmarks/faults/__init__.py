"""Faults on purpose: what a desk must survive, caused many times over and counted.

    python -m benchmarks.faults             every experiment, in its long form
    python -m benchmarks.faults kills 500   one of them, so many times

The short forms of the same experiments stand in tests/faults and run with the tests.
"""
