"""What computes: scalar graphs, layers, losses, and the one forward network."""
