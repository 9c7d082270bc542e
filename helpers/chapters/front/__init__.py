"""What only the first page of the book needs: a bill that computes, a map of the chapters, a self-test."""
