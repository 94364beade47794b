"""Between a class and Canvas, Moodle or Gradescope: what arrives, and what goes back."""
