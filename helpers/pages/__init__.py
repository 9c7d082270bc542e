"""What a chapter shows: figures that move, drawings of graphs, and the checks of exercises."""
