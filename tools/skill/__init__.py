"""The skill's own text (SKILL.md and references/), for those who cannot open its files."""
