"""What the rehearsal Hub remembers: git repositories, accounts, settings and discussions."""
