"""The commands of the `guichet` program, one file a group."""
