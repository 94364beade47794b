# Hundreds of threads with as little stack as there may be.
# stopped by: limits
# %% append neuron
import threading

threading.stack_size(2**15)
wait, kept = threading.Event(), []
try:
    for _ in range(400):
        kept.append(threading.Thread(target=wait.wait, daemon=True))
        kept[-1].start()
except RuntimeError:
    pass
wait.set()
print("armed")
