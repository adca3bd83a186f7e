"""Who worked together: answers of a class compared pairwise, as a reason to look."""
