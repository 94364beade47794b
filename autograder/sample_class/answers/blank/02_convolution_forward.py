# Blank: handed in as it was released.
