"""How a network is trained: the one loop, and the optimizers."""
