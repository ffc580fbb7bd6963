"""Help for keeping the documentation right."""
