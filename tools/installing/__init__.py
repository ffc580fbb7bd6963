"""Installing the pack for agent hosts: an environment of its own, the plugin, and Claude Code.

Everything lies in one data folder (`places.py`), what was made is written down (`record.py`), and
taking it back goes by that record.
"""
