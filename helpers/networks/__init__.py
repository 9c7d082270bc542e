"""What computes: layers, losses, and the one forward network."""
