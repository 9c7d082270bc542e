"""What a chapter shows: figures that move, questions, and the checks of exercises."""
