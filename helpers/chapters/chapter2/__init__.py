"""What only chapter 2 needs."""
