"""The lesson format, the build of solutions/ into assignments/, and the sample class."""
