"""What happened: events, written in the transaction that did it."""
