"""What chapter 1 makes: computational graphs of scalars and their drawings, its bill, its exercises."""
