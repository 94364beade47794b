"""What can be observed about a wrong function: when it is wrong, the smallest case, its sums."""
