"""The conditions that may hold for a case, exercise by exercise, and cases in which they meet."""
