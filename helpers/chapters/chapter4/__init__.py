"""What only chapter 4 needs."""
