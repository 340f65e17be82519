"""A training office full of made-up people, made in a few seconds; same seed, same office.

Everything in it went through the rules a real office has: the policy decided every price, every
payment has its receipt and its audit row, every day was closed. Nobody in it exists, and neither do
its villages; the clock stands where the first lookup has something to teach.
"""

from townshipdesk.services.demo.make import make_demo

__all__ = ["make_demo"]
