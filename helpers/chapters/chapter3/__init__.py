"""What only chapter 3 needs."""
