"""One notebook is run: answers in a kernel, tests in the judge."""
