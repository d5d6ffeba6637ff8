"""Who and what is personal in a text, written or dictated, in French and English: found, and replaced by its kind."""
