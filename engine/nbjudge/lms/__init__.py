"""The university's system: submissions in, grades and feedback out, the roster of the class."""
