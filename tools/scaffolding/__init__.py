"""Making a folder from a template: versions looked up, placeholders filled, files written."""
