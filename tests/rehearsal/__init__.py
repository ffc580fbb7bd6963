"""The rehearsal Hub, spoken to by the real clients."""
