"""Who gets the credit: one file for each learning rule."""
