"""How a page speaks: the person's language and time zone, numbers and dates by locale, and sentences of ours.

English is the source. Templates are marked for gettext. Sentences made below the pages, by the advisor and by
what reads files, stay English where they are made, because they are signed and kept; they are recognised where they are
shown.
"""
