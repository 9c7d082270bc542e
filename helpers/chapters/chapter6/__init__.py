"""What only chapter 6, which compares the rules, needs."""
