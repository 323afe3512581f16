"""What the business means: orders, surveys, verdicts, figures.

Pure: the standard library only. Every function is given facts (and `now`, ids, keys) and returns decisions.
"""
