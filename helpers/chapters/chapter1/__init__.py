"""What chapter 1 makes: graphs of scalars and their drawings, the bill on the first page, its exercises."""
