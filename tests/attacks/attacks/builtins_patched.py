# The builtins that a comparison might use are replaced, for everybody who looks them up.
# stopped by: judge
# %% first
import builtins

builtins.abs = builtins.round = lambda *args: 0.0
builtins.all = lambda values: True
builtins.any = lambda values: False
builtins.sorted = lambda values, **kwargs: []
print("armed")
# %% last
import builtins

builtins.isinstance = lambda *args: True
builtins.float = builtins.max = builtins.min = lambda *args: 1.0
builtins.repr = lambda value: "1.0"
