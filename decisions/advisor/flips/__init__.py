"""What would change the answer: the nearest changes of answers and measurements, each verified by judging again."""

from decisions.advisor.flips.search import find_flips

__all__ = ["find_flips"]
