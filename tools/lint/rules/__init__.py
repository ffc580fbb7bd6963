"""The rules, one module per subject; each module is imported once, when the rules are listed."""
