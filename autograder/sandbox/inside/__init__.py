"""What exists inside the sandbox, beside Python's packages: nothing here knows an answer."""
