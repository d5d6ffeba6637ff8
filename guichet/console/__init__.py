"""Web pages for agents and supervisors."""
