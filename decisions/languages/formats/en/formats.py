"""Dates in English: 3 Nov 2026, 14:05. Names of Django's settings; `decisions.languages.dates` says which is which."""

SHORT_DATE_FORMAT = "j M Y"
DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j M"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
FIRST_DAY_OF_WEEK = 1
