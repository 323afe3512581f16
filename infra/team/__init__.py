"""What the shop's own people read: digests, guesses, notices, and the list of their reports."""
