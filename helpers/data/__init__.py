"""What is learned from: data sets, batches and their augmentation; and stored results."""
