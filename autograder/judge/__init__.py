"""The trusted side: restores the course's cells, runs them, calls the student's functions."""
