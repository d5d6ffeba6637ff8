"""Web pages for agents and supervisors, and the interface for programs: who may see and do what, and its trail."""
