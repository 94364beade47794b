# Clocks that stand still and sleepers that never sleep, so that no limit is ever reached.
# stopped by: limits
# %% append neuron
import signal
import time

for name in ("time", "monotonic", "perf_counter", "process_time"):
    setattr(time, name, lambda: 0.0)
time.sleep = lambda seconds: None
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer = lambda *args: (0.0, 0.0)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
print("armed")
