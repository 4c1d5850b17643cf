"""A scripted person walks the five steps with files and a case, and is timed at a stated pace."""
