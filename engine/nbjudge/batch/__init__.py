"""A class is graded: who is due, workers, incidents, the gradebook's one writer."""
