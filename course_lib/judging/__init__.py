"""From a student's function to a verdict: exercise, call, comparison, verdict."""
