"""What students hand in, one file for each chapter: written from the page, before the check was read.

`tests/test_answers.py` gives every answer to its check.
"""
