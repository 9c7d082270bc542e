"""What only the first page of the book needs: a map of the chapters, a self-test."""
