"""The autograder: builds the course's notebooks and grades a class of submissions."""
