"""Judgement before a file is written: what something is, what it needs, and which routes are open.

Everything here only reads. A number comes from the Hub, from the person's files, or from dated
knowledge, and says which; what nobody has said stays unknown.
"""
