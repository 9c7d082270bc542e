"""What only chapter 1 needs."""
