"""What was said, as values: numbers, identifiers, dates, letters, yes and no, in French and English. Pure."""
