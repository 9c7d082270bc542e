"""One room for each chapter: what only it needs, its exercises included."""
