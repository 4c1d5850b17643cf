"""The seal of an instance: its key, the signature it puts under a record's PDF, and how anybody checks it offline."""
