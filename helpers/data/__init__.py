"""What is learned from: data sets, and stored results."""
