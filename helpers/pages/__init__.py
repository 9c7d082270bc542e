"""What a chapter shows: figures that move, drawings of graphs, questions, and the checks of exercises."""
