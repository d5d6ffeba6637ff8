"""Where a contact goes: intent book and matcher, rule book, hours, agents, decision."""
