"""The tools, one module per step; importing a module declares its tools."""
