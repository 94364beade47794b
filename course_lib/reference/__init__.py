"""The reference layers: forward and backward side by side, one file each, NumPy only.

Every forward function returns `(out, cache)`, every backward function takes `(dout, cache)`.
Start with `convolution.py`; `im2col.py` explains the step that makes it fast.
"""
