"""JupyterLab as a learner gets it: one word that opens the lessons, settings, a welcome."""
