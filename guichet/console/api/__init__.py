"""The API of other systems, `/api/v1/`: served, documented and checked from one table of operations."""
