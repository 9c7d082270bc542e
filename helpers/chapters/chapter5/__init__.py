"""What only chapter 5 needs."""
