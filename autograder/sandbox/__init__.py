"""The untrusted side: where student code runs."""
