"""The documentation is executable: commands, code, cards, links and facts in it are checked.

A check is a function that takes a `Document` and gives `Trouble`s; each has a test over the real
documents, which must have none, and one over a bad document, which shows that the check bites.
"""
