"""Tables inside `references/*.md` that are written from the dated facts, so that they cannot drift.

A reference holds the place of a table between two markers:

    <!-- table NAME: python -m maintenance.reference_tables -->
    <!-- end of table -->

`NAME` is a key of `TABLES` in one of the modules beside this one; each module is named after the
reference that shows its tables.
"""
