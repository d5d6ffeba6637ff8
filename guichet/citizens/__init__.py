"""The citizen record, its import and search, matching with reasons, contacts and history."""
