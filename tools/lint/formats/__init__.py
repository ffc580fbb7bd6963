"""A report written for somebody: text for people, SARIF and GitHub annotations for machines."""
