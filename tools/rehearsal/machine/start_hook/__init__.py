"""A folder for PYTHONPATH: Python runs the `sitecustomize` in it at the start of every process."""
