"""A class around the lessons: its settings, roster, lessons, late rule and handout."""
